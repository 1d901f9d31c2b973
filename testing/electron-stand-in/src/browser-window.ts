import type { BrowserWindowConstructorOptions, BrowserWindow as ElectronWindow } from 'electron';
import { appEvents } from './app-events.ts';
import { ask, createEmitter } from './events.ts';
import { manifest } from './manifest.ts';
import { applyTheme } from './native-theme.ts';
import { rememberPage } from './open-pages.ts';
import { partialEmitter } from './partial.ts';
import { sessionFor } from './session.ts';
import type { PageTarget, WindowLook } from './targets.ts';
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
  const { webPreferences = {}, show = true } = options;
  checkPreferences(webPreferences);
  const session = sessionFor(webPreferences);
  const look = lookOf(options);
  const contents = createContents(look, session, webPreferences.preload);
  const { webContents, opening, page, onFirstPage } = contents;
  const emitter = createEmitter('BrowserWindow', EVENTS);
  const isOpen = () => windowOf(webContents) !== null;

  const forget = () => {
    if (!removeWindow(webContents)) return;
    contents.end();
    emitter.emit('closed');
    reportClosed();
  };
  const destroy = () => {
    opening.then((target) => target.close()).catch(() => {});
    forget();
  };
  const window = partialEmitter<ElectronWindow>('BrowserWindow', emitter, {
    id: ++lastId,
    webContents,
    loadURL: webContents.loadURL,
    loadFile: webContents.loadFile,
    reload: webContents.reload,
    ...createWindowState(page, emitter, { ...look, visible: show }),
    isDestroyed: () => !isOpen(),
    destroy,
    close() {
      if (isOpen() && ask(emitter, 'close')) destroy();
    },
    // There is no menu bar.
    setMenuBarVisibility() {},
    setAutoHideMenuBar() {},
    setMenu() {},
    removeMenu() {},
  });
  addWindow(webContents, window);
  onFirstPage(() => emitter.emit('ready-to-show'));
  page.then(({ target }) => follow(target), reportFailure);
  opening.then(async ({ closed }) => {
    await closed;
    // Whoever closes the window by its button is not held up: it is closed already.
    if (isOpen()) ask(emitter, 'close');
    forget();
  }, forget);
  ask(appEvents, 'web-contents-created', {}, webContents);
  ask(appEvents, 'browser-window-created', {}, window);
  return window;
}

function follow({ session, closed }: PageTarget): void {
  rememberPage(session, closed);
  applyTheme(session);
}

function lookOf(options: BrowserWindowConstructorOptions): WindowLook {
  const { width = 800, height = 600, title = manifest().name, backgroundColor = '#fff' } = options;
  // The colour stands in a style, so only what a colour may consist of passes.
  const background = /^[#\w\s(),.%-]+$/.test(backgroundColor) ? backgroundColor : '#fff';
  return { title, background, width, height };
}

function reportFailure(error: unknown): void {
  if (!String(error).includes('Chromium has ended')) console.error('electron-stand-in: no window:', error);
}
