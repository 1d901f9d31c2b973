import { type AccessRequest, tokenFor, withTokens } from './access-token.ts';
import type { AuthorizationServer } from './discovery.ts';
import { AuthError, type AuthErrorData } from './errors.ts';
import type { RefreshLock } from './ports.ts';
import type { RecordKeeper } from './record-keeper.ts';
import type { RefreshAnswer } from './refresh-answer.ts';
import { prepareRefresh, type RefreshRequestPorts, type SendRefresh } from './refresh-request.ts';
import { isSameSession, type SessionRecord, withoutIntent } from './session-record.ts';
import type { Expired, SignedOut } from './state.ts';
import type { TokenAges } from './token-age.ts';

/** What became of the session. A transient fault is none of these: it is thrown, and the session stays. */
export type RefreshOutcome =
  | { readonly kind: 'renewed'; readonly record: SessionRecord }
  | { readonly kind: 'expired'; readonly reason: Expired['reason']; readonly error?: AuthErrorData }
  | { readonly kind: 'signed-out'; readonly reason: SignedOut['reason'] };

/** What a refresh stands on. */
export interface RefreshPorts extends RefreshRequestPorts {
  readonly discover: () => Promise<AuthorizationServer>;
  readonly keeper: RecordKeeper;
  readonly lock: RefreshLock;
  readonly ages: TokenAges;
}

/** What is wanted of a refresh. */
export interface RefreshWish {
  readonly access: AccessRequest;
  /** The access token that is no longer good; undefined where there was none. */
  readonly insteadOf: string | undefined;
  /** Aborts when the session has ended here. */
  readonly signal: AbortSignal;
}

/**
 * Renews an access token (RFC 6749 §6), at most once for everybody who shares the token store. Read it with the table
 * in docs/refresh.md: inside the lock the store is read again, another's result is adopted, the intent is written,
 * the refresh token is spent, the result is saved.
 * @throws AuthError for a transient fault: the session stays, and the refresh token with it
 */
export async function refresh(wish: RefreshWish, ports: RefreshPorts): Promise<RefreshOutcome> {
  const server = await ports.discover();
  return ports.lock.hold(async () => {
    wish.signal.throwIfAborted();
    const stored = await ports.keeper.reloadToSpend();
    if (!stored) return { kind: 'signed-out', reason: 'elsewhere' };
    if (!(await ports.dpop.canUse(stored.tokens))) return end(stored, 'no-key', ports);
    const token = tokenFor(stored, wish.access);
    const isAnother = token !== undefined && token.accessToken !== wish.insteadOf;
    // Somebody else was faster, and what he got is still good.
    if (isAnother && ports.ages.secondsLeft(token) > 0) return { kind: 'renewed', record: stored };
    if (stored.tokens.refreshToken === undefined) return end(stored, 'no-refresh-token', ports);
    return spend(stored, await prepareRefresh(server, stored, wish.access, ports), wish, ports);
  });
}

/** The intent is written first, so that a lost answer can be told from a refusal. */
async function spend(
  stored: SessionRecord,
  send: SendRefresh,
  wish: RefreshWish,
  ports: RefreshPorts,
): Promise<RefreshOutcome> {
  const { keeper, clock } = ports;
  const intent = stored.refreshIntent ?? { startedAt: clock.now() };
  const intended = { ...stored, refreshIntent: intent };
  await keeper.save(intended);
  let isInDoubt = stored.refreshIntent !== undefined;
  let answer = await send(wish.signal);
  if (isWorthRepeating(answer, intent.startedAt, ports)) {
    isInDoubt ||= answer.kind === 'unanswered';
    answer = await send(wish.signal);
  }
  switch (answer.kind) {
    case 'tokens':
      return keep(withTokens(stored, wish.access, answer.tokens, clock.now()), ports);
    case 'refused':
      return isInDoubt
        ? believe(stored, 'lost-rotation', afterLostAnswer(answer.error), ports)
        : believe(stored, 'refresh-rejected', answer.error, ports);
    case 'unusable':
      return salvage(intended, answer, ports);
    case 'unspent':
      if (!isInDoubt) await keeper.save(withoutIntent(stored));
      throw answer.error;
    case 'unanswered':
      throw answer.error;
  }
}

/** Nobody has to be suspected where our own answer is known to be missing. */
const afterLostAnswer = ({ server }: AuthError): AuthError =>
  new AuthError(
    'AUTH_SESSION_EXPIRED',
    `The answer to an earlier renewal was lost on its way, and the sign-in server has put this session out of use (${server.error ?? `HTTP status ${server.status}`}).`,
    { server },
  );

/** Once more and no further: a lost answer while the server grants grace, and a refusal that gives no reason. */
function isWorthRepeating(
  answer: RefreshAnswer,
  startedAt: number,
  { clock, settings }: RefreshPorts,
): boolean {
  if (answer.kind === 'refused') return !answer.isNamed;
  return answer.kind === 'unanswered' && isWithinGrace(startedAt, clock.now(), settings.refreshGraceSeconds);
}

/** A clock that was set back shows a start that has not come yet: nobody knows how long ago it was. */
export function isWithinGrace(startedAt: number, now: number, graceSeconds: number): boolean {
  return now >= startedAt && now - startedAt < graceSeconds;
}

/** Saved before it is used. A session that was ended meanwhile does not come back. */
async function keep(next: SessionRecord, { keeper, ages, giveBack }: RefreshPorts): Promise<RefreshOutcome> {
  ages.observe(next);
  const stored = await keeper.reload();
  if (stored && !isSameSession(stored, next)) return { kind: 'renewed', record: stored };
  if (stored) {
    await keeper.save(next);
    return { kind: 'renewed', record: next };
  }
  giveBack(next.tokens.refreshToken);
  return { kind: 'signed-out', reason: 'elsewhere' };
}

/** A refusal is believed when the store still holds the token that was refused. */
async function believe(
  stored: SessionRecord,
  reason: Expired['reason'],
  error: AuthError,
  ports: RefreshPorts,
): Promise<RefreshOutcome> {
  const now = await ports.keeper.reload();
  if (!now) return { kind: 'signed-out', reason: 'elsewhere' };
  if (now.tokens.refreshToken !== stored.tokens.refreshToken) return { kind: 'renewed', record: now };
  return end(stored, reason, ports, error);
}

/** Tokens that cannot be used still rotate the refresh token: losing the new one would lose the session. */
async function salvage(
  intended: SessionRecord,
  { error, refreshToken }: Extract<RefreshAnswer, { kind: 'unusable' }>,
  ports: RefreshPorts,
): Promise<RefreshOutcome> {
  if (error.code === 'AUTH_SUBJECT_CHANGED') {
    const outcome = await end(intended, 'subject-changed', ports, error);
    ports.giveBack(refreshToken);
    return outcome;
  }
  const tokens = { ...intended.tokens, ...(refreshToken !== undefined && { refreshToken }) };
  await keep({ ...withoutIntent(intended), generation: intended.generation + 1, tokens }, ports);
  throw error;
}

/** Still inside the lock; a session that somebody else has saved is not touched. */
async function end(
  stored: SessionRecord,
  reason: Expired['reason'],
  { keeper }: RefreshPorts,
  error?: AuthError,
): Promise<RefreshOutcome> {
  await keeper.clear(stored);
  return { kind: 'expired', reason, ...(error && { error: error.toJSON() }) };
}
