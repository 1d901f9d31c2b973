import { AuthError } from '@deskauth/session';

/** RFC 3986 §3.1 in lower case, with a dot: the reverse of a domain that the app's maker owns (RFC 8252 §7.1). */
const SCHEME_NAME = /^[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+$/;
const LONGEST_SCHEME = 128;

/** What follows the colon: `/callback`, or `//callback` for providers that want it so. As it is sent, letter by letter. */
const SCHEME_PATH = /^\/{1,2}(?!\.)[\w.~-]+(\/(?!\.)[\w.~-]+)*$/;

/**
 * The name of a private-use URI scheme, checked. It becomes the name of a file and of a registry key, so that nothing
 * else may be in it.
 * @throws AuthError `AUTH_SETTINGS_INVALID`
 */
export function requireSchemeName(scheme: string): string {
  if (SCHEME_NAME.test(scheme) && scheme.length <= LONGEST_SCHEME) return scheme;
  throw new AuthError(
    'AUTH_SETTINGS_INVALID',
    `Setting "scheme": expected your domain in reverse order and lower case, such as "com.example.app", found ${JSON.stringify(scheme)}.`,
  );
}

/**
 * The part of a redirect URI after the scheme and its colon, checked.
 * @throws AuthError `AUTH_SETTINGS_INVALID`
 */
export function requireSchemePath(path: string): string {
  if (SCHEME_PATH.test(path)) return path;
  throw new AuthError(
    'AUTH_SETTINGS_INVALID',
    `The path of a scheme's redirect URI must look like "/callback" or "//callback", found ${JSON.stringify(path)}.`,
  );
}
