import { AuthError } from './errors.ts';

/** Parameters that a sign-in makes itself: letting an app replace one would switch a protection off. */
const OWN = [
  ...(['response_type', 'response_mode', 'client_id', 'redirect_uri', 'scope', 'state', 'nonce'] as const),
  ...(['resource', 'claims', 'request', 'request_uri', 'code_challenge', 'code_challenge_method'] as const),
  ...(['code_verifier', 'code', 'grant_type', 'refresh_token', 'client_secret', 'client_assertion'] as const),
  ...(['client_assertion_type', 'dpop_jkt'] as const),
] as const;
const OWN_NAMES: ReadonlySet<string> = new Set(OWN);

/** Headers of a token request that are the protocol's. */
const OWN_HEADERS = new Set([
  ...['accept', 'authorization', 'connection', 'content-length', 'content-type', 'cookie', 'dpop', 'host'],
  ...['origin', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
]);

/** Parameters that an app adds: everything but those that a sign-in makes itself. */
export type ExtraParameters = Readonly<Record<string, string>> & {
  readonly [Name in (typeof OWN)[number]]?: never;
};

/** What an app may add to both requests, decided anew for each (D21). */
export interface RequestHooks {
  /** Adds to the authorization request; told what the app itself asked for so far. */
  readonly authorizationRequest?: (asked: ExtraParameters) => ExtraParameters | Promise<ExtraParameters>;
  /** Adds to the token request of a sign-in or of a renewal. */
  readonly tokenRequest?: (
    grant: 'authorization_code' | 'refresh_token' | 'device_code',
  ) => TokenRequestExtras | Promise<TokenRequestExtras>;
}

/** What goes with a token request. */
export interface TokenRequestExtras {
  readonly parameters?: ExtraParameters;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Refuses extra parameters that would replace one of ours.
 * @param from what to call their source, up to the name
 * @throws AuthError `AUTH_SETTINGS_INVALID`
 */
export function requireExtraParameters(parameters: ExtraParameters, from: string): ExtraParameters {
  for (const [name, value] of Object.entries(parameters)) {
    if (OWN_NAMES.has(name)) throw invalid(from, name, 'not to be set: the sign-in makes it itself');
    if (typeof value !== 'string') throw invalid(from, name, 'a text');
  }
  return parameters;
}

/**
 * Refuses extra headers that are the protocol's.
 * @throws AuthError `AUTH_SETTINGS_INVALID`
 */
export function requireExtraHeaders(
  headers: Readonly<Record<string, string>>,
  from: string,
): Readonly<Record<string, string>> {
  for (const name of Object.keys(headers))
    if (OWN_HEADERS.has(name.toLowerCase()))
      throw invalid(from, name, 'not to be set: the protocol needs it');
  return headers;
}

/** Without the value: what an app adds may be confidential. */
function invalid(from: string, name: string, expected: string): AuthError {
  return new AuthError('AUTH_SETTINGS_INVALID', `${from}.${name}": expected ${expected}.`);
}
