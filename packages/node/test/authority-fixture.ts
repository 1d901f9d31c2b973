import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { type DevAuthority, startDevAuthority } from '@deskauth/dev-authority';
import { createHttpBrowser, type HttpBrowser } from '@deskauth/dev-authority/testing';
import { createNodeSession, keyringStore, type NodeSessionSettings } from '@deskauth/node';
import type { BrowserLauncher, Session } from '@deskauth/session';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { noKeyring } from './store-fixture.ts';

export const europe = { username: 'europe', password: 'deskauth' } as const;

/** A real authorization server and an API that accepts its access tokens. */
export interface Surroundings {
  readonly authority: DevAuthority;
  /** Answers 200 to a good access token and 401 to any other. */
  readonly apiAddress: string;
}

/** Starts both, until the test ends. */
export async function startSurroundings(t: TestContext): Promise<Surroundings> {
  const authority = await startDevAuthority({ port: 0 });
  t.after(() => authority.stop());
  return { authority, apiAddress: await startApi(t, authority) };
}

async function startApi(t: TestContext, { issuer, apiAudience }: DevAuthority): Promise<string> {
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
  const server = createServer(async ({ headers }, response) => {
    const token = headers.authorization?.replace('Bearer ', '') ?? '';
    const verified = jwtVerify(token, keys, { issuer, audience: apiAudience });
    response.statusCode = await verified.then(
      () => 200,
      () => 401,
    );
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What a session needs to know of its surroundings: plain data, so that it can be given to another process. */
export interface SessionPlace {
  readonly issuer: string;
  readonly apiAudience: string;
  readonly apiAddress: string;
  readonly directory: string;
}

export function placeOf({ authority, apiAddress }: Surroundings, directory: string): SessionPlace {
  return { issuer: authority.issuer, apiAudience: authority.apiAudience, apiAddress, directory };
}

/** Opens the session as a new process would: same directory, key in a file beside the data. */
export function openSession(place: SessionPlace, settings: Partial<NodeSessionSettings> = {}): Session {
  const { issuer, apiAudience, apiAddress, directory } = place;
  const owner = { appName: 'Companies', issuer, clientId: 'deskauth-desktop' };
  return createNodeSession({
    ...owner,
    directory,
    allowHttp: true,
    scope: 'openid profile offline_access companies:read',
    resource: apiAudience,
    apiAddresses: [apiAddress],
    store: keyringStore({ ...owner, directory, keyring: noKeyring, weakerStorage: 'allow' }),
    browser: { open: () => Promise.reject(new Error('no browser was expected to be opened')) },
    ...settings,
  });
}

/** A browser with a person at it; `pages` are what it showed at the end. */
export interface Person extends BrowserLauncher {
  readonly pages: Promise<string>[];
}

/** Creates a {@link Person} who signs in as the Europe Analyst, or refuses. */
export function createPerson(
  consent: 'allow' | 'refuse' = 'allow',
  browser: HttpBrowser = createHttpBrowser(),
): Person {
  const pages: Promise<string>[] = [];
  return {
    pages,
    async open(url) {
      const visit = browser.signIn(url, { ...europe, consent, followRedirect: true });
      pages.push(visit.then(({ responseText }) => responseText ?? ''));
    },
  };
}
