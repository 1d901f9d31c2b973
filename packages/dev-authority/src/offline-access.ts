import { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Profile } from './profiles/profile.ts';

type Asked = Pick<Profile, 'longSessionBy' | 'title'>;

/**
 * Puts `offline_access` back into a request that has no `prompt=consent`, or into one that asks for a long session in the
 * provider's own way.
 *
 * oidc-provider drops it without a prompt, as OpenID Connect Core lets it, "unless other conditions are in place". Here they
 * are: a native client is asked for consent each time, and a web client until the user has allowed just this scope. Without
 * this a client that follows the usual examples would get no refresh token and no word why.
 * @throws InvalidScope where the provider has no such scope and refuses it
 * @see OpenID Connect Core 1.0 §11
 */
export function keepOfflineAccess(ctx: KoaContextWithOIDC, { longSessionBy, title }: Asked): void {
  const { params, route, entities } = ctx.oidc;
  const pushed = route === 'pushed_authorization_request';
  const asked: Record<string, unknown> = (pushed ? ctx.oidc.body : ctx.query) ?? {};
  const isFinal = entities.PushedAuthorizationRequest !== undefined;
  if (params === undefined || isFinal) return;
  if (longSessionBy === 'access_type' && includesScope(asked.scope))
    throw new errors.InvalidScope(
      `${title} has no such scope; ask with access_type=offline`,
      'offline_access',
    );
  const isAsked =
    longSessionBy === 'access_type' ? asked.access_type === 'offline' : includesScope(asked.scope);
  if (!isAsked || includesScope(params.scope)) return;
  params.scope = [params.scope, 'offline_access'].filter(Boolean).join(' ');
  // A pushed request is checked a second time when it is used, and would lose the scope there.
  if (pushed) params.prompt ??= 'consent';
}

/** Does a client get a refresh token? @param scopes what was granted */
export function getsRefreshToken(
  client: Client,
  scopes: ReadonlySet<string>,
  { longSessionBy }: Pick<Profile, 'longSessionBy'>,
): boolean {
  if (!client.grantTypeAllowed('refresh_token')) return false;
  return longSessionBy === 'always' || scopes.has('offline_access');
}

function includesScope(scope: unknown): boolean {
  return typeof scope === 'string' && scope.split(' ').includes('offline_access');
}
