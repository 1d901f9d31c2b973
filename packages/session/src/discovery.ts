import * as client from 'openid-client';
import type { AuthError } from './errors.ts';
import { createKeySetFetch } from './key-set.ts';
import { requestMetadata } from './metadata.ts';
import type { Clock } from './ports.ts';
import { toAuthError } from './protocol-errors.ts';
import type { ServerClock } from './server-clock.ts';
import type { CheckedSettings } from './settings.ts';
import { isTemplate } from './tenants.ts';
import type { Warnings } from './warnings.ts';

/** The authorization server as discovered: the library's object, with its endpoints, client and network options. */
export type AuthorizationServer = client.Configuration;

/** What discovery stands on. */
export interface DiscoveryPorts {
  readonly serverFetch: typeof fetch;
  readonly clock: Clock;
  readonly serverClock: ServerClock;
  readonly warnings: Warnings;
}

/** Metadata is asked for again after this time. */
const FRESH_SECONDS = 60 * 60;
/** The last good copy serves this long while the server cannot be asked. */
const LAST_GOOD_SECONDS = 24 * 60 * 60;

/**
 * Discovery (OIDC Discovery §4, RFC 8414 §3): asked when first needed, one request for all who wait, and the last
 * good copy while the server cannot be reached. Each call returns a snapshot of its own: whoever started with it goes
 * on with it, whatever the server says meanwhile, and gets the signing keys as they are when he needs them.
 * @throws AuthError `AUTH_ISSUER_MISMATCH`, `AUTH_DISCOVERY_FAILED`, `AUTH_ENDPOINT_REFUSED`, `AUTH_NETWORK`,
 * `AUTH_SERVER_UNAVAILABLE`, …
 */
export function createDiscovery(
  settings: CheckedSettings,
  ports: DiscoveryPorts,
): () => Promise<AuthorizationServer> {
  const { clock, warnings } = ports;
  const keySetFetch = createKeySetFetch(ports.serverFetch, clock);
  let lastGood: { readonly metadata: client.ServerMetadata; readonly at: number } | undefined;
  let asking: Promise<client.ServerMetadata> | undefined;

  async function ask(): Promise<client.ServerMetadata> {
    try {
      const metadata = await requestMetadata(settings, ports.serverFetch);
      const downgrade = lastGood && describeDowngrade(lastGood.metadata, metadata);
      if (downgrade) warnings.set('server-downgraded', downgrade);
      lastGood = { metadata, at: clock.now() };
      return metadata;
    } catch (error) {
      const failure = toAuthError(error, 'discovery');
      // A wrong answer is never papered over with an old one: only silence and outages are.
      if (lastGood && isOutage(failure) && clock.now() - lastGood.at < LAST_GOOD_SECONDS)
        return lastGood.metadata;
      throw failure;
    } finally {
      asking = undefined;
    }
  }

  function metadataNow(): Promise<client.ServerMetadata> {
    if (lastGood && clock.now() - lastGood.at < FRESH_SECONDS) return Promise.resolve(lastGood.metadata);
    asking ??= ask();
    return asking;
  }

  return async () => {
    const metadata = await metadataNow();
    await ports.serverClock.measure();
    const server = await buildServer(metadata, settings, ports.serverClock.skewSeconds);
    server[client.customFetch] = keySetFetch(metadata.jwks_uri) as client.CustomFetch;
    return server;
  };
}

/** The library keeps keys and clock with this object; a new one starts without either. */
async function buildServer(
  metadata: client.ServerMetadata,
  settings: CheckedSettings,
  skewSeconds: number,
): Promise<AuthorizationServer> {
  // The library would judge an ID token by the clock as it was before the request: verifyIdToken does it afterwards.
  const clientMetadata = {
    [client.clockSkew]: skewSeconds,
    [client.clockTolerance]: Number.MAX_SAFE_INTEGER,
  };
  const authentication = buildAuthentication(metadata, settings.clientSecret);
  const server = isTemplate(metadata.issuer)
    ? await client.discovery(LEARNS_TEMPLATES, settings.clientId, clientMetadata, authentication, {
        [client.customFetch]: async () => Response.json(metadata),
      })
    : new client.Configuration(metadata, settings.clientId, clientMetadata, authentication);
  server.timeout = settings.requestTimeLimitSeconds;
  // Off by default in the library: without it the ID token's signature is not checked.
  client.enableNonRepudiationChecks(server);
  if (settings.allowHttp) client.allowInsecureRequests(server);
  return server;
}

/**
 * The library fills the tenant into an issuer's template only for metadata from this address; nothing is asked of it.
 * Which tenants are meant is our check: see tenants.ts.
 */
const LEARNS_TEMPLATES = new URL('https://login.microsoftonline.com');

/** What the server no longer promises. Ours is sent all the same: a server that knows it cannot be talked out of it. */
function describeDowngrade(before: client.ServerMetadata, now: client.ServerMetadata): string | undefined {
  const lost = [
    hasS256(before) && !hasS256(now) && 'PKCE with S256',
    before.authorization_response_iss_parameter_supported &&
      !now.authorization_response_iss_parameter_supported &&
      'its name in every answer (iss)',
    before.require_pushed_authorization_requests &&
      !now.require_pushed_authorization_requests &&
      'pushed authorization requests',
    before.dpop_signing_alg_values_supported &&
      !now.dpop_signing_alg_values_supported &&
      'tokens that are bound to a key (DPoP)',
  ].filter((name) => typeof name === 'string');
  if (lost.length === 0) return undefined;
  return `The sign-in server used to promise ${lost.join(' and ')} and no longer does. Ask its administrator whether that is meant.`;
}

function hasS256({ code_challenge_methods_supported: methods }: client.ServerMetadata): boolean {
  return Array.isArray(methods) && methods.includes('S256');
}

function isOutage(error: AuthError): boolean {
  return error.code === 'AUTH_NETWORK' || error.code === 'AUTH_SERVER_UNAVAILABLE';
}

/** Every server must take a secret in the header; in the body only where it says so (RFC 6749 §2.3.1, RFC 8414 §2). */
function buildAuthentication(metadata: client.ServerMetadata, clientSecret?: string): client.ClientAuth {
  if (clientSecret === undefined) return client.None();
  const { token_endpoint_auth_methods_supported: methods = ['client_secret_basic'] } = metadata;
  const inBody = methods.includes('client_secret_post') && !methods.includes('client_secret_basic');
  return inBody ? client.ClientSecretPost(clientSecret) : client.ClientSecretBasic(clientSecret);
}
