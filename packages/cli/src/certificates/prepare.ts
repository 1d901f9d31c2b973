import { dirname } from 'node:path';
import type { KeyedCertificate } from './build.ts';
import { DEFAULT_DOMAIN, requireLocalDomain } from './domain.ts';
import {
  CERTIFICATES,
  closeToOthers,
  type DomainFiles,
  filesOf,
  loadCertificate,
  prepareFolder,
  saveCertificate,
} from './files.ts';
import { endOf, faultOfRoot, faultOfServer, hasEnded } from './state.ts';

/** What to have certificates of. */
export interface CertificateRequest {
  /** @default 'deskauth.localhost' */
  readonly domain?: string;
  /** @default '.deskauth/certificates' in the working directory */
  readonly directory?: string;
  /** Seconds since the epoch. @default the machine's clock */
  readonly now?: number;
}

/** Certificates of a domain, good to be served. */
export interface PreparedCertificates {
  readonly domain: string;
  readonly files: DomainFiles;
  /** What was done about the root. `made`: it has to be trusted yet, and one that was there before no longer signs. */
  readonly root: 'made' | 'kept';
  readonly server: 'made' | 'kept';
  /** Why there is a new one in the place of another. */
  readonly because?: string;
  /** When the server's certificate ends, in seconds since the epoch. */
  readonly endsAt: number;
}

/**
 * Makes the root and the server's certificate of a local domain, or keeps those that are there: a root until its end, a
 * server's certificate until it is about to end or cannot be used.
 * @throws Error when the domain can be none, or the root that is there cannot sign: nothing is put in its place
 */
export async function prepareCertificates(request: CertificateRequest = {}): Promise<PreparedCertificates> {
  const { directory = CERTIFICATES, now = Math.floor(Date.now() / 1000) } = request;
  const domain = requireLocalDomain(request.domain ?? DEFAULT_DOMAIN);
  const files = filesOf(directory, domain);
  await prepareFolder(directory, domain);
  const root = (await loadRoot(files, domain, now)) ?? (await makeRootOf(files, domain, now));
  const server = await loadCertificate(files.server);
  const because = server && faultOfServer(server, root.certificate, domain, now);
  const isKept = server !== undefined && because === undefined;
  const served = isKept ? server : await makeServerOf(files, root.certificate, domain, now);
  await Promise.all([closeToOthers(files.root), closeToOthers(files.server)]);
  return {
    ...{ domain, files, root: root.state, server: isKept ? 'kept' : 'made' },
    ...(because !== undefined && { because }),
    endsAt: endOf(served.certificate),
  };
}

interface RootState {
  readonly certificate: KeyedCertificate;
  readonly state: 'made' | 'kept';
}

async function loadRoot(
  { root: files }: DomainFiles,
  domain: string,
  now: number,
): Promise<RootState | undefined> {
  const certificate = await loadCertificate(files);
  if (!certificate) return undefined;
  const fault = faultOfRoot(certificate);
  if (fault !== undefined)
    throw new Error(
      `${files.certificate} cannot be used: ${fault}. Put its own key back as ${files.key}, or delete the folder ${dirname(files.key)}; the next root has to be trusted anew.`,
    );
  const { isConfined } = await loadMaker();
  if (!isConfined(certificate.certificate, domain))
    throw new Error(
      `${files.certificate} was not made by deskauth certs: it could vouch for other names than those of ${domain}. Do not trust it; delete the folder ${dirname(files.key)}.`,
    );
  return hasEnded(certificate, now) ? undefined : { certificate, state: 'kept' };
}

/** Loaded by the commands that need it: a library for certificates is no small one. */
const loadMaker = () => import('./make.ts');

async function makeRootOf({ root: files }: DomainFiles, domain: string, now: number): Promise<RootState> {
  const { makeRoot } = await loadMaker();
  const certificate = await makeRoot(domain, now);
  await saveCertificate(files, certificate);
  return { certificate, state: 'made' };
}

async function makeServerOf(
  { server: files }: DomainFiles,
  root: KeyedCertificate,
  domain: string,
  now: number,
): Promise<KeyedCertificate> {
  const { makeServerCertificate } = await loadMaker();
  const certificate = await makeServerCertificate(root, domain, now);
  await saveCertificate(files, certificate);
  return certificate;
}
