import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { machineFetch } from '@deskauth/node';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function startServer(t: TestContext, answer: Answer, host = '127.0.0.1'): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Says what arrived. */
const echo: Answer = async (request, response) => {
  const { 'content-length': length, 'content-type': type, 'transfer-encoding': encoding } = request.headers;
  const { method } = request;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ method, length, type, encoding, body: await text(request) }));
};

test('D19 what comes back is the platform’s own Response, with its address', async (t) => {
  const origin = await startServer(t, echo);
  const response = await machineFetch()(`${origin}/path`);
  assert.ok(response instanceof Response);
  assert.equal(response.url, `${origin}/path`);
  assert.equal(response.headers.get('content-type'), 'application/json');
  assert.equal((await response.clone().json()).method, 'GET');
  assert.equal((await response.json()).method, 'GET');
});

test('D19 every kind of body goes out with its size; a stream goes in pieces', async (t) => {
  const origin = await startServer(t, echo);
  const fetch = machineFetch();
  const post = async (body: BodyInit, init: object = {}) =>
    (await fetch(origin, { method: 'POST', body, ...init })).json();
  const form = new FormData();
  form.set('name', 'value');
  assert.deepEqual(
    [(await post('text')).length, (await post(new URLSearchParams({ a: 'b' }))).length],
    ['4', '3'],
  );
  assert.equal((await post(new Blob(['blob'], { type: 'x/y' }))).type, 'x/y');
  const sent = await post(form);
  assert.match(sent.type, /^multipart\/form-data; boundary=/);
  assert.ok(sent.body.includes(sent.type.split('=')[1]));
  const stream = await post(new Blob(['stream']).stream(), { duplex: 'half' });
  assert.deepEqual([stream.body, stream.encoding, stream.length], ['stream', 'chunked', undefined]);
  const request = new Request(origin, { method: 'PUT', body: 'as a request' });
  assert.equal((await (await fetch(request)).json()).body, 'as a request');
});

test('D19 answers without a body, redirects that are not followed, and an end by signal', async (t) => {
  const origin = await startServer(t, ({ url }, response) => {
    if (url === '/none') response.writeHead(204).end();
    else if (url === '/moved') response.writeHead(302, { location: '/none' }).end();
  });
  const fetch = machineFetch();
  assert.equal((await fetch(`${origin}/none`)).body, null);
  assert.equal((await fetch(`${origin}/moved`, { redirect: 'manual' })).status, 302);
  const reason = new DOMException('enough', 'TimeoutError');
  const controller = new AbortController();
  const hanging = fetch(`${origin}/hangs`, { signal: controller.signal });
  setTimeout(() => controller.abort(reason), 20);
  await assert.rejects(hanging, reason);
});

test('ENV-04 a host whose first address is dead is reached by the next one', async (t) => {
  const origin = await startServer(t, echo);
  const lookup: LookupFunction = (_host, _options, done) =>
    done(null, [
      { address: '::1', family: 6 }, // nobody listens there on this port
      { address: '127.0.0.1', family: 4 },
    ]);
  const { port } = new URL(origin);
  const response = await machineFetch({}, { lookup })(`http://login.example.com:${port}/`);
  assert.equal(response.status, 200);
});

test('ENV-04 a server that has IPv6 only is reached', async (t) => {
  const origin = await startServer(t, echo, '::1').catch(() => undefined);
  if (!origin) return t.skip('this machine has no IPv6');
  assert.equal((await machineFetch()(origin)).status, 200);
});

test('ENV-02 a caFile that holds no certificate is refused at once', () => {
  for (const caFile of ['/nonexistent.pem', import.meta.filename])
    assert.throws(() => machineFetch({ caFile }), { code: 'AUTH_SETTINGS_INVALID', message: /"caFile"/ });
});

test('Z05 names below localhost are this machine, whatever the system’s resolver says of them', async (t) => {
  const fetch = machineFetch();
  for (const host of ['127.0.0.1', '::1']) {
    const { port } = new URL(await startServer(t, echo, host));
    for (const name of ['login.deskauth.localhost', 'a.LOCALHOST'])
      assert.equal((await fetch(`http://${name}:${port}/`)).status, 200, `${name} at ${host}`);
  }
  await assert.rejects(fetch('http://localhost.invalid/'), ({ cause }) => /ENOTFOUND|EAI_/.test(cause.code));
});
