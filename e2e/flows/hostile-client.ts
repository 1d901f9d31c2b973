import { createNodeSession, loopbackRedirect, type NodeSessionSettings } from '@deskauth/node';
import type { AuthError, Session, SessionRecord, SignInOptions, TokenStore } from '@deskauth/session';
import {
  type Asked,
  createHttpBrowser,
  type Fault,
  type HttpBrowser,
  type KeyRing,
  type Outcome,
  startHostileAuthority,
} from '../../testing/hostile-authority/src/index.ts';

/** What came of one fault thrown at a session of ours. */
export interface Thrown {
  readonly outcome: Outcome;
  readonly error: AuthError | undefined;
  readonly session: Session;
  readonly asked: Asked;
  readonly browser: HttpBrowser;
  /** What the store held after the last sign-in, and before it. */
  readonly record: SessionRecord | undefined;
  readonly before: SessionRecord | undefined;
}

/** Throws this fault at a real session on this machine: loopback listener, token store, an HTTP client as browser. */
export async function throwAtSession(fault: Fault, keys: KeyRing, store: TokenStore): Promise<Thrown> {
  const authority = await startHostileAuthority({ bend: fault.bend, keys, isPublic: fault.isPublic });
  const browser = createHttpBrowser(authority.fetch);
  const session = createNodeSession({
    ...{ appName: 'Hostile', issuer: authority.issuer, clientId: 'desktop', allowHttp: true },
    ...(fault.settings as Partial<NodeSessionSettings>),
    ...{ redirect: loopbackRedirect(), browser, store, fetch: authority.fetch },
  });
  try {
    let before: SessionRecord | undefined;
    for (let left = fault.signIns ?? 1; left > 1; left -= 1) {
      await session.signIn(fault.options as SignInOptions).finished;
      before = await store.load();
    }
    const result = await signIn(session, browser, fault.options as SignInOptions);
    return { ...result, session, browser, before, asked: authority.asked, record: await store.load() };
  } finally {
    session.close();
    await authority.stop();
  }
}

async function signIn(session: Session, browser: HttpBrowser, options: SignInOptions | undefined) {
  const attempt = session.signIn(options);
  const ended = attempt.finished.then(
    () => ({ outcome: 'signed-in' as const, error: undefined }),
    (error: AuthError) => ({ outcome: error.code as Outcome, error }),
  );
  // Once every page has loaded, nothing more comes: an attempt that still waits has taken none of it for its answer.
  const loaded = untilOpened(attempt).then(async () => {
    await browser.idle;
    return attempt.state === 'waiting' ? { outcome: 'waiting' as const, error: undefined } : ended;
  });
  const result = await Promise.race([ended, loaded]);
  await browser.idle;
  return result;
}

/** Resolves once the browser has been opened, and never for an attempt that ends before. */
async function untilOpened(attempt: { readonly state: string }): Promise<void> {
  while (attempt.state === 'opening') await new Promise((resolve) => setImmediate(resolve));
  if (attempt.state !== 'waiting' && attempt.state !== 'exchanging') await new Promise(() => {});
}
