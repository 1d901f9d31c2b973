import { mkdirSync } from 'node:fs';
import type { App, CommandLine } from 'electron';
import { appEvents } from './app-events.ts';
import { appPath, changePath } from './app-paths.ts';
import { ask } from './events.ts';
import { chromiumSwitches, exit, isReady, quit, start, whenReady } from './lifecycle.ts';
import { manifest } from './manifest.ts';
import { partial, partialEmitter } from './partial.ts';
import { isDefault, removeAsDefault, setAsDefault } from './protocol-client.ts';
import { hasLock, releaseLock, takeLock } from './single-instance.ts';
import { openWindows } from './window-list.ts';

let name: string | undefined;
const appName = () => name ?? manifest().name;

const commandLine = partial<CommandLine>('commandLine', {
  appendSwitch(key, value = '') {
    chromiumSwitches.set(key.toLowerCase(), value);
  },
  hasSwitch: (key) => chromiumSwitches.has(key.toLowerCase()),
  getSwitchValue: (key) => chromiumSwitches.get(key.toLowerCase()) ?? '',
  removeSwitch(key) {
    chromiumSwitches.delete(key.toLowerCase());
  },
});

const members = {
  commandLine,
  isPackaged: !process.defaultApp,
  whenReady,
  isReady,
  quit: () => quit(),
  exit,
  getName: appName,
  setName(next) {
    name = next;
  },
  getVersion: () => manifest().version,
  getAppPath: () => manifest().folder,
  getPath: (which) => {
    const path = appPath(which, appName());
    // Chromium has made this one by the time an app asks.
    if (which === 'userData') mkdirSync(path, { recursive: true });
    return path;
  },
  setPath: changePath,
  getLocale: () => Intl.DateTimeFormat().resolvedOptions().locale,
  getSystemLocale: () => Intl.DateTimeFormat().resolvedOptions().locale,
  focus() {
    openWindows().at(-1)?.focus();
  },
  requestSingleInstanceLock: (additionalData) =>
    takeLock(appPath('userData', appName()), additionalData, async (second) => {
      await whenReady();
      const { argv, workingDirectory, additionalData = null } = second;
      ask(appEvents, 'second-instance', {}, argv, workingDirectory, additionalData);
    }),
  releaseSingleInstanceLock: releaseLock,
  hasSingleInstanceLock: hasLock,
  setAsDefaultProtocolClient: (scheme, _program, args) => setAsDefault(scheme, args),
  removeAsDefaultProtocolClient: (scheme) => removeAsDefault(scheme),
  isDefaultProtocolClient: (scheme) => isDefault(scheme),
  // Nothing to do: Chromium's processes are sandboxed, and Windows' task bar is not here.
  enableSandbox() {},
  setAppUserModelId() {},
} satisfies Partial<App>;

/** Electron's `app`. */
export const app: App = partialEmitter<App>('app', appEvents, members);

/** Whoever waits for `ready` by an event starts the app too. */
appEvents.on('newListener', (event) => {
  if (event === 'ready') start();
});
