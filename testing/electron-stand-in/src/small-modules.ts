import { networkInterfaces } from 'node:os';
import type { Dialog, Net, PowerMonitor, SafeStorage } from 'electron';
import { createEmitter } from './events.ts';
import { partial, partialEmitter } from './partial.ts';
import { session } from './session.ts';

/** Electron's `dialog`: an error box is a few lines on stderr. */
export const dialog = partial<Dialog>('dialog', {
  showErrorBox(title, content) {
    console.error(`${title}\n${content}`);
  },
});

/** Electron's `safeStorage`: there is none here, and it says so. */
export const safeStorage = partial<SafeStorage>('safeStorage', {
  isEncryptionAvailable: () => false,
  isAsyncEncryptionAvailable: async () => false,
  getSelectedStorageBackend: () => 'unknown',
});

/** Electron's `net`. */
export const net = partial<Net>('net', {
  fetch: (input, init) => session.defaultSession.fetch(input, init),
  isOnline,
  get online() {
    return isOnline();
  },
});

function isOnline(): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ internal }) => !internal));
}

/** Electron's `powerMonitor`: can be listened to, and tells what {@link hearPower} hears. */
export const powerMonitor = partialEmitter<PowerMonitor>(
  'powerMonitor',
  createEmitter('powerMonitor', [
    'suspend',
    'resume',
    'shutdown',
    'lock-screen',
    'unlock-screen',
    'on-ac',
    'on-battery',
    'user-did-become-active',
    'user-did-resign-active',
    'speed-limit-change',
    'thermal-state-change',
  ]),
  {},
);

/** A test that has started the app with an `ipc` channel says what happens to the machine: `{ powerMonitor: 'suspend' }`. */
export function hearPower(): void {
  process.on('message', (message: { readonly powerMonitor?: string } | null) => {
    if (typeof message?.powerMonitor === 'string') powerMonitor.emit(message.powerMonitor as 'suspend');
  });
  process.channel?.unref();
}
