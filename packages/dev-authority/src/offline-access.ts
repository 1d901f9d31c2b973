import type { KoaContextWithOIDC } from 'oidc-provider';

/**
 * Puts `offline_access` back into a request that has no `prompt=consent`.
 *
 * oidc-provider drops it then, as OpenID Connect Core lets it, "unless other conditions are in place". Here they are:
 * a native client is asked for consent each time, and a web client until the user has allowed just this scope. Without
 * this a client that follows the usual examples would get no refresh token and no word why.
 * @see OpenID Connect Core 1.0 §11
 */
export function keepOfflineAccess(ctx: KoaContextWithOIDC): void {
  const { params, route, entities } = ctx.oidc;
  const pushed = route === 'pushed_authorization_request';
  const asked = pushed ? ctx.oidc.body?.scope : ctx.query.scope;
  const isFinal = entities.PushedAuthorizationRequest !== undefined;
  if (params === undefined || isFinal || !includesScope(asked) || includesScope(params.scope)) return;
  params.scope = [params.scope, 'offline_access'].filter(Boolean).join(' ');
  // A pushed request is checked a second time when it is used, and would lose the scope there.
  if (pushed) params.prompt ??= 'consent';
}

function includesScope(scope: unknown): boolean {
  return typeof scope === 'string' && scope.split(' ').includes('offline_access');
}
