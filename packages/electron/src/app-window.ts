import type { Session } from '@deskauth/session';
import { app, BrowserWindow, type BrowserWindowConstructorOptions, type WebContents } from 'electron';
import { APP_ORIGIN, isOwnPage } from './app-origin.ts';
import { appStorage } from './app-scheme.ts';

/** A window's options without those that decide about its safety: they are not the app's to loosen. */
export interface AppWindowOptions extends Omit<BrowserWindowConstructorOptions, 'webPreferences'> {
  /** The preload that calls `exposeDeskauth()`: one CommonJS file, by absolute path. */
  readonly preload: string;
}

/** A window that crashes more often than this, in seconds, is left alone. */
const CRASH_INTERVAL_SECONDS = 10;

/**
 * Creates a window that shows the app's page: isolated, sandboxed, bound to the app's origin, without new windows,
 * web views, permissions, and, once packaged, without developer tools. It appears once it has something to show; with
 * `show: false` when the app shows it.
 */
export function createAppWindow({ preload, ...options }: AppWindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    width: 1120,
    height: 760,
    minWidth: 480,
    minHeight: 480,
    autoHideMenuBar: true,
    ...options,
    show: false,
    webPreferences: {
      preload,
      session: appStorage(),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      devTools: !app.isPackaged,
    },
  });
  keepAtHome(window.webContents);
  reloadAfterCrash(window.webContents);
  const show = () => {
    if (options.show !== false && !window.isDestroyed()) window.show();
  };
  window.once('ready-to-show', show);
  // Also with the page of an error in it, but not where the person has closed it meanwhile.
  window.loadURL(`${APP_ORIGIN}/`).catch(show);
  return window;
}

/**
 * Brings the window to the front when a sign-in has succeeded, for a person who is still in the browser. A session
 * that is renewed by itself disturbs nobody.
 * @returns what ends that; it ends with the window, too
 */
export function returnAfterSignIn(session: Session, window: BrowserWindow): () => void {
  let before = session.state;
  const stop = session.onChange((state) => {
    if (before.status === 'signing-in' && state.status === 'signed-in' && state.reason === 'fresh')
      bringToFront(window);
    before = state;
  });
  window.once('closed', stop);
  return stop;
}

/** Brings a window to the front of everything, for a person who comes from elsewhere. */
export function bringToFront(window: BrowserWindow): void {
  if (window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
  app.focus({ steal: true });
}

/** Whatever a page tries, the window stays at the app's own pages and stays the only one. */
function keepAtHome(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (!isOwnPage(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isOwnPage(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** The session lives in the main process, so that a page that crashed finds it as it was. */
function reloadAfterCrash(contents: WebContents): void {
  let crashedAt = 0;
  contents.on('render-process-gone', (_event, { reason }) => {
    const now = Date.now() / 1000;
    const isFirst = now - crashedAt > CRASH_INTERVAL_SECONDS;
    crashedAt = now;
    if (reason !== 'clean-exit' && isFirst) contents.reload();
  });
}
