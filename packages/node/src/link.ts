import { requireSchemeName, requireSchemePath } from './scheme-name.ts';

/** Which links are an app's own. */
export interface LinkRules {
  /** Private-use URI scheme: the app's domain in reverse order, such as `com.example.app` (RFC 8252 §7.1). */
  readonly scheme: string;
  /** Where authorization responses arrive, after the scheme's colon. @default '/callback' */
  readonly path?: string;
  /** Where the person comes back to after sign-out at the server. @default '/signed-out' */
  readonly signedOutPath?: string;
  /** Places in the app that a link may lead to, such as `/orders`. @default none */
  readonly appPaths?: readonly string[];
}

/** A link as the app may use it. Untrusted: every program and every page can send one. */
export type Link =
  | { readonly kind: 'authorization-response'; readonly url: string }
  | { readonly kind: 'signed-out'; readonly url: string }
  | { readonly kind: 'app-link'; readonly path: string; readonly parameters: URLSearchParams }
  | { readonly kind: 'unknown'; readonly why: string };

/** The kinds of link that mean something. */
export type KnownLink = Exclude<Link, { readonly kind: 'unknown' }>;

const LONGEST_LINK = 8 * 1024;
const MOST_PARAMETERS = 64;

/** Printable ASCII and nothing else: what a browser sends is percent-encoded. */
const PRINTABLE = /^[\x21-\x7e]+$/;
/** Control characters, and those that change the direction of what is read after them. */
const DECEIVING = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/**
 * Tells what a link is, from its text alone: scheme, authority and path are compared letter by letter, because a URL
 * parser forgives too much. Only parameters come out of it, never a setting.
 * @throws AuthError `AUTH_SETTINGS_INVALID` for rules that cannot be
 * @see RFC 8252 §7.1, §8.9
 */
export function parseLink(text: string, rules: LinkRules): Link {
  const { appPaths = [] } = rules;
  const scheme = requireSchemeName(rules.scheme);
  const path = requireSchemePath(rules.path ?? '/callback');
  const signedOutPath = requireSchemePath(rules.signedOutPath ?? '/signed-out');
  const refused = (why: string): Link => ({ kind: 'unknown', why });
  if (text.length > LONGEST_LINK) return refused('it is too long');
  if (!PRINTABLE.test(text)) return refused('it holds characters that no address has');
  // The one thing that is not as it was sent: the case of a scheme means nothing (RFC 3986 §3.1).
  if (text.slice(0, scheme.length + 1).toLowerCase() !== `${scheme}:`)
    return refused('its scheme is another');
  const [place = '', query = '', ...more] = text.slice(scheme.length + 1).split('?');
  if (text.includes('#') || more.length > 0) return refused('it has a fragment or a second query');
  if (query.split('&').length > MOST_PARAMETERS) return refused('it has too many parameters');

  const url = `${scheme}:${place}${query && `?${query}`}`;
  if (place === path) return { kind: 'authorization-response', url };
  if (place === signedOutPath) return { kind: 'signed-out', url };
  if (!appPaths.includes(place)) return refused('its path is no place in the app');
  const parameters = new URLSearchParams(query);
  if (DECEIVING.test([...parameters].flat().join(''))) return refused('it holds control characters');
  return { kind: 'app-link', path: place, parameters };
}
