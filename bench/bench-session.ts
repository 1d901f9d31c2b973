import { join } from 'node:path';
import { keyringStore, processLock } from '@deskauth/node';
import {
  createSession,
  type Session,
  type SessionPorts,
  systemClock,
  type TokenStore,
} from '@deskauth/session';
import type { Family } from './rotating-authority.ts';

/** Where a session of the bench lives. */
export interface Place {
  readonly issuer: string;
  readonly directory: string;
  readonly graceSeconds?: number;
}

const nobody = () => Promise.reject(new Error('there is no keyring in a bench'));
const clientId = 'bench';

/** The store of a machine, as an app has it: an encrypted file, its key in a file beside it. */
export function openStore({ issuer, directory }: Place): TokenStore {
  const keyring = { load: nobody, create: nobody, remove: async () => {} };
  return keyringStore({ appName: 'bench', issuer, clientId, directory, weakerStorage: 'allow', keyring });
}

/** Saves what a sign-in would have saved. @param expiresAt of its access token, in seconds since the epoch */
export async function saveSignIn(place: Place, family: Family, expiresAt: number): Promise<void> {
  const { issuer } = place;
  const { accessToken, refreshToken } = family;
  await openStore(place).save({
    ...{ version: 1, generation: 1, sessionId: 'bench', issuer, clientId },
    user: { issuer, sub: 'user-1', displayName: 'User One', claims: {} },
    tokens: { accessToken, refreshToken, tokenType: 'Bearer', expiresAt, scope: 'openid' },
  });
}

/** A session with the real store and the real lock. @param aheadSeconds how far its clock is ahead */
export function openSession(
  place: Place,
  aheadSeconds = () => 0,
  ports: Partial<SessionPorts> = {},
): Session {
  const { issuer, directory, graceSeconds = 0 } = place;
  const noBrowser = () => Promise.reject(new Error('a bench opens no browser'));
  const settings = {
    issuer,
    clientId,
    allowHttp: true,
    apiAddresses: [issuer],
    refreshGraceSeconds: graceSeconds,
  };
  return createSession(settings, {
    ...{ browser: { open: noBrowser }, redirect: { open: noBrowser } },
    ...{ store: openStore(place), lock: processLock(join(directory, 'bench.lock')) },
    clock: { ...systemClock, now: () => systemClock.now() + aheadSeconds() },
    ...ports,
  });
}
