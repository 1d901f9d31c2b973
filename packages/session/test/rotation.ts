import type { FakeClock } from '@deskauth/session/testing';
import { createBench, settle } from './create-bench.ts';
import type { FakeAuthority } from './fake-authority.ts';

export type Fault = (committed: Record<string, unknown>) => Response | Promise<Response>;

/** A network fault with the code that Node gives it. */
export const networkFault = (code: string) => (): Promise<Response> =>
  Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) }));

/** The request arrived, the server has rotated, and its answer is lost. */
export const lostAnswer = networkFault('ECONNRESET');
/** The request never left. */
export const neverSent = networkFault('ENOTFOUND');

/**
 * Makes the authority rotate with grace: a spent token gets the same answer again for a while. `faults` are used up one
 * per refresh request, after the server has done its part; `neverSent` before it.
 */
export function rotate(authority: FakeAuthority, clock: FakeClock, graceSeconds = 0) {
  const spent = new Map<string, { readonly answer: Record<string, unknown>; readonly at: number }>();
  const faults: Fault[] = [];
  authority.bend.token = (request, honest) => {
    const fault = faults.shift();
    const token = request.get('refresh_token') ?? '';
    if (fault === neverSent) {
      if (!('error' in honest)) authority.liveRefreshTokens.add(token);
      return fault(honest);
    }
    const before = spent.get(token);
    const isInGrace = before !== undefined && clock.now() - before.at < graceSeconds;
    const answer = isInGrace ? before.answer : honest;
    if (!('error' in answer) && token !== '' && !before) spent.set(token, { answer, at: clock.now() });
    if (fault) return fault(answer);
    return Response.json(answer, { status: 'error' in answer ? 400 : 200 });
  };
  return { faults };
}

/** A person who is signed in. */
export async function signedIn(options: Parameters<typeof createBench>[0] = {}) {
  const bench = await createBench({ ...options, ports: { random: () => 0, ...options.ports } });
  await bench.session.signIn().finished;
  return bench;
}

/** The app is started again: another process, the same store and authority. */
export async function restarted(
  { authority, store, clock }: Awaited<ReturnType<typeof createBench>>,
  options: Parameters<typeof createBench>[0] = {},
) {
  return createBench({ ...options, authority, ports: { random: () => 0, clock, store, ...options.ports } });
}

/** Refresh requests so far: the first token request was the sign-in's. */
export const refreshCount = ({ tokenRequests }: FakeAuthority) =>
  tokenRequests.filter((request) => request.get('grant_type') === 'refresh_token').length;

/** Waits for what happens without anybody asking for it. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    if (await holds()) return;
    await settle();
  }
  throw new Error('what was waited for did not happen');
}
