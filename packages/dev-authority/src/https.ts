import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createSecureContext } from 'node:tls';

/** How the authority is served by https: still on loopback only. */
export interface HttpsSettings {
  /** PEM file with the certificate, and what leads from it to its root. */
  cert: string;
  /** PEM file with its private key. */
  key: string;
  /** Host name in the issuer, one that the certificate is for. @default the address of `host` */
  name?: string | undefined;
}

/**
 * Creates the server that the authority answers with.
 * @throws TypeError when a file cannot be read or the two do not belong together; the message names it
 */
export async function createAuthorityServer(https: HttpsSettings | undefined): Promise<Server> {
  if (!https) return createServer();
  const pair = { cert: await load('cert', https.cert), key: await load('key', https.key) };
  try {
    createSecureContext(pair);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new TypeError(
      `https: ${https.cert} and ${https.key} are no certificate and its key (${code}). Give two PEM files that belong together.`,
    );
  }
  return createHttpsServer(pair);
}

function load(name: 'cert' | 'key', file: string): Promise<string> {
  return readFile(file, 'utf8').catch(({ code }: NodeJS.ErrnoException) => {
    throw new TypeError(`https.${name}: ${file} cannot be read (${code}). Give a PEM file.`);
  });
}
