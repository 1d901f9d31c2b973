import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import {
  type AccessTokenVerifierSettings,
  ApiError,
  type ApiErrorCode,
  createAccessTokenVerifier,
} from '../src/index.ts';
import { AUDIENCE, type Issuer, startIssuer } from './issuer.ts';

/** An issuer that stops with the test. */
export async function issuerFor(t: TestContext): Promise<Issuer> {
  const issuer = await startIssuer();
  t.after(() => issuer.stop());
  return issuer;
}

/** A clock that only the test moves, from the present on. */
export function manualClock() {
  let now = Date.now() / 1000;
  const clock = () => now;
  clock.advance = (seconds: number) => {
    now += seconds;
  };
  return clock;
}

/** A verifier for the test API at this issuer. */
export function verifierFor({ issuer }: Issuer, settings: Partial<AccessTokenVerifierSettings> = {}) {
  return createAccessTokenVerifier({
    issuer,
    audience: AUDIENCE,
    allowHttp: true,
    timeLimitSeconds: 1,
    ...settings,
  });
}

/** Runs the work and returns its ApiError after a look at the code. */
export async function refused(work: Promise<unknown>, code: ApiErrorCode): Promise<ApiError> {
  const outcome = await work.then(
    () => 'no error',
    (error: unknown) => error,
  );
  if (!(outcome instanceof ApiError))
    throw outcome instanceof Error ? outcome : new Error('It was accepted.');
  assert.equal(outcome.code, code, outcome.reason);
  return outcome;
}
