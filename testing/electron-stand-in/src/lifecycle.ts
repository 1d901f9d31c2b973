import { appEvents } from './app-events.ts';
import { ask } from './events.ts';
import { closeSchemeRegistration } from './protocol.ts';
import { startChromium, stopChromium } from './running-chromium.ts';
import { onLastWindowClosed, openWindows } from './window-list.ts';

/** The switches that the app has given to Chromium; they count until it starts. */
export const chromiumSwitches = new Map<string, string>();

const ready = Promise.withResolvers<void>();
let state: 'new' | 'starting' | 'ready' | 'quitting' | 'ended' = 'new';

onLastWindowClosed(() => {
  if (state !== 'ready') return;
  if (appEvents.listenerCount('window-all-closed') > 0) appEvents.emit('window-all-closed');
  else quit();
});

/** Starts Chromium and makes the app ready; once. The app's own first lines have run by then. */
export async function start(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (state !== 'new') return;
  state = 'starting';
  try {
    await startChromium(switchList(), endWithChromium);
  } catch (error) {
    console.error(`electron-stand-in: ${error instanceof Error ? error.message : error}`);
    process.exit(1);
  }
  if (state !== 'starting') return;
  state = 'ready';
  closeSchemeRegistration();
  ask(appEvents, 'ready', {}, {});
  ready.resolve();
}

/** Resolves when windows can be opened. Asking for it is what starts an app whose main file waits for it. */
export function whenReady(): Promise<void> {
  start();
  return ready.promise;
}

/** Whether `ready` has been. */
export function isReady(): boolean {
  return state === 'ready' || state === 'quitting';
}

/** Asks the app, then its windows, then the app again; ends unless one of them prevents it. */
export function quit(exitCode = 0): void {
  if (state === 'quitting' || state === 'ended') return;
  const before = state;
  if (!ask(appEvents, 'before-quit')) return;
  state = 'quitting';
  for (const window of openWindows()) window.close();
  if (openWindows().length > 0 || !ask(appEvents, 'will-quit')) {
    state = before;
    return;
  }
  end(exitCode);
}

/** Ends at once: windows are not asked. */
export function exit(exitCode = 0): void {
  if (state === 'ended') return;
  state = 'quitting';
  for (const window of openWindows()) window.destroy();
  end(exitCode);
}

function end(exitCode: number): void {
  state = 'ended';
  ask(appEvents, 'quit', {}, exitCode);
  // Later, so that the lines after app.quit() still run, as in Electron.
  setImmediate(async () => {
    await stopChromium();
    process.exit(exitCode);
  });
}

function endWithChromium(reason: string): void {
  if (state === 'ended') return;
  console.error(`electron-stand-in: the app ends, because ${reason}`);
  quit(1);
  if (!['ended'].includes(state)) exit(1);
}

function switchList(): string[] {
  return [...chromiumSwitches].map(([name, value]) => (value ? `${name}=${value}` : name));
}
