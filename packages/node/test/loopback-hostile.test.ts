import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSocket, readToEnd, sendRaw, statusOf } from './raw-socket.ts';
import { analyst, openWaiting } from './waiting-redirect.ts';

const TARGET = '/callback?code=stolen&state=1';

/** A request as text; `host` is the right one. */
type Build = (host: string) => string | Uint8Array;

const get =
  (
    target: string,
    headers: (host: string) => string = (host) => `Host: ${host}\r\n`,
    method = 'GET',
  ): Build =>
  (host) =>
    `${method} ${target} HTTP/1.1\r\n${headers(host)}\r\n`;

/** Id, what is thrown, the statuses that are right (0: closed without a word), the bytes. */
const REFUSED: readonly [id: string, name: string, statuses: readonly number[], build: Build][] = [
  ['LOOP-05', 'a foreign Host', [421], get(TARGET, () => 'Host: evil.example\r\n')],
  [
    'LOOP-05',
    'a foreign Host with our port',
    [421],
    get(TARGET, (host) => `Host: evil.example:${host.split(':')[1]}\r\n`),
  ],
  [
    'LOOP-05',
    'localhost, which is not in the redirect URI',
    [421],
    get(TARGET, (host) => `Host: localhost:${host.split(':')[1]}\r\n`),
  ],
  ['LOOP-05', 'our Host without the port', [421], get(TARGET, () => 'Host: 127.0.0.1\r\n')],
  ['LOOP-05', 'our Host with a user in front', [421], get(TARGET, (host) => `Host: evil@${host}\r\n`)],
  [
    'LOOP-06',
    'two Hosts, the right one first',
    [400, 421],
    get(TARGET, (host) => `Host: ${host}\r\nHost: evil.example\r\n`),
  ],
  [
    'LOOP-06',
    'two Hosts, the right one last',
    [400, 421],
    get(TARGET, (host) => `Host: evil.example\r\nHost: ${host}\r\n`),
  ],
  ['LOOP-06', 'the same Host twice', [400, 421], get(TARGET, (host) => `Host: ${host}\r\nHost: ${host}\r\n`)],
  ['LOOP-06', 'no Host', [400], get(TARGET, () => '')],
  ['LOOP-06', 'no Host in HTTP/1.0', [421], () => `GET ${TARGET} HTTP/1.0\r\n\r\n`],
  [
    'LOOP-06',
    'an absolute-form target',
    [400],
    (host) => `GET http://${host}${TARGET} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
  ],
  ['LOOP-06', 'an absolute-form target of a foreign host', [400], get(`http://evil.example${TARGET}`)],
  ['LOOP-07', 'HEAD', [405], get(TARGET, undefined, 'HEAD')],
  ['LOOP-07', 'POST', [405], get(TARGET, (host) => `Host: ${host}\r\nContent-Length: 4\r\n\r\ncode`, 'POST')],
  ['LOOP-07', 'PUT', [405], get(TARGET, undefined, 'PUT')],
  ['LOOP-07', 'DELETE', [405], get(TARGET, undefined, 'DELETE')],
  ['LOOP-07', 'OPTIONS', [405], get(TARGET, undefined, 'OPTIONS')],
  ['LOOP-07', 'OPTIONS *', [400], get('*', undefined, 'OPTIONS')],
  ['LOOP-07', 'TRACE', [405], get(TARGET, undefined, 'TRACE')],
  ['LOOP-07', 'CONNECT', [0], get('127.0.0.1:443', undefined, 'CONNECT')],
  ['LOOP-07', 'a method that does not exist', [400], get(TARGET, undefined, 'STEAL')],
  ['LOOP-08', 'the root', [404], get('/')],
  ['LOOP-08', 'the favicon', [404], get('/favicon.ico')],
  ['LOOP-08', 'a path below ours', [404], get('/callback/?code=c&state=1')],
  ['LOOP-08', 'our path in other letters', [404], get('/CALLBACK?code=c&state=1')],
  ['LOOP-08', 'our path with an encoded letter', [404], get('/%63allback?code=c&state=1')],
  ['LOOP-08', 'an encoded slash', [404], get('/%2Fcallback?code=c&state=1')],
  ['LOOP-08', 'a doubled slash', [404], get('//callback?code=c&state=1')],
  ['LOOP-08', 'dots that lead to our path', [404], get('/a/../callback?code=c&state=1')],
  ['LOOP-08', 'a backslash', [404], get('/\\callback?code=c&state=1')],
  ['LOOP-08', 'a semicolon', [404], get('/callback;x?code=c&state=1')],
  ['LOOP-11', 'a URL of 10 KiB', [414], get(`${TARGET}&x=${'x'.repeat(10 * 1024)}`)],
  ['LOOP-11', 'a URL of 20 KiB', [431], get(`${TARGET}&x=${'x'.repeat(20 * 1024)}`)],
  [
    'LOOP-11',
    'headers of 20 KiB',
    [431],
    get(TARGET, (host) => `Host: ${host}\r\nX-Long: ${'x'.repeat(20 * 1024)}\r\n`),
  ],
  [
    'LOOP-22',
    'a WebSocket upgrade',
    [0],
    get(
      TARGET,
      (host) =>
        `Host: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n`,
    ),
  ],
  ['LOOP-22', 'an HTTP/2 preface', [400], () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['LOOP-22', 'a TLS hello', [400], () => Buffer.from(`16030100510100004d0303${'00'.repeat(64)}`, 'hex')],
  ['LOOP-22', 'bytes that are no protocol', [400], () => Buffer.from('\0\u0001\u0002nonsense\r\n\r\n')],
  [
    'LOOP-21',
    'a smuggled request behind a body length of its own',
    [400],
    get(TARGET, (host) => `Host: ${host}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n`),
  ],
  ['LOOP-26', '65 parameters', [400], get(`/callback?${'a=1&'.repeat(65)}code=c&state=1`)],
  ['LOOP-26', '100 000 parameters', [431, 0], get(`/callback?${'a&'.repeat(100_000)}`)],
];

for (const [id, name, statuses, build] of REFUSED)
  test(`${id} refuses ${name}; the attempt is kept`, async (t) => {
    const redirect = await openWaiting(t);
    const answer = await sendRaw(t, redirect.port, build(`127.0.0.1:${redirect.port}`));
    assert.ok(
      statuses.includes(statusOf(answer)),
      `expected ${statuses.join(' or ')}, got: ${answer.slice(0, 200)}`,
    );
    assert.doesNotMatch(answer, /stolen/, 'nothing of the request is repeated');
    await redirect.expectHonestAnswer();
  });

test('an answer that is packed into a token is told what to change, and the attempt is kept', async (t) => {
  const redirect = await openWaiting(t);
  const response = await fetch(
    `http://127.0.0.1:${redirect.port}/callback?response=eyJhbGciOiJSUzI1NiJ9.e30.AA`,
  );
  const page = await response.text();
  assert.equal(response.status, 400);
  assert.match(page, /\(JARM\): set it to the response mode/);
  assert.doesNotMatch(page, /eyJ/);
  await redirect.expectHonestAnswer();
});

test('LOOP-16 tells a page of another site nothing: no CORS headers, no cookies, no name of the app', async (t) => {
  const redirect = await openWaiting(t);
  const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  for (const path of ['/', '/callback/x', '/.well-known/security.txt']) {
    const response = await fetch(`http://127.0.0.1:${redirect.port}${path}`, { headers });
    const names = [...response.headers.keys()].filter((name) =>
      /access-control|cookie|server|powered/.test(name),
    );
    assert.deepEqual(names, []);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.doesNotMatch(await response.text(), /Companies|Deskauth/);
  }
  await redirect.expectHonestAnswer();
});

test('LOOP-21 reads one request from a connection: what is pipelined behind it is not handed on', async (t) => {
  const redirect = await openWaiting(t);
  const socket = await openSocket(t, redirect.port);
  const request = (code: string) =>
    `GET /callback?code=${code}&state=1 HTTP/1.1\r\nHost: 127.0.0.1:${redirect.port}\r\n\r\n`;
  const received = readToEnd(socket, request('first') + request('second') + request('third'));
  const answer = await redirect.next(AbortSignal.timeout(10_000));
  assert.match(answer.url, /code=first/);
  answer.finish({ kind: 'unknown' });
  assert.equal((await received).match(/<html/g)?.length, 1);
  await redirect.expectHonestAnswer();
});

test('LOOP-12 a thousand half-open connections do not keep the honest browser out', async (t) => {
  const redirect = await openWaiting(t);
  const answers: Promise<string>[] = [];
  for (let count = 0; count < 1000; count += 1) answers.push(readToEnd(await openSocket(t, redirect.port)));
  await redirect.expectHonestAnswer();
  // Sixteen at most are kept; the others are closed without a word and before any time limit.
  for (const answer of answers.splice(0, 1000 - 16)) assert.equal(await answer, '');
  await redirect.close();
  await Promise.all(answers);
});

test('LOOP-12 a client that never finishes its headers is closed by the listener', async (t) => {
  const redirect = await openWaiting(t);
  const socket = await openSocket(t, redirect.port);
  const slow = await readToEnd(socket, 'GET /callback?code=slow HTTP/1.1\r\nHost: 127.');
  assert.equal(statusOf(slow), 408);
  await redirect.expectHonestAnswer();
});

test('LOOP-15 forged answers in any number leave the honest one its turn, and hold bounded memory', async (t) => {
  const redirect = await openWaiting(t);
  const signal = AbortSignal.timeout(20_000);
  const forged = Array.from({ length: 300 }, async (_, index) => {
    const response = await fetch(`${redirect.redirectUri}?code=forged&state=${index}`, { signal });
    return response.status;
  });
  // Nobody reads: as while a code is being exchanged. The oldest are turned away beyond 64.
  const turnedAway = await Promise.all(forged.slice(0, 200));
  assert.deepEqual(new Set(turnedAway), new Set([400]));
  const arrival = fetch(`${redirect.redirectUri}?code=honest&state=ours`);
  for (;;) {
    const answer = await redirect.next(signal);
    const isOurs = answer.url.endsWith('state=ours');
    answer.finish(isOurs ? { kind: 'signed-in', user: analyst } : { kind: 'unknown' });
    if (isOurs) break;
  }
  assert.equal((await arrival).status, 200);
  assert.deepEqual(new Set(await Promise.all(forged)), new Set([400]));
});
