import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import { AuthError } from '@deskauth/session';

/** Which root certificates are trusted beside those that Node brings along. */
export interface RootSettings {
  /** A file with further root certificates, in PEM: those of a company. @default none */
  readonly caFile?: string | undefined;
}

/** Root certificates, and where they come from. */
export interface TrustedRoots {
  /** In PEM: never fewer than Node's own. */
  readonly certificates: readonly string[];
  /** The same, by where they come from: `Node`, `system`, `NODE_EXTRA_CA_CERTS`, `caFile`. */
  readonly bySource: ReadonlyMap<string, readonly string[]>;
  /** One line each, for a person: `system: 142`. */
  readonly sources: readonly string[];
  /** What could not be read, and why. */
  readonly faults: readonly string[];
}

/** Where distributions keep the roots that the administrator of the machine decides on. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt', // Debian, Ubuntu, Arch, Alpine
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem', // Fedora, RHEL
  '/etc/ssl/ca-bundle.pem', // openSUSE
  '/etc/ssl/cert.pem', // macOS, the BSDs
];

/**
 * Node's own roots, those of the operating system, those of `NODE_EXTRA_CA_CERTS` and those of `caFile`: each adds, none
 * replaces. Before Node 22.15 the operating system's are read from the distribution's file; Windows and macOS have none.
 * @throws AuthError `AUTH_SETTINGS_INVALID` when `caFile` holds no certificate
 */
export function loadTrustedRoots({ caFile }: RootSettings): TrustedRoots {
  const faults: string[] = [];
  const attempt = (name: string, load: () => readonly string[]): [string, readonly string[]] => {
    try {
      return [name, load()];
    } catch (error) {
      faults.push(`${name}: ${(error as Error).message}`);
      return [name, []];
    }
  };
  const found: [string, readonly string[]][] = [
    attempt('Node', () => tls.getCACertificates?.('default') ?? tls.rootCertificates),
    attempt('system', () => tls.getCACertificates?.('system') ?? readBundle(faults)),
    attempt('NODE_EXTRA_CA_CERTS', () => readExtra(process.env.NODE_EXTRA_CA_CERTS)),
    ['caFile', caFile === undefined ? [] : readCaFile(caFile)],
  ];
  return {
    certificates: [...new Set(found.flatMap(([, certificates]) => certificates))],
    bySource: new Map(found),
    sources: found.map(([name, certificates]) => `${name}: ${certificates.length}`),
    faults,
  };
}

function readBundle(faults: string[]): readonly string[] {
  for (const file of [process.env.SSL_CERT_FILE ?? '', ...BUNDLES]) {
    const certificates = file ? tryRead(file) : [];
    if (certificates.length > 0) return certificates;
  }
  faults.push(
    `Node ${process.versions.node} cannot read this system's trusted certificates: use Node 22.15 or later, or name your company's root certificate in NODE_EXTRA_CA_CERTS`,
  );
  return [];
}

function tryRead(file: string): readonly string[] {
  try {
    return parsePem(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
}

function readExtra(file: string | undefined): readonly string[] {
  return file ? parsePem(readFileSync(file, 'utf8')) : [];
}

function readCaFile(file: string): readonly string[] {
  let why = 'it holds none';
  try {
    const certificates = parsePem(readFileSync(file, 'utf8'));
    for (const certificate of certificates) new X509Certificate(certificate);
    if (certificates.length > 0) return certificates;
  } catch (error) {
    why = (error as NodeJS.ErrnoException).code ?? 'it cannot be read';
  }
  throw new AuthError(
    'AUTH_SETTINGS_INVALID',
    `Setting "caFile": expected a file with certificates in PEM, found ${file} (${why}).`,
  );
}

function parsePem(text: string): readonly string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
}
