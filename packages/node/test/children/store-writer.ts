/** Saves one generation after the other until it is killed. Arguments: directory, first generation. */
import { keyringStore } from '@deskauth/node';
import { buildBigRecord } from '../big-record.ts';
import { noKeyring, owner } from '../store-fixture.ts';

const [directory = '', first = '1'] = process.argv.slice(2);
const store = keyringStore({ ...owner, directory, keyring: noKeyring, weakerStorage: 'allow' });
for (let generation = Number(first); ; generation += 1) {
  await store.save(buildBigRecord(generation));
  console.log(generation);
}
