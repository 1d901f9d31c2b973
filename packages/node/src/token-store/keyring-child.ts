import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { Entry } from '@napi-rs/keyring';
import type { KeyringAnswer, KeyringQuestion } from './keyring-process.ts';

/**
 * The program of the process that asks the keyring. A keyring may never answer, and native code that waits can be
 * neither interrupted nor left at exit, so it waits in a thread; the main thread stays awake to end this process when
 * the app has gone.
 */

/** How a process of Electron (`utilityProcess`) hears its parent. */
interface ElectronPort {
  on(event: 'message', listener: (event: { data: KeyringQuestion }) => void): void;
  postMessage(answer: KeyringAnswer): void;
}

if (isMainThread) passOn();
else parentPort?.on('message', (question: KeyringQuestion) => parentPort?.postMessage(answer(question)));

function passOn(): void {
  const thread = new Worker(new URL(import.meta.url));
  const { parentPort: electron } = process as { readonly parentPort?: ElectronPort };
  if (electron) {
    electron.on('message', ({ data }) => thread.postMessage(data));
    thread.on('message', (found: KeyringAnswer) => electron.postMessage(found));
    return; // Electron ends it with the app.
  }
  process.on('message', (question) => thread.postMessage(question));
  thread.on('message', (found: KeyringAnswer) => process.send?.(found));
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
}

function answer({ id, verb, service, account, secret }: KeyringQuestion): KeyringAnswer {
  try {
    // Pinned, because the library would fall back to the kernel's keyring, which forgets at log-out, without a word.
    const entry = new Entry(service, account, { linux: { store: 'secret-service' } });
    if (verb === 'load') return { id, secret: entry.getPassword() ?? undefined };
    if (verb === 'save') entry.setPassword(secret ?? '');
    else entry.deletePassword();
    return { id };
  } catch (error) {
    return { id, fault: (error as Error).message };
  }
}
