import { memoryLock, type Session, type SignIn } from '@deskauth/session';
import { pageLoad, sharedInPage } from './page-load.ts';
import type { PageParts } from './page-parts.ts';
import type { Tabs } from './tabs.ts';

/** What the start of a session stands on. */
export interface StartPorts extends PageParts {
  readonly session: Session;
  readonly tabs: Tabs;
  /** What stops with the session. */
  readonly stops: readonly (() => unknown)[];
}

/** The start of a session in a page that is loaded, and its end. */
export interface PageStart {
  start(answer: string | undefined): Promise<void>;
  /** Ends the session; an answer that is being exchanged is the page's, and is exchanged to the end. */
  close(): void;
}

/**
 * Creates a {@link PageStart}. Sessions of one page with the same issuer and client start one after the other: what one
 * has reached, the next one finds; what a closed one has left, the next one does.
 */
export function createStart(ports: StartPorts): PageStart {
  const { page, slot, session, kept, requests, mark, tabs, stops } = ports;
  const turns = sharedInPage(page, `turns ${slot}`, memoryLock);
  let isClosed = false;
  let landing: Promise<boolean> | undefined;

  function signInSilently(): SignIn | undefined {
    const { isAnswered, hasLeftSilently } = pageLoad(page);
    // After an answer, whatever it was, not again without the person: two servers at odds would go in circles.
    if (isAnswered || hasLeftSilently) return undefined;
    // Nor in a frame, where no server shows itself, nor in the place of a sign-in that somebody has asked for.
    if (page.parent !== page || session.pendingSignIn) return undefined;
    return session.state.status !== 'signed-in' && mark.isSet()
      ? session.signIn({ prompt: 'none' })
      : undefined;
  }

  /** False for what nobody here has asked for: a link of somebody else changes nothing. */
  async function land(answer: string): Promise<boolean> {
    const begun = await session.resumeSignIn(answer);
    if (!begun) return false;
    mark.arrive();
    await begun.finished.then(tabs.tellSignedIn, requests.giveBack);
    return true;
  }

  async function begin(answer: string | undefined): Promise<void> {
    requests.sweep();
    if (!isClosed) await tabs.catchUp();
    if (isClosed) return;
    landing = answer === undefined ? undefined : land(answer);
    const hasLanded = await landing;
    landing = undefined;
    if (!hasLanded) await signInSilently()?.finished.catch(() => {});
  }

  function end(): void {
    for (const stop of stops) stop();
    session.close();
    kept.leave();
  }

  return {
    start: (answer) => turns.hold(() => begin(answer)),
    close() {
      if (isClosed) return;
      isClosed = true;
      if (landing) void landing.then(end, end);
      else end();
    },
  };
}
