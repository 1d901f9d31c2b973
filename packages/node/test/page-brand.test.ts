import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadLogo, loadSettings, loopbackRedirect, type PageSettings } from '@deskauth/node';
import { AuthError, type SignInOutcome } from '@deskauth/session';
import { contrastOf, inkOn, requireAccent } from '../src/pages/accent.ts';
import { launchChromium, withoutChromium } from './launch-chromium.ts';
import { makeDirectory } from './make-directory.ts';
import { analyst, openWaiting } from './waiting-redirect.ts';

const dataOf = (type: string, content: string | Buffer) =>
  `data:image/${type};base64,${Buffer.from(content).toString('base64')}`;
const svg = (inside: string) =>
  dataOf('svg+xml', `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">${inside}</svg>`);
const LOGO = svg('<defs><path id="p" d="M0 0h8v8H0z"/></defs><use href="#p" fill="#3346c4"/>');
const PNG = dataOf('png', Buffer.from('89504e470d0a1a0a0000', 'hex'));

const REFUSED: readonly [why: string, pages: unknown, message: RegExp][] = [
  [
    'an address in place of a picture',
    { logo: 'https://www.example.com/logo.png' },
    /pages\.logo.*data:image/,
  ],
  ['a picture that is a page', { logo: dataOf('html', '<p>') }, /pages\.logo/],
  ['a GIF', { logo: dataOf('gif', 'GIF89a') }, /pages\.logo/],
  [
    'a picture that is not what it says',
    { logo: dataOf('png', '<svg></svg>') },
    /not what its type says: png/,
  ],
  [
    '65 KiB',
    { logo: dataOf('png', Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(65 * 1024)])) },
    /66568 bytes/,
  ],
  ['a script in a drawing', { logo: svg('<script>alert(1)</script>') }, /script/],
  ['a handler in a drawing', { logo: svg('<path onload = "alert(1)"/>') }, /handler/],
  ['a drawing that loads something', { logo: svg('<image href="https://evil.example/x.png"/>') }, /outside/],
  ['a drawing with a document', { logo: svg('<foreignObject/>') }, /SVG/],
  [
    'an entity',
    { logo: dataOf('svg+xml', '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]><svg></svg>') },
    /entity/,
  ],
  ['markup after the data', { logo: `${PNG}"><script>` }, /pages\.logo/],
  ['a logo for dark pages only', { logo: { dark: PNG } }, /pages\.logo/],
  ['null', { logo: null }, /pages\.logo/],
  ['a colour by name', { accent: 'red' }, /pages\.accent.*#3346c4/],
  ['a style in place of a colour', { accent: '#fff;background:url(x)' }, /pages\.accent/],
  ['white on white', { accent: '#ffffff' }, /light page.*1\.0/],
  ['dark blue on a dark page', { accent: '#0b2a6b' }, /dark page.*#[\da-f]{6} would do/],
  ['an unknown key', { color: '#3346c4' }, /"color"/],
  ['an unknown page', { afterSignIn: { done: 'https://www.example.com/' } }, /"done"/],
  [
    'a company page by http',
    { afterSignIn: { success: 'http://www.example.com/' } },
    /afterSignIn\.success.*https/,
  ],
  [
    'a company page that is a script',
    { afterSignIn: { failure: 'javascript:alert(1)' } },
    /afterSignIn\.failure/,
  ],
  [
    'a company page with a password',
    { afterSignIn: { success: 'https://a:b@www.example.com/' } },
    /afterSignIn/,
  ],
];

for (const [why, pages, message] of REFUSED)
  test(`LOOP-20 D01 ${why} is refused before anything is opened`, () => {
    assert.throws(
      () => loopbackRedirect({ pages: pages as PageSettings }),
      (error: AuthError) => {
        assert.equal(error.code, 'AUTH_SETTINGS_INVALID');
        assert.match(error.message, message);
        return true;
      },
    );
  });

test('an accent that is refused comes with one that would do', () => {
  for (const accent of ['#0b2a6b', '#ffd400', '#000000', '#eeeeee']) {
    const message = (() => {
      try {
        requireAccent(accent);
      } catch (error) {
        return (error as Error).message;
      }
    })();
    const [, theme, colour = ''] = /for (light|dark), (#[\da-f]{6}) would do/.exec(message ?? '') ?? [];
    const other = theme === 'light' ? 'dark' : 'light';
    const fine = { light: '#3346c4', dark: '#8c9bff' };
    assert.ok(
      theme && requireAccent({ ...fine, [other]: fine[other], [theme]: colour } as typeof fine),
      message,
    );
  }
  for (const colour of ['#777777', '#3346c4', '#ffd400', '#00ff00'])
    assert.ok(contrastOf(colour, inkOn(colour)) >= 4.5);
});

/** What the browser gets at the end. */
async function endOf(t: Parameters<typeof openWaiting>[0], pages: PageSettings, outcome: SignInOutcome) {
  const redirect = await openWaiting(t, { pages });
  const arrival = fetch(`${redirect.redirectUri}?code=code-canary&state=state-canary`, {
    redirect: 'manual',
  });
  (await redirect.next(AbortSignal.timeout(10_000))).finish(outcome);
  return arrival;
}

const signedIn: SignInOutcome = { kind: 'signed-in', user: analyst };
const failed: SignInOutcome = { kind: 'failed', error: new AuthError('AUTH_NETWORK', 'No route.').toJSON() };
const afterSignIn = { success: 'https://www.example.com/in?from=app', failure: 'http://127.0.0.1:1/out#why' };

test('LOOP-20 LOOP-19 D09 the company’s pages get the browser at the end, and nothing of the answer', async (t) => {
  const ends = [
    [signedIn, 'https://www.example.com/in?from=app#'],
    [failed, 'http://127.0.0.1:1/out#why'],
  ] as const;
  for (const [outcome, location] of ends) {
    const response = await endOf(t, { afterSignIn }, outcome);
    assert.equal(response.status, 303);
    assert.equal(response.headers.get('location'), location);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
    assert.equal(await response.text(), '');
  }
  for (const outcome of [{ kind: 'signed-out' }, { kind: 'unknown' }] as const)
    assert.match(await (await endOf(t, { afterSignIn }, outcome)).text(), /<h1>/);
  assert.equal((await endOf(t, { afterSignIn: { success: afterSignIn.success } }, failed)).status, 400);
});

test('LOOP-20 a real browser brings neither query nor fragment nor referrer to the company’s page', {
  skip: withoutChromium,
}, async (t) => {
  const page = await (await launchChromium(t)).newPage();
  const requests: (string | undefined)[][] = [];
  const server = createServer(({ url, headers }, response) => {
    requests.push([url, headers.referer]);
    response.end('Thank you');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close().closeAllConnections());
  const company = `http://127.0.0.1:${(server.address() as AddressInfo).port}/thanks`;
  const redirect = await openWaiting(t, { pages: { afterSignIn: { success: company } } });
  const visit = page.goto(`${redirect.redirectUri}?code=code-canary&state=s#access_token=token-canary`);
  (await redirect.next(AbortSignal.timeout(20_000))).finish(signedIn);
  await visit;
  assert.equal(await page.evaluate('location.href'), `${company}#`);
  assert.deepEqual(requests[0], ['/thanks', undefined]);
  assert.equal(await page.evaluate('document.referrer'), '');
});

test('D09 a brand is seen: logo, name and colour, light and dark, with the policy in force', {
  skip: withoutChromium,
}, async (t) => {
  const pages = {
    logo: { light: LOGO, dark: svg('<circle r="4" cx="4" cy="4"/>') },
    accent: { light: '#a3004f', dark: '#ff8ac2' },
  };
  const browser = await launchChromium(t);
  for (const [colorScheme, colour, logo] of [
    ['light', 'rgb(163, 0, 79)', pages.logo.light],
    ['dark', 'rgb(255, 138, 194)', pages.logo.dark],
  ] as const) {
    const page = await browser.newPage({ colorScheme });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    const redirect = await openWaiting(t, { pages });
    const visit = page.goto(`${redirect.redirectUri}?code=c&state=s`);
    (await redirect.next(AbortSignal.timeout(20_000))).finish(signedIn);
    await visit;
    assert.equal(await page.evaluate('document.querySelector("img").currentSrc'), logo);
    assert.ok(
      Number(await page.evaluate('document.querySelector("img").naturalWidth')) > 0,
      'the picture is drawn',
    );
    assert.equal(await page.evaluate('getComputedStyle(document.body).borderTopColor'), colour);
    assert.deepEqual(complaints, []);
  }
});

test('D01 pages come from the settings file: a logo by its name, faults with file and key', async (t) => {
  const directory = await makeDirectory(t);
  await writeFile(join(directory, 'logo.svg'), Buffer.from(LOGO.slice(LOGO.indexOf(',') + 1), 'base64'));
  const file = join(directory, 'app.json');
  const load = async (pages: unknown) => {
    const app = { appName: 'Companies', issuer: 'https://login.example.com', clientId: 'desktop' };
    await writeFile(file, JSON.stringify({ ...app, pages }));
    return (await loadSettings(file)).pages;
  };
  assert.deepEqual(await load({ logo: 'logo.svg', accent: '#a45fd0', afterSignIn }), {
    logo: { light: LOGO, dark: LOGO },
    accent: '#a45fd0',
    afterSignIn,
  });
  assert.equal(await loadLogo(join(directory, 'logo.svg')), LOGO);
  for (const [pages, words] of [
    [{ logo: 'gone.svg' }, 'gone.svg cannot be read (ENOENT)'],
    [{ logo: 'logo.gif' }, 'expected a .png, .jpg, .webp or .svg file'],
    [{ afterSignIn: { success: 'ftp://x/' } }, '"pages.afterSignIn.success": expected an https address'],
    [{ afterSignIn: 'https://www.example.com/' }, 'pages.afterSignIn'],
    ['blue', '"pages": expected an object'],
  ] as const)
    await assert.rejects(load(pages), (error: AuthError) => {
      assert.equal(error.code, 'AUTH_SETTINGS_INVALID');
      assert.ok(error.message.includes(file) && error.message.includes(words), error.message);
      return true;
    });
});
