import type { DevClient } from './clients.ts';
import type { HttpsSettings } from './https.ts';
import type { Profile } from './profiles/profile.ts';
import { type ProfileName, profiles } from './profiles/profiles.ts';
import { requireKinds } from './setting-kinds.ts';
import { type DevUser, defaultUsers } from './users.ts';

/** Settings of {@link startDevAuthority}. Everything has a default. */
export interface DevAuthoritySettings {
  /**
   * The provider whose ways the authority takes on: issuer, paths, redirect matching, what is missing, how an API is named, how
   * refresh tokens and sign-out go.
   * @default 'standard'
   */
  profile?: ProfileName | undefined;
  /** Port to listen on. A taken port means the next free one; 0 means any. @default 3700 */
  port?: number | undefined;
  /** Fail when `port` is taken instead of trying the next ones. @default false */
  portStrict?: boolean | undefined;
  /** Loopback only: the authority cannot be reached from another machine. @default '127.0.0.1' */
  host?: '127.0.0.1' | '::1' | undefined;
  /** Certificate and key, and the name that the issuer has then: `https://NAME:PORT`. @default http */
  https?: HttpsSettings | undefined;
  /** Life of an access token in seconds. @default 1800 */
  accessTokenSeconds?: number | undefined;
  /**
   * `jwt`: signed, checked by the API itself. `opaque`: the API has to introspect it, which oidc-provider offers for
   * opaque tokens only. @default 'jwt'
   * @see RFC 9068, RFC 7662
   */
  accessTokenFormat?: 'jwt' | 'opaque' | undefined;
  /** Life of the browser's session with the authority in seconds, from sign-in. @default 43200 */
  sessionSeconds?: number | undefined;
  /** Life of a refresh token in seconds, from the code exchange; rotation does not prolong it. @default sessionSeconds */
  refreshTokenSeconds?: number | undefined;
  /** A new refresh token with each refresh; using an old one again revokes the whole grant. @default as the profile */
  rotateRefreshTokens?: boolean | undefined;
  /**
   * How long after a rotation the old refresh token is still good, in seconds, for apps that never got the answer. Okta,
   * Auth0, Cognito and Ping have such a time. @default as the profile: 0 in `standard`
   */
  refreshGraceSeconds?: number | undefined;
  /** Wants a nonce of its own in every proof of a client that binds its tokens. @default false @see RFC 9449 §8 */
  dpopNonces?: boolean | undefined;
  /** Resource indicator of the API: the `aud` of its access tokens. @default 'https://api.deskauth.example' */
  apiAudience?: string | undefined;
  /** Added to the built-in clients, or replacing the one with the same `clientId`. */
  clients?: readonly DevClient[] | undefined;
  /** Replaces the two built-in users. */
  users?: readonly DevUser[] | undefined;
  /**
   * Serves the administration over HTTP: faults, refresh tokens, keys. On a port of its own and under a token of its own,
   * so that no app under test comes upon it. @default false
   */
  admin?: boolean | undefined;
  /** Folder that keeps the generated keys between runs; it is made when missing. Left out: they live in memory only. */
  directory?: string | undefined;
  /** Start even though NODE_ENV is `production`. @default false */
  allowNodeEnvProduction?: boolean | undefined;
  /** Gets a line for each thing worth knowing; never a token, code or password. */
  log?: ((line: string) => void) | undefined;
}

/** The settings with every default filled in. */
export interface ResolvedSettings {
  profile: Profile;
  port: number;
  portStrict: boolean;
  host: '127.0.0.1' | '::1';
  https: HttpsSettings | undefined;
  accessTokenSeconds: number;
  accessTokenFormat: 'jwt' | 'opaque';
  sessionSeconds: number;
  refreshTokenSeconds: number;
  rotateRefreshTokens: boolean;
  refreshGraceSeconds: number;
  dpopNonces: boolean;
  apiAudience: string;
  clients: readonly DevClient[];
  users: readonly DevUser[];
  admin: boolean;
  directory: string | undefined;
  log: (line: string) => void;
}

/**
 * Fills in the defaults and refuses what would be unsafe or could not work, and what is no setting.
 * @throws TypeError that names the setting, its value and what is expected
 */
export function resolveSettings(settings: DevAuthoritySettings): ResolvedSettings {
  requireKinds(settings);
  requireDevelopment(settings.allowNodeEnvProduction ?? false);
  const profile = profiles[settings.profile ?? 'standard'];
  const sessionSeconds = requireSeconds('sessionSeconds', settings.sessionSeconds ?? 43_200);
  const refreshGraceSeconds = settings.refreshGraceSeconds ?? profile.refreshGraceSeconds;
  return {
    profile,
    port: requirePort(settings.port ?? 3700),
    portStrict: settings.portStrict ?? false,
    host: requireLoopback(settings.host ?? '127.0.0.1'),
    https: settings.https,
    accessTokenSeconds: requireSeconds('accessTokenSeconds', settings.accessTokenSeconds ?? 1800),
    accessTokenFormat: settings.accessTokenFormat ?? 'jwt',
    sessionSeconds,
    refreshTokenSeconds: requireSeconds(
      'refreshTokenSeconds',
      settings.refreshTokenSeconds ?? sessionSeconds,
    ),
    rotateRefreshTokens: settings.rotateRefreshTokens ?? profile.rotatesRefreshTokens,
    refreshGraceSeconds: requireSeconds('refreshGraceSeconds', refreshGraceSeconds, 0),
    dpopNonces: settings.dpopNonces ?? false,
    apiAudience: settings.apiAudience ?? 'https://api.deskauth.example',
    clients: settings.clients ?? [],
    users: settings.users ?? defaultUsers,
    admin: settings.admin ?? false,
    directory: settings.directory,
    log: settings.log ?? (() => {}),
  };
}

function requireDevelopment(allowed: boolean): void {
  if (process.env.NODE_ENV !== 'production' || allowed) return;
  throw new TypeError(
    'The development authority does not start with NODE_ENV=production: its users and passwords are public. ' +
      'Unset NODE_ENV, or set allowNodeEnvProduction if this machine only rehearses production.',
  );
}

function requireLoopback(host: string): '127.0.0.1' | '::1' {
  if (host === '127.0.0.1' || host === '::1') return host;
  throw new TypeError(
    `The development authority listens on loopback only: host is '${host}', use '127.0.0.1' or '::1'.`,
  );
}

function requirePort(port: number): number {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new TypeError(`port is ${port}; expected a whole number from 0 to 65535 (0 means any free port).`);
}

function requireSeconds(name: string, seconds: number, least = 1): number {
  if (Number.isInteger(seconds) && seconds >= least) return seconds;
  throw new TypeError(`${name} is ${seconds}; expected a whole number of seconds, ${least} or more.`);
}
