import type { CdpSession } from './cdp-pipe.ts';

const pages = new Set<CdpSession>();

/** Keeps a page for what concerns all of them (theme, clipboard) until it is closed. */
export function rememberPage(session: CdpSession, closed: Promise<void>): void {
  pages.add(session);
  closed.then(() => pages.delete(session));
}

/** The pages of all windows. */
export function openPages(): readonly CdpSession[] {
  return [...pages];
}
