import type { CdpSession, WindowOpening } from './cdp-pipe.ts';
import { type Frames, followFrames } from './frames.ts';
import { holdRequests } from './held-requests.ts';
import type { Incoming, Outgoing } from './in-page/ipc-renderer.ts';
import { type AskApp, createNavigationGate, type NavigationGate } from './navigation.ts';
import type { PageScripts } from './page-scripts.ts';
import type { SchemeHandlers } from './protocol.ts';
import type { PageTarget } from './targets.ts';

/** A message from the preload's world, with the address that it was sent from. */
export type PreloadMessage = Outgoing & { readonly url: string };

/** What a page tells the app. */
export interface PageListeners {
  readonly ask: AskApp;
  readonly message: (message: PreloadMessage, contextId: number, page: Page) => void;
  readonly windowOpen: (opening: WindowOpening) => void;
}

/** The page of a window, ready to load: schemes answered, navigations asked about, preload script in place. */
export interface Page {
  readonly target: PageTarget;
  readonly frames: Frames;
  readonly gate: NavigationGate;
  /** To the preload's world of the document that is shown, or of an earlier message. */
  deliver(message: Incoming, contextId?: number): void;
}

/** Prepares a new page and lets it go. */
export async function preparePage(
  target: PageTarget,
  scripts: PageScripts,
  schemes: SchemeHandlers,
  listeners: PageListeners,
): Promise<Page> {
  const { session, id } = target;
  const frames = followFrames(session, id, scripts.worldName);
  const gate = createNavigationGate(session, id, frames, listeners.ask);
  const page: Page = {
    target,
    frames,
    gate,
    deliver(message, contextId = frames.currentWorld()) {
      if (contextId !== undefined) deliver(session, scripts.deliver, message, contextId);
    },
  };
  session.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
    if (name !== scripts.binding) return;
    const message = JSON.parse(payload) as PreloadMessage;
    frames.update(executionContextId, message.url);
    listeners.message(message, executionContextId, page);
  });
  session.on('Page.windowOpen', listeners.windowOpen);
  await Promise.all([
    session.send('Page.enable'),
    session.send('Runtime.enable'),
    holdRequests(session, schemes, gate.allows),
    holdChildren(session, schemes, page),
    session.send('Runtime.addBinding', { name: scripts.binding, executionContextName: scripts.worldName }),
    addScript(session, scripts.pageWorld),
    addScript(session, scripts.preloadWorld, scripts.worldName),
    session.send('Runtime.runIfWaitingForDebugger'),
  ]);
  return page;
}

function addScript(session: CdpSession, source: string, worldName?: string): Promise<unknown> {
  return session.send('Page.addScriptToEvaluateOnNewDocument', {
    source,
    ...(worldName ? { worldName } : {}),
  });
}

function deliver(session: CdpSession, name: string, message: Incoming, contextId: number): void {
  const expression = `globalThis[${JSON.stringify(name)}](${JSON.stringify(message)})`;
  // A document that has gone meanwhile misses the message, as in Electron.
  session.send('Runtime.evaluate', { expression, contextId }).catch(() => {});
}

/** Frames of other sites and workers are targets of their own; their requests are held like those of the page. */
async function holdChildren(session: CdpSession, schemes: SchemeHandlers, page: Page): Promise<void> {
  session.on('Target.attachedToTarget', ({ sessionId }) => {
    const child = session.session(sessionId);
    // A worker knows no frames, and any child may be gone by now.
    const ignore = () => {};
    page.frames.follow(child);
    child.send('Page.enable').catch(ignore);
    holdRequests(child, schemes, page.gate.allows).catch(ignore);
    holdChildren(child, schemes, page).catch(ignore);
    child.send('Runtime.runIfWaitingForDebugger').catch(ignore);
  });
  await session.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: true,
    flatten: true,
  });
}
