import type { AuthorizationServer } from './discovery.ts';
import { AuthError } from './errors.ts';
import { wasNotSent } from './server-fetch.ts';
import type { TokenSet } from './token-set.ts';
import { watchEndpoint } from './watch-endpoint.ts';

/** What became of a refresh request, by what it means for the refresh token that was sent. */
export type RefreshAnswer =
  | { readonly kind: 'tokens'; readonly tokens: TokenSet }
  /** The server no longer honours it. `isNamed` is false where the answer says so without an error code. */
  | { readonly kind: 'refused'; readonly error: AuthError; readonly isNamed: boolean }
  /** Spent: tokens came, and they cannot be used. The next refresh token may be among them. */
  | { readonly kind: 'unusable'; readonly error: AuthError; readonly refreshToken?: string }
  /** Perhaps spent: the request left, and no answer of the server came back. */
  | { readonly kind: 'unanswered'; readonly error: AuthError }
  /** Not spent: the request never left, or the server had no time for it. */
  | { readonly kind: 'unspent'; readonly error: AuthError };

/** Error codes that end a refresh token. A server's own are added by the setting `refreshRefusals`. */
const REFUSALS: readonly string[] = [
  'invalid_grant', // RFC 6749 §5.2
  'invalid_token', // servers that answer as an API would (RFC 6750 §3.1)
  'bad_refresh_token', // GitHub, even with status 200
  'interaction_required', // Entra ID: a second factor or a new password is due
  'login_required',
  'consent_required',
];
/** A status alone, without a code: some servers and gateways have no more to say about a dead token. */
const UNNAMED_REFUSAL_STATUS = 400;
/** A server or gateway that answers so may have passed the request on before it failed. */
const MAY_HAVE_SPENT = new Set([500, 502, 504]);

/** An answer as it came. */
export interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Looks at the answers of the token endpoint on their way to the library; returns the last one, if there was one. */
export function watchAnswer(server: AuthorizationServer): () => Promise<Answered | undefined> {
  const lastAnswer = watchEndpoint(server, server.serverMetadata().token_endpoint);
  return async () => {
    const last = lastAnswer();
    return last && { status: last.status, body: parseBody(await last.text()) };
  };
}

/** Decides from the data above what an answer that yielded no tokens says about the refresh token. */
export function judgeAnswer(
  error: AuthError,
  answered: Answered | undefined,
  moreRefusals: readonly string[],
): RefreshAnswer {
  if (!answered) return { kind: wasNotSent(error) ? 'unspent' : 'unanswered', error };
  const { status, body } = answered;
  const code = error.server.error ?? body.error;
  if (status < 500 && typeof code === 'string' && [...REFUSALS, ...moreRefusals].includes(code))
    return { kind: 'refused', isNamed: true, error: refused(error, code, status) };
  if (status === UNNAMED_REFUSAL_STATUS && code === undefined)
    return { kind: 'refused', isNamed: false, error: refused(error, undefined, status) };
  const { refresh_token: next } = body;
  const isToken = typeof next === 'string' && /^[\x20-\x7e]+$/.test(next);
  if (status === 200 && (isToken || typeof body.access_token === 'string')) {
    return { kind: 'unusable', error, ...(isToken && { refreshToken: next }) };
  }
  return { kind: status < 300 || MAY_HAVE_SPENT.has(status) ? 'unanswered' : 'unspent', error };
}

function refused(error: AuthError, code: string | undefined, status: number): AuthError {
  const named = code === undefined ? {} : { error: code };
  return new AuthError(
    'AUTH_SESSION_EXPIRED',
    `The sign-in server no longer accepts this session (${code ?? `HTTP status ${status}`}). It has expired, was withdrawn, or somebody else has used its refresh token.`,
    { server: { ...error.server, ...named, status } },
  );
}

function parseBody(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
