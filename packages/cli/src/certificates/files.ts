import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyedCertificate } from './build.ts';

/** Where certificates are kept, below the folder of the workspace. */
export const CERTIFICATES = '.deskauth/certificates';

/** A certificate and its key, as PEM files. */
export interface CertificateFiles {
  readonly certificate: string;
  /** Readable by its owner only. */
  readonly key: string;
}

/** The files of one domain. */
export interface DomainFiles {
  readonly root: CertificateFiles;
  readonly server: CertificateFiles;
}

/** Each domain has a root of its own: it can speak for no other. The endings are those that Windows and Debian look for. */
export function filesOf(directory: string, domain: string): DomainFiles {
  const path = (name: string) => join(directory, domain, name);
  return {
    root: { certificate: path('root.crt'), key: path('root.key') },
    server: { certificate: path('server.crt'), key: path('server.key') },
  };
}

/** The domains that this folder has certificates of; none where there is no such folder. */
export async function listDomains(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}

/** Reads a certificate and its key; undefined where there is no certificate. A key that is not there is empty. */
export async function loadCertificate(files: CertificateFiles): Promise<KeyedCertificate | undefined> {
  const certificate = await readIfPresent(files.certificate);
  if (certificate === undefined) return undefined;
  return { certificate, key: (await readIfPresent(files.key)) ?? '' };
}

/** Writes both, the key first: a certificate that is there has its key. */
export async function saveCertificate(files: CertificateFiles, made: KeyedCertificate): Promise<void> {
  await replaceFile(files.key, made.key, 0o600);
  await replaceFile(files.certificate, made.certificate, 0o644);
}

/** Makes the folder of a domain, closed to others and unknown to git. What is around it may hold more than this. */
export async function prepareFolder(directory: string, domain: string): Promise<void> {
  const folder = join(directory, domain);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  await writeFile(join(folder, '.gitignore'), '*\n', { flag: 'wx' }).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/** Takes from others what they should never have been able to read. */
export async function closeToOthers({ key }: CertificateFiles): Promise<void> {
  await chmod(key, 0o600);
}

/** Whoever reads it meanwhile finds the old one whole. */
async function replaceFile(file: string, text: string, mode: number): Promise<void> {
  const temporary = `${file}.${randomUUID()}`;
  await writeFile(temporary, text, { mode, flag: 'wx' });
  await rename(temporary, file);
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
