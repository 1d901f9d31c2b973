import * as client from 'openid-client';
import type { AuthorizationServer } from './discovery.ts';
import { AuthError, type AuthErrorData } from './errors.ts';
import { verifyIdToken } from './id-token.ts';
import type { Clock, RefreshLock } from './ports.ts';
import { toAuthError } from './protocol-errors.ts';
import type { RecordKeeper } from './record-keeper.ts';
import type { SessionRecord } from './session-record.ts';
import type { CheckedSettings } from './settings.ts';
import type { Expired, SignedOut } from './state.ts';
import { buildTokenSet, type TokenSet } from './token-set.ts';

/** What became of the session. A transient fault is none of these: it is thrown, and the session stays. */
export type RefreshOutcome =
  | { readonly kind: 'renewed'; readonly record: SessionRecord }
  | { readonly kind: 'expired'; readonly reason: Expired['reason']; readonly error?: AuthErrorData }
  | { readonly kind: 'signed-out'; readonly reason: SignedOut['reason'] };

/** What a refresh stands on. */
export interface RefreshPorts {
  readonly settings: CheckedSettings;
  readonly discover: () => Promise<AuthorizationServer>;
  readonly keeper: RecordKeeper;
  readonly lock: RefreshLock;
  readonly clock: Clock;
}

/**
 * Renews the access token (RFC 6749 §6), at most once for everybody who shares the token store: inside the lock the
 * store is read again, and when another process was faster its result is taken.
 * @param known the record whose access token is no longer good
 * @throws AuthError for a transient fault: the session stays, and the refresh token with it
 */
export async function refresh(known: SessionRecord, ports: RefreshPorts): Promise<RefreshOutcome> {
  const server = await ports.discover();
  return ports.lock.hold(async () => {
    const stored = await ports.keeper.reload();
    if (stored === undefined) return { kind: 'signed-out', reason: 'elsewhere' };
    if (stored.generation > known.generation) return { kind: 'renewed', record: stored };
    if (stored.tokens.refreshToken === undefined) return end(ports, 'no-refresh-token');
    return spend(server, stored, stored.tokens.refreshToken, ports);
  });
}

/** Spends the refresh token. The intent is written first, so that a lost answer can be told from a refusal. */
async function spend(
  server: AuthorizationServer,
  stored: SessionRecord,
  refreshToken: string,
  ports: RefreshPorts,
): Promise<RefreshOutcome> {
  const { keeper, clock, settings } = ports;
  await keeper.save({ ...stored, refreshIntent: { startedAt: clock.now() } });
  try {
    const tokens = await requestTokens(server, stored, refreshToken, settings, clock.now());
    const { refreshIntent: _done, ...rest } = stored;
    const record = { ...rest, generation: stored.generation + 1, tokens };
    await keeper.save(record);
    return { kind: 'renewed', record };
  } catch (error) {
    const failure = toAuthError(error, 'refresh');
    if (failure.code === 'AUTH_SUBJECT_CHANGED') return end(ports, 'subject-changed', failure);
    if (failure.code !== 'AUTH_SESSION_EXPIRED') throw failure;
    return end(ports, stored.refreshIntent ? 'lost-rotation' : 'refresh-rejected', failure);
  }
}

/** Still inside the lock: nobody else can have saved a newer record that this would remove. */
async function end(
  ports: RefreshPorts,
  reason: Expired['reason'],
  error?: AuthError,
): Promise<RefreshOutcome> {
  await ports.keeper.clear();
  return { kind: 'expired', reason, ...(error && { error: error.toJSON() }) };
}

async function requestTokens(
  server: AuthorizationServer,
  stored: SessionRecord,
  refreshToken: string,
  settings: CheckedSettings,
  now: number,
): Promise<TokenSet> {
  const parameters = new URLSearchParams(settings.resource.map((value) => ['resource', value]));
  const response = await client.refreshTokenGrant(server, refreshToken, parameters);
  const tokens = buildTokenSet(response, now, stored.tokens);
  const claims = response.claims();
  if (claims && response.id_token) {
    requireSameSubject(claims, stored);
    const { clientId, otherAudiences } = settings;
    const accessToken = tokens.accessToken;
    await verifyIdToken(response.id_token, claims, {
      clientId,
      otherAudiences,
      accessToken,
      now,
      isFresh: false,
    });
  }
  return tokens;
}

/** OIDC Core §12.2: a refreshed ID token names the same issuer and subject. */
function requireSameSubject(claims: client.IDToken, stored: SessionRecord): void {
  if (claims.iss === stored.user.issuer && claims.sub === stored.user.sub) return;
  throw new AuthError('AUTH_SUBJECT_CHANGED', 'The sign-in server renewed the session for another person.');
}
