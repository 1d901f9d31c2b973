import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { signInOverHttp } from '@deskauth/dev-authority/testing';
import { createCookieJar } from '../src/testing/cookie-jar.ts';
import { parseForms } from '../src/testing/forms.ts';
import { buildAttempt, discover, europe, startForTest } from './authority-fixture.ts';

test('signInOverHttp loads the redirect address when told to, as a browser would', async (t) => {
  const authority = await startForTest(t);
  const app = createServer((request, response) => response.end(`app got ${request.url?.slice(0, 15)}`));
  t.after(() => app.close());
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  const { port } = app.address() as AddressInfo;
  const { url } = await buildAttempt(await discover(authority), {
    redirect_uri: `http://127.0.0.1:${port}/callback`,
  });

  const result = await signInOverHttp(url, { ...europe, followRedirect: true });
  assert.equal(result.responseText, 'app got /callback?code=');
});

test('parseForms reads fields, buttons and character references', () => {
  const page = `<!-- <form action="/no"> --><script>"<form>"</script>
    <FORM id=a method='POST' action="/x?a=1&amp;b=2"><input name="n" value="&lt;&#39;&#x41;&quot;>"><input name=bare>
    <button name="action" value='go' autofocus>Go</button></form>
    <button form="a" name="action" value="stop">Stop</button><button form="none">Lost</button>`;
  const [form, ...rest] = parseForms(page);
  assert.equal(rest.length, 0);
  assert.deepEqual(
    { ...form, id: undefined },
    {
      id: undefined,
      action: '/x?a=1&b=2',
      method: 'post',
      fields: [
        { name: 'n', value: `<'A">` },
        { name: 'bare', value: '' },
      ],
      buttons: [
        { name: 'action', value: 'go' },
        { name: 'action', value: 'stop' },
      ],
    },
  );
});

test('the cookie jar keeps to host, path and expiry, and ignores the port', () => {
  const jar = createCookieJar();
  const url = new URL('http://127.0.0.1:1/a/b');
  jar.accept(url, ['deep=1; path=/a/b; httponly', 'root=2; path=/', 'old=3; path=/; max-age=0', 'near=4']);
  assert.equal(jar.headerFor(new URL('http://127.0.0.1:2/a/b/c')), 'deep=1; near=4; root=2');
  assert.equal(jar.headerFor(new URL('http://127.0.0.1/a/bc')), 'near=4; root=2');
  assert.equal(jar.headerFor(new URL('http://localhost/')), undefined);
  jar.accept(url, ['root=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT']);
  assert.equal(jar.headerFor(new URL('http://127.0.0.1/')), undefined);
  jar.clear();
  assert.equal(jar.headerFor(url), undefined);
});
