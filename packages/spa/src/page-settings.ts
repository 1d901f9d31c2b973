import { AuthError, type SessionSettings } from '@deskauth/session';
import type { SpaSessionSettings } from './create-spa-session.ts';
import type { Page } from './page.ts';
import type { StoreChoice } from './page-store.ts';

/** The settings of a session in a page, checked as far as they are a page's. */
export interface PageSettings extends Pick<SpaSessionSettings, 'confirmAccountChange' | 'fetch'> {
  /** What the engine checks itself. */
  readonly engine: SessionSettings;
  readonly redirectUri: string;
  readonly choice: StoreChoice;
  /** Names what belongs to one issuer and client. */
  readonly slot: string;
  readonly signInTimeLimitSeconds: number;
}

/** @throws AuthError `AUTH_SETTINGS_INVALID`, `AUTH_RUNTIME_UNSUPPORTED` */
export function parseSettings(settings: SpaSessionSettings, page: Page): PageSettings {
  const { redirectUri, store: choice = 'memory', fetch, confirmAccountChange, ...rest } = settings;
  const { apiAddresses: listed = [], issuer, clientId, signInTimeLimitSeconds = 600 } = rest;
  const { origin } = page.location;
  requireSecure(page);
  requireUnbound(settings.dpop);
  // What is no list is the engine's to refuse.
  const apiAddresses = Array.isArray(listed) ? listed.map((address) => onOrigin(address, origin)) : listed;
  return {
    ...{ engine: { ...rest, apiAddresses }, choice, slot: `${issuer}:${clientId}`, signInTimeLimitSeconds },
    redirectUri: requireOwn(redirectUri ?? `${origin}/`, origin),
    ...(fetch && { fetch }),
    ...(confirmAccountChange && { confirmAccountChange }),
  };
}

/** Relative addresses are the page's own; whether an address will do is the engine's to say. */
function onOrigin(address: string, origin: string): string {
  return URL.canParse(address, origin) ? new URL(address, origin).href : address;
}

/** Over http a page has neither the cryptography nor the locks, and everybody on the way could read the tokens. */
function requireSecure({ isSecureContext, location: { origin } }: Page): void {
  if (isSecureContext) return;
  throw new AuthError('AUTH_RUNTIME_UNSUPPORTED', `This page must be served over https, not from ${origin}.`);
}

/** The settings may come from a file that other apps use too. */
function requireUnbound(dpop: string = 'off'): void {
  if (dpop === 'off') return;
  throw new AuthError(
    'AUTH_SETTINGS_INVALID',
    `Setting "dpop": expected "off" in a page, found ${JSON.stringify(dpop)}.`,
  );
}

/** The answer is read by a page of this origin, and what was asked for is in storage of this origin. */
function requireOwn(redirectUri: string, origin: string): string {
  if (URL.canParse(redirectUri) && new URL(redirectUri).origin === origin) return redirectUri;
  throw new AuthError(
    'AUTH_SETTINGS_INVALID',
    `Setting "redirectUri": expected an address of ${origin}, found ${JSON.stringify(redirectUri)}.`,
  );
}
