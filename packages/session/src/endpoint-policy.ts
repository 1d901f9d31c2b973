import type { ServerMetadata } from 'openid-client';
import { isInternalHost, isLoopback, isSafeAddress, parseAddress } from './address.ts';
import { AuthError } from './errors.ts';
import { isKnownEndpoint } from './known-endpoints.ts';
import { isSameOwner } from './registrable-domain.ts';
import type { CheckedSettings } from './settings.ts';

/** What a sign-in cannot do without. */
const NEEDED = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const;

/** What is used where it is there, and left alone where it may not be used. */
const WELCOME = [
  'userinfo_endpoint',
  'revocation_endpoint',
  'end_session_endpoint',
  'pushed_authorization_request_endpoint',
  'device_authorization_endpoint',
] as const;

/**
 * The metadata with the endpoints that may be used. A server names its endpoints itself, so a document that was
 * tampered with could send the code, the verifier and the refresh token anywhere: into the local network, or to
 * somebody else's host (RFC 9700 §4.4).
 * @throws AuthError `AUTH_DISCOVERY_FAILED`, `AUTH_ENDPOINT_REFUSED` naming the endpoint and what would permit it
 */
export function requireEndpoints(metadata: ServerMetadata, settings: CheckedSettings): ServerMetadata {
  for (const name of NEEDED) {
    const why = faultOf(metadata[name], settings, name);
    if (why !== undefined) throw refused(name, metadata[name], why);
  }
  const checked: Record<string, unknown> = { ...metadata };
  for (const name of WELCOME) {
    const why = name in metadata ? faultOf(metadata[name], settings, name) : undefined;
    if (why === undefined) continue;
    if (isNeededToo(name, metadata, settings)) throw refused(name, metadata[name], why);
    delete checked[name];
  }
  return checked as ServerMetadata;
}

function isNeededToo(name: string, metadata: ServerMetadata, settings: CheckedSettings): boolean {
  if (name === 'userinfo_endpoint') return settings.userInfo === 'endpoint';
  if (name !== 'pushed_authorization_request_endpoint') return false;
  return settings.pushedAuthorization === 'always' || metadata.require_pushed_authorization_requests === true;
}

/** Why this address may not be used; undefined where it may. */
function faultOf(value: unknown, settings: CheckedSettings, name: string): string | undefined {
  if (value === undefined && name === 'jwks_uri') return undefined; // Without "openid" nothing is signed.
  const url = typeof value === 'string' ? parseAddress(value) : undefined;
  if (!url) return 'it is no address';
  if (!isSafeAddress(url)) return 'it is not an https address';
  if (url.username || url.password) return 'it holds a user name';
  if (settings.endpointOrigins.includes(url.origin)) return undefined;
  const issuer = new URL(settings.issuer);
  // A development server: whatever stays on this machine is as good as the issuer itself.
  if (isLoopback(issuer) && isLoopback(url)) return undefined;
  const permit = `the setting endpointOrigins does not list ${url.origin}`;
  if (isInternalHost(url) && !isInternalHost(issuer)) return `it is in a local network, and ${permit}`;
  if (isSameOwner(url, issuer) || isKnownEndpoint(settings.issuer, url)) return undefined;
  return `it is on another domain, and ${permit}`;
}

function refused(name: string, value: unknown, why: string): AuthError {
  const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, 200)) : 'nothing usable';
  const code = typeof value === 'string' ? 'AUTH_ENDPOINT_REFUSED' : 'AUTH_DISCOVERY_FAILED';
  return new AuthError(code, `The sign-in server's ${name} is ${shown}: ${why}.`);
}
