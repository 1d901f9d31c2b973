import { resolve } from 'node:path';
import type { FileSettings, LoopbackHost, LoopbackSettings } from '@deskauth/node';
import { type Flags, parseNumber, parsePairs, UsageError } from './command-line.ts';
import { loadLogin } from './last-login.ts';
import { nobodySignedIn } from './nobody.ts';

/** Where sessions may be kept. */
export type StoreKind = 'keyring' | 'key-file' | 'memory';

/** What a login was made with, kept so that later commands find its session. Holds no secret. */
export interface Profile extends Omit<FileSettings, 'store' | 'appName' | 'clientSecret' | 'apiAddresses'> {
  readonly storeKind?: StoreKind;
}

const LOGIN_EXAMPLE = 'deskauth login --issuer https://login.example.com --client-id my-cli';

/** The profile that these flags describe. @throws UsageError */
export function buildProfile(flags: Flags): Profile {
  const { issuer, 'client-id': clientId } = flags;
  const account = parseAccount(flags);
  if (!issuer || !clientId)
    throw new UsageError(
      `--issuer URL and --client-id ID go together, and login needs both: ${LOGIN_EXAMPLE}`,
    );
  return {
    issuer,
    clientId,
    ...(account !== undefined && { account }),
    ...(flags['metadata-address'] !== undefined && { metadataAddress: flags['metadata-address'] }),
    ...(flags.tenant && { tenants: flags.tenant }),
    ...(flags.scope !== undefined && { scope: parseScope(flags.scope) }),
    ...(flags.resource && { resource: flags.resource }),
    ...(flags.param && { parameters: parsePairs('param', flags.param) }),
    ...(flags['other-audience'] && { otherAudiences: flags['other-audience'] }),
    ...(flags['endpoint-origin'] && { endpointOrigins: flags['endpoint-origin'] }),
    ...(flags['ca-file'] !== undefined && { caFile: resolve(flags['ca-file']) }),
    ...(flags['allow-http'] && { allowHttp: true }),
    ...(flags.userinfo && { userInfo: 'endpoint' as const }),
    ...(flags.par && { pushedAuthorization: 'always' as const }),
    ...(flags.dpop && { dpop: 'required' as const }),
    ...(flags['time-limit'] && { signInTimeLimitSeconds: parseNumber('time-limit', flags['time-limit']) }),
    ...(flags.store !== undefined && { storeKind: parseStoreKind(flags.store) }),
    ...parseRedirect(flags),
  };
}

/** The profile of an earlier login: the last one, or that of the flags. @throws AuthError `AUTH_SIGN_IN_REQUIRED` */
export async function loadProfile(flags: Flags): Promise<Profile> {
  if (flags.issuer || flags['client-id']) return buildProfile(flags);
  const account = parseAccount(flags);
  const login = await loadLogin(account);
  if (!login) throw await nobodySignedIn(account);
  return login.profile;
}

/** Where the browser comes back to: later also after a sign-out at the server. @throws UsageError */
export function parseRedirect(flags: Flags): LoopbackSettings {
  const { 'redirect-port': ports, 'redirect-path': path, 'redirect-host': host } = flags;
  return {
    ...(ports && { redirectPorts: ports.map((port) => parseNumber('redirect-port', port, 65_535)) }),
    ...(path !== undefined && { redirectPath: path }),
    ...(host !== undefined && { redirectHost: parseHost(host) }),
    ...(flags['sign-out-path'] !== undefined && { signOutPath: flags['sign-out-path'] }),
  };
}

function parseHost(host: string): LoopbackHost {
  if (host === '127.0.0.1' || host === '::1' || host === 'localhost') return host;
  throw new UsageError(`--redirect-host: expected 127.0.0.1, ::1 or localhost, found "${host}".`);
}

/** It becomes a part of a file name. */
function parseAccount({ account }: Flags): string | undefined {
  if (account === undefined || /^[\w.@+-]{1,64}$/.test(account)) return account;
  throw new UsageError(`--account: expected letters, digits and . _ @ + -, found "${account}".`);
}

/** Checked here, before a browser is opened: without it a sign-in has an end and no person. */
function parseScope(text: string): string {
  if (text.split(' ').includes('openid')) return text;
  throw new UsageError(
    `--scope: expected "openid" in it, and spaces between scopes, found "${text}". Without "openid" the server does not say who has signed in.`,
  );
}

function parseStoreKind(text: string): StoreKind {
  if (text === 'keyring' || text === 'key-file' || text === 'memory') return text;
  throw new UsageError(`--store: expected keyring, key-file or memory, found "${text}".`);
}
