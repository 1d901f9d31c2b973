import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  type DevAuthority,
  type DevAuthoritySettings,
  PROFILE_NAMES,
  type ProfileName,
  startDevAuthority,
} from '@deskauth/dev-authority';
import { createHttpBrowser, type HttpBrowser } from '@deskauth/dev-authority/testing';
import { createNodeSession, type FileSettings } from '@deskauth/node';
import {
  type AccessTokenVerifierSettings,
  type Claims,
  createAccessTokenVerifier,
} from '@deskauth/resource-server';
import type { Session } from '@deskauth/session';

const API = 'https://api.example.com';
const NAMES = PROFILE_NAMES.filter((name) => name !== 'standard');

/** What the pages leave to the reader, in the words of the profiles. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  API_CLIENT_ID: '5b0c7b6e-3f5e-4c57-9a1e-6d2f0e9a4b11',
  CLIENT_ID: 'deskauth-desktop',
  REALM: 'companies',
  POOL_ID: 'eu-central-1_EXAMPLE',
  'TENANT.onmicrosoft.com': 'companies.onmicrosoft.com',
};
const TENANT_IDS: Readonly<Partial<Record<ProfileName, string>>> = {
  entra: '7d0a5ed4-0e3b-4b0f-9a54-0a2d8f7c1e55',
  'entra-v1': '7d0a5ed4-0e3b-4b0f-9a54-0a2d8f7c1e55',
  b2c: '9f1c3b52-6d0e-4c8e-8d2c-3f6a8a1b7c90',
};

/** What a page says to set there, where the provider's default is another. */
const CHANGES_IN_THE_CONSOLE: Readonly<Partial<Record<ProfileName, DevAuthoritySettings>>> = {
  auth0: { refreshGraceSeconds: 30 },
};

interface Page {
  readonly app: FileSettings;
  readonly api: AccessTokenVerifierSettings | undefined;
}

/** The settings of a page, with the authority in the place of the provider. */
async function readPage(name: ProfileName, { issuer, nativeClientSecret }: DevAuthority): Promise<Page> {
  const text = await readFile(`docs/providers/${name}.md`, 'utf8');
  const blocks = [...text.matchAll(/^```json\n(.*?)^```/gms)].map(([, block = '']) => block);
  const { origin } = new URL(issuer);
  const fill = (block: string) => {
    const filled = Object.entries(PLACEHOLDERS)
      .reduce((whole, [placeholder, value]) => whole.replaceAll(placeholder, value), block)
      .replaceAll('TENANT_ID', TENANT_IDS[name] ?? '')
      .replaceAll('CLIENT_SECRET', nativeClientSecret ?? '')
      // The v1 issuer is on a domain of its own; the profile has it in the path.
      .replaceAll('https://sts.windows.net', `${origin}/sts.windows.net`)
      .replace(/https:\/\/(?!api\.example\.com)[\w.-]+/g, origin);
    return JSON.parse(filled);
  };
  const [app, api] = blocks.map(fill);
  return { app, api };
}

/** An API that says whom it let in. */
async function startApi(t: TestContext, settings: AccessTokenVerifierSettings) {
  const verifier = createAccessTokenVerifier({ ...settings, allowHttp: true });
  const server = createServer(async ({ headers }, response) => {
    const token = headers.authorization?.replace('Bearer ', '') ?? '';
    await verifier.verify(token).then(
      (claims) => response.end(JSON.stringify(claims)),
      (error: Error & { reason?: string }) => response.writeHead(401).end(error.reason ?? error.message),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A person at a browser, who has not been asked for more than one password. */
function createPerson(browser: HttpBrowser) {
  const visits: Promise<unknown>[] = [];
  return {
    async open(url: string) {
      const isSignOut = !new URL(url).searchParams.has('code_challenge');
      const visit = isSignOut
        ? browser.signOut(url).then((back) => (back ? fetch(back) : undefined))
        : browser.signIn(url, { username: 'europe', password: 'deskauth', followRedirect: true });
      visits.push(visit);
    },
    done: () => Promise.all(visits),
  };
}

async function enter(t: TestContext, name: ProfileName) {
  const changes = CHANGES_IN_THE_CONSOLE[name];
  const authority = await startDevAuthority({ port: 0, profile: name, apiAudience: API, ...changes });
  t.after(() => authority.stop());
  const { app, api } = await readPage(name, authority);
  assert.equal(app.issuer, authority.issuer);
  const apiAddress = api && (await startApi(t, api));
  const directory = await mkdtemp(join(tmpdir(), 'provider-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const person = createPerson(createHttpBrowser());
  const session = createNodeSession({
    ...{ ...app, directory, allowHttp: true, store: 'memory', browser: person, onWarning: () => {} },
    ...(apiAddress && { apiAddresses: [apiAddress] }),
  });
  t.after(() => session.close());
  return { authority, app, api, apiAddress, session, person };
}

async function call(session: Session, address: string): Promise<Claims> {
  const response = await session.fetch(address);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text) as Claims;
}

for (const name of NAMES)
  test(`N09 G04 the settings on the page of ${name} sign in, call, refresh and sign out`, async (t) => {
    const { authority, app, api, apiAddress, session, person } = await enter(t, name);
    const user = await session.signIn().finished;
    assert.equal(user.displayName, 'Europe Analyst');
    assert.equal(user.issuer, authority.issuer);
    assert.equal(session.endsAt, undefined, 'there is a refresh token');

    if (apiAddress && api) {
      const claims = await call(session, apiAddress);
      assert.deepEqual(claims.audience, [api.audience]);
      assert.equal(claims.clientId, 'deskauth-desktop');
      assert.ok(
        claims.scopes.some((scope) => scope.endsWith('companies:read')),
        claims.scopes.join(' '),
      );
      await session.expire('access-token');
      await call(session, apiAddress);
      // A refresh after the first: with the token of the one before, or with the one that never changes.
      await session.expire('access-token');
      await call(session, apiAddress);
      if (app.refreshGraceSeconds) {
        authority.faults.add({ at: 'token', kind: 'lose-answer', times: 1 });
        await session.expire('access-token');
        await call(session, apiAddress);
      }
    } else {
      await session.accessToken();
      await session.expire('access-token');
      await session.accessToken();
    }

    await session.signOut({ atServer: true });
    const { state } = session;
    const expected = name === 'google' ? 'kept' : 'ended';
    assert.equal(state.status === 'signed-out' && state.server?.session, expected);
    await person.done();
  });

test('every profile has a page, and every page is in the list', async () => {
  const list = await readFile('docs/providers/README.md', 'utf8');
  for (const name of NAMES) assert.ok(list.includes(`(${name}.md)`), name);
});
