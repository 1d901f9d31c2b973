import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AuthError, type SignInOutcome } from '@deskauth/session';
import { launchChromium, withoutChromium } from './launch-chromium.ts';
import { analyst, openWaiting } from './waiting-redirect.ts';

const MARKUP = '<img src=x onerror="document.title=1"><script>document.title=2</script>';

const PAGES: readonly [heading: string, outcome: SignInOutcome][] = [
  ['You are signed in as Europe Analyst', { kind: 'signed-in', user: analyst }],
  ['You are signed out', { kind: 'signed-out' }],
  [
    'The sign-in did not succeed',
    { kind: 'failed', error: new AuthError('AUTH_ACCESS_DENIED', MARKUP).toJSON() },
  ],
  ['This sign-in is no longer open', { kind: 'unknown' }],
];

for (const [heading, outcome] of PAGES)
  test(`LOOP-18 LOOP-19 "${heading}" in a real browser: the code is gone, nothing is blocked, nothing foreign runs`, {
    skip: withoutChromium,
  }, async (t) => {
    const browser = await launchChromium(t);
    const page = await browser.newPage({ viewport: { width: 320, height: 640 } });
    const requested: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => requested.push(request.url()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => complaints.push(message.text()));

    const redirect = await openWaiting(t);
    const visit = page.goto(`${redirect.redirectUri}?code=code-canary&state=state-canary`);
    (await redirect.next(AbortSignal.timeout(20_000))).finish(outcome);
    await visit;
    await redirect.close();

    assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), heading);
    assert.equal(page.url(), redirect.redirectUri, 'code and state are out of the address bar');
    assert.ok((await page.title()).startsWith(heading), await page.title());
    // The browser itself remarks that the status is an error, as it should.
    const remarks = complaints.filter((text) => !text.includes('status of 400'));
    assert.deepEqual(remarks, [], 'no violation of the content security policy, no script error');
    assert.equal(requested.length, 1, `nothing else was loaded: ${requested}`);
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    assert.equal(overflow, 0, 'fits a narrow window');
  });
