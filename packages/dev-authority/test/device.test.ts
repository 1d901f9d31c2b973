import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type DevAuthority, startDevAuthority } from '@deskauth/dev-authority';
import { createHttpBrowser } from '@deskauth/dev-authority/testing';

let authority: DevAuthority;
before(async () => {
  authority = await startDevAuthority({ port: 0 });
});
after(() => authority.stop());

const europe = { username: 'europe', password: 'deskauth' };
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

type Name = 'device_code' | 'verification_uri_complete' | 'error' | 'id_token' | 'access_token';

async function post(
  path: string,
  body: Record<string, string>,
): Promise<Partial<Record<Name, string>> & { readonly status: number }> {
  const response = await fetch(authority.issuer + path, { method: 'POST', body: new URLSearchParams(body) });
  return { ...((await response.json()) as Partial<Record<Name, string>>), status: response.status };
}
const requestCode = (clientId = 'deskauth-cli') =>
  post('/device-code', { client_id: clientId, scope: 'openid profile' });
const poll = (code: string | undefined) =>
  post('/token', { client_id: 'deskauth-cli', grant_type: DEVICE_GRANT, device_code: code ?? '' });

test('a code is pending, is approved in any browser, gives tokens once', async () => {
  const { device_code: code, verification_uri_complete: address = '' } = await requestCode();
  assert.equal((await poll(code)).error, 'authorization_pending');
  await createHttpBrowser().approveDevice(address, europe);
  const tokens = await poll(code);
  assert.equal(tokens.status, 200);
  assert.ok(tokens.id_token && tokens.access_token);
  assert.equal((await poll(code)).error, 'invalid_grant');
});

test('a refused consent is told to the device', async () => {
  const { device_code: code, verification_uri_complete: address = '' } = await requestCode();
  await assert.rejects(createHttpBrowser().approveDevice(address, { ...europe, consent: 'refuse' }));
  assert.equal((await poll(code)).error, 'access_denied');
});

test('only a client that is registered for it gets a code', async () => {
  const { status, device_code: code } = await requestCode('deskauth-desktop');
  assert.deepEqual([status, code], [400, undefined]);
});

test('the page says that a code is wrong, and a form of another site is refused', async () => {
  const page = await fetch(`${authority.issuer}/device`);
  const html = await page.text();
  assert.doesNotMatch(html, /onfocus/);
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
  const cookie = page.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const send = (origin: string) =>
    fetch(`${authority.issuer}/device`, {
      method: 'POST',
      headers: { cookie, origin },
      body: new URLSearchParams({ xsrf, user_code: '<b>XXXX' }),
    });
  const wrong = await (await send(authority.issuer)).text();
  assert.match(wrong, /This code is not known/);
  assert.doesNotMatch(wrong, /<b>XXXX/);
  assert.equal((await send('https://evil.example')).status, 403);
});
