import assert from 'node:assert/strict';
import { symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { startSampleApi } from '@deskauth/sample-api';
import { api, folder, get, settingsFor, tokenFor } from './running-api.ts';

/** What comes back for bytes that no HTTP client would send. */
async function sendRaw(text: string): Promise<string> {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  socket.end(text);
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  return answer;
}

test('A06 what is no HTTP, or has too large a header, is answered with a code and an id', async () => {
  for (const [text, status] of [
    ['GET / HTTP/1.1\r\nno header\r\n\r\n', 400],
    [`GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n', 400],
  ] as const) {
    const answer = await sendRaw(text);
    assert.ok(answer.startsWith(`HTTP/1.1 ${status} `), answer);
    const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')));
    assert.match(body.id, /^[0-9A-Z-]{19}$/);
    assert.equal(body.code, 'API_REQUEST_INVALID');
  }
});

test('A06 A10 the files of the web app: no dot files, no way out, and errors like all others', async () => {
  await writeFile(join(folder, '.env'), 'secret');
  await symlink(join(folder, 'loop'), join(folder, 'loop'));
  const home = await get('/');
  assert.deepEqual([home.status, home.headers.get('x-content-type-options')], [200, 'nosniff']);
  for (const [path, statuses] of [
    ['/.env', [404]],
    ['/loop', [404, 500]],
    ['/nothing.html', [404]],
    ['/%2e%2e/%2e%2e/etc/passwd', [403, 404]],
    ['/%00', [400, 403, 404]],
  ] as const) {
    const { status, text } = await get(path);
    assert.ok((statuses as readonly number[]).includes(status), `${path}: ${status}`);
    assert.match(JSON.parse(text).id, /^[0-9A-Z-]{19}$/, path);
    assert.ok(!text.includes(folder) && !text.includes('secret'), text);
  }
});

test('A07 data is kept by no cache, however the address is spelt', async () => {
  const token = await tokenFor('user-europe');
  for (const path of ['/api/companies', '/%61pi/companies', '/private', '/api/userinfo'])
    assert.equal((await get(path, token)).headers.get('cache-control'), 'no-store', path);
});

test('A09 a folder that is not there, an address of another machine and a key that does not belong are named', async () => {
  const [file, pem] = [join(folder, 'index.html'), join(folder, 'x.pem')];
  await writeFile(pem, 'x');
  for (const [more, fault] of [
    [{ staticFolder: '/nowhere' }, /key "staticFolder": \/nowhere is no folder/],
    [{ staticFolder: file }, /key "staticFolder"/],
    [{ host: '192.0.2.1' }, /keys "host" and "port": 192\.0\.2\.1:0 cannot be listened at/],
    [{ https: { cert: pem, key: pem } }, /key "https": .*x\.pem/],
  ] as const)
    await assert.rejects(startSampleApi(settingsFor(more)), fault);
});
