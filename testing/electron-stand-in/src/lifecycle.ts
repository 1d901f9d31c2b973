import { appEvents } from './app-events.ts';
import { ask } from './events.ts';
import { closeSchemeRegistration } from './protocol.ts';
import { startChromium, stopChromium } from './running-chromium.ts';
import { onLastWindowClosed, openWindows } from './window-list.ts';

/** The switches that the app has given to Chromium; they count until it starts. */
export const chromiumSwitches = new Map<string, string>();

type State = 'new' | 'starting' | 'ready' | 'quitting' | 'ended';

const ready = Promise.withResolvers<void>();
let state: State = 'new';
/** The compiler does not know that `state` may change during an `await` or a listener. */
const is = (...states: State[]) => states.includes(state);

onLastWindowClosed(() => {
  if (!is('ready')) return;
  if (appEvents.listenerCount('window-all-closed') > 0) appEvents.emit('window-all-closed');
  else quit();
});

/** Starts Chromium and makes the app ready; once. The app's own first lines have run by then. */
export async function start(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (!is('new')) return;
  state = 'starting';
  try {
    const switches = [...chromiumSwitches].map(([name, value]) => (value ? `${name}=${value}` : name));
    await startChromium(switches, endWithChromium);
  } catch (error) {
    if (is('starting')) failToStart(error);
  }
  // The app may have quit meanwhile.
  if (!is('starting')) return;
  state = 'ready';
  closeSchemeRegistration();
  ask(appEvents, 'ready', {}, {});
  ready.resolve();
}

function failToStart(error: unknown): never {
  console.error(`electron-stand-in: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}

/** Resolves when windows can be opened. Asking for it is what starts an app whose main file waits for it. */
export function whenReady(): Promise<void> {
  start();
  return ready.promise;
}

/** Whether `ready` has been. */
export function isReady(): boolean {
  return is('ready', 'quitting');
}

/** Asks the app, then its windows, then the app again; ends unless one of them prevents it. */
export function quit(exitCode = 0): void {
  if (is('quitting', 'ended')) return;
  const before = state;
  if (!ask(appEvents, 'before-quit')) return;
  state = 'quitting';
  for (const window of openWindows()) window.close();
  if (openWindows().length === 0 && ask(appEvents, 'will-quit')) end(exitCode);
  else state = before;
}

/** Ends at once: windows are not asked. */
export function exit(exitCode = 0): void {
  if (is('ended')) return;
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

/** There is nothing to go on with, whatever the app says to `before-quit`. */
function endWithChromium(reason: string): void {
  if (is('ended')) return;
  console.error(`electron-stand-in: the app ends, because ${reason}`);
  quit(1);
  exit(1);
}
