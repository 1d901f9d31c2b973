import * as client from 'openid-client';
import { type AccessRequest, tokenFor } from './access-token.ts';
import type { AuthorizationServer } from './discovery.ts';
import { AuthError } from './errors.ts';
import { verifyIdToken } from './id-token.ts';
import { toAuthError } from './protocol-errors.ts';
import { judgeAnswer, type RefreshAnswer, watchAnswer } from './refresh-answer.ts';
import type { ServerClock } from './server-clock.ts';
import type { SessionRecord } from './session-record.ts';
import { prepareTokenRequest, type TokenRequestPorts } from './token-request.ts';
import { buildTokenSet } from './token-set.ts';

/** What a refresh request stands on. */
export interface RefreshRequestPorts extends TokenRequestPorts {
  readonly serverClock: Pick<ServerClock, 'skewSeconds'>;
  /** Gives back to the server a refresh token that came when nobody wanted it any more. */
  readonly giveBack: (refreshToken: string | undefined) => void;
}

/**
 * A refresh request that is ready; each call sends it.
 * @throws the signal's reason at once when it aborts: sign-out waits for no server
 */
export type SendRefresh = (signal: AbortSignal) => Promise<RefreshAnswer>;

/**
 * Prepares the request that spends this record's refresh token (RFC 6749 §6), for the usual access token or another.
 * @throws AuthError `AUTH_SETTINGS_INVALID` from the app's hook: nothing has been sent
 */
export async function prepareRefresh(
  server: AuthorizationServer,
  stored: SessionRecord,
  access: AccessRequest,
  ports: RefreshRequestPorts,
): Promise<SendRefresh> {
  const { refreshToken = '' } = stored.tokens;
  const { parameters } = await prepareTokenRequest(server, 'refresh_token', ports);
  parameters.delete('resource');
  for (const resource of access.resource) parameters.append('resource', resource);
  if (access.scope !== undefined) parameters.set('scope', access.scope);
  const proof = await ports.dpop.optionsFor(stored.tokens.dpopKey);
  const answered = watchAnswer(server);
  const send = async (): Promise<RefreshAnswer> => {
    try {
      const response = await client.refreshTokenGrant(server, refreshToken, parameters, proof);
      const scope = access.scope ?? tokenFor(stored, access)?.scope ?? stored.tokens.scope;
      const tokens = buildTokenSet(response, ports.clock.now(), { ...stored.tokens, scope });
      await verifyRenewal(response, stored, ports);
      return { kind: 'tokens', tokens };
    } catch (error) {
      const { refreshRefusals, clientSecret } = ports.settings;
      const secrets = [refreshToken, clientSecret];
      return judgeAnswer(toAuthError(error, 'refresh', secrets), await answered(), refreshRefusals);
    }
  };
  return async (signal) => {
    signal.throwIfAborted();
    return whileWanted(send(), signal, ports);
  };
}

/** What still comes after the signal is given back. */
function whileWanted(
  sent: Promise<RefreshAnswer>,
  signal: AbortSignal,
  { giveBack }: RefreshRequestPorts,
): Promise<RefreshAnswer> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    sent.then((answer) => {
      signal.removeEventListener('abort', stop);
      if (signal.aborted && answer.kind === 'tokens') giveBack(answer.tokens.refreshToken);
      resolve(answer);
    }, reject);
  });
}

type Response = Awaited<ReturnType<typeof client.refreshTokenGrant>>;

/** A refreshed ID token names the same issuer and subject (OIDC Core §12.2) and is otherwise as good as the first. */
async function verifyRenewal(
  response: Response,
  stored: SessionRecord,
  ports: RefreshRequestPorts,
): Promise<void> {
  const claims = response.claims();
  if (!claims || !response.id_token) return;
  if (claims.iss !== stored.user.issuer || claims.sub !== stored.user.sub)
    throw new AuthError('AUTH_SUBJECT_CHANGED', 'The sign-in server renewed the session for another person.');
  const { clientId, otherAudiences } = ports.settings;
  await verifyIdToken(response.id_token, claims, {
    ...{ clientId, otherAudiences, isFresh: false },
    accessToken: response.access_token,
    now: ports.clock.now() + ports.serverClock.skewSeconds,
  });
}
