import type { EventEmitter } from 'node:events';
import type { Session, WebContents } from 'electron';
import type { WindowOpening } from './cdp-pipe.ts';
import { ask, createEmitter } from './events.ts';
import { unopenedFrame } from './frames.ts';
import { encodeValue } from './in-page/encode-value.ts';
import { receiveMessage } from './ipc-main.ts';
import { createLoader, type Loader } from './loader.ts';
import type { AskApp } from './navigation.ts';
import { type Page, type PageListeners, type PreloadMessage, preparePage } from './page.ts';
import { buildPageScripts } from './page-scripts.ts';
import { partial, partialEmitter } from './partial.ts';
import { appScheme, fromChromium } from './scheme-address.ts';
import { schemesOf } from './session.ts';
import type { PageTarget } from './targets.ts';

/** The contents of a window, and what only its window may do with them. */
export interface Contents extends Loader {
  readonly webContents: WebContents;
  readonly page: Promise<Page>;
  /** The window is gone. */
  end(): void;
}

const EVENTS = [
  'did-start-loading did-stop-loading did-finish-load did-fail-load dom-ready did-navigate did-navigate-in-page',
  'will-navigate will-redirect will-frame-navigate render-process-gone preload-error destroyed focus blur',
  // Never emitted here: there is no <webview>, and nothing else opens.
  'will-attach-webview did-attach-webview did-create-window devtools-opened devtools-closed page-title-updated',
].flatMap((line) => line.split(' '));

const all = new Map<number, WebContents>();
let lastId = 0;

/** Electron's `webContents`: those of all windows. */
export const webContents = partial<typeof Electron.WebContents>('webContents', {
  getAllWebContents: () => [...all.values()],
  fromId: (id) => all.get(id),
});

/** The contents of a window whose page is about to come. */
export function createContents(opening: Promise<PageTarget>, session: Session, preload?: string): Contents {
  const emitter = createEmitter('WebContents', EVENTS);
  const windowOpenHandler = createWindowOpenHandler();
  const scripts = buildPageScripts(preload);
  const listeners: PageListeners = {
    ask: (name, details) => askApp(emitter, name, details),
    message: (message, contextId, page) => receive(message, contextId, page),
    windowOpen: windowOpenHandler.refuse,
  };
  const page = opening.then((target) => preparePage(target, scripts, schemesOf(session), listeners));
  const loader = createLoader(page, emitter);
  const unopened = unopenedFrame();
  let opened: Page | undefined;
  page.then(
    (one) => {
      opened = one;
      reportCrashes(one, emitter);
    },
    () => {},
  );

  const receive = (message: PreloadMessage, contextId: number, from: Page) => {
    if (message.kind === 'navigate') return void goForeign(message.to, from, loader);
    if (message.kind === 'preload-error') return void emitPreloadError(emitter, preload ?? '', message);
    const reply = (answer: Parameters<Page['deliver']>[0]) => from.deliver(answer, contextId);
    receiveMessage(message, { contents, frame: () => from.frames.ofWorld(contextId), reply });
  };

  const id = ++lastId;
  const contents: WebContents = partialEmitter<WebContents>('WebContents', emitter, {
    id,
    session,
    get mainFrame() {
      return opened?.frames.main ?? unopened;
    },
    ...loader.members,
    ...windowOpenHandler.members,
    getURL: () => opened?.frames.main.url ?? '',
    send(channel, ...args) {
      const message = { kind: 'message', channel, args: encodeValue(args) } as const;
      page.then((one) => one.deliver(message)).catch(() => {});
    },
    isDestroyed: () => !all.has(id),
    // In a window with a screen, F12 opens them.
    openDevTools() {},
    closeDevTools() {},
  });
  all.set(id, contents);
  const end = () => {
    if (all.delete(id)) emitter.emit('destroyed');
  };
  return { ...loader, webContents: contents, page, end };
}

function askApp(emitter: EventEmitter, name: Parameters<AskApp>[0], details: Parameters<AskApp>[1]): boolean {
  if (name === 'will-frame-navigate') return ask(emitter, name, details);
  // Electron still passes the older arguments: url, in place, main frame, process, routing.
  const number = details.frame?.routingId ?? -1;
  return ask(emitter, name, details, details.url, false, details.isMainFrame, number, number);
}

/** A link to an app scheme in its own form is followed; one to a foreign scheme goes nowhere. */
function goForeign(address: string, page: Page, loader: Loader): void {
  if (!page.gate.allowsForeign(address) || !appScheme(address)) return;
  loader.members.loadURL(address).catch(() => {});
}

function emitPreloadError(
  emitter: EventEmitter,
  path: string,
  { message, stack }: { message: string; stack: string | undefined },
): void {
  console.error(`Unable to load preload script: ${path}\n${message}`);
  ask(emitter, 'preload-error', {}, path, Object.assign(new Error(message), { stack }));
}

function reportCrashes({ target }: Page, emitter: EventEmitter): void {
  target.session.on('Inspector.targetCrashed', () => {
    ask(emitter, 'render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
  });
}

/** The app is asked, so that it can open the address elsewhere; the window itself is never opened. */
function createWindowOpenHandler() {
  let handler: Parameters<WebContents['setWindowOpenHandler']>[0] = () => ({ action: 'allow' });
  const disposition = ({ windowFeatures }: WindowOpening) =>
    windowFeatures.some((feature) => /^(width|height|popup)/.test(feature)) ? 'new-window' : 'foreground-tab';
  return {
    members: {
      setWindowOpenHandler(next: typeof handler) {
        handler = next;
      },
    },
    refuse(opening: WindowOpening) {
      const { action } = handler({
        url: fromChromium(opening.url),
        frameName: opening.windowName === '_blank' ? '' : opening.windowName,
        features: opening.windowFeatures.join(','),
        disposition: disposition(opening),
        referrer: { url: '', policy: 'default' },
      });
      if (action === 'deny') return;
      console.error(
        `electron-stand-in: a window for ${opening.url} was not opened. Electron would open it: answer ` +
          "{action: 'deny'} in webContents.setWindowOpenHandler().",
      );
    },
  };
}
