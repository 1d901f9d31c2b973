import type { EventEmitter } from 'node:events';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { WebContents } from 'electron';
import { ask } from './events.ts';
import { manifest } from './manifest.ts';
import type { Page } from './page.ts';
import { fromChromium, toChromium } from './scheme-address.ts';
import { BLANK_PAGE } from './targets.ts';

/** Loads pages into a window, and tells by Electron's events how that goes. */
export interface Loader {
  readonly members: Pick<WebContents, 'loadURL' | 'loadFile' | 'reload'>;
  /** Runs once, when the first page is there to be shown. */
  onFirstPage(run: () => void): void;
}

/** Chromium's numbers for what its protocol tells by name; -2 is `ERR_FAILED`. */
const ERROR_NUMBERS: Readonly<Record<string, number>> = {
  ERR_ABORTED: -3,
  ERR_FILE_NOT_FOUND: -6,
  ERR_CONNECTION_REFUSED: -102,
  ERR_NAME_NOT_RESOLVED: -105,
  ERR_INTERNET_DISCONNECTED: -106,
  ERR_UNKNOWN_URL_SCHEME: -302,
};
const LOADABLE = /^(https?|file|data|about|blob):/;

/** @param emitter that of the contents */
export function createLoader(page: Promise<Page>, emitter: EventEmitter): Loader {
  let showFirstPage = () => {};
  const onLoaded = () => {
    showFirstPage();
    showFirstPage = () => {};
    emitter.emit('did-finish-load');
  };
  page.then(
    (opened) => reportLoading(opened, emitter, onLoaded),
    () => {},
  );

  const loadURL = async (address: string): Promise<void> => {
    const { target, gate } = await page;
    const url = toChromium(new URL(address).href);
    // Chromium would ask the system for a program.
    if (!LOADABLE.test(url)) throw loadError('ERR_UNKNOWN_URL_SCHEME', address, emitter);
    const loaded = new Promise<void>((done) => emitter.once('did-finish-load', done));
    gate.expect(url);
    const { errorText } = await target.session.send('Page.navigate', { url });
    if (errorText) throw loadError(errorText, address, emitter);
    await loaded;
  };
  return {
    members: {
      loadURL,
      loadFile: (path) => loadURL(pathToFileURL(resolve(manifest().folder, path)).href),
      reload() {
        page.then(({ target }) => target.session.send('Page.reload')).catch(() => {});
      },
    },
    onFirstPage(run) {
      showFirstPage = run;
    },
  };
}

function loadError(errorText: string, url: string, emitter: EventEmitter): Error {
  const code = errorText.replace('net::', '');
  const errno = ERROR_NUMBERS[code] ?? -2;
  ask(emitter, 'did-fail-load', {}, errno, code, url, true, 0, 0);
  return Object.assign(new Error(`${code} (${errno}) loading '${url}'`), { code, errno, url });
}

/** The empty page that a window starts with is not told of, and cannot be gone back to. */
function reportLoading({ target }: Page, emitter: EventEmitter, onLoaded: () => void): void {
  const { session, id } = target;
  let begun = false;
  session.on('Page.frameNavigated', ({ frame }) => {
    if (frame.id !== id || frame.url.startsWith(BLANK_PAGE) || frame.unreachableUrl) return;
    if (!begun) session.send('Page.resetNavigationHistory').catch(() => {});
    begun = true;
    ask(emitter, 'did-navigate', {}, fromChromium(frame.url), 200, 'OK');
  });
  session.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
    if (begun) ask(emitter, 'did-navigate-in-page', {}, fromChromium(url), frameId === id, 0, 0);
  });
  session.on('Page.domContentEventFired', () => {
    if (begun) ask(emitter, 'dom-ready');
  });
  session.on('Page.loadEventFired', () => {
    if (begun) onLoaded();
  });
}
