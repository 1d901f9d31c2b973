import { test } from 'node:test';
import { memoryLock, memoryStore } from '@deskauth/session';
import {
  createFakeRedirect,
  redirectListenerContract,
  refreshLockContract,
  tokenStoreContract,
} from '@deskauth/session/testing';

for (const promise of tokenStoreContract)
  test(`memory store: ${promise.name}`, () => promise.run(memoryStore()));
for (const promise of refreshLockContract)
  test(`memory lock: ${promise.name}`, () => promise.run(memoryLock()));
for (const promise of redirectListenerContract)
  test(`fake redirect: ${promise.name}`, () => {
    const listener = createFakeRedirect();
    return promise.run({ listener, arrive: (url) => listener.answer(url) });
  });
