import type { Session } from '@deskauth/session';
import { isEndedBy } from './dated-store.ts';
import type { PageStore } from './page-store.ts';
import type { SignOuts } from './sign-outs.ts';
import { openTabChannel, type TabNews } from './tab-channel.ts';

/** This tab among the others of its origin. */
export interface Tabs {
  /** Takes up what the store holds; a session that was signed out of while this page was elsewhere is ended here too. */
  catchUp(): Promise<unknown>;
  /** Says that somebody has signed in here. */
  tellSignedIn(): void;
  /** Signs out here and in all others. */
  readonly signOut: Session['signOut'];
  leave(): void;
}

/** Keeps this tab's session in step with the other tabs'. */
export function joinTabs(
  session: Session,
  { store, isShared }: PageStore,
  signOuts: SignOuts,
  slot: string,
): Tabs {
  /** The record decides, and when it began: a tab that slept hears old news, and not all need have the same worker. */
  async function hear(news: TabNews): Promise<void> {
    const record = await store.load().catch(() => undefined);
    const signOut = news.word === 'signed-out' ? Math.max(news.number, signOuts.last()) : 0;
    if (!record || isEndedBy(signOut, record)) {
      if (news.word === 'signed-out') await session.signOut();
    } else if (isShared || session.state.status === 'signed-out') await session.restore();
  }
  /** One after the other: an answer to older news must not come after that to newer. */
  let heard: Promise<void> = Promise.resolve();
  const channel = openTabChannel(`deskauth:${slot}`, (news) => {
    heard = heard.then(() => hear(news)).catch(() => {});
  });

  return {
    async catchUp() {
      const own = isShared ? undefined : await store.load().catch(() => undefined);
      await (own && isEndedBy(signOuts.last(), own) ? session.signOut() : session.restore());
    },
    tellSignedIn: () => channel.tell({ word: 'signed-in' }),
    async signOut(...options) {
      const news = { word: 'signed-out', number: signOuts.add() } as const;
      const ended = session.signOut(...options);
      // At once, because this tab may be closed in the next moment; and again when a refresh that was under way in
      // another tab, and what it saved, is gone: the engine waits for that, and not for ever.
      channel.tell(news);
      await ended;
      channel.tell(news);
    },
    leave: () => channel.close(),
  };
}
