import type { IDToken } from 'openid-client';
import { AuthError } from './errors.ts';

/** Stands for the tenant in the issuer of a server that serves many (Entra ID). */
const PLACE = '{tenantid}';

/** True where this stated issuer is the expected one but for the tenant, which is one part of its path. */
export function isTemplateOf(stated: string, expected: string): boolean {
  const [before = '', after, ...more] = stated.split(PLACE);
  if (after === undefined || more.length > 0) return false;
  const tenant = expected.slice(before.length, expected.length - after.length);
  return (
    expected === `${before}${tenant}${after}` &&
    /^https?:\/\/[^/]+\//.test(before) &&
    /^[\w.-]+$/.test(tenant)
  );
}

/** True for an issuer with a place for the tenant. */
export function isTemplate(issuer: string): boolean {
  return issuer.includes(PLACE);
}

/**
 * Requires that the ID token is of a tenant that the settings list. Without that anybody with a tenant of his own could
 * sign in, as whom he likes.
 * @throws AuthError `AUTH_ID_TOKEN_INVALID`
 */
export function requireTenant({ iss, tid }: IDToken, issuer: string, tenants: readonly string[]): void {
  if (!isTemplate(issuer)) return;
  if (tenants.some((tenant) => tenant === tid && issuer.split(PLACE).join(tenant) === iss)) return;
  throw new AuthError(
    'AUTH_ID_TOKEN_INVALID',
    `The ID token cannot be accepted: its tenant is not one of those in the setting tenants (${iss}).`,
  );
}
