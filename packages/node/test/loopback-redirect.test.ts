import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { type LoopbackRedirectOptions, loopbackRedirect } from '@deskauth/node';
import { redirectListenerContract } from '@deskauth/session/testing';
import { BLOCKED_PORTS } from '../src/blocked-ports.ts';
import { openSocket, readToEnd } from './raw-socket.ts';
import { analyst, openWaiting } from './waiting-redirect.ts';

for (const promise of redirectListenerContract)
  test(`loopback redirect: ${promise.name}`, () =>
    promise.run({ listener: loopbackRedirect(), arrive: async (url) => (await fetch(url)).text() }));

/** Takes a port until the test ends. */
async function takePort(t: { after(run: () => void): void }, host = '127.0.0.1', port = 0): Promise<number> {
  const server: Server = createServer().listen({ host, port, exclusive: true });
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as { port: number }).port;
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  let release = () => {};
  const port = await takePort({
    after: (run) => {
      release = run;
    },
  });
  release();
  return port;
}

test('LOOP-01 LOOP-25 listens on 127.0.0.1 alone: no other machine, no firewall question', {
  skip: process.platform !== 'linux' && 'reads /proc/net/tcp',
}, async (t) => {
  const { port } = await openWaiting(t);
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const table = `${await readFile('/proc/net/tcp', 'utf8')}${await readFile('/proc/net/tcp6', 'utf8')}`;
  const listening = table.split('\n').filter((line) => / 0A /.test(line) && line.includes(`:${hexPort} `));
  assert.deepEqual(
    listening.map((line) => line.trim().split(/\s+/)[1]),
    [`0100007F:${hexPort}`],
  );
});

test('LOOP-01 no setting makes it listen on another address', () => {
  for (const host of ['0.0.0.0', '::', '192.168.1.5', 'my-machine.localhost', '', null]) {
    const options = { host } as unknown as LoopbackRedirectOptions;
    const message = /"host": expected "127\.0\.0\.1", "::1" or "localhost"/;
    assert.throws(() => loopbackRedirect(options), { code: 'AUTH_SETTINGS_INVALID', message });
  }
});

test('LOOP-02 a taken port means the next one of the list', async (t) => {
  const taken = [await takePort(t), await takePort(t)];
  const free = await freePort();
  const redirect = await openWaiting(t, { ports: [...taken, free] });
  assert.equal(redirect.redirectUri, `http://127.0.0.1:${free}/callback`);
  await redirect.expectHonestAnswer();
});

test('LOOP-02 two sign-ins at once never share a port', async (t) => {
  const ports = [await freePort(), await freePort()];
  const first = await openWaiting(t, { ports });
  const second = await openWaiting(t, { ports });
  assert.deepEqual([first.port, second.port], ports);
  await second.expectHonestAnswer();
  await first.expectHonestAnswer();
});

test('LOOP-03 names the address that it listens on, so that the owner of the same port on ::1 gets nothing', async (t) => {
  const port = await takePort(t, '::1').catch(() => undefined);
  if (port === undefined) return t.skip('no IPv6 here');
  const redirect = await openWaiting(t, { ports: [port] });
  assert.equal(redirect.redirectUri, `http://127.0.0.1:${port}/callback`);
  await redirect.expectHonestAnswer();
});

