import { memoryLock, type Session, type SignIn, type SignInOptions } from '@deskauth/session';
import type { Page } from './page.ts';
import { pageLoad, sharedInPage } from './page-load.ts';
import type { PageStore } from './page-store.ts';
import type { PageRequests } from './pending-requests.ts';
import type { SignedInMark } from './signed-in-mark.ts';
import type { Tabs } from './tabs.ts';

/** What the start of a session stands on. */
export interface StartPorts {
  readonly page: Page;
  readonly slot: string;
  readonly session: Session;
  readonly kept: PageStore;
  readonly requests: PageRequests;
  readonly mark: SignedInMark;
  readonly tabs: Tabs;
  readonly signIn: (options: SignInOptions) => SignIn;
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
  const { page, slot, session, kept, requests, mark, tabs, signIn } = ports;
  const turns = sharedInPage(page, `turns ${slot}`, memoryLock);
  let isClosed = false;
  let landing: Promise<unknown> | undefined;

  function signInSilently(): SignIn | undefined {
    const { isAnswered, hasLeftSilently } = pageLoad(page);
    // After an answer, whatever it was, not again without the person: two servers at odds would go in circles.
    if (isAnswered || hasLeftSilently) return undefined;
    return session.state.status !== 'signed-in' && mark.isSet() ? signIn({ prompt: 'none' }) : undefined;
  }

  async function land(answer: string): Promise<SignIn | undefined> {
    const begun = await session.resumeSignIn(answer);
    if (begun) mark.arrive();
    landing = begun?.finished.catch(requests.giveBack);
    return begun;
  }

  async function begin(answer: string | undefined): Promise<void> {
    requests.sweep();
    if (!isClosed) await tabs.catchUp();
    if (isClosed) return;
    // What nobody here has asked for is no answer: a link of somebody else changes nothing.
    const begun = (answer !== undefined && (await land(answer))) || signInSilently();
    await begun?.finished.then(tabs.tellSignedIn, () => {});
  }

  function end(): void {
    session.close();
    kept.leave();
  }

  return {
    start: (answer) => turns.hold(() => begin(answer)),
    close() {
      if (isClosed) return;
      isClosed = true;
      if (landing) void landing.then(end);
      else end();
    },
  };
}
