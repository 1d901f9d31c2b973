import type { Explanation } from './explanations.ts';
import { isJsonObject } from './json-object.ts';
import type { PageContext, PageMiddleware } from './middleware.ts';
import type { Lack, Profile } from './profiles/profile.ts';

const METADATA = '/.well-known/openid-configuration';
/** The second one holds the same (RFC 8414 §3). */
const METADATA_PATHS: readonly string[] = [METADATA, '/.well-known/oauth-authorization-server'];

/** Where the metadata of an issuer with this profile is. */
export function metadataAddressOf(issuer: string, { metadataPath, issuerPath }: Profile): string {
  const path = metadataPath ?? `${issuerPath.replace(/\/$/, '')}${METADATA}`;
  return new URL(path, issuer).href;
}

/**
 * Makes the standard server in it behave like a provider: what is not there, what has another place, what is not said.
 * What concerns redirect URIs, scopes and tokens is in its configuration.
 */
export function followProfile(issuer: string, profile: Profile): PageMiddleware {
  const metadataPath = new URL(metadataAddressOf(issuer, profile)).pathname;
  const missing = new Set(profile.lacks.flatMap((lack) => (lack === 'dpop' ? [] : [profile.routes[lack]])));
  return async (ctx, next) => {
    // What catches errors says that there is nothing.
    if (missing.has(ctx.path) || (metadataPath !== METADATA && METADATA_PATHS.includes(ctx.path))) return;
    if (ctx.path === metadataPath) ctx.path = METADATA;
    if (ctx.path === profile.signOut?.path) translateSignOut(ctx, profile);
    if (ctx.path === profile.routes.end_session) requireHint(ctx, profile);
    const { path } = ctx;
    await next();
    if (METADATA_PATHS.includes(path)) editMetadata(ctx, profile);
    if (path === profile.routes.token) editTokens(ctx, profile);
    if (!profile.namesItself) dropIssuer(ctx);
    if (profile.withoutCors.some((name) => profile.routes[name] === path)) dropCors(ctx);
  };
}

/** The provider's own sign-out in the words of RP-Initiated Logout. */
function translateSignOut(ctx: PageContext, { signOut, routes }: Profile): void {
  const { [signOut?.returnParameter ?? '']: returnTo, ...query } = ctx.query;
  ctx.query = { ...query, ...(returnTo !== undefined && { post_logout_redirect_uri: returnTo }) };
  ctx.path = routes.end_session;
}

function requireHint(ctx: PageContext, { signOutNeedsHint, title }: Profile): void {
  if (!signOutNeedsHint || ctx.method !== 'GET' || ctx.query.id_token_hint) return;
  const refusal: Explanation = {
    status: 400,
    title: 'The sign-out names nobody',
    problem: `${title} wants an id_token_hint, and there was none.`,
    advice: 'Send the ID token of the session.',
  };
  throw refusal;
}

/** What the metadata has of each. */
const MEMBERS: Readonly<Record<Lack, readonly string[]>> = {
  userinfo: ['userinfo_endpoint'],
  introspection: ['introspection_endpoint', 'introspection_endpoint_auth_methods_supported'],
  revocation: ['revocation_endpoint', 'revocation_endpoint_auth_methods_supported'],
  end_session: ['end_session_endpoint'],
  pushed_authorization_request: [
    'pushed_authorization_request_endpoint',
    'require_pushed_authorization_requests',
  ],
  device_authorization: ['device_authorization_endpoint'],
  dpop: ['dpop_signing_alg_values_supported'],
};

function editMetadata(ctx: PageContext, { lacks, namesItself, longSessionBy }: Profile): void {
  if (!isJsonObject(ctx.body)) return;
  const hidden = lacks.flatMap((lack) => MEMBERS[lack]);
  if (!namesItself) hidden.push('authorization_response_iss_parameter_supported');
  const body = withoutMembers(ctx.body, hidden);
  const scopes = body.scopes_supported;
  if (longSessionBy !== 'offline_access' && Array.isArray(scopes))
    body.scopes_supported = scopes.filter((scope) => scope !== 'offline_access');
  ctx.body = body;
}

function editTokens(ctx: PageContext, { refreshAnswerOmits, longSessionBy }: Profile): void {
  if (!isJsonObject(ctx.body)) return;
  const isRefresh = ctx.oidc?.params?.grant_type === 'refresh_token';
  const body = withoutMembers(ctx.body, isRefresh ? refreshAnswerOmits : []);
  if (longSessionBy === 'access_type' && typeof body.scope === 'string')
    body.scope = body.scope.replace(/ ?\boffline_access\b/, '');
  ctx.body = body;
}

/** Takes the server's name out of an authorization response (RFC 9207). */
function dropIssuer(ctx: PageContext): void {
  const location = ctx.response.get('Location');
  if (!/[?&]iss=/.test(location)) return;
  const url = new URL(location);
  url.searchParams.delete('iss');
  ctx.set('Location', url.href);
}

function dropCors(ctx: PageContext): void {
  for (const name of ctx.res.getHeaderNames()) if (name.startsWith('access-control-')) ctx.remove(name);
}

function withoutMembers(body: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}
