import { unlink } from 'node:fs/promises';
import { type AuthorizationRequest, type PendingRequests, parseAddress } from '@deskauth/session';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

/** The key of a store, at work. */
export interface Sealing {
  /** Undefined where nothing is written to disk. */
  seal(value: object): Promise<string | undefined>;
  open(text: string): Promise<unknown>;
}

/**
 * Keeps the last authorization request in a sealed file, for the run of the app that a link will start. The code
 * verifier is in it: worth nothing without the code, and gone after one use. It is a help: its faults stop no sign-in.
 */
export function sealedRequest(file: string, { seal, open }: Sealing): PendingRequests {
  async function load(): Promise<AuthorizationRequest | undefined> {
    const text = await readPrivateFile(file);
    const value = text === undefined ? undefined : await open(text);
    return isRequest(value) ? value : undefined;
  }

  return {
    async save(request) {
      // A loopback listener ends with its process: its answers reach nobody else.
      const isLost = parseAddress(request.redirectUri)?.protocol === 'http:';
      const text = isLost ? undefined : await seal(request).catch(() => undefined);
      if (text === undefined) await remove(file);
      else await writePrivateFile(file, text).catch(() => undefined);
    },
    async take(state, isOurs = () => true) {
      const request = await load().catch(() => undefined);
      if (!request || !isOurs(request)) return undefined;
      // Of several that find it, one removes it.
      return request.state === state && (await remove(file)) ? request : undefined;
    },
  };
}

function remove(file: string): Promise<boolean> {
  return unlink(file).then(
    () => true,
    () => false,
  );
}

function isRequest(value: unknown): value is AuthorizationRequest {
  const { redirectUri, state, codeVerifier, expiresAt } = (value ?? {}) as Partial<AuthorizationRequest>;
  const areTexts = [redirectUri, state, codeVerifier].every((part) => typeof part === 'string');
  return areTexts && Number.isFinite(expiresAt);
}
