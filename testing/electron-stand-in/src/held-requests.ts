import type { CdpSession, PausedRequest } from './cdp-pipe.ts';
import type { SchemeHandler, SchemeHandlers } from './protocol.ts';
import { appScheme, fromChromium } from './scheme-address.ts';
import { buildAnswer, buildRequest } from './scheme-request.ts';
import { BLANK_PAGE } from './targets.ts';

/** Addresses of app schemes in every frame, and every document: the rest goes to the network unseen. */
const HELD = [{ urlPattern: 'https://*.invalid/*' }, { urlPattern: '*', resourceType: 'Document' as const }];
/** Nobody's address (RFC 2606 §2): it is never asked for, not even from a proxy. */
const HOSTLESS = /^https:\/\/[^/?#]*\.invalid(?=[/?#]|$)/;

/**
 * Holds requests of a page and its frames: navigations until the app allows them, addresses of app schemes until the
 * app's handler has answered. Those never reach the network.
 */
export async function holdRequests(
  session: CdpSession,
  schemes: SchemeHandlers,
  allows: (request: PausedRequest) => boolean,
): Promise<void> {
  session.on('Fetch.requestPaused', (paused) => {
    decide(session, paused, schemes, allows).catch((error) => {
      // A page that was closed meanwhile waits for nothing any more.
      if (!/Session with given id not found|Invalid InterceptionId|has ended/.test(String(error)))
        console.error(error);
    });
  });
  await session.send('Fetch.enable', { patterns: HELD });
}

async function decide(
  session: CdpSession,
  paused: PausedRequest,
  schemes: SchemeHandlers,
  allows: (request: PausedRequest) => boolean,
): Promise<void> {
  const { requestId, request, resourceType } = paused;
  if (resourceType === 'Document' && !request.url.startsWith(BLANK_PAGE) && !allows(paused)) {
    // ERR_ABORTED: the page that is there stays.
    await session.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
    return;
  }
  const scheme = appScheme(fromChromium(request.url));
  if (!scheme && !HOSTLESS.test(request.url)) {
    await session.send('Fetch.continueRequest', { requestId });
    return;
  }
  const answer = await answerOf(paused, scheme ? schemes.handlerFor(scheme) : undefined);
  if (answer) await session.send('Fetch.fulfillRequest', answer);
  else await session.send('Fetch.failRequest', { requestId, errorReason: 'Failed' });
}

/** The handler's answer; nothing when there is no handler, or it failed (as `Response.error()`, in Electron too). */
async function answerOf(paused: PausedRequest, handler: SchemeHandler | undefined) {
  try {
    const response = await handler?.(buildRequest(paused));
    if (response && response.type !== 'error') return await buildAnswer(paused.requestId, response);
  } catch (error) {
    console.error(error);
  }
  return undefined;
}
