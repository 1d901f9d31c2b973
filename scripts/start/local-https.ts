import { resolve } from 'node:path';
import { prepareCertificates } from '@deskauth/cli';
import { machineFetch } from '@deskauth/node';

/** What serves web, API and sign-in by https, under names of one local domain. */
export interface LocalHttps {
  readonly domain: string;
  /** The root that clients are to trust. */
  readonly caFile: string;
  /** For servers. */
  readonly files: { readonly cert: string; readonly key: string };
  /** Reaches these servers. */
  readonly fetch: typeof fetch;
}

/** The certificates of the workspace, made where they are lacking. */
export async function prepareLocalHttps(workspace: string, wanted: string | undefined): Promise<LocalHttps> {
  const directory = `${workspace}/certificates`;
  const { domain, files } = await prepareCertificates({ directory, ...(wanted && { domain: wanted }) });
  const caFile = resolve(files.root.certificate);
  const { certificate: cert, key } = files.server;
  return { domain, caFile, files: { cert, key }, fetch: machineFetch({ caFile }) };
}
