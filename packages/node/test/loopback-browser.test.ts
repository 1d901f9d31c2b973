import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { launchChromium, withoutChromium } from './launch-chromium.ts';
import { analyst, openWaiting } from './waiting-redirect.ts';

// What only a real browser shows: which requests reach the listener, and what it asks its owner before.

const skip = withoutChromium;

/** A site somewhere else; gives its origin. */
async function startSite(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close().closeAllConnections());
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

// In a browser whose owner has granted nothing and is not there to be asked.
test('LOOP-17 the redirect of another site reaches the listener without a permission, and the page reaches nothing', {
  skip,
}, async (t) => {
  const redirect = await openWaiting(t);
  const site = await startSite(t, (_request, response) => {
    response.writeHead(302, { location: `${redirect.redirectUri}?code=c&state=s` }).end();
  });
  const page = await (await launchChromium(t)).newPage();
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.resourceType()));
  const visit = page.goto(`${site}/authorize`);
  (await redirect.next(AbortSignal.timeout(20_000))).finish({ kind: 'signed-in', user: analyst });
  await visit;
  await page.getByRole('heading', { name: 'You are signed in as' }).waitFor();
  assert.deepEqual(new Set(requests), new Set(['document']));
  assert.equal(await page.locator('iframe, object, embed, form, a').count(), 0);
  const blocked = await page.evaluate(`fetch('/callback').then(() => 'reached', () => 'refused')`);
  assert.equal(blocked, 'refused', 'the page’s own policy lets nothing out');
});

const FORGERIES: readonly ((uri: string) => string)[] = [
  (uri) => `<img src="${uri}">`,
  (uri) => `<iframe src="${uri}"></iframe>`,
  (uri) => `<script src="${uri}"></script>`,
  (uri) => `<script>fetch('${uri}', { mode: 'no-cors' }).catch(() => {})</script>`,
  (uri) => `<object data="${uri}"></object>`,
  (uri) => `<link rel="stylesheet" href="${uri}">`,
];

test('LOOP-16 LOOP-17 a page of another site brings no answer, by whatever it embeds: only an address bar does', {
  skip,
}, async (t) => {
  const redirect = await openWaiting(t);
  const site = await startSite(t, (_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(
      FORGERIES.map((html, index) => html(`${redirect.redirectUri}?code=forged&state=${index}`)).join('\n'),
    );
  });
  const page = await (await launchChromium(t)).newPage();
  const tried = new Set<string>();
  page.on('request', (request) => tried.add(request.url()));
  await page.goto(site, { waitUntil: 'load' });
  await redirect.expectHonestAnswer();
  const forged = [...tried].filter((url) => url.includes('code=forged'));
  assert.equal(forged.length, FORGERIES.length, 'every one of them was tried');
});
