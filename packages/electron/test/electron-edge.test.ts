import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import './with-fake-electron.ts';
import type { SessionState } from '@deskauth/session';
import { buildRecord } from '@deskauth/session/testing';
import type { DeskauthBridge } from '../src/contract.ts';
import { answerAsAuthority, createSignedInSession, untilWaiting } from './bench.ts';
import * as electron from './fake-electron.ts';

const { exposeSession } = await import('../src/expose-session.ts');
const { exposeDeskauth } = await import('../src/preload.ts');
const { createElectronSession } = await import('../src/create-electron-session.ts');
const { createAppWindow, returnAfterSignIn } = await import('../src/app-window.ts');
const { createWindowSession } = await import('../src/renderer.ts');

const { issuer } = buildRecord();
const CHANNELS = ['cancel', 'copy-address', 'expire', 'open-again', 'sign-in', 'sign-out', 'snapshot'].map(
  (name) => `deskauth:${name}`,
);

afterEach(() => electron.BrowserWindow.all.splice(0));

/** The window as the tests see it. */
function createWindow(options: object = {}) {
  createAppWindow({ preload: '/app/preload.cjs', title: 'Companies', ...options });
  const window = electron.BrowserWindow.all.at(-1);
  assert.ok(window);
  return window;
}

test('ELEC-02 every message of every foreign frame is refused', async () => {
  const { session } = await createSignedInSession();
  const stop = exposeSession(session);
  assert.deepEqual([...electron.handlers.keys()].sort(), CHANNELS);
  const foreign = [
    null,
    { origin: 'https://evil.example', parent: null },
    { origin: 'null', parent: null },
    { origin: 'app://bundle', parent: {} },
  ];
  for (const [channel, listener] of electron.handlers)
    for (const senderFrame of foreign)
      assert.throws(() => listener({ senderFrame }), { name: 'RefusedMessage' }, channel);
  assert.equal(session.state.status, 'signed-in');
  stop();
  assert.equal(electron.handlers.size, 0);
});

test('ELEC-23 every page that has asked is told of a change, unless it is another one by then', async () => {
  const { session } = await createSignedInSession();
  const stop = exposeSession(session);
  const [first, second, other, gone] = [createWindow(), createWindow(), createWindow(), createWindow()];
  for (const { webContents: sender } of [first, second, other, gone])
    await electron.handlers.get('deskauth:snapshot')?.({ sender, senderFrame: sender.mainFrame });
  gone.webContents.isDestroyed = () => true;
  other.webContents.mainFrame.origin = 'https://help.example';
  await session.signOut();
  for (const { webContents } of [first, second])
    assert.deepEqual(
      [...new Set(webContents.received.map(([channel]) => channel))],
      ['deskauth:session-changed'],
    );
  for (const { webContents } of [other, gone]) assert.deepEqual(webContents.received, []);
  stop();
});

test('ELEC-23 a page that has crashed keeps no other from hearing of a change', async () => {
  const { session } = await createSignedInSession();
  const stop = exposeSession(session);
  const [crashed, other] = [createWindow(), createWindow()];
  for (const { webContents: sender } of [crashed, other])
    await electron.handlers.get('deskauth:snapshot')?.({ sender, senderFrame: sender.mainFrame });
  Object.defineProperty(crashed.webContents, 'mainFrame', {
    get: () => assert.fail('Render frame was disposed before WebFrameMain could be accessed'),
  });
  await session.signOut();
  assert.ok(other.webContents.received.length > 0);
  assert.deepEqual(session.warnings, []);
  stop();
});

test('a keyring is not asked before anything is kept', async () => {
  const { session } = await createSignedInSession();
  await session.signOut();
  let asked = 0;
  const storage = async () => {
    asked += 1;
  };
  const stop = exposeSession(Object.assign(session, { storage }) as never);
  const waiting = untilWaiting(session);
  session.signIn().finished.catch(() => {});
  await waiting;
  session.pendingSignIn?.cancel();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(asked, 0);
  stop();
});

test('a window that is closed while it loads, or that is to stay hidden, is not shown', async (t) => {
  const fake = electron.BrowserWindow.behaviour;
  t.after(() => Object.assign(fake, { load: async () => {}, isDestroyed: false }));
  const shown = async (options: object) => {
    const window = createWindow(options);
    await new Promise((resolve) => setImmediate(resolve));
    window.emit('ready-to-show');
    return window.showCount > 0;
  };
  assert.equal(await shown({}), true);
  assert.equal(await shown({ show: false }), false);
  fake.load = () => Promise.reject(new Error('ERR_FAILED (-2) loading app://bundle/'));
  assert.equal(await shown({}), true, 'with the error in it');
  fake.isDestroyed = true;
  assert.equal(await shown({}), false);
});

