import type { EventEmitter } from 'node:events';
import type { Session, WebContents } from 'electron';
import { appEvents } from './app-events.ts';
import { ask, createEmitter } from './events.ts';
import { encodeValue } from './in-page/encode-value.ts';
import type { Incoming } from './in-page/ipc-renderer.ts';
import { receiveMessage } from './ipc-main.ts';
import { createLoader, type Loader } from './loader.ts';
import type { AskApp } from './navigation.ts';
import { type Page, type PreloadMessage, preparePage } from './page.ts';
import { buildPageScripts } from './page-scripts.ts';
import { partial, partialEmitter } from './partial.ts';
import { windowTargets } from './running-chromium.ts';
import { appScheme } from './scheme-address.ts';
import { schemesOf } from './session.ts';
import type { PageTarget, WindowLook } from './targets.ts';
import { createWindowOpenHandler } from './window-open.ts';

/** The contents of a window, and what only its window may do with them. */
export interface Contents {
  readonly webContents: WebContents;
  /** The window, empty. */
  readonly opening: Promise<PageTarget>;
  /** The window, ready to load pages. */
  readonly page: Promise<Page>;
  readonly onFirstPage: Loader['onFirstPage'];
  /** The window is gone. */
  end(): void;
}

const EVENTS = [
  'did-finish-load did-fail-load dom-ready did-navigate did-navigate-in-page will-navigate will-redirect',
  'will-frame-navigate render-process-gone preload-error destroyed',
  // Never emitted here: there is no <webview>, and nothing else opens.
  'will-attach-webview did-attach-webview did-create-window',
].flatMap((line) => line.split(' '));

const all = new Map<number, WebContents>();
let lastId = 0;

/** Electron's `webContents`: those of all windows. */
export const webContents = partial<typeof Electron.WebContents>('webContents', {
  getAllWebContents: () => [...all.values()],
  fromId: (id) => all.get(id),
});

/** Opens a window for new contents. @throws Error when the preload script cannot be read */
export function createContents(look: WindowLook, session: Session, preload = ''): Contents {
  const id = ++lastId;
  const emitter = createEmitter('WebContents', EVENTS);
  const windowOpen = createWindowOpenHandler();
  const scripts = buildPageScripts(preload);
  const opening = windowTargets().open(look);
  let opened: Page | undefined;
  const page = opening.then(async (target) => {
    opened = await preparePage(target, scripts, schemesOf(session), {
      ask: (name, details) => askApp(emitter, name, details),
      windowOpen: windowOpen.refuse,
      message: (message, contextId, from) => receive(message, contextId, from),
    });
    reportCrashes(opened, emitter, contents);
    return opened;
  });
  const loader = createLoader(page, emitter);
  const contents = partialEmitter<WebContents>('WebContents', emitter, {
    id,
    session,
    ...loader.members,
    get mainFrame() {
      if (!opened) throw new Error('The window has no frame yet: its page is still being opened.');
      return opened.frames.main;
    },
    getURL: () => opened?.frames.main.url ?? '',
    send(channel, ...args) {
      const message = { kind: 'message', channel, args: encodeValue(args) } as const;
      page.then((one) => one.deliver(message)).catch(() => {});
    },
    setWindowOpenHandler: windowOpen.set,
    isDestroyed: () => !all.has(id),
    // In a window with a screen, F12 opens them.
    openDevTools() {},
    closeDevTools() {},
  });
  const receive = (message: PreloadMessage, contextId: number, from: Page) => {
    if (message.kind === 'navigate') return goForeign(message.to, from, contents);
    if (message.kind === 'preload-error') return reportPreloadError(emitter, preload, message);
    const reply = (answer: Incoming) => from.deliver(answer, contextId);
    receiveMessage(message, { contents, frame: () => from.frames.ofWorld(contextId), reply });
  };
  all.set(id, contents);
  return {
    webContents: contents,
    opening,
    page,
    onFirstPage: loader.onFirstPage,
    end() {
      all.delete(id);
      emitter.emit('destroyed');
    },
  };
}

function askApp(emitter: EventEmitter, name: Parameters<AskApp>[0], details: Parameters<AskApp>[1]): boolean {
  if (name === 'will-frame-navigate') return ask(emitter, name, details);
  // Electron still passes the older arguments: url, in place, main frame, process, routing.
  const number = details.frame?.routingId ?? -1;
  return ask(emitter, name, details, details.url, false, details.isMainFrame, number, number);
}

/** A link to an app scheme in its own form is followed; one to a foreign scheme goes nowhere. */
function goForeign(address: string, page: Page, contents: WebContents): void {
  if (page.gate.allowsForeign(address) && appScheme(address)) contents.loadURL(address).catch(() => {});
}

function reportPreloadError(
  emitter: EventEmitter,
  path: string,
  { message, stack }: Extract<PreloadMessage, { kind: 'preload-error' }>,
): void {
  console.error(`Unable to load preload script: ${path}\n${message}`);
  ask(emitter, 'preload-error', {}, path, Object.assign(new Error(message), { stack }));
}

function reportCrashes({ target }: Page, emitter: EventEmitter, contents: WebContents): void {
  target.session.on('Inspector.targetCrashed', () => {
    const details = { reason: 'crashed', exitCode: 1 };
    ask(emitter, 'render-process-gone', {}, details);
    ask(appEvents, 'render-process-gone', {}, contents, details);
  });
}
