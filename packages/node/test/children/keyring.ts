/**
 * Uses the keyring of this machine as a new process would. Arguments: directory, whether a key file will do, then
 * verbs, in order. Prints one line of JSON for each verb.
 */

import { readdir } from 'node:fs/promises';
import { keyringStore } from '@deskauth/node';
import { buildRecord } from '@deskauth/session/testing';
import { AsyncEntry } from '@napi-rs/keyring';
import { owner } from '../store-fixture.ts';

const [directory = '', weakerStorage, ...verbs] = process.argv.slice(2);
const store = keyringStore({ ...owner, directory, weakerStorage: weakerStorage as 'refuse' | 'allow' });

const VERBS: Record<string, () => Promise<unknown>> = {
  report: () => store.report(),
  load: async () => (await store.load())?.generation ?? null,
  save: () => store.save(buildRecord(1)).then(() => 'saved'),
  clear: () => store.clear().then(() => 'cleared'),
  files: async () => (await readdir(directory)).map((name) => name.split('.').at(-1)).sort(),
  /** Looks into the keyring itself, past the store: how long is the secret? */
  secret: async () => {
    const [file = ''] = (await readdir(directory)).filter((name) => name.endsWith('.session'));
    const entry = new AsyncEntry(owner.appName, file.split('.')[0] ?? '', {
      linux: { store: 'secret-service' },
    });
    return (await entry.getPassword())?.length ?? null;
  },
};
for (const verb of verbs) {
  const result = await VERBS[verb]?.().catch((error: { code?: string }) => error.code);
  console.log(JSON.stringify(result ?? null));
}
