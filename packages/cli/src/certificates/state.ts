import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyedCertificate } from './build.ts';
import { hostsOf } from './domain.ts';

const DAY = 86_400;
/** A certificate is renewed when it has no more than this left: whoever starts rarely is not to meet its end. */
const RENEWED_BEFORE_SECONDS = 30 * DAY;

/** How the name of every root of this program begins: by it a check tells who has made a certificate. */
export const ROOT_NAME = 'Deskauth local root';

/** When a certificate ends, in seconds since the epoch. */
export function endOf(certificate: string): number {
  return Date.parse(new X509Certificate(certificate).validTo) / 1000;
}

/** Why this root cannot sign; undefined when it can. Its end is no fault: see {@link hasEnded}. */
export function faultOfRoot(root: KeyedCertificate): string | undefined {
  const certificate = parse(root.certificate);
  if (!certificate) return 'it is no certificate';
  return belongsTo(certificate, root.key) ? undefined : 'its key is missing or belongs to another';
}

/** True when a certificate is no longer valid. */
export const hasEnded = ({ certificate }: KeyedCertificate, now: number) => endOf(certificate) <= now;

/** Why servers of this domain need another certificate than this one; undefined when it is good. */
export function faultOfServer(
  server: KeyedCertificate,
  root: KeyedCertificate,
  domain: string,
  now: number,
): string | undefined {
  const certificate = parse(server.certificate);
  if (!certificate) return 'it is no certificate';
  if (!belongsTo(certificate, server.key)) return 'its key is missing or belongs to another';
  if (!certificate.verify(new X509Certificate(root.certificate).publicKey))
    return 'it is signed by another root';
  if (!hostsOf(domain).every((host) => certificate.checkHost(host))) return 'it is for other names';
  const left = endOf(server.certificate) - now;
  if (left <= 0) return 'it has ended';
  return left <= RENEWED_BEFORE_SECONDS ? `it ends in ${Math.ceil(left / DAY)} days` : undefined;
}

function parse(text: string): X509Certificate | undefined {
  try {
    return new X509Certificate(text);
  } catch {
    return undefined;
  }
}

function belongsTo(certificate: X509Certificate, key: string): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

/** The common name of a certificate. */
export function nameOf(certificate: string): string {
  return /^CN=(.*)$/m.exec(new X509Certificate(certificate).subject)?.[1] ?? '';
}
