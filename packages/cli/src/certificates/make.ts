import { randomBytes } from 'node:crypto';
import { BitString } from 'asn1js';
import {
  AltName,
  BasicConstraints,
  type Extension,
  ExtKeyUsage,
  GeneralSubtree,
  id_BasicConstraints,
  id_ExtKeyUsage,
  id_KeyUsage,
  id_NameConstraints,
  id_SubjectAltName,
  NameConstraints,
} from 'pkijs';
import {
  buildCertificate,
  buildExtension,
  dnsName,
  ipName,
  type KeyedCertificate,
  parseCertificate,
} from './build.ts';
import { endOf, ROOT_NAME } from './state.ts';

const DAY = 86_400;
/** Ten years: it has to be trusted by hand, and speaks for names of this machine only. */
const ROOT_SECONDS = 3650 * DAY;
/** Browsers take no more than 398 days, and clocks differ. */
const SERVER_SECONDS = 397 * DAY;
/** Certificates begin earlier than they are made: a clock may be late. */
const EARLIER_SECONDS = 3600;

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const LOOPBACK_4 = [127, 0, 0, 1];
const LOOPBACK_6 = [...Array(15).fill(0), 1];
/** 127.0.0.0/8 and ::1/128, each with its mask. */
const LOOPBACK_NETWORKS = [
  [127, 0, 0, 0, 255, 0, 0, 0],
  [...LOOPBACK_6, ...Array(16).fill(255)],
];

/**
 * Makes a root certificate that can vouch for servers of this domain and of this machine, and for nothing else. Its name is
 * a new one each time, so that two roots are never taken for one.
 * @param now seconds since the epoch
 * @see RFC 5280 §4.2.1.10
 */
export function makeRoot(domain: string, now: number): Promise<KeyedCertificate> {
  return buildCertificate({
    name: `${ROOT_NAME} ${randomBytes(3).toString('hex')} for ${domain}`,
    ...{ beginsAt: now - EARLIER_SECONDS, endsAt: now + ROOT_SECONDS },
    extensions: [
      buildExtension(id_BasicConstraints, true, new BasicConstraints({ cA: true, pathLenConstraint: 0 })),
      buildExtension(id_KeyUsage, true, keyUsage(KEY_CERT_SIGN)),
      buildExtension(id_ExtKeyUsage, false, new ExtKeyUsage({ keyPurposes: [SERVER_AUTH] })),
      confinementTo(domain),
    ],
  });
}

/** Can this root vouch for nothing but what a root of this program for this domain can? Somebody else may have put it there. */
export function isConfined(root: string, domain: string): boolean {
  const { extensions = [] } = parseCertificate(root);
  const [found, ...more] = extensions.filter(({ extnID }) => extnID === id_NameConstraints);
  const bytesOf = (extension: Extension) => Buffer.from(extension.extnValue.valueBlock.valueHexView);
  return (
    found?.critical === true && more.length === 0 && bytesOf(found).equals(bytesOf(confinementTo(domain)))
  );
}

/** The names that a root may vouch for: those of the domain, and this machine's. */
function confinementTo(domain: string): Extension {
  const names = [...[domain, 'localhost'].map(dnsName), ...LOOPBACK_NETWORKS.map((net) => ipName(...net))];
  const permittedSubtrees = names.map((base) => new GeneralSubtree({ base }));
  return buildExtension(id_NameConstraints, true, new NameConstraints({ permittedSubtrees }));
}

/**
 * Makes a server's certificate for all names of the domain and of this machine.
 * @param now seconds since the epoch
 */
export function makeServerCertificate(
  signer: KeyedCertificate,
  domain: string,
  now: number,
): Promise<KeyedCertificate> {
  const altNames = [
    ...[`*.${domain}`, domain, 'localhost'].map(dnsName),
    ...[LOOPBACK_4, LOOPBACK_6].map((address) => ipName(...address)),
  ];
  const beginsAt = now - EARLIER_SECONDS;
  return buildCertificate({
    ...{ name: domain, signer, beginsAt },
    endsAt: Math.min(beginsAt + SERVER_SECONDS, endOf(signer.certificate)),
    extensions: [
      buildExtension(id_BasicConstraints, true, new BasicConstraints({ cA: false })),
      buildExtension(id_KeyUsage, true, keyUsage(DIGITAL_SIGNATURE)),
      buildExtension(id_ExtKeyUsage, false, new ExtKeyUsage({ keyPurposes: [SERVER_AUTH] })),
      buildExtension(id_SubjectAltName, false, new AltName({ altNames })),
    ],
  });
}

/** The number of the bit, from the left (RFC 5280 §4.2.1.3). */
const DIGITAL_SIGNATURE = 0;
const KEY_CERT_SIGN = 5;

function keyUsage(bit: number) {
  const valueHex = new Uint8Array([0x80 >> bit]).buffer;
  const value = new BitString({ valueHex, unusedBits: 7 - bit });
  return { toSchema: () => value };
}
