import type { Grant } from 'oidc-provider';

/** Scopes about the user, and what allowing each means in plain words. */
export const openidScopes: Readonly<Record<string, string>> = {
  openid: 'Know that it is you',
  profile: 'See your name and user name',
  email: 'See your email address',
  offline_access: 'Keep you signed in until you sign out or the session ends',
};

/** Scopes of the sample API, and what allowing each means in plain words. */
export const apiScopes: Readonly<Record<string, string>> = {
  'companies:read': 'See the companies that you have access to',
  'transactions:read': 'See the transactions of these companies',
};

/** A scope of the API by its own name: some providers write the API before each. */
export const bareScope = (name: string) => name.slice(name.lastIndexOf('/') + 1);

/** The requested scopes that this authority knows, in the order of the lists above. */
export function parseKnownScopes(scope: unknown): string[] {
  const requested = [...new Set(String(scope ?? '').split(' '))];
  return [
    ...Object.keys(openidScopes).filter((name) => requested.includes(name)),
    ...Object.keys(apiScopes).flatMap((known) => requested.filter((name) => bareScope(name) === known)),
  ];
}

/** What a scope means, for the consent page. */
export function describeScope(name: string): string {
  return openidScopes[name] ?? apiScopes[bareScope(name)] ?? name;
}

/** Writes exactly what was asked for into a grant: user scopes as such, API scopes for each requested resource. */
export function grantScopes(grant: Grant, scope: unknown, resource: unknown): void {
  const known = parseKnownScopes(scope);
  grant.addOIDCScope(known.filter((name) => name in openidScopes));
  for (const audience of [resource].flat().filter((value) => typeof value === 'string')) {
    grant.addResourceScope(
      audience,
      known.filter((name) => bareScope(name) in apiScopes),
    );
  }
}
