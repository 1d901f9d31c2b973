import {
  createSession,
  memoryLock,
  memoryStore,
  type SessionPorts,
  type SessionSettings,
} from '@deskauth/session';
import { createFakeBrowser, createFakeClock, createFakeRedirect } from '@deskauth/session/testing';
import { createFakeAuthority, type FakeAuthority } from './fake-authority.ts';

/** A session on fakes, with a person at the browser who signs in at once unless told otherwise. */
export async function createBench(
  options: {
    settings?: Partial<SessionSettings>;
    api?: (request: Request) => Response | Promise<Response>;
    person?: (url: string) => void | Promise<void>;
    ports?: Partial<SessionPorts>;
    authority?: FakeAuthority;
  } = {},
) {
  const authority = options.authority ?? (await createFakeAuthority(options.api));
  const redirect = createFakeRedirect();
  const clock = createFakeClock();
  authority.bend.now ??= (options.ports?.clock ?? clock).now;
  const browser = createFakeBrowser(
    options.person ??
      ((url) => {
        // A sign-out is opened in the same browser.
        if (new URL(url).searchParams.has('redirect_uri')) void redirect.answer(authority.authorize(url));
      }),
  );
  const store = options.ports?.store ?? memoryStore();
  const session = createSession(
    {
      issuer: authority.issuer,
      clientId: 'desktop',
      apiAddresses: ['https://api.example.com/v1'],
      ...options.settings,
    },
    { browser, redirect, store, lock: memoryLock(), clock, fetch: authority.fetch, ...options.ports },
  );
  return { session, authority, redirect, browser, clock, store };
}

/** The code of the AuthError that this ends with; anything else fails the test. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return (error as { code?: string }).code ?? `no code: ${String(error)}`;
  }
  return 'no error';
}

/** Lets promises and immediates run. */
export const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 5));

/** Resolves once the browser has been opened for this attempt; its address. */
export async function addressOf(attempt: { readonly url: string | undefined }): Promise<string> {
  while (attempt.url === undefined) await settle();
  return attempt.url;
}
