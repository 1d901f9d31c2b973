import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type DevAuthority, type DevAuthoritySettings, startDevAuthority } from '@deskauth/dev-authority';
import { createHttpBrowser, type HttpBrowser, type SignInOptions } from '@deskauth/dev-authority/testing';
import * as client from 'openid-client';

export const allScopes = 'openid profile email offline_access companies:read transactions:read';
export const europe: SignInOptions = { username: 'europe', password: 'deskauth' };
export const globalUser: SignInOptions = { username: 'global', password: 'deskauth' };

/** Starts an authority on any port, and stops it with the test. */
export async function startForTest(
  t: TestContext,
  settings: DevAuthoritySettings = {},
): Promise<DevAuthority> {
  const authority = await startDevAuthority({ port: 0, ...settings });
  t.after(() => authority.stop());
  return authority;
}

/** An empty folder that goes away with the test. */
export async function makeFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dev-authority-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export function discover(
  authority: DevAuthority,
  clientId = 'deskauth-desktop',
  clientAuth = client.None(),
): Promise<client.Configuration> {
  return client.discovery(new URL(authority.issuer), clientId, undefined, clientAuth, {
    execute: [client.allowInsecureRequests],
  });
}

export interface Attempt {
  config: client.Configuration;
  url: string;
  verifier: string;
  state: string;
  nonce: string;
}

/** Builds an authorization request with PKCE, state and nonce; `parameters` are added or replace these. */
export async function buildAttempt(
  config: client.Configuration,
  parameters: Record<string, string> = {},
): Promise<Attempt> {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const request = {
    redirect_uri: 'http://127.0.0.1:49152/callback',
    scope: allScopes,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...parameters,
  };
  return { config, url: client.buildAuthorizationUrl(config, request).href, verifier, state, nonce };
}

/** Exchanges the code of an authorization response. */
export function exchange(attempt: Attempt, redirectTo: string) {
  const { config, verifier, state, nonce } = attempt;
  return client.authorizationCodeGrant(config, new URL(redirectTo), {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
  });
}

export interface SignInSettings {
  browser?: HttpBrowser;
  clientId?: string;
  parameters?: Record<string, string>;
  user?: SignInOptions;
}

/** Signs a user in and returns the tokens with what is needed to go on. */
export async function signIn(authority: DevAuthority, settings: SignInSettings = {}) {
  const { browser = createHttpBrowser(), clientId, parameters, user = europe } = settings;
  const config = await discover(authority, clientId);
  const attempt = await buildAttempt(config, parameters);
  const { redirectTo } = await browser.signIn(attempt.url, user);
  const tokens = await exchange(attempt, redirectTo);
  return { config, browser, tokens, redirectTo, attempt };
}

/** The parameters of an authorization response. */
export function readAnswer(redirectTo: string): URLSearchParams {
  return new URL(redirectTo).searchParams;
}

/** Posts a form to the token endpoint as a program that follows no library would. */
export async function postToken(authority: DevAuthority, fields: Record<string, string>) {
  const response = await fetch(`${authority.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams(fields),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** A token that the test cannot do without. */
export function requireToken(token: string | undefined): string {
  if (token === undefined) throw new Error('the authority gave no such token');
  return token;
}
