import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { Integer, OctetString, Utf8String } from 'asn1js';
import {
  AttributeTypeAndValue,
  AuthorityKeyIdentifier,
  Certificate,
  Extension,
  GeneralName,
  id_AuthorityKeyIdentifier,
  id_SubjectKeyIdentifier,
  RelativeDistinguishedNames,
} from 'pkijs';

/** A certificate with its private key. */
export interface KeyedCertificate {
  /** PEM. */
  readonly certificate: string;
  /** PKCS #8, in PEM. */
  readonly key: string;
}

/** What a certificate is to say. */
export interface CertificateWish {
  /** Its common name, for people; cut to 64 letters (RFC 5280 appendix A.1). */
  readonly name: string;
  readonly beginsAt: number;
  readonly endsAt: number;
  readonly extensions: readonly Extension[];
  /** @default it signs itself */
  readonly signer?: KeyedCertificate;
}

/** ECDSA on P-256: what every TLS library takes (RFC 8446 §9.1). */
const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const COMMON_NAME = '2.5.4.3';

/** Makes a key pair and the certificate for it. */
export async function buildCertificate(wish: CertificateWish): Promise<KeyedCertificate> {
  const { beginsAt, endsAt, signer } = wish;
  const keys = await crypto.subtle.generateKey(ECDSA, true, ['sign', 'verify']);
  const certificate = new Certificate();
  const issuer = signer ? parseCertificate(signer.certificate) : certificate;
  certificate.version = 2;
  certificate.serialNumber = new Integer({ valueHex: newSerialNumber() });
  certificate.subject = buildName(wish.name);
  certificate.issuer = issuer.subject;
  certificate.notBefore.value = new Date(beginsAt * 1000);
  certificate.notAfter.value = new Date(endsAt * 1000);
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey);
  certificate.extensions = [...wish.extensions, ...(await keyIds(certificate, issuer))];
  await certificate.sign(signer ? await importKey(signer.key) : keys.privateKey, 'SHA-256');
  return {
    certificate: toPem('CERTIFICATE', certificate.toSchema(true).toBER()),
    key: toPem('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', keys.privateKey)),
  };
}

/** One extension; a reader that does not know a critical one must refuse the certificate (RFC 5280 §4.2). */
export function buildExtension(
  extnID: string,
  critical: boolean,
  value: { toSchema(): { toBER(): ArrayBuffer } },
): Extension {
  return new Extension({ extnID, critical, extnValue: value.toSchema().toBER() });
}

/** A DNS name as names stand in certificates (RFC 5280 §4.2.1.6). */
export const dnsName = (value: string) => new GeneralName({ type: 2, value });

/** An address; with a mask behind it a network (RFC 5280 §4.2.1.10). */
export const ipName = (...bytes: readonly number[]) =>
  new GeneralName({ type: 7, value: new OctetString({ valueHex: new Uint8Array(bytes).buffer }) });

/** By them a chain is put together where two certificates have one name (RFC 5280 §4.2.1.1, §4.2.1.2). */
async function keyIds(certificate: Certificate, issuer: Certificate): Promise<Extension[]> {
  const [own, issuers] = await Promise.all(
    [certificate, issuer].map(async (one) => new OctetString({ valueHex: await one.getKeyHash() })),
  );
  const ofIssuer = new AuthorityKeyIdentifier(issuers && { keyIdentifier: issuers });
  return [
    new Extension({ extnID: id_SubjectKeyIdentifier, extnValue: own?.toBER() ?? new ArrayBuffer() }),
    buildExtension(id_AuthorityKeyIdentifier, false, ofIssuer),
  ];
}

/** A certificate with its parts. */
export function parseCertificate(pem: string): Certificate {
  return Certificate.fromBER(new Uint8Array(new X509Certificate(pem).raw));
}

/** Its type is that of the platform: Node's and a page's are not the same to the compiler. */
function importKey(pem: string) {
  const der = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
  return crypto.subtle.importKey('pkcs8', new Uint8Array(der), ECDSA, false, ['sign']);
}

function buildName(text: string): RelativeDistinguishedNames {
  const value = new Utf8String({ value: text.slice(0, 64) });
  return new RelativeDistinguishedNames({
    typesAndValues: [new AttributeTypeAndValue({ type: COMMON_NAME, value })],
  });
}

/** Positive, and of 16 bytes without a zero in front (RFC 5280 §4.1.2.2). */
function newSerialNumber(): ArrayBuffer {
  const bytes = new Uint8Array(randomBytes(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.buffer;
}

function toPem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
