/**
 * A copy of the app. Its argument is where it lives, as JSON; each line that it reads is a command, and is answered by
 * one line.
 */
import { createInterface } from 'node:readline';
import { openSession } from '../authority-fixture.ts';

const place = JSON.parse(process.argv[2] ?? '');
let refreshes = 0;

const countingFetch: typeof fetch = async (input, init) => {
  if (String(init?.body).includes('grant_type=refresh_token')) refreshes += 1;
  return fetch(input, init);
};
const session = openSession(place, { fetch: countingFetch });

const COMMANDS: Record<string, () => Promise<unknown>> = {
  restore: async () => (await session.restore()).status,
  call: async () => (await session.fetch(place.apiAddress)).status,
  refreshes: async () => refreshes,
  'sign-in': async () => {
    const attempt = session.signIn();
    while (attempt.url === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    return attempt.url;
  },
};
createInterface(process.stdin).on('line', async (line) => {
  const answer = await COMMANDS[line]?.().catch((error: { code?: string }) => error.code);
  console.log(String(answer));
});
