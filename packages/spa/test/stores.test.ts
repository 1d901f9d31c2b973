import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TokenStore } from '@deskauth/session';
import { buildRecord, refreshLockContract, tokenStoreContract } from '@deskauth/session/testing';
import { pageFetch } from '../src/page-fetch.ts';
import { sessionStorageStore } from '../src/session-storage-store.ts';
import { createSharedRecord } from '../src/shared-record.ts';
import { tabLock } from '../src/tab-lock.ts';
import { workerStore } from '../src/worker-store.ts';
import { createTab, type FakeTab, loadPage } from './fake-page.ts';

const { locks } = navigator;
const storeIn = (tab: FakeTab, denyStorage = false): TokenStore =>
  sessionStorageStore('slot', loadPage(tab, 'https://app.example.com/', { denyStorage }), locks);

for (const promise of tokenStoreContract)
  test(`session storage: ${promise.name}`, () => promise.run(storeIn(createTab())));

for (const promise of tokenStoreContract)
  test(`shared worker: ${promise.name}`, async () => {
    const { port1: tab, port2: worker } = new MessageChannel();
    createSharedRecord()(worker);
    await promise.run(workerStore({ port: tab, addEventListener: () => {} })).finally(() => tab.close());
  });

for (const promise of refreshLockContract)
  test(`lock of all tabs: ${promise.name}`, () => promise.run(tabLock(crypto.randomUUID(), locks)));

test('SPA-18 where Web Locks are refused the lock is the tab’s own', async () => {
  const request = async () => Promise.reject(new DOMException('denied', 'SecurityError'));
  for (const promise of refreshLockContract) await promise.run(tabLock('refused', { request }));
});

test('SPA-04 a duplicated tab throws away the tokens that were copied into it', async () => {
  const original = createTab();
  const first = storeIn(original);
  await first.save(buildRecord());
  const copy: FakeTab = { ...original, storage: new Map(original.storage) };
  assert.equal(await storeIn(copy).load(), undefined);
  assert.deepEqual(await first.load(), buildRecord());
  assert.ok(![...copy.storage.values()].some((value) => value.includes('refresh-1')));
});

test('SPA-18 a denied storage is a fault of the store, not of the session', async () => {
  await assert.rejects(storeIn(createTab(), true).load(), { name: 'SecurityError' });
});

test('a worker whose script cannot be loaded is a fault of the store', async () => {
  let fail = () => {};
  const { port1 } = new MessageChannel();
  const store = workerStore({
    port: port1,
    addEventListener: (_type, listener) => {
      fail = listener;
    },
  });
  fail();
  await assert.rejects(store.load(), { code: 'AUTH_STORE_UNAVAILABLE', message: /store\.worker/ });
  port1.close();
});

test('SPA-14 a request that the browser stopped names CORS, but only for other origins', async () => {
  const fetch = pageFetch('https://app.example.com', async () => {
    throw new TypeError('Failed to fetch');
  });
  await assert.rejects(
    fetch('https://login.example.com/jwks'),
    /pages of https:\/\/app\.example\.com .*CORS/,
  );
  await assert.rejects(fetch('https://app.example.com/api'), /Failed to fetch/);
});
