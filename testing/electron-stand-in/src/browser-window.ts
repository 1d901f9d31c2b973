import type { BrowserWindowConstructorOptions, BrowserWindow as ElectronWindow } from 'electron';
import { appEvents } from './app-events.ts';
import { ask, createEmitter } from './events.ts';
import { manifest } from './manifest.ts';
import { followTheme } from './native-theme.ts';
import { partialEmitter } from './partial.ts';
import { windowTargets } from './running-chromium.ts';
import { sessionFor } from './session.ts';
import { createContents } from './web-contents.ts';
import { checkPreferences } from './web-preferences.ts';
import { addWindow, openWindows, removeWindow, reportClosed, windowOf } from './window-list.ts';
import { createWindowState } from './window-state.ts';

const EVENTS = [
  'close closed ready-to-show show hide focus minimize restore',
  // Never emitted here: Chromium does not tell.
  'blur maximize unmaximize resize resized move moved responsive unresponsive page-title-updated session-end',
].flatMap((line) => line.split(' '));

let lastId = 0;

/** Electron's `BrowserWindow`: each is a window of Chromium without tabs or address bar. */
export const BrowserWindow = Object.assign(
  // An arrow cannot be called with `new`.
  function BrowserWindow(options?: BrowserWindowConstructorOptions) {
    return createWindow(options);
  },
  {
    getAllWindows: openWindows,
    fromWebContents: windowOf,
    fromId: (id: number) => openWindows().find((window) => window.id === id) ?? null,
  } satisfies Partial<typeof Electron.BrowserWindow>,
);

function createWindow(options: BrowserWindowConstructorOptions = {}): ElectronWindow {
  const { width = 800, height = 600, title = manifest().name, webPreferences = {}, show = true } = options;
  checkPreferences(webPreferences);
  const session = sessionFor(webPreferences);
  const look = { title, background: colour(options.backgroundColor), width, height };
  const opening = windowTargets().open(look);
  const contents = createContents(opening, session, webPreferences.preload);
  const { webContents, page } = contents;
  const emitter = createEmitter('BrowserWindow', EVENTS);
  const state = createWindowState(page, emitter, { width, height, visible: show });

  const end = () => {
    if (!removeWindow(webContents)) return;
    contents.end();
    emitter.emit('closed');
    reportClosed();
  };
  const destroy = () => {
    opening.then((target) => target.close()).catch(() => {});
    end();
  };
  contents.onFirstPage(() => emitter.emit('ready-to-show'));
  opening.then(({ session: own, closed }) => {
    followTheme(own, closed);
    // Whoever closes the window by its button is not held up: Chromium has closed it already.
    closed.then(() => {
      if (windowOf(webContents)) ask(emitter, 'close');
      end();
    });
  }, reportFailure);
  page.catch(reportFailure);

  const window = partialEmitter<ElectronWindow>('BrowserWindow', emitter, {
    ...state,
    id: ++lastId,
    webContents,
    loadURL: webContents.loadURL,
    loadFile: webContents.loadFile,
    reload: webContents.reload,
    isDestroyed: () => !windowOf(webContents),
    close() {
      if (windowOf(webContents) && ask(emitter, 'close')) destroy();
    },
    destroy,
    // There is no menu bar.
    setMenuBarVisibility() {},
    setAutoHideMenuBar() {},
    setMenu() {},
    removeMenu() {},
  });
  addWindow(webContents, window);
  ask(appEvents, 'web-contents-created', {}, webContents);
  ask(appEvents, 'browser-window-created', {}, window);
  return window;
}

/** It stands in a style, so only what a colour may consist of passes. */
function colour(value = '#fff'): string {
  return /^[#\w\s(),.%-]+$/.test(value) ? value : '#fff';
}

function reportFailure(error: unknown): void {
  if (!String(error).includes('Chromium has ended')) console.error('electron-stand-in: no window:', error);
}
