import type { Profile } from './profiles/profile.ts';

/** An application that the authority knows. */
export interface DevClient {
  clientId: string;
  /** Shown to the user on the consent and sign-out pages. */
  name: string;
  /**
   * `native`: a public client whose loopback redirect URIs match with any port (RFC 8252 §7.3).
   * `web`: a public client in a browser; its redirect URIs match exactly and their origins get CORS.
   * `api`: a confidential client that may introspect access tokens and nothing else, with `apiClientSecret`.
   */
  type: 'native' | 'web' | 'api';
  /** For `native`, register http loopback URIs without a port. */
  redirectUris?: readonly string[] | undefined;
  postLogoutRedirectUris?: readonly string[] | undefined;
  /**
   * `false` makes a client that only signs people in: its access tokens are opaque and good for the userinfo endpoint.
   * `true` gives access tokens for the API, which the userinfo endpoint refuses.
   * @default true
   */
  callsApi?: boolean | undefined;
  /** Lets the client sign people in on another device, for machines without a browser (RFC 8628). @default false */
  deviceGrant?: boolean | undefined;
}

/** Ids of the clients that are always there. */
export type BuiltInClientId = 'deskauth-desktop' | 'deskauth-spa' | 'deskauth-cli' | 'deskauth-api';

/** All clients by client id. */
export type DevClients = Readonly<Record<BuiltInClientId, DevClient> & Partial<Record<string, DevClient>>>;

/** Both address families are registered: a machine may have only one, and the authority does not mix them up. */
function loopbackUris({ loopbackHosts, redirectPorts }: Profile, path: string): string[] {
  const hosts =
    loopbackHosts.length > 1 ? loopbackHosts.filter((host) => host !== 'localhost') : loopbackHosts;
  const ports = redirectPorts.length > 0 ? redirectPorts.map((port) => `:${port}`) : [''];
  return hosts.flatMap((host) => ports.map((port) => `http://${host}${port}${path}`));
}

const buildClients = (profile: Profile): Record<BuiltInClientId, DevClient> => ({
  'deskauth-desktop': {
    clientId: 'deskauth-desktop',
    name: 'Deskauth Desktop',
    type: 'native',
    redirectUris: [...loopbackUris(profile, profile.redirectPath), 'com.deskauth.sample:/callback'],
    postLogoutRedirectUris: [
      ...loopbackUris(profile, profile.signOutPath),
      'com.deskauth.sample:/signed-out',
    ],
  },
  'deskauth-spa': {
    clientId: 'deskauth-spa',
    name: 'Deskauth Web',
    type: 'web',
    redirectUris: ['http://localhost:3701/', 'http://127.0.0.1:3701/'],
    postLogoutRedirectUris: ['http://localhost:3701/', 'http://127.0.0.1:3701/'],
  },
  'deskauth-cli': {
    clientId: 'deskauth-cli',
    name: 'Deskauth CLI',
    type: 'native',
    redirectUris: loopbackUris(profile, profile.redirectPath),
    postLogoutRedirectUris: loopbackUris(profile, profile.signOutPath),
    deviceGrant: true,
  },
  'deskauth-api': { clientId: 'deskauth-api', name: 'Deskauth API', type: 'api' },
});

/** Adds clients to the built-in ones; one with the id of a built-in client takes its place. */
export function mergeClients(profile: Profile, added: readonly DevClient[] = []): DevClients {
  return {
    ...buildClients(profile),
    ...Object.fromEntries(added.map((client) => [client.clientId, client])),
  };
}

/** Only a browser client may read answers across origins, and only from the origins of its own redirect URIs. */
export function isOriginOfClient(client: DevClient | undefined, origin: string): boolean {
  if (client?.type !== 'web') return false;
  return (client.redirectUris ?? []).some((uri) => new URL(uri).origin === origin);
}
