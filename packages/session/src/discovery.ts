import * as client from 'openid-client';
import { AuthError } from './errors.ts';
import type { Clock } from './ports.ts';
import { toAuthError } from './protocol-errors.ts';
import type { CheckedSettings } from './settings.ts';

/** The authorization server as discovered: the library's object, with its endpoints, client and network options. */
export type AuthorizationServer = client.Configuration;

/** Metadata is asked for again after this time. */
const FRESH_SECONDS = 60 * 60;
/** The last good copy serves this long while the server cannot be asked. */
const LAST_GOOD_SECONDS = 24 * 60 * 60;

/**
 * Discovery (OIDC Discovery §4, RFC 8414 §3): asked when first needed, one request for all who wait, and the last
 * good copy while the server cannot be reached.
 * @throws AuthError `AUTH_ISSUER_MISMATCH`, `AUTH_DISCOVERY_FAILED`, `AUTH_NETWORK`, `AUTH_SERVER_UNAVAILABLE`, …
 */
export function createDiscovery(
  settings: CheckedSettings,
  serverFetch: typeof fetch,
  clock: Clock,
): () => Promise<AuthorizationServer> {
  let lastGood: { readonly server: AuthorizationServer; readonly at: number } | undefined;
  let asking: Promise<AuthorizationServer> | undefined;

  async function ask(): Promise<AuthorizationServer> {
    try {
      const server = await discover(settings, serverFetch);
      lastGood = { server, at: clock.now() };
      return server;
    } catch (error) {
      const failure = issuerMismatch(error, settings.issuer) ?? toAuthError(error, 'discovery');
      // A wrong answer is never papered over with an old one: only silence and outages are.
      if (lastGood && isOutage(failure) && clock.now() - lastGood.at < LAST_GOOD_SECONDS)
        return lastGood.server;
      throw failure;
    } finally {
      asking = undefined;
    }
  }

  return async () => {
    if (lastGood && clock.now() - lastGood.at < FRESH_SECONDS) return lastGood.server;
    asking ??= ask();
    return asking;
  };
}

async function discover(settings: CheckedSettings, serverFetch: typeof fetch): Promise<AuthorizationServer> {
  const server = await client.discovery(
    new URL(settings.issuer),
    settings.clientId,
    undefined,
    settings.clientSecret === undefined ? client.None() : client.ClientSecretPost(settings.clientSecret),
    {
      [client.customFetch]: serverFetch as client.CustomFetch,
      timeout: settings.requestTimeLimitSeconds,
      execute: [
        // Off by default in the library: without it the ID token's signature is not checked.
        client.enableNonRepudiationChecks,
        ...(settings.allowHttp ? [client.allowInsecureRequests] : []),
      ],
    },
  );
  requireSameIssuer(server.serverMetadata().issuer, settings.issuer);
  return server;
}

/** Exact comparison (RFC 8414 §3.3): the library's own one forgives a trailing slash. */
function requireSameIssuer(stated: string, expected: string): void {
  if (stated !== expected) throw mismatch(stated, expected);
}

/** The library's own finding of a mismatch, in our words. */
function issuerMismatch(error: unknown, expected: string): AuthError | undefined {
  const { cause } = error as { cause?: { attribute?: string; body?: { issuer?: unknown } } };
  return cause?.attribute === 'issuer' ? mismatch(String(cause.body?.issuer), expected) : undefined;
}

function mismatch(stated: string, expected: string): AuthError {
  return new AuthError(
    'AUTH_ISSUER_MISMATCH',
    `The settings name the issuer ${expected}, but the server calls itself ${stated}.`,
  );
}

function isOutage(error: AuthError): boolean {
  return error.code === 'AUTH_NETWORK' || error.code === 'AUTH_SERVER_UNAVAILABLE';
}
