import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { nameOf, ROOT_NAME } from '../certificates/state.ts';
import type { Handshake } from './tls-connection.ts';

/** What is wrong, and what to do about it. */
export interface Fault {
  readonly says: string;
  readonly next: string;
}

/** The root of the local domain that a host is in. */
export interface LocalRoot {
  readonly certificate: X509Certificate;
  /** Where it is. */
  readonly file: string;
}

const OF_A_STRANGER =
  "If you know that name as your company's, your debugging proxy's or your virus scanner's, trust its root certificate: --ca-file, NODE_EXTRA_CA_CERTS or the system. If not, do not go on: somebody is in between.";
const START_AGAIN =
  'Start the server again with the files of deskauth certs: it may still have those from before.';

const commonName = (certificate: X509Certificate) => nameOf(certificate.toString()) || certificate.subject;
const issuerName = ({ issuer }: X509Certificate) => /^CN=(.*)$/m.exec(issuer)?.[1] ?? issuer;
const signsItself = (certificate: X509Certificate) => certificate.checkIssued(certificate);
const timeOf = (milliseconds: number) => new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ');

/** Is the certificate for this host? */
export function faultOfName({ chain: [leaf] }: Handshake, host: string): Fault | undefined {
  if (isIP(host) ? leaf.checkIP(host) : leaf.checkHost(host)) return undefined;
  const names = leaf.subjectAltName?.replace(/\b(DNS|IP Address):/g, '') ?? 'no name at all';
  return {
    says: `its certificate is for ${names}, not for ${host}`,
    next: 'Ask it by one of these names, or start it with a certificate for this one; that of deskauth certs is for all names of a local domain.',
  };
}

/** Is a certificate out of its time? @param now milliseconds since the epoch */
export function faultOfTime({ chain }: Handshake, now: number): Fault | undefined {
  for (const certificate of chain) {
    const [begin, end] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
    const which = `its certificate "${commonName(certificate)}"`;
    const clock = `the clock here says ${timeOf(now)} UTC`;
    if (now > end)
      return {
        says: `${which} ended at ${timeOf(end)} UTC; ${clock}`,
        next: 'If the clock is right, renew the certificate (deskauth certs, for a local domain) and start the server again.',
      };
    if (now < begin)
      return {
        says: `${which} is not valid before ${timeOf(begin)} UTC; ${clock}`,
        next: 'Set the clock of this machine, or of the one that the certificate was made on.',
      };
  }
  return undefined;
}

/** Who vouches for a server of a local domain? Another than the root in the folder is a fault even where it is trusted. */
export function faultOfLocalTrust(handshake: Handshake, local: LocalRoot): Fault | undefined {
  const [leaf] = handshake.chain;
  const { certificate: root, file } = local;
  if (leaf.verify(root.publicKey)) return isUntrusted(handshake) ? notTrustedYet(root, file) : undefined;
  const by = issuerName(leaf);
  if (by.startsWith(ROOT_NAME))
    return {
      says: `its certificate is signed by "${by}"; the root in ${file} is another`,
      next: START_AGAIN,
    };
  if (signsItself(leaf)) return faultOfTrust(handshake);
  const says = `its certificate is issued by "${by}" and not by the root in ${file}: a proxy or a virus scanner stands in between, or the server has another certificate`;
  return { says, next: `${START_AGAIN} ${OF_A_STRANGER}` };
}

function notTrustedYet(root: X509Certificate, file: string): Fault {
  return {
    says: `its root "${commonName(root)}" is not trusted here`,
    next: `deskauth certs says how to trust it; for deskauth alone: --ca-file ${file}`,
  };
}

/** Who vouches for a server, and why is that not enough? */
export function faultOfTrust(handshake: Handshake): Fault | undefined {
  const { chain, distrust } = handshake;
  if (!isUntrusted(handshake)) return undefined;
  const [leaf] = chain;
  const top = chain.at(-1) ?? leaf;
  if (signsItself(leaf))
    return {
      says: `its certificate "${commonName(leaf)}" vouches for itself, and is not trusted here`,
      next: 'Give the server a certificate that a root vouches for (deskauth certs), or name this one in --ca-file.',
    };
  if (distrust === 'UNSPECIFIED')
    return {
      says: `its issuer "${issuerName(leaf)}" may not speak for these names, or its certificate breaks another rule`,
      next: 'Make a certificate for this domain: deskauth certs --domain NAME. Each domain has a root of its own.',
    };
  if (signsItself(top))
    return { says: `its root "${commonName(top)}" is not trusted here`, next: OF_A_STRANGER };
  return MISSING_ISSUER.test(String(distrust)) ? faultOfGap(top) : otherFault(handshake);
}

const MISSING_ISSUER = /^UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE)/;

/** Certificates of public authorities say where their issuer's is to be had (RFC 5280 §4.2.2.1): roots of proxies do not. */
function faultOfGap(top: X509Certificate): Fault {
  const by = issuerName(top);
  if (top.infoAccess?.includes('CA Issuers'))
    return {
      says: `it does not send the intermediate certificate "${by}" that leads to its root`,
      next: 'Give the server the whole chain, not its own certificate alone (often called fullchain.pem). Browsers may have it from elsewhere.',
    };
  return {
    says: `its certificate is issued by "${by}", which is not trusted here; if that is no root, the server does not send the chain that leads to one`,
    next: OF_A_STRANGER,
  };
}

function otherFault({ distrust, chain: [leaf] }: Handshake): Fault {
  return {
    says: `its certificate, issued by "${issuerName(leaf)}", is refused: ${distrust}`,
    next: OF_A_STRANGER,
  };
}

/** Out of its time is a fault of its own. */
function isUntrusted({ distrust }: Handshake): boolean {
  return distrust !== undefined && !/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/.test(distrust);
}