test('ELEC-06 ELEC-07 a page gets one frozen function per message and no way to name a channel', async () => {
  exposeDeskauth();
  assert.deepEqual([...electron.exposed.keys()], ['deskauth']);
  const bridge = electron.exposed.get('deskauth') as DeskauthBridge;
  assert.ok(Object.isFrozen(bridge));
  for (const value of Object.values(bridge)) assert.equal(typeof value, 'function');
  electron.sent.splice(0);
  const { onChange, ...messages } = bridge;
  for (const message of Object.values(messages)) await message('access-token' as never);
  assert.deepEqual(electron.sent.map(([channel]) => channel).sort(), CHANNELS);
  const heard: unknown[][] = [];
  const stop = onChange((...args: unknown[]) => void heard.push(args));
  electron.ipcRenderer.emit('deskauth:session-changed', { sender: electron.ipcRenderer }, 'snapshot');
  stop();
  electron.ipcRenderer.emit('deskauth:session-changed', {}, 'late');
  assert.deepEqual(heard, [['snapshot']]);
});

test('ELEC-08 ELEC-05 the window is isolated and sandboxed whatever options the app passes', () => {
  const options = { preload: '/app/preload.cjs', webPreferences: { sandbox: false, nodeIntegration: true } };
  createAppWindow(options);
  const { session, ...preferences } = electron.BrowserWindow.all.at(-1)?.options.webPreferences ?? {};
  assert.equal((session as { partition: string }).partition, 'deskauth-app');
  assert.deepEqual(preferences, {
    preload: '/app/preload.cjs',
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    nodeIntegrationInWorker: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    devTools: true,
  });
});

test('ELEC-19 a packaged app has no developer tools and no developer commands', async (t) => {
  electron.app.isPackaged = true;
  t.after(() => {
    electron.app.isPackaged = false;
  });
  assert.equal(createWindow().options.webPreferences.devTools, false);
  const { session } = await createSignedInSession();
  const stop = exposeSession(session);
  const senderFrame = { origin: 'app://bundle', parent: null };
  const expire = electron.handlers.get('deskauth:expire');
  await assert.rejects(async () => expire?.({ senderFrame }, 'session'), { name: 'RefusedMessage' });
  stop();
});

test('ELEC-03 ELEC-04 the window goes nowhere, opens nothing and embeds nothing', () => {
  const { webContents, loaded } = createWindow();
  assert.deepEqual(loaded, ['app://bundle/']);
  const prevented = (name: string, details: object) => {
    let isPrevented = false;
    webContents.emit(name, { ...details, preventDefault: () => (isPrevented = true) });
    return isPrevented;
  };
  const elsewhere = 'https://evil.example/';
  assert.ok(prevented('will-navigate', { url: elsewhere }));
  assert.ok(!prevented('will-navigate', { url: 'app://bundle/' }));
  assert.ok(prevented('will-redirect', { url: 'app://bundle/' }));
  assert.ok(prevented('will-frame-navigate', { url: elsewhere, isMainFrame: true }));
  assert.ok(prevented('will-frame-navigate', { url: 'app://bundle/', isMainFrame: false }));
  assert.ok(!prevented('will-frame-navigate', { url: 'app://bundle/', isMainFrame: true }));
  assert.ok(prevented('will-attach-webview', {}));
  assert.deepEqual(webContents.openWindow({ url: 'app://bundle/' }), { action: 'deny' });
});

test('ELEC-10 every permission is denied', () => {
  createWindow();
  const answers: unknown[] = [];
  electron.decisions.request?.({}, 'geolocation', (granted: boolean) => answers.push(granted));
  answers.push(electron.decisions.check?.({}, 'clipboard-read'), electron.decisions.device?.({}));
  assert.deepEqual(answers, [false, false, false]);
});

test('ELEC-23 a page that crashed is loaded again, once', () => {
  const { webContents } = createWindow();
  webContents.emit('render-process-gone', {}, { reason: 'crashed' });
  webContents.emit('render-process-gone', {}, { reason: 'crashed' });
  assert.equal(webContents.reloads, 1);
});

