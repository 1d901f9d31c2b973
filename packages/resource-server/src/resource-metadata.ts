import type { CheckedSettings } from './checked-settings.ts';

/** What a client can find out about this API before it has a token, and where. */
export interface ResourceMetadata {
  /** Path to serve the document at, without a token. */
  readonly path: string;
  /** The same as an address; every challenge names it. */
  readonly url: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/**
 * Builds the protected resource metadata of this API; undefined where the settings name no `resource`.
 * @see RFC 9728 §2 and §3.1
 */
export function buildResourceMetadata(settings: CheckedSettings): ResourceMetadata | undefined {
  const { resource, issuer, scopes, dpop, mutualTls } = settings;
  if (resource === undefined) return undefined;
  const { origin, pathname } = new URL(resource);
  const path = `/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}`;
  const document = {
    resource,
    authorization_servers: [issuer],
    bearer_methods_supported: dpop?.required ? [] : ['header'],
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    ...(mutualTls && { tls_client_certificate_bound_access_tokens: true }),
    ...(dpop && {
      dpop_signing_alg_values_supported: dpop.algorithms,
      dpop_bound_access_tokens_required: dpop.required,
    }),
  };
  return { path, url: origin + path, document };
}
