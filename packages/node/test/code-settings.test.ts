import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createLinkInbox,
  createNodeSession,
  keyringStore,
  loopbackRedirect,
  type NodeSessionSettings,
  schemeRedirect,
} from '@deskauth/node';

const GOOD = {
  ...{ appName: 'Companies', issuer: 'https://login.example.com', clientId: 'desktop' },
  store: 'memory',
} as const;

/** What code may get wrong where no compiler looks, and what the error says. */
const BAD: readonly [settings: Record<string, unknown>, says: string][] = [
  [{ apName: 'x' }, '"apName" is not a setting: did you mean "appName"?'],
  [{ apiAdresses: [] }, 'did you mean "apiAddresses"?'],
  [{ client_id: 'x' }, 'did you mean "clientId"?'],
  [{ scopes: 'openid' }, 'did you mean "scope"?'],
  [{ redirect_uri: 'http://127.0.0.1/' }, '"redirect_uri" is not a setting'],
  [{ appName: 5 }, '"appName": expected a text, found 5'],
  [{ appName: undefined }, '"appName": expected a text, found nothing'],
  [{ scope: ['openid'] }, '"scope": expected a text'],
  [{ browser: 'firefox' }, '"browser": expected an object with open(), found a text'],
  [{ redirect: 'http://127.0.0.1/' }, '"redirect": expected an object with open(), found a text'],
  [{ signOutRedirect: {} }, '"signOutRedirect": expected an object with open(), found an object'],
  [{ fetch: 'x' }, '"fetch": expected a function, found a text'],
  [{ store: 'file' }, '"store": expected "keyring" or "memory" or an object with load(), save(), clear()'],
  [{ store: { load() {} } }, 'an object with load(), save(), clear(), found an object'],
  [{ passphrase: 'canary' }, '"passphrase": expected a function, found a text'],
  [{ onWarning: console }, '"onWarning": expected a function, found an object'],
  [{ noProxy: 'localhost' }, '"noProxy": expected a list of texts'],
  [{ proxy: 5 }, '"proxy": expected a text, found a number'],
  [{ tenants: 'x' }, '"tenants": expected a list of texts'],
  [{ weakerStorage: 'yes' }, '"weakerStorage": expected "refuse" or "allow" or a function'],
];

const refusal =
  (says: string) =>
  ({ code, message }: Error & { code?: string }) => {
    assert.equal(code, 'AUTH_SETTINGS_INVALID');
    assert.ok(message.includes(says), message);
    assert.doesNotMatch(message, /canary/);
    return true;
  };

test('D01 code is told of a misspelt setting and of a value of another kind as a file is', () => {
  for (const [wrong, says] of BAD)
    assert.throws(() => createNodeSession({ ...GOOD, ...wrong } as NodeSessionSettings), refusal(says));
  assert.throws(() => createNodeSession(undefined as unknown as NodeSessionSettings), refusal('"appName"'));
  createNodeSession({ ...GOOD, ...Object({ browser: undefined, fetch: undefined, x: undefined }) }).close();
});

test('D01 what an app does not know it may leave undefined, for the compiler too', () => {
  const ofSession = { clientSecret: undefined, scope: undefined, resource: undefined, allowHttp: undefined };
  const ofMachine = { account: undefined, directory: undefined, proxy: undefined, caFile: undefined };
  createNodeSession({ ...GOOD, ...ofSession, ...ofMachine, redirect: undefined, hooks: undefined }).close();
  loopbackRedirect({ host: undefined, ports: undefined, pages: undefined });
});

test('D01 the parts of a session look at what they get', () => {
  const none = (part: (options: never) => unknown) => () => part({} as never);
  assert.throws(none(keyringStore), refusal('"appName": expected a text, found nothing'));
  assert.throws(none(schemeRedirect), refusal('"links": expected an object with push(), receive()'));
  const links = createLinkInbox({ scheme: 'com.example.app' });
  const options = { links, kind: 'sign-out' } as unknown as Parameters<typeof schemeRedirect>[0];
  assert.throws(() => schemeRedirect(options), refusal('"kind": expected "authorization-response" or'));
  for (const [wrong, says] of [
    [{ port: 8080 }, '"port" is not a setting: did you mean "ports"?'],
    [{ ports: 8080 }, '"ports": expected a list of ports, found 8080'],
    [{ appName: 5 }, '"appName": expected a text'],
    [{ responseMode: 'query' }, '"responseMode": expected "form_post"'],
  ] as const)
    assert.throws(() => loopbackRedirect(wrong as never), refusal(says));
});
