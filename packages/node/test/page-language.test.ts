import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loopbackRedirect } from '@deskauth/node';
import { AUTH_ERRORS, AuthError, type AuthErrorCode, type SignInOutcome } from '@deskauth/session';
import { chooseLanguage, type Language, TEXTS } from '../src/pages/language.ts';
import { analyst, openWaiting } from './waiting-redirect.ts';

const WISHES: readonly [header: string | undefined, language: Language, why: string][] = [
  [undefined, 'en', 'no header'],
  ['', 'en', 'an empty header'],
  ['de-CH', 'de', 'a region'],
  ['ja,en-US;q=0.9,en;q=0.8', 'ja', 'what Chromium sends'],
  ['nl, fr;q=0.5', 'fr', 'a first choice that there is not'],
  ['en;q=0.3, es;q=0.7, de;q=0.5', 'es', 'the highest weight, not the first place'],
  ['de;q=0.8, fr;q=0.8', 'de', 'the first of the same weight'],
  ['de;q=0, *', 'en', 'what is not wanted at all'],
  ['*', 'en', 'anything'],
  ['zh-Hans-CN, ko', 'en', 'none of ours'],
  ['FR-ca', 'fr', 'capitals'],
  ['de;q=9.9.9, es;q=0.1', 'es', 'a weight that is no number'],
  ['constructor, toString, es', 'es', 'names that every object has'],
  [`${'x,'.repeat(5000)}de`, 'en', 'a list that no person has'],
  ['<script>,de', 'de', 'no language at all'],
];

for (const [header, language, why] of WISHES)
  test(`D09 the page's language: ${why}`, () => assert.equal(chooseLanguage(header), language));

const LANGUAGES = Object.entries(TEXTS) as [Language, (typeof TEXTS)[Language]][];

/** Every text of a language, with its place. */
function textsOf(value: unknown, place = ''): [place: string, text: string][] {
  if (typeof value === 'string') return [[place, value]];
  return Object.entries(value as object).flatMap(([key, inner]) => textsOf(inner, `${place}.${key}`));
}

for (const [language, texts] of LANGUAGES)
  test(`D09 every text in "${language}" is there, with the slots of the English one, and is no English text`, () => {
    const english = new Map(textsOf(TEXTS.en));
    const slots = (text = '') => (text.match(/\{\w+\}/g) ?? []).sort().join();
    for (const [place, text] of textsOf(texts)) {
      assert.ok(text.trim() === text && text !== '', place);
      assert.equal(
        [...new Set(slots(text).split(','))].join(),
        [...new Set(slots(english.get(place)).split(','))].join(),
        place,
      );
      assert.doesNotMatch(text, /\{(?!app\}|name\})|[<>&]/, place);
      if (language !== 'en') assert.notEqual(text, english.get(place), place);
    }
    assert.equal(textsOf(texts).length, english.size);
  });

async function pageIn(
  t: Parameters<typeof openWaiting>[0],
  language: string,
  outcome: SignInOutcome,
): Promise<{ text: string; headers: Headers }> {
  const redirect = await openWaiting(t);
  const headers = { 'accept-language': language };
  const arrival = fetch(`${redirect.redirectUri}?code=c&state=s`, { headers });
  (await redirect.next(AbortSignal.timeout(10_000))).finish(outcome);
  const response = await arrival;
  return { text: await response.text(), headers: response.headers };
}

const OUTCOMES: readonly [kind: keyof typeof TEXTS.en.pages, outcome: SignInOutcome][] = [
  ['signed-in', { kind: 'signed-in', user: analyst }],
  ['signed-out', { kind: 'signed-out' }],
  ['failed', { kind: 'failed', error: new AuthError('AUTH_NETWORK', 'No route.').toJSON() }],
  ['cancelled', { kind: 'failed', error: new AuthError('AUTH_SIGN_IN_CANCELLED', 'x').toJSON() }],
  ['expired', { kind: 'failed', error: new AuthError('AUTH_SIGN_IN_TIMED_OUT', 'x').toJSON() }],
  ['superseded', { kind: 'failed', error: new AuthError('AUTH_SIGN_IN_SUPERSEDED', 'x').toJSON() }],
  ['unknown', { kind: 'unknown' }],
];

for (const [language, texts] of LANGUAGES)
  test(`D09 N05 every end has its page in "${language}", which says so itself`, async (t) => {
    for (const [kind, outcome] of OUTCOMES) {
      const { text, headers } = await pageIn(t, language, outcome);
      const heading = texts.pages[kind].title.replace('{name}', '<bdi>Europe Analyst</bdi>');
      assert.ok(text.includes(`<h1>${heading}</h1>`), `${kind}: ${text}`);
      assert.ok(text.includes(`<html lang="${language}">`), kind);
      assert.equal(headers.get('content-language'), language);
      const isForSupport = kind === 'failed';
      assert.equal(text.includes(texts.labels.id), isForSupport, `${kind} has details: ${!isForSupport}`);
    }
  });

test('D18 every error code has a text in every language, and the server’s own words stay as they are', async (t) => {
  for (const code of Object.keys(AUTH_ERRORS) as AuthErrorCode[]) {
    const server = { error: 'server_word', errorDescription: 'As the server says.' };
    const error = new AuthError(code, 'English of the engine.', { server }).toJSON();
    for (const language of ['de', 'ja'] as const) {
      const { text } = await pageIn(t, language, { kind: 'failed', error });
      const known = [
        ...Object.values(TEXTS[language].reasons),
        ...Object.values(TEXTS[language].pages).map((page) => page.text),
      ];
      const plain = text.replace(/<\/?bdi>/g, '').replaceAll('Companies', '{app}');
      assert.ok(
        known.some((sentence) => plain.includes(`<p>${sentence}</p>`)),
        `${code} in ${language}`,
      );
      assert.doesNotMatch(text, /English of the engine/);
      if (text.includes(code)) assert.match(text, /server_word: As the server says\./);
    }
  }
});

test('D09 an app without a name is "the app" in the browser’s language', async () => {
  for (const [language, { theApp }] of LANGUAGES) {
    const redirect = await loopbackRedirect().open();
    const arrival = fetch(`${redirect.redirectUri}?state=s`, { headers: { 'accept-language': language } });
    (await redirect.next(AbortSignal.timeout(10_000))).finish({ kind: 'signed-out' });
    const text = await (await arrival).text();
    assert.ok(text.includes(`<bdi>${theApp}</bdi>`), text);
    assert.doesNotMatch(text, /<header>|undefined/);
    await redirect.close();
  }
});
