import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { cpus } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Place } from './place.ts';

/** The keys of the authorization server of a measurement. */
export interface SigningKeys {
  readonly algorithm: Place['algorithm'];
  readonly jwk: Readonly<Record<string, unknown>>;
  readonly privatePem: string;
}

/** What a worker is to sign. */
export interface SigningWork {
  readonly place: Place;
  readonly keys: SigningKeys;
  readonly from: number;
  readonly to: number;
}

/** Fourteen claims, as a large provider sends them; the token is about 950 characters long with RS256. */
export function claimsFor({ issuer, audience }: Place, number: number): Readonly<Record<string, unknown>> {
  const now = Math.floor(Date.now() / 1000);
  const name = number.toString(16).padStart(12, '0');
  return {
    ...{ iss: issuer, sub: `00000000-0000-4000-8000-${name}`, aud: audience },
    ...{ exp: now + 3600, nbf: now, iat: now, auth_time: now - 60, jti: `t-${name}-${now.toString(36)}` },
    ...{ client_id: 'desktop-app', scope: 'openid companies:read transactions:read', acr: 'phr' },
    ...{ sid: `s-${name}`, tenant: 'europe', preferred_username: `analyst-${name}@example.com` },
  };
}

/** Signs tokens on every core. */
export async function signTokens(
  place: Place,
  keys: SigningKeys,
  count: number,
  first = 0,
): Promise<string[]> {
  const parts = Math.max(1, Math.min(cpus().length, 4));
  const bound = (part: number) => first + Math.floor((count * part) / parts);
  const signed = Array.from({ length: parts }, (_, part) =>
    signElsewhere({ place, keys, from: bound(part), to: bound(part + 1) }),
  );
  return (await Promise.all(signed)).flat();
}

function signElsewhere(work: SigningWork): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('tokens-worker.ts', import.meta.url), { workerData: work });
    worker.once('message', resolve).once('error', reject);
  });
}

/** Signs the tokens of these numbers. */
export function signHere(
  { place, keys, from, to }: SigningWork,
  key = createPrivateKey(keys.privatePem),
): string[] {
  const header = encode({ alg: keys.algorithm, kid: 'key-1', typ: 'at+jwt' });
  return Array.from({ length: to - from }, (_, index) =>
    signOne(`${header}.${encode(claimsFor(place, from + index))}`, key),
  );
}

function signOne(text: string, key: KeyObject): string {
  const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
