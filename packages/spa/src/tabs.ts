import type { Session } from '@deskauth/session';
import { isEndedBy } from './dated-store.ts';
import type { PageParts } from './page-parts.ts';
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
  { kept: { store, isShared }, signOuts, slot }: Pick<PageParts, 'kept' | 'signOuts' | 'slot'>,
): Tabs {
  /** Up to this one, sign-outs are old news: a sign-in that has begun since goes on. */
  let known = signOuts.last();

  /** The record decides, and when it began: a tab that slept hears old news, and not all need have the same worker. */
  async function hear(news: TabNews): Promise<void> {
    const number = news.word === 'signed-out' ? news.number : 0;
    const record = await store.load().catch(() => undefined);
    const isEnded = record ? isEndedBy(Math.max(number, signOuts.last()), record) : number > known;
    known = Math.max(number, known);
    if (isEnded) await session.signOut();
    else if (isShared || session.state.status === 'signed-out') await session.restore();
  }
  /** One after the other: an answer to older news must not come after that to newer. */
  let heard: Promise<void> = Promise.resolve();
  const channel = openTabChannel(`deskauth:${slot}`, (news) => {
    heard = heard.then(() => hear(news)).catch(() => {});
  });

  return {
    async catchUp() {
      known = signOuts.last();
      const record = await store.load().catch(() => undefined);
      await (record && isEndedBy(known, record) ? session.signOut() : session.restore());
    },
    tellSignedIn: () => channel.tell({ word: 'signed-in' }),
    async signOut(...options) {
      known = signOuts.add();
      const news = { word: 'signed-out', number: known } as const;
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
