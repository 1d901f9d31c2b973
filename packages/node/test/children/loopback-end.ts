/** Answers one browser and has nothing else to do: the process must end by itself. */
import { loopbackRedirect } from '@deskauth/node';

const redirect = await loopbackRedirect().open();
console.log(redirect.redirectUri);
const answer = await redirect.next(AbortSignal.timeout(30_000));
answer.finish({ kind: 'signed-out' });
await redirect.close();
