import { AUDIENCE, type Issuer, startIssuer } from '../../packages/resource-server/test/issuer.ts';
import { type Answer, type ApiProcess, PATIENCE_SECONDS } from './api-process.ts';
import type { Client } from './clients.ts';

/** One guarded API at an authorization server of its own that counts every call and fails when told to. */
export interface Scene {
  readonly issuer: Issuer;
  readonly kind: Client['kind'];
  /** A good access token of the kind that the API takes, but for these claims, never seen before. */
  token(claims?: Record<string, unknown>): Promise<string>;
  tokens(count: number): Promise<string[]>;
  call(token: string): Promise<Answer>;
  callAll(tokens: readonly string[]): Promise<Answer[]>;
  /** Forgets calls and time so far: what comes is what is judged. */
  mark(): Promise<void>;
  /** Signatures checked, and calls made, since the mark. */
  work(): Promise<number>;
  measure(): { readonly calls: number; readonly seconds: number };
  stop(): Promise<void>;
}

/** How long keys live where a fault wants to see them age, and the pause between fetches for unknown ones, in seconds. */
export const KEYS_MAX_AGE_SECONDS = 1;
const COOLDOWN_SECONDS = 1;

/** @param ages keys are to age within the second, where the library can be told so */
export async function openScene({ kind }: Client, process: ApiProcess, ages: boolean): Promise<Scene> {
  const issuer = await startIssuer();
  const active = new Map<string, unknown>();
  issuer.answer('introspection', (_, body) => {
    return active.get(new URLSearchParams(body).get('token') ?? '') ?? { active: false };
  });
  await process.start({
    ...{ issuer: issuer.issuer, audience: AUDIENCE, algorithm: 'RS256' },
    ...{ jwksUri: `${issuer.issuer}/keys`, introspectionEndpoint: `${issuer.issuer}/introspect` },
    keysCooldownSeconds: COOLDOWN_SECONDS,
    ...(ages && { keysMaxAgeSeconds: KEYS_MAX_AGE_SECONDS }),
  });
  const calls = () => Object.values(issuer.counts).reduce((sum, count) => sum + count, 0);
  const start = { calls: 0, checks: 0, at: performance.now() };
  const token = async (claims: Record<string, unknown> = {}) => {
    if (kind === 'jwt') return issuer.token({ claims });
    const opaque = crypto.randomUUID();
    active.set(opaque, { active: true, aud: AUDIENCE, sub: 'user-europe', exp: now() + 1800, ...claims });
    return opaque;
  };
  return {
    ...{ issuer, kind, token, call: process.call },
    tokens: (count) => Promise.all(Array.from({ length: count }, () => token())),
    callAll: (tokens) => Promise.all(tokens.map(process.call)),
    async mark() {
      Object.assign(start, { calls: calls(), at: performance.now() });
      start.checks = await process.checks();
    },
    work: async () => calls() - start.calls + (await process.checks()) - start.checks,
    measure: () => ({ calls: calls() - start.calls, seconds: (performance.now() - start.at) / 1000 }),
    stop: issuer.stop,
  };
}

const now = () => Math.floor(Date.now() / 1000);

/** Waits. */
export const sleep = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));

/** The last answer to calls that go on until one is as wanted, or patience ends. */
export async function callUntil(
  wanted: Answer,
  { call }: Scene,
  token: () => Promise<string>,
): Promise<Answer[]> {
  const end = performance.now() + PATIENCE_SECONDS * 1000;
  for (;;) {
    const answer = await call(await token());
    if (answer === wanted || performance.now() > end) return [answer];
    await sleep(0.25);
  }
}
