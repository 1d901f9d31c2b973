/** A provider whose endpoints are on other domains than its issuer. */
interface KnownProvider {
  /** The issuer as the app's settings name it. */
  readonly issuer: RegExp;
  /** Hosts of its endpoints. `*` stands for one label, `$1` for what the issuer's first group is. */
  readonly hosts: readonly string[];
}

/**
 * From the providers' own documents. The issuer comes from the app's settings, never from an answer: a server cannot
 * make itself one of these.
 */
const KNOWN: readonly KnownProvider[] = [
  {
    // Google: https://accounts.google.com/.well-known/openid-configuration
    issuer: /^https:\/\/accounts\.google\.com$/,
    hosts: ['oauth2.googleapis.com', 'www.googleapis.com', 'openidconnect.googleapis.com'],
  },
  {
    // Entra ID: the userinfo endpoint is Microsoft Graph's.
    issuer: /^https:\/\/login\.microsoftonline\.com\//,
    hosts: ['graph.microsoft.com'],
  },
  {
    // Entra ID v1: tokens name another issuer than the address of the sign-in.
    issuer: /^https:\/\/sts\.windows\.net\//,
    hosts: ['login.microsoftonline.com', 'login.windows.net', 'graph.microsoft.com'],
  },
  {
    issuer: /^https:\/\/login\.microsoftonline\.us\//,
    hosts: ['graph.microsoft.us'],
  },
  {
    issuer: /^https:\/\/login\.partner\.microsoftonline\.cn\//,
    hosts: ['microsoftgraph.chinacloudapi.cn'],
  },
  {
    // Amazon Cognito: the customer chooses the label of the sign-in domain, Amazon writes the document.
    issuer: /^https:\/\/cognito-idp\.([a-z0-9-]+)\.amazonaws\.com\/[\w-]+$/,
    hosts: ['*.auth.$1.amazoncognito.com', '*.auth-fips.$1.amazoncognito.com'],
  },
];

/** True where this provider is known to have endpoints on this address's host. */
export function isKnownEndpoint(issuer: string, { protocol, host }: URL): boolean {
  return (
    protocol === 'https:' &&
    KNOWN.some((provider) => {
      const [named, group = ''] = provider.issuer.exec(issuer) ?? [];
      return (
        named !== undefined && provider.hosts.some((pattern) => fits(host, pattern.replace('$1', group)))
      );
    })
  );
}

/** Compares label by label. `host` has a port where it is not 443, and then fits nothing. */
function fits(host: string, pattern: string): boolean {
  const [labels, wanted] = [host.split('.'), pattern.split('.')];
  return (
    labels.length === wanted.length &&
    wanted.every((label, index) => label === labels[index] || (label === '*' && labels[index] !== ''))
  );
}
