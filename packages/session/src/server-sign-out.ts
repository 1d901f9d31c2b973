import * as client from 'openid-client';
import type { AuthorizationServer } from './discovery.ts';
import type { BrowserLauncher, Clock, OpenRedirect, RedirectListener } from './ports.ts';
import type { CheckedSettings } from './settings.ts';
import type { ServerSignOut } from './state.ts';

/** What a sign-out at the server stands on. */
export interface ServerSignOutPorts {
  readonly settings: CheckedSettings;
  readonly discover: () => Promise<AuthorizationServer>;
  readonly redirect: RedirectListener;
  readonly browser: BrowserLauncher;
  readonly clock: Clock;
}

/** A person may close the tab, and some servers do not send the browser back. */
const TIME_LIMIT_SECONDS = 120;

/**
 * Ends the person's session at the authorization server, in the browser (OpenID Connect RP-Initiated Logout 1.0).
 * Never throws: the session here has ended before.
 * @param signal aborts when nobody waits for it any more, such as at the next sign-in
 */
export async function signOutAtServer(
  idToken: string | undefined,
  signal: AbortSignal,
  ports: ServerSignOutPorts,
): Promise<ServerSignOut['session']> {
  // Without a redirect the browser can still be sent there; it stays there.
  const redirect = await ports.redirect.open(signal).catch(() => undefined);
  try {
    const state = client.randomState();
    const server = await ports.discover();
    const url = buildSignOutUrl(server, ports.settings, {
      state,
      idToken,
      redirectUri: redirect?.redirectUri,
    });
    if (url === undefined || signal.aborted) return 'kept';
    await ports.browser.open(url);
    const isBack =
      redirect && (await untilBack(redirect, expectedState(ports.settings, state), signal, ports.clock));
    return isBack ? 'ended' : 'unconfirmed';
  } catch {
    return 'kept';
  } finally {
    await redirect?.close();
  }
}

interface SignOutRequest {
  readonly state: string;
  readonly idToken: string | undefined;
  readonly redirectUri: string | undefined;
}

/** The address for the browser; undefined where the server has no such thing. */
export function buildSignOutUrl(
  server: AuthorizationServer,
  { signOutRequest, clientId }: CheckedSettings,
  { state, idToken, redirectUri }: SignOutRequest,
): string | undefined {
  if (signOutRequest) {
    const values: Record<string, string | undefined> = { clientId, redirectUri, state, idToken };
    const url = new URL(signOutRequest.address);
    for (const [name, text] of Object.entries(signOutRequest.parameters ?? {}))
      url.searchParams.set(
        name,
        text.replace(/\{(\w+)\}/g, (_all, key: string) => values[key] ?? ''),
      );
    return url.href;
  }
  if (server.serverMetadata().end_session_endpoint === undefined) return undefined;
  const parameters = {
    ...(idToken !== undefined && { id_token_hint: idToken }),
    ...(redirectUri !== undefined && { post_logout_redirect_uri: redirectUri, state }),
  };
  return client.buildEndSessionUrl(server, parameters).href;
}

/** A dialect that carries no state gets none back. */
function expectedState({ signOutRequest }: CheckedSettings, state: string): string | undefined {
  const carries = Object.values(signOutRequest?.parameters ?? {}).some((text) => text.includes('{state}'));
  return signOutRequest && !carries ? undefined : state;
}

/** Waits for the browser with our state; whoever else comes is told that we know nothing of it. */
async function untilBack(
  redirect: OpenRedirect,
  state: string | undefined,
  signal: AbortSignal,
  clock: Clock,
): Promise<boolean> {
  const enough = new AbortController();
  const stop = () => enough.abort();
  const cancel = clock.after(TIME_LIMIT_SECONDS, stop);
  signal.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      const answer = await redirect.next(enough.signal);
      const isOurs = state === undefined || new URL(answer.url).searchParams.get('state') === state;
      answer.finish({ kind: isOurs ? 'signed-out' : 'unknown' });
      if (isOurs) return true;
    }
  } catch {
    return false;
  } finally {
    cancel();
    signal.removeEventListener('abort', stop);
  }
}
