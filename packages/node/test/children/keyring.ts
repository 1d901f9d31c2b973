/**
 * Uses the keyring of this machine as a new process would. Arguments: directory, whether a key file will do, then
 * verbs, in order. Prints one line of JSON for each verb. The variable `LIMIT_SECONDS` limits each question.
 */

import { readdir } from 'node:fs/promises';
import { keyringStore } from '@deskauth/node';
import { buildRecord } from '@deskauth/session/testing';
import { AsyncEntry } from '@napi-rs/keyring';
import { owner } from '../store-fixture.ts';

const [directory = '', weakerStorage, ...verbs] = process.argv.slice(2);
const { LIMIT_SECONDS = '8' } = process.env;
const store = keyringStore({
  ...owner,
  directory,
  weakerStorage: weakerStorage as 'refuse' | 'allow',
  keyringTimeLimitSeconds: Number(LIMIT_SECONDS),
});

const VERBS: Record<string, () => Promise<unknown>> = {
  report: () => store.report(),
  load: async () => (await store.load())?.generation ?? null,
  /** Loads again and again, as an app does that goes on. */
  'load-at-last': async () => {
    for (;;) {
      const record = await store.load().catch(() => undefined);
      if (record) return record.generation;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  },
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
