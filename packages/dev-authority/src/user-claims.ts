import type { AccountClaims } from 'oidc-provider';
import type { DevUser } from './users.ts';

/** The user's claims in the words of OpenID Connect. @see OpenID Connect Core 1.0 §5.1 */
export function buildUserClaims(user: DevUser): AccountClaims {
  return {
    sub: user.sub,
    name: user.name,
    given_name: user.givenName,
    family_name: user.familyName,
    preferred_username: user.username,
    email: user.email,
    email_verified: true,
  };
}
