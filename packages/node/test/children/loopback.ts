/** Waits for one answer on a loopback redirect. Prints the redirect URI, then what happened. */
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { loopbackRedirect } from '@deskauth/node';
import type { OpenRedirect } from '@deskauth/session';

const port = process.argv[2];
const redirect = await openWhenFree();
console.log(redirect.redirectUri);
const files: number[] = [];

createInterface(process.stdin).on('line', (line) => {
  if (line === 'visit') void fetch(`${redirect.redirectUri}?code=c&state=s`);
  if (line === 'exhaust') console.log(exhaustFiles());
  if (line === 'relieve')
    console.log(files.splice(0).map(closeSync).length > 0 ? 'relieved' : 'nothing was open');
});

const answer = await redirect.next(AbortSignal.timeout(30_000));
answer.finish({ kind: 'unknown' });
await redirect.close();
console.log(new URL(answer.url).search);
process.exit(0);

/** Opens files until the operating system gives no more; its reason. */
function exhaustFiles(): string | undefined {
  for (;;) {
    try {
      files.push(openSync('/dev/null', 'r'));
    } catch (error) {
      return (error as NodeJS.ErrnoException).code;
    }
  }
}

/** A port that another process still has is tried again: whoever starts this decides how long. */
async function openWhenFree(): Promise<OpenRedirect> {
  for (;;) {
    const opened = await loopbackRedirect(port ? { ports: [Number(port)] } : {})
      .open()
      .catch(() => undefined);
    if (opened) return opened;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
