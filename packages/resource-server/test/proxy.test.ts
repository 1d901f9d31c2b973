import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { type TestContext, test } from 'node:test';
import tls from 'node:tls';
import { createAccessTokenVerifier } from '../src/index.ts';
import { createProxyFetch } from '../src/proxy.ts';
import { makeCertificate, withoutOpenssl } from './certificates.ts';
import { AUDIENCE, assemble } from './issuer.ts';
import { refused } from './support.ts';

/** A host that only the proxy knows, as behind a company's wall. */
const HOST = 'login.deskauth.invalid';
const ORIGIN = `https://${HOST}`;

const skip =
  withoutOpenssl || ('setDefaultCACertificates' in tls ? false : 'needs Node 24.5, to trust a certificate');
const certificate = skip ? { cert: '', key: '' } : makeCertificate(HOST, [HOST]);
if (!skip) tls.setDefaultCACertificates([...tls.getCACertificates('default'), certificate.cert]);

async function portOf(t: TestContext, server: Server): Promise<number> {
  t.after(() => server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

/** A server that says how it was asked, and a proxy in front of it that keeps a list, and may answer otherwise. */
async function startNetwork(t: TestContext, proxyAnswer: 'tunnel' | 'refusal' | 'silence' = 'tunnel') {
  const tunnels: { readonly target: string; readonly credentials: string | undefined }[] = [];
  const server = createHttpsServer(certificate, async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method, url, headers } = request;
    if (url === '/moved') response.writeHead(302, { location: '/' });
    if (url === '/empty') response.writeHead(204);
    response.end(
      url === '/empty' ? undefined : JSON.stringify({ method, body, type: headers['content-type'] }),
    );
  });
  const port = await portOf(t, server);
  const proxy = createHttpServer().on('connect', ({ url, headers }, client) => {
    tunnels.push({ target: String(url), credentials: headers['proxy-authorization'] });
    t.after(() => client.destroy());
    client.on('error', () => undefined);
    if (proxyAnswer === 'refusal') client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    if (proxyAnswer !== 'tunnel') return;
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
    upstream.on('error', () => undefined);
  });
  return { tunnels, proxyPort: await portOf(t, proxy) };
}

test('A09 the way leads through the proxy, with its password, over one kept tunnel', { skip }, async (t) => {
  const { tunnels, proxyPort } = await startNetwork(t);
  const viaProxy = createProxyFetch({ proxy: `http://us%40er:p%3Aw@127.0.0.1:${proxyPort}` }, {});
  const posted = await viaProxy(ORIGIN, { method: 'POST', body: new URLSearchParams({ token: 'opaque' }) });
  assert.deepEqual(await posted.json(), {
    method: 'POST',
    body: 'token=opaque',
    type: 'application/x-www-form-urlencoded;charset=UTF-8',
  });
  const got = (await (await viaProxy(`${ORIGIN}/keys`)).json()) as { method: string };
  assert.equal(got.method, 'GET');
  const moved = await viaProxy(`${ORIGIN}/moved`);
  assert.deepEqual([moved.status, moved.headers.get('location')], [302, '/'], 'redirects are not followed');
  await moved.text();
  assert.equal((await viaProxy(`${ORIGIN}/empty`)).status, 204);
  const credentials = `Basic ${Buffer.from('us@er:p:w').toString('base64')}`;
  assert.deepEqual(tunnels, [{ target: `${HOST}:443`, credentials }]);
});

test('A09 the environment names proxy and exceptions; this machine is always one', { skip }, async (t) => {
  const { tunnels, proxyPort } = await startNetwork(t);
  const HTTPS_PROXY = `http://127.0.0.1:${proxyPort}`;
  const ways = [
    ['', 1],
    ['*', 0],
    ['deskauth.invalid', 0],
    ['.deskauth.invalid:443', 0],
    ['example.com, login.deskauth.invalid', 0],
    ['login.deskauth.invalid:8443', 1],
    ['eskauth.invalid', 1],
  ] as const;
  for (const [NO_PROXY, expected] of ways) {
    tunnels.length = 0;
    await createProxyFetch({}, { HTTPS_PROXY, NO_PROXY })(ORIGIN).catch(() => undefined);
    assert.equal(tunnels.length, expected, NO_PROXY);
  }
  tunnels.length = 0;
  await createProxyFetch({}, { HTTPS_PROXY })('https://127.0.0.1:9').catch(() => undefined);
  assert.equal(tunnels.length, 0);
  assert.equal(createProxyFetch({}, {}), fetch);
});

test('API-10 A09 a proxy that refuses, is silent or is not there: 503 in time, and the log says so', {
  skip,
}, async (t) => {
  const token = assemble(
    { alg: 'RS256', typ: 'at+jwt', kid: 'key-1' },
    JSON.stringify({ iss: ORIGIN, aud: AUDIENCE, sub: 'user', exp: 9e9 }),
  );
  for (const [answer, reason] of [
    ['refusal', /the proxy 127\.0\.0\.1 refused the tunnel with status 407/],
    ['silence', /no full answer within 0\.2 s/],
  ] as const) {
    const { proxyPort } = await startNetwork(t, answer);
    const proxy = `http://user:hidden@127.0.0.1:${proxyPort}`;
    const settings = { issuer: ORIGIN, audience: AUDIENCE, proxy, timeLimitSeconds: 0.2 };
    const error = await refused(createAccessTokenVerifier(settings).verify(token), 'API_CHECK_UNAVAILABLE');
    assert.match(error.reason, reason);
    assert.ok(!error.reason.includes('hidden'));
  }
  const settings = { issuer: ORIGIN, audience: AUDIENCE, proxy: 'http://127.0.0.1:9' };
  const error = await refused(createAccessTokenVerifier(settings).verify(token), 'API_CHECK_UNAVAILABLE');
  assert.match(error.reason, /ECONNREFUSED/);
});

test('A09 a proxy that is no address is named without its password', () => {
  for (const proxy of ['proxy:8080 user:hidden', 'socks5://user:hidden@proxy:1080'])
    assert.throws(
      () => createAccessTokenVerifier({ issuer: ORIGIN, audience: AUDIENCE, proxy }),
      (error: Error) =>
        /"proxy": expected an address/.test(error.message) && !error.message.includes('hidden'),
    );
});
