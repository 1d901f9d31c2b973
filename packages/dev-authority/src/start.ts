import type { RequestListener, Server } from 'node:http';
import { join } from 'node:path';
import { startAdmin } from './admin.ts';
import type { AdminAccess } from './admin-access.ts';
import { createAuthorityApp } from './authority-app.ts';
import { type DevClients, mergeClients } from './clients.ts';
import { createFaultList, type Faults } from './faults.ts';
import { createAuthorityServer } from './https.ts';
import { addressOf, closeServer, listenOnFreePort } from './listen.ts';
import { metadataAddressOf } from './profile-layer.ts';
import type { RefreshTokenFilter, RefreshTokenRecord } from './refresh-tokens.ts';
import { type DevAuthoritySettings, resolveSettings } from './settings.ts';
import { createStateStore } from './state-store.ts';
import type { DevUser } from './users.ts';
import { createSigningKey, loadWorkspaceSecrets, saveWorkspaceSecrets } from './workspace-secrets.ts';

/** A running development authority. */
export interface DevAuthority {
  /** Issuer identifier: `http://127.0.0.1:PORT` or `https://NAME:PORT`, without a slash at the end, and what the profile puts after it. */
  issuer: string;
  /** Where its metadata is, which in some profiles is not under the issuer. */
  metadataAddress: string;
  port: number;
  /** All registered clients, by client id. */
  clients: DevClients;
  users: readonly DevUser[];
  /** The `aud` of access tokens for the API, and the `resource` to ask for. */
  apiAudience: string;
  /** Secret of `deskauth-api` for introspection. Made per workspace; keep it out of logs and command lines. */
  apiClientSecret: string;
  /** What native clients have to send as their secret, in a profile where they have one; public by nature. */
  nativeClientSecret: string | undefined;
  signingKeys: {
    /** Signs with a new key from now on; tokens of the old key stay valid, since its public part stays published. */
    rotate(): Promise<void>;
  };
  /**
   * Forgets the browser sessions, grants and refresh tokens of a user, or of everybody: the next refresh gets
   * `invalid_grant`. Access tokens that are JWTs stay good until they expire.
   * @returns how many were forgotten
   */
  endSessions(sub?: string): number;
  /** What goes wrong on request. */
  faults: Faults;
  refreshTokens: {
    /** Those that can be used, the newest first; by their hashes, since nothing else is stored. */
    list(filter?: RefreshTokenFilter): RefreshTokenRecord[];
    /** The next refresh with one of these gets `invalid_grant`. @returns how many were revoked */
    revoke(filter?: RefreshTokenFilter): number;
  };
  /** The same over HTTP; undefined without the setting `admin`. */
  admin: AdminAccess | undefined;
  /** Stops at once and closes all connections. */
  stop(): Promise<void>;
}

/** Enough for the tokens of two rotations ago; a key set must not grow for ever. */
const PUBLISHED_KEYS = 3;

/**
 * Starts an authorization server for development and tests on this machine.
 * @throws TypeError when a setting is refused; the message names it
 * @throws Error when no port is free or the secrets file cannot be used
 */
export async function startDevAuthority(settings: DevAuthoritySettings = {}): Promise<DevAuthority> {
  const resolved = resolveSettings(settings);
  const { host, https, log, directory, apiAudience, users } = resolved;
  const secrets = await loadWorkspaceSecrets(directory);
  const clients = mergeClients(resolved.profile, resolved.clients);
  const store = createStateStore(resolved.refreshGraceSeconds);
  const server = await createAuthorityServer(https);
  const port = await listenOnFreePort(server, resolved);
  const origin = https ? addressOf(https.name ?? host, port, 'https') : addressOf(host, port);
  const issuer = `${origin}${resolved.profile.issuerPath}`;
  const faults = createFaultList();
  const parts = { settings: resolved, secrets, clients, store, port, faults };
  await serveApp(server, () => createAuthorityApp(issuer, parts));
  if (port !== resolved.port && resolved.port !== 0) log(`port ${resolved.port} is taken: using ${port}`);
  const ways = settings.profile ? `, with the ways of ${resolved.profile.title}` : '';
  log(`development authority at ${issuer}${ways}: for development and tests only, never for production`);

  let rotating = Promise.resolve();
  /** One after the other: the file must have the newest. */
  function rotate(): Promise<void> {
    rotating = rotating.catch(() => undefined).then(rotateNow);
    return rotating;
  }
  async function rotateNow(): Promise<void> {
    secrets.signingKeys = [await createSigningKey(), ...secrets.signingKeys].slice(0, PUBLISHED_KEYS);
    await saveWorkspaceSecrets(directory, secrets);
    await serveApp(server, () => createAuthorityApp(issuer, parts));
    log('signing key rotated');
  }

  // With the port in its name, because another authority may use the folder too.
  const headerFile = directory && join(directory, `admin-${port}.header`);
  const admin = resolved.admin
    ? await startAdmin(host, headerFile, { faults, store, rotateSigningKey: rotate }).catch(async (error) => {
        await closeServer(server);
        throw error;
      })
    : undefined;
  return {
    issuer,
    metadataAddress: metadataAddressOf(issuer, resolved.profile),
    port,
    clients,
    users,
    apiAudience,
    apiClientSecret: secrets.apiClientSecret,
    nativeClientSecret: resolved.profile.nativeClientSecret,
    signingKeys: { rotate },
    endSessions: (sub) => store.endSessions(sub),
    faults,
    refreshTokens: { list: store.listRefreshTokens, revoke: store.revokeRefreshTokens },
    admin: admin && { url: admin.url, token: admin.token, headerFile: admin.headerFile },
    async stop() {
      await Promise.all([closeServer(server), admin?.stop()]);
    },
  };
}

/** Puts the app in the place of the one before it. Requests that run keep theirs, and all share the same store. */
async function serveApp(server: Server, buildApp: () => Promise<RequestListener>): Promise<void> {
  try {
    const app = await buildApp();
    server.removeAllListeners('request').on('request', app);
  } catch (error) {
    await closeServer(server);
    throw error;
  }
}
