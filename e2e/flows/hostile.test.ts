import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { keyringStore, memoryStore } from '@deskauth/node';
import { AUTH_ERRORS, type TokenStore } from '@deskauth/session';
import { createKeyRing, type Fault, faults } from '../../testing/hostile-authority/src/index.ts';
import { type Thrown, throwAtSession } from './hostile-client.ts';

// The names of these tests begin with the ids of the list: DISC-01 and on, AUTH-01 and on, TOK-01 and on, IDT-01 and on.

const keys = await createKeyRing();

/** A store on disk as it is on a machine without a keyring whose owner chose the key file. */
async function withKeyFile(work: (store: TokenStore) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'deskauth hostile '));
  const none = () => Promise.reject(new Error('no keyring here'));
  const keyring = { load: none, create: none, remove: none };
  const owner = { appName: 'Hostile', issuer: 'any', clientId: 'desktop' };
  await work(keyringStore({ ...owner, directory, keyring, weakerStorage: 'allow' })).finally(() =>
    rm(directory, { recursive: true, force: true }),
  );
}

for (const fault of faults)
  test(titleOf(fault), async () => {
    requireOutcome(fault, await throwAtSession(fault, keys, memoryStore()));
    await withKeyFile(async (store) => requireOutcome(fault, await throwAtSession(fault, keys, store)));
  });

function titleOf({ id, name, expect, conformance }: Fault): string {
  return `${id} ${name}: ${expect}${conformance === undefined ? '' : ` (${conformance})`}`;
}

function requireOutcome(fault: Fault, thrown: Thrown): void {
  const { outcome, error, session, asked, browser, record, before } = thrown;
  assert.equal(outcome, fault.expect, error?.message);
  assert.equal(asked.strangers.length, fault.strangers ?? 0, asked.strangers.join());
  for (const [part, times] of Object.entries(fault.asked ?? {}))
    assert.equal(asked.parts.filter((name) => name === part).length, times, `asked for ${part}`);
  for (const form of asked.tokenForms) assert.match(form.get('code_verifier') ?? '', /^[\w-]{43,}$/);
  if (outcome === 'signed-in') requireSignedIn(fault, thrown);
  else assert.deepEqual(record, before, 'a sign-in that failed has changed the store');
  if (error) requireGoodError(fault, thrown);
  if (fault.warning) assert.ok(session.warnings.some(({ code }) => code === fault.warning));
  if (fault.pagesHave) assert.ok(browser.pages.join().includes(fault.pagesHave), browser.pages.join());
  for (const page of browser.pages) {
    assert.doesNotMatch(page, /href=(?!"data:,")|<script>alert/);
    if (fault.pagesLack) assert.ok(!page.includes(fault.pagesLack), page);
  }
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
}

function requireSignedIn(fault: Fault, { session, record, asked, browser }: Thrown): void {
  assert.equal(session.state.status, 'signed-in');
  assert.ok(record?.tokens.accessToken);
  const lifetime = record.tokens.expiresAt - Date.now() / 1000;
  assert.ok(lifetime <= 86_400, `valid for ${lifetime} seconds`);
  assert.equal(asked.tokenForms.length, fault.asked?.token ?? fault.signIns ?? 1);
  if (fault.settings?.dpop === 'required') assert.equal(record.tokens.tokenType, 'DPoP');
  assert.ok(browser.pages.some((page) => page.includes('You are signed in')));
  for (const [name, value] of Object.entries(fault.claims ?? {}))
    assert.equal(session.user?.claims[name], value);
  if (fault.scope !== undefined) assert.equal(session.scope, fault.scope);
}

/** The person is told in our words; no secret is in any of them. */
function requireGoodError(fault: Fault, { error, asked, browser }: Thrown): void {
  assert.ok(error && error.code in AUTH_ERRORS);
  const told = [JSON.stringify(error), error.stack, ...browser.pages].join();
  for (const form of asked.tokenForms)
    for (const name of ['code', 'code_verifier']) assert.ok(!told.includes(form.get(name) || '\u0000'), name);
  if (fault.says) assert.match(`${error.message} ${error.server.errorDescription ?? ''}`, fault.says);
  assert.ok(error.message.length < 1000, error.message);
  assert.doesNotMatch(JSON.stringify(error), /\\u00|\\[nr]/);
}
