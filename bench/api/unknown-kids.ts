import { randomUUID } from 'node:crypto';
import { createAccessTokenVerifier } from '@deskauth/resource-server';
import { startAuthority } from './authority.ts';
import { claimsFor, signTokens } from './tokens.ts';

/** What a flood of tokens with key ids that nobody knows costs the authorization server. */
export interface UnknownKidsResult {
  readonly tokens: number;
  readonly seconds: number;
  readonly cooldownSeconds: number;
  readonly keyFetches: number;
  /** One cooldown, one fetch; and the first one. */
  readonly allowedFetches: number;
  /** Was a good token accepted all the time? */
  readonly goodTokenAccepted: boolean;
}

const [TOKENS, SECONDS, COOLDOWN_SECONDS] = [10_000, 60, 10];

/** A minute by a clock that goes on with the tokens: nobody has to wait, and nothing depends on the machine. */
export async function measureUnknownKids(): Promise<UnknownKidsResult> {
  const { place, keys, calls, stop } = await startAuthority('RS256');
  const { issuer, audience } = place;
  let now = Date.now() / 1000;
  const settings = { issuer, audience, allowHttp: true, timeLimitSeconds: 30, clock: () => now };
  const verifier = createAccessTokenVerifier({ ...settings, keysCooldownSeconds: COOLDOWN_SECONDS });
  const good = await signTokens(place, keys, 100);
  const payload = encode(claimsFor(place, 1));
  let accepted = 0;
  for (let number = 0; number < TOKENS; number += 1) {
    now += SECONDS / TOKENS;
    const header = encode({ alg: 'RS256', typ: 'at+jwt', kid: randomUUID() });
    await verifier.verify(`${header}.${payload}.AAAA`).catch(() => undefined);
    if (number % 100 === 0) accepted += await isAccepted(verifier.verify(good[number / 100] ?? ''));
  }
  stop();
  return {
    ...{ tokens: TOKENS, seconds: SECONDS, cooldownSeconds: COOLDOWN_SECONDS, keyFetches: calls['/keys'] },
    ...{ allowedFetches: SECONDS / COOLDOWN_SECONDS + 1, goodTokenAccepted: accepted === good.length },
  };
}

const isAccepted = (work: Promise<unknown>) =>
  work.then(
    () => 1,
    () => 0,
  );

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
