import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Why no certificate can be made here; false where one can. */
export const noOpenssl =
  spawnSync('openssl', ['version']).status === 0
    ? false
    : 'openssl is not installed: no certificates can be made';

/** A certificate with its key, in PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** What a certificate is to say. */
export interface CertificateWish {
  /** How long it is valid; -1: since yesterday no more. @default 2 */
  readonly days?: number;
  /** `DNS:login.example.com`, `IP:127.0.0.1` */
  readonly subject: string;
  /** Name of the certificate that signs it, made before in the same folder. @default it signs itself */
  readonly signedBy?: string;
}

/** Makes a certificate in this folder, as `NAME.crt` and `NAME.key`. */
export function makeCertificate(folder: string, name: string, wish: CertificateWish): Certificate {
  const path = (ending: string, of = name) => join(folder, `${of}.${ending}`);
  const { days = 2, subject, signedBy } = wish;
  writeFileSync(path('ext'), `subjectAltName=${subject}`);
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=x'];
  openssl('req', '-new', ...curve, '-keyout', path('key'), '-out', path('csr'));
  const signer = signedBy
    ? ['-CA', path('crt', signedBy), '-CAkey', path('key', signedBy), '-CAcreateserial']
    : ['-signkey', path('key')];
  openssl(
    ...['x509', '-req', '-in', path('csr'), ...signer, '-days', String(days)],
    ...['-extfile', path('ext'), '-out', path('crt')],
  );
  return { key: readFileSync(path('key'), 'utf8'), cert: readFileSync(path('crt'), 'utf8') };
}

/** Makes a root certificate that no machine knows; returns its file. */
export function makeRoot(folder: string, name: string, commonName: string): string {
  const path = (ending: string) => join(folder, `${name}.${ending}`);
  openssl(
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', `/CN=${commonName}`, '-keyout', path('key'), '-out', path('crt')],
  );
  return path('crt');
}

function openssl(...words: string[]): void {
  const { status, stderr } = spawnSync('openssl', words);
  assert.equal(status, 0, String(stderr));
}
