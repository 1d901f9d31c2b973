import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { createAppHandler } from '../src/app-handler.ts';
import { fileOf } from '../src/page-files.ts';

let root: string;
let page: string;
const get = (path: string, init?: RequestInit) =>
  createAppHandler({
    session: { fetch: () => assert.fail('no API is asked for files') },
    rendererDirectory: page,
    apiAddress: 'https://api.example.com',
  })(new Request(`app://bundle${path}`, init));

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'deskauth-page-'));
  page = join(root, 'page');
  await mkdir(join(page, 'assets'), { recursive: true });
  await mkdir(`${page}-next-door`);
  for (const [name, text] of [
    ['page/index.html', '<!doctype html>'],
    ['page/assets/app.js', 'export {};'],
    ['page/assets/mark.svg', '<svg/>'],
    ['page/assets/data.bin', 'x'],
    ['page/.env', 'secret'],
    ['page-next-door/secret.txt', 'secret'],
    ['secret.txt', 'secret'],
  ] as const)
    await writeFile(join(root, name), text);
  await symlink(join(root, 'secret.txt'), join(page, 'link.txt'));
});

after(() => rm(root, { recursive: true }));

test('the page is served with its types', async () => {
  const types = new Map([
    ['/', 'text/html; charset=utf-8'],
    ['/index.html?v=1', 'text/html; charset=utf-8'],
    ['/assets/app.js', 'text/javascript; charset=utf-8'],
    ['/assets/mark.svg', 'image/svg+xml'],
    ['/assets/data.bin', 'application/octet-stream'],
  ]);
  for (const [path, type] of types) {
    const response = await get(path);
    assert.equal(response.status, 200, path);
    assert.equal(response.headers.get('content-type'), type);
  }
});

test('ELEC-18 every file comes with the strict policy', async () => {
  const { headers } = await get('/');
  const policy = headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /script-src 'self';/);
  assert.doesNotMatch(policy, /unsafe|https?:|\*/);
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.equal(headers.get('referrer-policy'), 'no-referrer');
});

test('a page that is loaded again at the address of one of its views is there', async () => {
  for (const path of ['/orders', '/orders/5?tab=1']) {
    const response = await get(path);
    assert.equal(response.status, 200, path);
    assert.equal(await response.text(), '<!doctype html>');
  }
});

test('nothing outside the folder, nothing hidden and no other method', async () => {
  for (const path of [
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/../page-next-door/secret.txt',
    '/link.txt',
    '/.env',
    '/assets/',
    '/assets/none.js',
    '/index.html%00.js',
    '/%ff',
    '/C:/Windows/win.ini',
  ])
    assert.equal((await get(path)).status, 404, path);
  assert.equal((await get('/', { method: 'POST' })).status, 405);
});

test('whatever the path, the file is below the folder', () => {
  const piece = fc.constantFrom('..', '.', '/', '\\', '%2e', '%2f', '%5c', '%00', 'a', 'C:', ' ', '%', 'ü');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const root = resolve('/app/page') + sep;
      const file = fileOf(root, `/${pieces.join('')}`);
      assert.ok(file === undefined || (file === resolve(file) && file.startsWith(root)), file);
    }),
  );
});

test('ELEC-12 a page of another origin gets nothing', async () => {
  for (const path of ['/', '/api/companies'])
    assert.equal((await get(path, { headers: { origin: 'https://evil.example' } })).status, 403);
});
