import type { Client, Provider } from 'oidc-provider';
import type { DevClient } from './clients.ts';
import type { Profile, RedirectMatch } from './profiles/profile.ts';

type Matcher = (uri: string, registered: string) => boolean;

/** oidc-provider itself takes a loopback address with any port (RFC 8252 §7.3); these are the ways of others. */
const MATCHERS: Readonly<Partial<Record<RedirectMatch, Matcher>>> = {
  exact: (uri, registered) => uri === registered,
  'any-port-or-path': (uri, registered) => {
    const [asked, known] = [withoutPort(uri), withoutPort(registered)];
    return known.endsWith('*') ? asked.startsWith(known.slice(0, -1)) : asked === known;
  },
};

/** Has redirect URIs of native clients compared as the provider compares them. */
export function matchRedirects(provider: Provider, { redirectMatch }: Profile): void {
  const matches = MATCHERS[redirectMatch];
  if (!matches) return;
  const { prototype } = provider.Client;
  const isOneOf = (uri: string, registered: readonly string[] = []) =>
    URL.canParse(uri) && registered.some((known) => matches(uri, known));
  for (const [method, list] of [
    ['redirectUriAllowed', 'redirectUris'],
    ['postLogoutRedirectUriAllowed', 'postLogoutRedirectUris'],
  ] as const) {
    const usual = prototype[method];
    prototype[method] = function allowed(this: Client, uri: string) {
      return this.applicationType === 'native' ? isOneOf(uri, this[list]) : usual.call(this, uri);
    };
  }
}

const LOOPBACK_HOSTS: readonly string[] = ['127.0.0.1', '[::1]', 'localhost'];

const withoutPort = (uri: string) => uri.replace(/^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)):\d+/, '$1');

/** @throws TypeError for a redirect URI that the provider does not let anybody register */
export function requireRegistrable(client: DevClient, { title, loopbackHosts }: Profile): void {
  if (client.type !== 'native') return;
  for (const uri of [...(client.redirectUris ?? []), ...(client.postLogoutRedirectUris ?? [])]) {
    const [, host] = /^http:\/\/(\[[^\]]*\]|[^/:]*)/.exec(uri) ?? [];
    // What is no loopback address is refused by oidc-provider, for every profile.
    if (!LOOPBACK_HOSTS.includes(host ?? '') || loopbackHosts.includes(host ?? '')) continue;
    throw new TypeError(
      `The client '${client.clientId}' cannot be registered: ${title} takes ${loopbackHosts.join(', ')} in ${uri}.`,
    );
  }
}
