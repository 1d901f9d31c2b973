import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import './with-fake-electron.ts';
import { createLinkInbox } from '@deskauth/node';
import * as electron from './fake-electron.ts';

const { createAppRedirects } = await import('../src/app-redirects.ts');
const scheme = 'com.example.app';

/** Redirects of an installed app on Windows, whose registry answers so. */
async function createRedirects(
  t: TestContext,
  preference: 'auto' | 'loopback' | 'scheme',
  isRegistered: boolean,
) {
  const before = process.platform;
  const { setAsDefaultProtocolClient } = electron.app;
  t.after(() => {
    Object.defineProperty(process, 'platform', { value: before });
    Object.assign(electron.app, { isPackaged: false, setAsDefaultProtocolClient });
  });
  Object.defineProperty(process, 'platform', { value: 'win32' });
  Object.assign(electron.app, { isPackaged: true, setAsDefaultProtocolClient: () => isRegistered });
  electron.schemes.isDefault = isRegistered;
  const told: string[] = [];
  const links = createLinkInbox({ scheme });
  const options = { links, scheme, appName: 'Companies', preference };
  return { told, ...(await createAppRedirects(options, (because) => told.push(because))) };
}

async function uriOf(redirect: { open(): Promise<{ redirectUri: string; close(): Promise<void> }> }) {
  const open = await redirect.open();
  await open.close();
  return open.redirectUri;
}

test('D08 the scheme where it is set and registered, for both ways back', async (t) => {
  const { redirect, signOutRedirect, told } = await createRedirects(t, 'scheme', true);
  assert.equal(await uriOf(redirect), `${scheme}:/callback`);
  assert.equal(await uriOf(signOutRedirect), `${scheme}:/signed-out`);
  assert.deepEqual(told, ['scheme: the settings say so']);
});

test('D08 loopback by itself', async (t) => {
  const { redirect, signOutRedirect } = await createRedirects(t, 'auto', true);
  assert.match(await uriOf(redirect), /^http:\/\/127\.0\.0\.1:\d+\/callback$/);
  assert.match(await uriOf(signOutRedirect), /^http:\/\/127\.0\.0\.1:\d+\/signed-out$/);
});

test('LINK-13 loopback in place of a scheme that could not be registered, and the reason is told', async (t) => {
  const { redirect, told } = await createRedirects(t, 'scheme', false);
  assert.match(await uriOf(redirect), /^http:\/\/127\.0\.0\.1/);
  assert.match(told.join(), /in place of the scheme: the scheme is not registered/);
});

test('LINK-13 loopback in place of a scheme that another app has taken since', async (t) => {
  const { redirect, told } = await createRedirects(t, 'scheme', true);
  electron.schemes.isDefault = false;
  assert.match(await uriOf(redirect), /^http:\/\/127\.0\.0\.1/);
  assert.match(told.at(-1) ?? '', /do not lead to this app/);
});

test('OPEN-02 no message of a window carries an address to open', async () => {
  const { createAnswers } = await import('../src/answers.ts');
  const ports = { developerCommands: false, copy: () => {}, storage: () => undefined };
  const { answers } = createAnswers({} as never, ports);
  for (const answer of Object.values(answers)) {
    assert.throws(() => answer.parse('https://evil.example/'), { name: 'RefusedMessage' });
    assert.throws(() => answer.parse({ url: 'https://evil.example/' }), { name: 'RefusedMessage' });
  }
});
