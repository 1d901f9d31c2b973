import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DevAuthority, startDevAuthority } from '@deskauth/dev-authority';
import type { SpaSession, SpaSessionSettings, takeAnswer } from '@deskauth/spa';
import { build } from 'esbuild';
import type { BrowserContext, Frame, Page } from 'playwright-core';
import { signInOnPage } from './sign-in-page.ts';

/** What is in each page of a {@link BareApp}: the package, what the test wants at every load, and what that makes. */
export interface BareWindow {
  readonly deskauth: {
    createSpaSession(settings: SpaSessionSettings): SpaSession;
    readonly takeAnswer: typeof takeAnswer;
  };
  readonly atLoad: () => void;
  readonly settings: SpaSessionSettings;
  session: SpaSession;
  /** Beside it, where a test has two. */
  other: SpaSession;
  /** Resolves when all that was started at this load has come to its end. */
  started: Promise<unknown>;
}

/** Pages with `@deskauth/spa` and nothing else, at every path, and two real authorities. */
export interface BareApp {
  readonly url: string;
  readonly authority: DevAuthority;
  readonly another: DevAuthority;
  stop(): Promise<void>;
}

/** Starts all of it, on free ports. */
export async function startBareApp(): Promise<BareApp> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const files = await bundle();
  server.on('request', ({ url: path = '' }, response) => {
    // An API that takes no token: each call of it makes the session renew.
    if (path.startsWith('/api')) return void response.writeHead(401).end();
    const script = files.get(path);
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript');
    response.end(script ?? PAGE);
  });
  const [authority, another] = await Promise.all([startAuthority(url), startAuthority(url)]);
  return {
    ...{ url, authority, another },
    async stop() {
      await Promise.all([stop(server), authority.stop(), another.stop()]);
    },
  };
}

const PAGE = `<!doctype html><title>Bare</title><script src="/deskauth.js"></script><script>atLoad()</script>`;

async function bundle(): Promise<ReadonlyMap<string, string>> {
  const script = (specifier: string) =>
    build({
      stdin: { contents: `export * from '${specifier}';`, resolveDir: import.meta.dirname },
      ...{ bundle: true, write: false, conditions: ['source'], format: 'iife', globalName: 'deskauth' },
    });
  const [page, worker] = await Promise.all([script('@deskauth/spa'), script('@deskauth/spa/worker')]);
  return new Map([
    ['/deskauth.js', page.outputFiles[0]?.text ?? ''],
    ['/store-worker.js', worker.outputFiles[0]?.text ?? ''],
  ]);
}

function startAuthority(url: string): Promise<DevAuthority> {
  const client = { clientId: 'deskauth-spa', name: 'Bare', type: 'web', redirectUris: [`${url}/`] } as const;
  return startDevAuthority({
    port: 0,
    refreshGraceSeconds: 30,
    clients: [{ ...client, postLogoutRedirectUris: [`${url}/`] }],
  });
}

function stop(server: Server): Promise<unknown> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  return closed;
}

/** Settings of a session with this authority. */
export function settingsFor(
  { issuer }: DevAuthority,
  more: Partial<SpaSessionSettings> = {},
): SpaSessionSettings {
  const scope = 'openid profile offline_access';
  const known = { issuer, clientId: 'deskauth-spa', scope, consentForOfflineAccess: false, allowHttp: true };
  return { ...known, apiAddresses: ['/api'], ...more };
}

/** Says what every page of this browser does at each load. @default creates a session and starts it */
export async function atEachLoad(
  context: BrowserContext,
  settings: SpaSessionSettings,
  atLoad: () => void = startSession,
): Promise<void> {
  await context.addInitScript(`window.settings = ${JSON.stringify(settings)}; window.atLoad = ${atLoad};`);
}

/** Runs in the page. */
function startSession(): void {
  const here = window as unknown as BareWindow;
  here.session = here.deskauth.createSpaSession(here.settings);
  here.started = here.session.start();
}

type Status = SpaSession['state']['status'];

/** Waits until this page is at the app and its session, or another one beside it, has this status. */
export async function untilStatus(
  page: Page | Frame,
  status: Status,
  which: 'session' | 'other' = 'session',
): Promise<void> {
  await page.waitForFunction(
    ([name, expected]) => (window as unknown as BareWindow)[name]?.state.status === expected,
    [which, status] as const,
  );
}

/** What the session of this page says. */
export function inSession<T>(page: Page | Frame, ask: (session: SpaSession) => T): Promise<Awaited<T>> {
  return page.evaluate(`(${ask})(window.session)`) as Promise<Awaited<T>>;
}

/** Waits until everything that this load has started is over, and the page is still there. */
export function untilStarted(page: Page): Promise<void> {
  return page
    .waitForFunction(() => (window as unknown as BareWindow).started?.then(() => true))
    .then(() => {});
}

/** Makes the session of this page renew its access token, and does not wait for the end. */
export async function renew(page: Page): Promise<void> {
  await page.evaluate(() => void (window as unknown as BareWindow).session.fetch('/api').catch(() => {}));
}

/** Somebody clicks *sign in* in this page and signs in at the authority. */
export async function clickSignIn(
  page: Page,
  username: 'europe' | 'global' = 'europe',
  prompt?: 'login',
): Promise<void> {
  await page.evaluate(
    (options) => void (window as unknown as BareWindow).session.signIn(options),
    prompt ? { prompt } : {},
  );
  await signInOnPage(page, username);
  await untilStatus(page, 'signed-in');
}
