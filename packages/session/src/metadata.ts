import * as client from 'openid-client';
import { requireEndpoints } from './endpoint-policy.ts';
import { AuthError } from './errors.ts';
import { toAuthError } from './protocol-errors.ts';
import type { CheckedSettings } from './settings.ts';
import { isTemplateOf } from './tenants.ts';

/** A document is small and static; who needs longer for it is not there. */
const TIME_LIMIT_SECONDS = 10;

/**
 * Asks the server for its metadata, and checks that it is this issuer's and that its endpoints may be used
 * (OIDC Discovery §4, RFC 8414 §3).
 * @throws AuthError `AUTH_DISCOVERY_FAILED`, `AUTH_ISSUER_MISMATCH`, `AUTH_ENDPOINT_REFUSED`, …
 */
export async function requestMetadata(
  settings: CheckedSettings,
  serverFetch: typeof fetch,
): Promise<client.ServerMetadata> {
  const address = settings.metadataAddress ?? metadataAddressOf(settings.issuer);
  const metadata = await requestDocument(address, settings, serverFetch).catch((error: unknown) => {
    throw explain(toAuthError(error, 'discovery'), address);
  });
  requireSameIssuer(metadata.issuer, settings);
  return requireEndpoints(metadata, settings);
}

/** The whole address, so that the library compares no issuer: its comparison forgives a slash, and knows vendors. */
async function requestDocument(
  address: string,
  settings: CheckedSettings,
  serverFetch: typeof fetch,
): Promise<client.ServerMetadata> {
  const server = await client.discovery(new URL(address), settings.clientId, undefined, client.None(), {
    [client.customFetch]: serverFetch as client.CustomFetch,
    timeout: Math.min(settings.requestTimeLimitSeconds, TIME_LIMIT_SECONDS),
    ...(settings.allowHttp && { execute: [client.allowInsecureRequests] }),
  });
  return server.serverMetadata();
}

/** The well-known path comes after the issuer's own (OIDC Discovery §4). */
function metadataAddressOf(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

/** Names the address: most of these faults are a wrong issuer in the settings. A redirect is never followed. */
function explain(error: AuthError, address: string): AuthError {
  if (error.code === 'AUTH_NETWORK') return error;
  const { status = 0 } = error.server;
  const isElsewhere = status >= 300 && status < 400;
  const code = isElsewhere ? 'AUTH_DISCOVERY_FAILED' : error.code;
  return new AuthError(code, `${error.message} Asked was ${address}.`, { server: error.server });
}

/** Exact comparison (RFC 8414 §3.3); a template only for tenants that the settings list. */
function requireSameIssuer(stated: string, { issuer, tenants }: CheckedSettings): void {
  if (stated === issuer) return;
  const isTemplate = isTemplateOf(stated, issuer);
  if (isTemplate && tenants.length > 0) return;
  throw new AuthError(
    'AUTH_ISSUER_MISMATCH',
    isTemplate
      ? `The server at ${issuer} signs in people of every tenant. Name one tenant in the issuer, or list those that may sign in in the setting tenants.`
      : `The settings name the issuer ${issuer}, but the server calls itself ${stated}.`,
  );
}
