import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryLock, memoryStore, type Session } from '@deskauth/session';
import { buildRecord } from '@deskauth/session/testing';
import { datedStore } from '../src/dated-store.ts';
import { createSignOuts } from '../src/sign-outs.ts';
import { openTabChannel } from '../src/tab-channel.ts';
import { joinTabs } from '../src/tabs.ts';
import { createTab, loadPage } from './fake-page.ts';

/** A tab that hears news; what it does about them is noted. */
function listeningTab(
  slot: string,
  shared: Map<string, string>,
  ownStore = memoryStore(),
  lock = memoryLock(),
) {
  const signOuts = createSignOuts(slot, loadPage(createTab(shared), 'https://app.example.com/'));
  const store = datedStore(ownStore, signOuts);
  let act: (what: string) => void;
  const acted = new Promise<string>((resolve) => {
    act = resolve;
  });
  const session = {
    state: { status: 'signed-in' },
    restore: async () => act('restored'),
    signOut: async () => act('signed out'),
  } as unknown as Session;
  return {
    store,
    acted,
    tabs: joinTabs(session, { kept: { store, lock, isShared: true, leave: () => {} }, signOuts, slot }),
  };
}

test('SPA-15 a sign-out reaches a tab whose shared worker is another one', async () => {
  const [slot, shared] = [crypto.randomUUID(), new Map<string, string>()];
  const here = listeningTab(slot, shared);
  const there = listeningTab(slot, shared);
  await there.store.save(buildRecord());
  await here.tabs.signOut();
  assert.equal(await there.acted, 'signed out');
  for (const { tabs } of [here, there]) tabs.leave();
});

test('SPA-15 old news of a sign-out does not end the session that came after it', async () => {
  const [slot, shared, worker] = [crypto.randomUUID(), new Map<string, string>(), memoryStore()];
  const here = listeningTab(slot, shared, worker);
  await here.tabs.signOut();
  const there = listeningTab(slot, shared, worker);
  await there.store.save(buildRecord());
  const channel = new BroadcastChannel(`deskauth:${slot}`);
  channel.postMessage(`signed-out ${[...shared.values()][0]}`);
  assert.equal(await there.acted, 'restored');
  channel.close();
  for (const { tabs } of [here, there]) tabs.leave();
});

test('SPA-15 what a shared worker still holds from before a sign-out is ended by the tab that comes back', async () => {
  const [slot, shared] = [crypto.randomUUID(), new Map<string, string>()];
  const { store, tabs, acted } = listeningTab(slot, shared);
  await store.save(buildRecord());
  createSignOuts(slot, loadPage(createTab(shared), 'https://app.example.com/')).add();
  await tabs.catchUp();
  assert.equal(await acted, 'signed out');
  tabs.leave();
});

test('OUT-06 a sign-out does not wait for a lock that another tab keeps', async () => {
  const { tabs } = listeningTab(crypto.randomUUID(), new Map(), memoryStore(), {
    hold: () => new Promise(() => {}),
  });
  await tabs.signOut();
  tabs.leave();
});

test('SPA-18 where the channel between tabs is refused together with site data a tab is alone', (context) => {
  context.mock.method(globalThis, 'BroadcastChannel', function refuse() {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  });
  const channel = openTabChannel(crypto.randomUUID(), () => {});
  channel.tell({ word: 'signed-in' });
  channel.close();
});