test('a window session ignores an answer that a later event has overtaken', async () => {
  const outcome = { ok: true, value: undefined } as const;
  const snapshot = (revision: number) => ({
    state: { status: 'signed-out', reason: 'no-session' } as const,
    developerCommands: false,
    revision,
  });
  let tell: Parameters<DeskauthBridge['onChange']>[0] = () => {};
  const command = async () => outcome;
  const windowSession = createWindowSession({
    snapshot: async () => ({ ok: true, value: snapshot(1) }),
    onChange: (listener) => {
      tell = listener;
      return () => {};
    },
    signIn: command,
    openAgain: async () => ({
      ok: false,
      error: {
        code: 'AUTH_BROWSER_NOT_OPENED',
        message: 'No browser could be opened.',
        next: 'Copy the address and open it in a browser.',
        sessionKept: true,
        mayRetry: true,
        errorId: '12345678',
      },
    }),
    copyAddress: command,
    cancel: command,
    signOut: command,
    expire: command,
  });
  const seen: number[] = [];
  const stop = windowSession.subscribe(({ revision }) => seen.push(revision));
  tell(snapshot(2));
  await windowSession.signOut();
  assert.deepEqual(seen, [2]);
  stop();
  tell(snapshot(3));
  windowSession.subscribe(({ revision }) => seen.push(revision))();
  await windowSession.signOut();
  assert.deepEqual(seen, [2], 'nobody hears what comes after the end');
  await assert.rejects(windowSession.openAgain(), { name: 'AuthError', code: 'AUTH_BROWSER_NOT_OPENED' });
});

test('N11 the session reaches the network and the browser through Electron, without cookies', async () => {
  const asked: RequestInit[] = [];
  electron.network.fetch = async (input, init) => {
    asked.push(init ?? {});
    return answerAsAuthority(String(input));
  };
  const session = createElectronSession({ appName: 'Test', issuer, clientId: 'desktop', store: 'memory' });
  assert.equal(await session.storage(), undefined);
  const attempt = session.signIn();
  await untilWaiting(session);
  assert.equal(electron.opened.at(-1), attempt.url);
  assert.ok(asked.length > 0 && asked.every(({ credentials }) => credentials === 'omit'));
  attempt.cancel();
});

test('a redirect of the sign-in server is told as one, although Electron fails at it', async (t) => {
  const { fetch } = electron.network;
  t.after(() => Object.assign(electron.network, { fetch }));
  electron.network.fetch = () => Promise.reject(new Error('Redirect was cancelled'));
  const session = createElectronSession({ appName: 'Test', issuer, clientId: 'desktop', store: 'memory' });
  await assert.rejects(session.signIn().finished, {
    code: 'AUTH_SERVER_RESPONSE_INVALID',
    message: /sent us on to another address/,
  });
});

test('ELEC-17 a packaged app that is open to a debugger holds no session', (t) => {
  electron.app.isPackaged = true;
  electron.switches.add('remote-debugging-port');
  t.after(() => {
    electron.app.isPackaged = false;
    electron.switches.clear();
  });
  const settings = { appName: 'Test', issuer, clientId: 'desktop', store: 'memory' } as const;
  assert.throws(() => createElectronSession(settings), {
    code: 'AUTH_SETTINGS_INVALID',
    message: /--remote-debugging-port/,
  });
});

test('D05 the window comes to the front after a sign-in, and not when a token is renewed', () => {
  let tell: (state: SessionState) => void = () => {};
  const state: SessionState = { status: 'signed-out', reason: 'no-session' };
  const session = {
    state,
    onChange(listener: typeof tell) {
      tell = listener;
      return () => {};
    },
  };
  const window = createWindow();
  returnAfterSignIn(session as never, window as never);
  const { user } = buildRecord();
  const signedIn: SessionState = { status: 'signed-in', user, verified: true, reason: 'fresh' };
  tell({ status: 'signing-in', attemptId: '1', step: 'exchanging', before: state });
  tell(signedIn);
  tell({ ...signedIn, verified: false, reason: 'offline' });
  tell(signedIn);
  assert.equal(window.focusCount, 1);
});

test('ELEC-15 ELEC-16 fuses and a changed archive', {
  skip: 'needs a packaged app in real Electron',
}, () => {});
test('ELEC-13 ELEC-14 preload cache and executeJavaScript replies', {
  skip: 'needs real Electron',
}, () => {});

test('N08 ELEC-23 a page is told when the session is kept elsewhere than before', async () => {
  const { session } = await createSignedInSession();
  let tier: 'memory' | 'keyring' = 'memory';
  const stop = exposeSession(Object.assign(session, { storage: async () => ({ tier }) }));
  const { webContents: sender } = createWindow();
  await electron.handlers.get('deskauth:snapshot')?.({ sender, senderFrame: sender.mainFrame });
  tier = 'keyring';
  session.signIn().finished.catch(() => {});
  session.pendingSignIn?.cancel();
  const told = () =>
    sender.received.map(([, snapshot]) => (snapshot as { storage?: { tier: string } }).storage?.tier);
  while (told().at(-1) !== 'keyring') await new Promise((resolve) => setImmediate(resolve));
  assert.equal(told()[0], 'memory');
  stop();
});
