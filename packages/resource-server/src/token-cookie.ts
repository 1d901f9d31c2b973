import { ApiError } from './errors.ts';

/** For browser apps whose own backend puts the access token into a cookie. */
export interface TokenCookieSettings {
  /** Begins with `__Host-` where possible: such a cookie cannot come from a neighbouring host. */
  readonly name: string;
  /**
   * A header that every request with the cookie must have, with any value. A page of another site cannot send it, so
   * that the cookie alone, which the browser adds by itself, lets nobody act for the user. @default 'x-deskauth-csrf'
   */
  readonly csrfHeader?: string;
}

/** Header values by lower-case name. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The token in the cookie of a request; undefined without one.
 * @throws ApiError `API_CSRF_HEADER_MISSING`, or `API_TOKEN_MISPLACED` for two cookies of that name
 */
export function readTokenCookie(
  headers: RequestHeaders,
  { name, csrfHeader }: Required<TokenCookieSettings>,
): string | undefined {
  const tokens = String(headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  if (tokens.length === 0) return undefined;
  if (tokens.length > 1)
    throw new ApiError('API_TOKEN_MISPLACED', `There are ${tokens.length} cookies named ${name}.`);
  if (!headers[csrfHeader])
    throw new ApiError(
      'API_CSRF_HEADER_MISSING',
      `The token came in a cookie, without the header ${csrfHeader}.`,
    );
  return tokens[0];
}
