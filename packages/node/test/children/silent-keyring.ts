/**
 * Asks the keyring of this machine while it counts the turns of its own loop. Arguments: directory, time limit in seconds,
 * how to end (`exit`, or by having nothing else to do). Prints what is found, as JSON.
 */
import { keyringStore } from '@deskauth/node';
import { owner } from '../store-fixture.ts';

const [directory = '', limit, ending] = process.argv.slice(2);
let turns = 0;
const counting = setInterval(() => {
  turns += 1;
}, 5);
const store = keyringStore({ ...owner, directory, keyringTimeLimitSeconds: Number(limit) });
console.log('asking');
const { tier, reason } = await store.report();
clearInterval(counting);
console.log(JSON.stringify({ tier, reason, turns }));
if (ending === 'exit') process.exit(7);
