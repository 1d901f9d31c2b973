import type { CheckedSettings } from './checked-settings.ts';
import { type CompactToken, parseCompactToken } from './compact.ts';
import { ApiError, toApiError } from './errors.ts';
import type { KeySource } from './keys.ts';
import { RemoteFault } from './remote-json.ts';
import { createMemoryReplayStore } from './replay-store.ts';
import type { Revocation } from './revocations.ts';
import { verifySignature } from './signature.ts';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/** Logout tokens live for two minutes; older ones are replays. */
const MAX_AGE_SECONDS = 120;

/** What a logout token says, and when by the clock of the authorization server, in seconds since the epoch. */
export interface SignedOut {
  readonly revocation: Revocation;
  readonly at: number;
}

/** What happens between the servers when a person signs out elsewhere. */
export type LogoutTokenCheck = (text: string) => Promise<SignedOut>;

/**
 * Checks logout tokens of the authorization server.
 * @param clientId what they have as `aud`
 * @see OpenID Connect Back-Channel Logout 1.0 §2.4 and §2.6
 */
export function createLogoutTokenCheck(
  keys: KeySource,
  clientId: string,
  settings: CheckedSettings,
): LogoutTokenCheck {
  const { clock, clockToleranceSeconds: tolerance } = settings;
  const windowSeconds = MAX_AGE_SECONDS + 2 * tolerance;
  // All of them are of one issuer, whose share is everything.
  const maxProofs = 200_000;
  const used = createMemoryReplayStore({ windowSeconds, maxProofs, maxProofsPerKey: maxProofs });
  /** A store that is full is our fault, and the server may say it again. */
  const isFirst = async (jti: string) => {
    try {
      return await used.claim(settings.issuer, jti, windowSeconds);
    } catch (error) {
      const { message } = error as Error;
      throw new ApiError('API_CHECK_UNAVAILABLE', `Replays cannot be seen: ${message}`, {
        retryAfterSeconds: 60,
      });
    }
  };

  /** @throws ApiError `API_LOGOUT_TOKEN_INVALID`, or `API_CHECK_UNAVAILABLE` when the keys cannot be had */
  return async (text) => {
    if (typeof text !== 'string') throw refuse('there is none in the form');
    if (text.length > settings.maxTokenLength) throw refuse('it is too long');
    try {
      const token = parseCompactToken(text);
      checkHeader(token, settings);
      verifySignature(token, await keys.find(token));
      checkClaims(token.payload, clientId, settings);
      const { iat, exp, sub, sid, jti } = token.payload;
      checkTimes(iat, exp, clock(), tolerance);
      if (typeof jti !== 'string' || jti === '' || !(await isFirst(jti)))
        throw refuse('its jti is missing or used');
      const revocation = {
        ...(typeof sub === 'string' && { subject: sub }),
        ...(typeof sid === 'string' && { sessionId: sid }),
      };
      return { revocation, at: Number(iat) };
    } catch (error) {
      if (error instanceof RemoteFault)
        throw new ApiError('API_CHECK_UNAVAILABLE', error.message, { retryAfterSeconds: 5 });
      const { code, reason } = toApiError(error);
      const isClear = code === 'API_LOGOUT_TOKEN_INVALID' || code === 'API_CHECK_UNAVAILABLE';
      throw isClear ? error : refuse(reason);
    }
  };
}

function checkHeader({ header: { alg, typ, crit } }: CompactToken, { algorithms }: CheckedSettings): void {
  if (crit !== undefined) throw refuse('it has extensions');
  if (!algorithms.some((algorithm) => algorithm === alg)) throw refuse('its algorithm is not accepted');
  if (typ !== undefined && !(typeof typ === 'string' && /^(application\/)?(logout\+)?jwt$/i.test(typ)))
    throw refuse('its type is another');
}

function checkClaims(payload: CompactToken['payload'], clientId: string, { issuer }: CheckedSettings): void {
  const { iss, aud, events, sub, sid } = payload;
  if (iss !== issuer) throw refuse('its issuer is another');
  if (![aud].flat().includes(clientId)) throw refuse('its audience is another');
  const event = (events as Record<string, unknown> | undefined)?.[EVENT];
  if (typeof event !== 'object' || event === null) throw refuse('it is not about a sign-out');
  if ('nonce' in payload) throw refuse('it has a nonce, like an ID token');
  if (typeof sub !== 'string' && typeof sid !== 'string')
    throw refuse('it names neither a user nor a session');
}

function checkTimes(iat: unknown, exp: unknown, now: number, tolerance: number): void {
  if (typeof iat !== 'number' || iat > now + tolerance || iat < now - MAX_AGE_SECONDS - tolerance)
    throw refuse('it was not issued just now');
  if (exp !== undefined && (typeof exp !== 'number' || now >= exp + tolerance))
    throw refuse('it has expired');
}

const refuse = (why: string) =>
  new ApiError('API_LOGOUT_TOKEN_INVALID', `The logout token was refused: ${why}.`);
