import type { WebFrameMain } from 'electron';
import type { CdpSession, PausedRequest } from './cdp-pipe.ts';
import type { Frames } from './frames.ts';
import { fromChromium } from './scheme-address.ts';

/** Asks the app whether a frame may go somewhere. `false` when a listener has prevented it. */
export type AskApp = (
  event: 'will-navigate' | 'will-redirect' | 'will-frame-navigate',
  details: NavigationDetails,
) => boolean;

/** Where a frame is about to go. */
export interface NavigationDetails {
  readonly url: string;
  readonly isSameDocument: boolean;
  readonly isMainFrame: boolean;
  readonly frame: WebFrameMain | null;
}

/** Decides over the navigations of one page. */
export interface NavigationGate {
  /** The app itself goes there: it is not asked. */
  expect(address: string): void;
  allows(request: PausedRequest): boolean;
  /** For addresses that never become a request. */
  allowsForeign(url: string): boolean;
}

/** Whether a document may be fetched: asks the app as Electron does, for everything that it did not start. */
export function createNavigationGate(
  session: CdpSession,
  mainId: string,
  frames: Frames,
  ask: AskApp,
): NavigationGate {
  const expected = new Set<string>();
  let reloading = false;
  session.on('Page.frameStartedNavigating', ({ frameId, navigationType }) => {
    // Staying is not leaving: a reload is nobody's navigation.
    if (frameId === mainId) reloading = navigationType.startsWith('reload');
  });

  const detailsOf = (url: string, frameId: string): NavigationDetails => ({
    url,
    isSameDocument: false,
    isMainFrame: frameId === mainId,
    frame: frames.byId(frameId),
  });
  const asked = (details: NavigationDetails) =>
    ask('will-frame-navigate', details) && (!details.isMainFrame || ask('will-navigate', details));

  return {
    expect: (address) => expected.add(withoutFragment(address)),
    allows({ request, frameId, redirectedRequestId }) {
      const details = detailsOf(fromChromium(request.url), frameId);
      if (redirectedRequestId !== undefined) return ask('will-redirect', details);
      if (details.isMainFrame && (expected.delete(request.url) || reloading)) return true;
      return asked(details);
    },
    allowsForeign: (url) => asked(detailsOf(url, mainId)),
  };
}

function withoutFragment(address: string): string {
  return address.replace(/#.*$/s, '');
}
