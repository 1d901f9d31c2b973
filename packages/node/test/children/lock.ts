/**
 * Works under a process lock. Arguments: lock file, then either `forever`, or a counter file and how often to add one
 * to it.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { processLock } from '@deskauth/node';

const [lockFile = '', counterFile = '', times = '0'] = process.argv.slice(2);
const lock = processLock(lockFile);

async function addOne(): Promise<void> {
  const count = Number(await readFile(counterFile, 'utf8'));
  await new Promise((resolve) => setTimeout(resolve, 1));
  await writeFile(counterFile, String(count + 1));
}

if (counterFile === 'forever')
  await lock.hold(async () => {
    console.log('held');
    await new Promise((resolve) => process.stdin.once('end', resolve).resume());
  });
else for (let time = 0; time < Number(times); time += 1) await lock.hold(addOne);
