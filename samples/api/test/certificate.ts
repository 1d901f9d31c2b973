import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** For `test(name, { skip })`: why no certificate can be made, if none can. */
export const withoutOpenssl =
  spawnSync('openssl', ['version']).status === 0 ? false : 'openssl is not installed here';

/** Makes a self-signed certificate in a folder. @returns the two PEM files */
export function makeCertificate(
  folder: string,
  host: string,
): { readonly cert: string; readonly key: string } {
  const files = { key: join(folder, `${host}.key.pem`), cert: join(folder, `${host}.cert.pem`) };
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const names = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host},IP:127.0.0.1`];
  const out = ['-keyout', files.key, '-out', files.cert];
  execFileSync('openssl', ['req', '-x509', ...kind, ...names, ...out], { stdio: 'ignore' });
  return files;
}
