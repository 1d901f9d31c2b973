import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { buildInterstitialPage, type InterstitialPage } from '@deskauth/node';
import { launchChromium, withoutChromium } from './launch-chromium.ts';
import { makeDirectory } from './make-directory.ts';

const skip = withoutChromium;
const MARKUP = `<img src=x onerror=alert(1)>"'&`;

/** Loads the page with this query in a real browser. */
async function load(t: TestContext, query: string, more: Partial<InterstitialPage> = {}, locale = 'en-US') {
  const file = join(await makeDirectory(t), 'page.html');
  await writeFile(file, buildInterstitialPage({ scheme: 'com.example.app', appName: 'Companies', ...more }));
  const page = await (await launchChromium(t)).newPage({ locale, viewport: { width: 320, height: 640 } });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => complaints.push(message.text()));
  await page.goto(pathToFileURL(file).href + query);
  return {
    page,
    complaints: () => complaints.filter((text) => !/com\.example\.app|registered handler/.test(text)),
  };
}

test('D09 the page passes the query on by its button, and takes it out of the address bar', {
  skip,
}, async (t) => {
  const { page, complaints } = await load(t, '?code=a%2Bb&state=canary&iss=https%3A%2F%2Flogin.example.com');
  const link = page.getByRole('link', { name: 'Open Companies' });
  assert.equal(
    await link.getAttribute('href'),
    'com.example.app:/callback?code=a%2Bb&state=canary&iss=https%3A%2F%2Flogin.example.com',
  );
  assert.ok(!page.url().includes('canary'), page.url());
  assert.ok(!(await page.locator('body').innerText()).includes('canary'));
  assert.equal(await page.evaluate('document.activeElement.tagName'), 'A');
  assert.deepEqual(complaints(), []);
  assert.equal(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0);
});

for (const query of [
  '',
  '?',
  '?code=only',
  '?state=<script>',
  '?state=1&next=javascript:alert(1)"',
  `?state=${'x'.repeat(9000)}`,
])
  test(`D09 LINK-07 is not passed on: ${query.slice(0, 40)}`, { skip }, async (t) => {
    const { page } = await load(t, query);
    // A browser encodes quotes and angle brackets by itself, and then they are plain.
    const href = await page.locator('main:not([hidden]) a').getAttribute('href');
    if (/["<]/.test(query)) assert.match(href ?? '', /^com\.example\.app:\/callback\?[\w%:;=&().,-]+$/);
    else {
      assert.equal(href, null);
      await page.getByRole('heading', { name: 'There is nothing to do here' }).waitFor();
    }
  });

for (const [locale, button, heading] of [
  ['de-AT', 'Companies öffnen', 'Hier gibt es nichts zu tun'],
  ['fr', 'Ouvrir Companies', 'Il n’y a rien à faire ici'],
  ['es-MX', 'Abrir Companies', 'Aquí no hay nada que hacer'],
  ['ja', /Companies\s?を開く/, 'ここで行う操作はありません'],
  ['nl', 'Open Companies', 'There is nothing to do here'],
] as const)
  test(`D09 the page speaks the browser’s language: ${locale}`, { skip }, async (t) => {
    const brand = { accent: { light: '#a3004f', dark: '#ff8ac2' } };
    const { page, complaints } = await load(t, '?code=1&state=2', brand, locale);
    await page.getByRole('link', { name: button }).waitFor();
    const language = String(await page.evaluate('document.documentElement.lang'));
    assert.equal(language, locale === 'nl' ? 'en' : locale.slice(0, 2));
    assert.match(await page.title(), /Companies/);
    assert.equal(await page.locator('main').filter({ visible: true }).count(), 1);
    assert.equal(await page.evaluate('getComputedStyle(document.body).borderTopColor'), 'rgb(163, 0, 79)');
    assert.deepEqual(complaints(), []);
    await page.reload();
    await page.getByRole('heading', { name: heading }).waitFor();
  });

test('D09 without JavaScript the page says what it needs', { skip }, async (t) => {
  const file = join(await makeDirectory(t), 'page.html');
  await writeFile(file, buildInterstitialPage({ scheme: 'com.example.app', appName: 'Companies' }));
  const page = await (await launchChromium(t)).newPage({ javaScriptEnabled: false });
  await page.goto(`${pathToFileURL(file).href}?code=1&state=2`);
  await page.getByRole('heading', { name: 'This page needs JavaScript' }).waitFor();
  assert.equal(await page.locator('main').filter({ visible: true }).count(), 1);
});

test('the app’s name is text, and a scheme or path that could be code is refused', { skip }, async (t) => {
  const { page, complaints } = await load(t, '?code=1&state=2', { appName: MARKUP });
  assert.ok((await page.getByRole('heading', { level: 1 }).textContent())?.includes(MARKUP));
  assert.deepEqual(complaints(), []);
  const page2 = (scheme: string, path?: string) =>
    buildInterstitialPage({ scheme, appName: 'x', ...(path && { path }) });
  assert.throws(() => page2('javascript'), { code: 'AUTH_SETTINGS_INVALID' });
  assert.throws(() => page2('com.example.app', '/x"onclick="y'), { code: 'AUTH_SETTINGS_INVALID' });
});