test('LOOP-03 localhost, for servers that take nothing else, is both addresses', async (t) => {
  const redirect = await openWaiting(t, { host: 'localhost' });
  assert.match(redirect.redirectUri, /^http:\/\/localhost:\d+\/callback$/);
  const { port } = redirect;
  for (const host of ['127.0.0.1', '::1']) {
    await assert.rejects(takePort(t, host, port), { code: 'EADDRINUSE' });
    const socket = await openSocket(t, port, host);
    socket.write(`GET /callback?code=${port}&state=1 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    assert.match(await readToEnd(socket), /^HTTP\/1\.1 421 /);
  }
  for (const address of ['127.0.0.1', '::1']) {
    const url = `${redirect.redirectUri}?code=honest&state=${encodeURIComponent(address)}`;
    const answer = askAt(address, url);
    const arrived = await redirect.next(AbortSignal.timeout(10_000));
    assert.equal(arrived.url, url);
    arrived.finish({ kind: 'signed-in', user: analyst });
    assert.match(await answer, /You are signed in as.*Europe Analyst/);
  }
});

/** Asks by the name that is in the URL, as if it had led to this address. */
async function askAt(address: string, url: string): Promise<string> {
  const { host, port, pathname, search } = new URL(url);
  const request = get({ host: address, port, path: pathname + search, headers: { host } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return text(response);
}

test('LOOP-03 localhost is not used at a port whose other address is somebody else’s', async (t) => {
  const taken = await takePort(t, '::1');
  const free = await freePort();
  const redirect = await openWaiting(t, { host: 'localhost', ports: [taken, free] });
  assert.equal(redirect.redirectUri, `http://localhost:${free}/callback`);
  await assert.rejects(loopbackRedirect({ host: 'localhost', ports: [taken] }).open(), {
    code: 'AUTH_REDIRECT_UNAVAILABLE',
    message: new RegExp(`127\\.0\\.0\\.1:${taken} \\(EADDRINUSE at ::1\\)`),
  });
  await assert.doesNotReject(takePort(t, '127.0.0.1', taken), 'nothing is left behind');
});

test('LOOP-13 localhost gives back both addresses', async (t) => {
  const redirect = await loopbackRedirect({ host: 'localhost', lingerSeconds: 0 }).open();
  await redirect.close();
  const port = Number(new URL(redirect.redirectUri).port);
  for (const host of ['127.0.0.1', '::1']) await assert.doesNotReject(takePort(t, host, port));
});

test('LOOP-04 an exhausted list of ports is told, each port by its number', async (t) => {
  const ports = [await takePort(t), await takePort(t), await takePort(t)];
  await assert.rejects(loopbackRedirect({ ports }).open(), (error: Error & { code?: string }) => {
    assert.equal(error.code, 'AUTH_REDIRECT_UNAVAILABLE');
    for (const port of ports)
      assert.ok(error.message.includes(`127.0.0.1:${port} (EADDRINUSE)`), error.message);
    return true;
  });
});

test('a port is free again as soon as close() has resolved', async (t) => {
  const ports = [await freePort()];
  for (let round = 0; round < 20; round += 1) {
    const redirect = await openWaiting(t, { ports });
    await redirect.expectHonestAnswer();
    await redirect.close();
  }
});

test('LOOP-24 listens on ::1 when asked to, and names it so', async (t) => {
  const redirect = await openWaiting(t, { host: '::1' }).catch(() => undefined);
  if (!redirect) return t.skip('no IPv6 here');
  assert.equal(redirect.redirectUri, `http://[::1]:${redirect.port}/callback`);
  await redirect.expectHonestAnswer();
});

test('LOOP-13 close() lets the last page arrive, and without a time to linger no connection is left', async (t) => {
  const redirect = await openWaiting(t, { lingerSeconds: 0 });
  const halfOpen = await openSocket(t, redirect.port);
  const silent = readToEnd(halfOpen);
  const arrival = fetch(`${redirect.redirectUri}?code=c&state=s`);
  const answer = await redirect.next(AbortSignal.timeout(10_000));
  answer.finish({ kind: 'signed-in', user: analyst });
  await redirect.close();
  assert.match(await (await arrival).text(), /<\/html>\s*$/);
  assert.equal(await silent, '');
  await assert.rejects(fetch(redirect.redirectUri), TypeError);
});

test('an answer whose browser has gone is handed on all the same, and finishing it harms nothing', async (t) => {
  const redirect = await openWaiting(t);
  const socket = await openSocket(t, redirect.port);
  socket.write(`GET /callback?code=c&state=s HTTP/1.1\r\nHost: 127.0.0.1:${redirect.port}\r\n\r\n`);
  const answer = await redirect.next(AbortSignal.timeout(10_000));
  socket.destroy();
  assert.match(answer.url, /code=c&state=s$/);
  answer.finish({ kind: 'signed-in', user: analyst });
  await redirect.expectHonestAnswer();
});

test('LOOP-04 a port that no browser opens is refused by name, and the platform agrees', async () => {
  assert.ok(BLOCKED_PORTS.has(6000) && !BLOCKED_PORTS.has(8001));
  for (const port of BLOCKED_PORTS) {
    assert.throws(
      () => loopbackRedirect({ ports: [8001, port] }),
      new RegExp(`No browser opens port ${port},`),
    );
    const refused = await fetch(`http://127.0.0.1:${port}/`).catch((error: Error) => error.cause);
    assert.match(String(refused), /bad port/);
  }
});

test('ports and paths that cannot work are refused before anything is opened', () => {
  const code = { code: 'AUTH_SETTINGS_INVALID' };
  for (const ports of [[], [-1], [65_536], [1.5], [8001, Number.NaN]])
    assert.throws(() => loopbackRedirect({ ports }), code, JSON.stringify(ports));
  for (const path of ['', 'callback', '/a/../b', '/a b', '/a?b', '/a#b', '@evil.example/', '/ä', '/a\\b'])
    assert.throws(() => loopbackRedirect({ path }), code, path);
});

test('any path that a browser sends as it is can be the redirect path', async (t) => {
  for (const path of ['/', '/oauth/callback/', '/a-b_c.d~e', '/%41']) {
    const redirect = await openWaiting(t, { path });
    assert.ok(redirect.redirectUri.endsWith(path));
    await redirect.expectHonestAnswer();
  }
});

test('works on port 80, which browsers leave out of the Host header', async (t) => {
  const redirect = await openWaiting(t, { ports: [80] }).catch(() => undefined);
  if (!redirect) return t.skip('port 80 is taken or not permitted here');
  assert.equal(redirect.redirectUri, 'http://127.0.0.1/callback');
  await redirect.expectHonestAnswer();
});
