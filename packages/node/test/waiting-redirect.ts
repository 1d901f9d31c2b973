import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { type LoopbackRedirectOptions, loopbackRedirect } from '@deskauth/node';
import type { OpenRedirect, User } from '@deskauth/session';

export const analyst: User = {
  issuer: 'https://login.example.com',
  sub: 'user-1',
  displayName: 'Europe Analyst',
  claims: { sub: 'user-1' },
};

/** A loopback redirect that waits for its one honest answer. */
export interface WaitingRedirect extends OpenRedirect {
  readonly port: number;
  /** Plays the honest browser, and proves that it is the first one whose answer is handed on. */
  expectHonestAnswer(): Promise<void>;
}

/** Opens a {@link WaitingRedirect} that goes away with the test. */
export async function openWaiting(
  t: TestContext,
  options?: LoopbackRedirectOptions,
): Promise<WaitingRedirect> {
  const redirect = await loopbackRedirect({ appName: 'Companies', ...options }).open();
  t.after(() => redirect.close());
  const { redirectUri } = redirect;
  return {
    ...redirect,
    port: Number(new URL(redirectUri).port),
    async expectHonestAnswer() {
      const arrival = fetch(`${redirectUri}?code=honest&state=1`);
      const answer = await redirect.next(AbortSignal.timeout(10_000));
      assert.equal(answer.url, `${redirectUri}?code=honest&state=1`);
      answer.finish({ kind: 'signed-in', user: analyst });
      const response = await arrival;
      assert.equal(response.status, 200);
      assert.match(await response.text(), /You are signed in as.*Europe Analyst/);
    },
  };
}
