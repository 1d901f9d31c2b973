import { toPlainLine } from './plain-text.ts';

/** The signed-in person. Identity is the pair of issuer and subject, never the e-mail address (OIDC Core §5.7). */
export interface User {
  readonly issuer: string;
  readonly sub: string;
  /** Something to show: `name`, else `preferred_username`, else `email`, else `sub`. One line of text, not HTML. */
  readonly displayName: string;
  /** All claims of the ID token, and of the userinfo endpoint where that was asked. */
  readonly claims: Readonly<Record<string, unknown>>;
}

const LONGEST_NAME = 200;
const SHOWN_AS = ['name', 'preferred_username', 'email'];

/** Builds the user from checked claims. */
export function buildUser(
  issuer: string,
  claims: { readonly sub: string; readonly [name: string]: unknown },
): User {
  return { issuer, sub: claims.sub, displayName: nameIn(claims) ?? claims.sub, claims };
}

/** True where these claims hold something to show. */
export function hasName(claims: Readonly<Record<string, unknown>>): boolean {
  return nameIn(claims) !== undefined;
}

function nameIn(claims: Readonly<Record<string, unknown>>): string | undefined {
  return SHOWN_AS.map((name) => toPlainLine(claims[name], LONGEST_NAME)).find((name) => name !== undefined);
}

/** True when both are the same person at the same issuer. */
export function isSameUser(a: User, b: User): boolean {
  return a.issuer === b.issuer && a.sub === b.sub;
}
