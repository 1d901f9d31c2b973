import { isInternal, isLoopback, parseAddress } from './address.ts';
import type { CheckedSettings } from './checked-settings.ts';
import { createKeptDocument, type KeptDocument } from './kept-document.ts';
import { fetchJson, RemoteFault } from './remote-json.ts';

/** What an API needs to know about its authorization server. */
export interface ServerMetadata {
  readonly jwksUri: string | undefined;
  readonly introspectionEndpoint: string | undefined;
  readonly userInfoEndpoint: string | undefined;
}

/** A key set, an endpoint: all of it moves rarely, and a wrong document must not stay for long. */
const KEEPING = { maxAgeSeconds: 3600, outageLimitSeconds: 7 * 24 * 3600, cooldownSeconds: 30 };

/**
 * The authorization server's metadata, kept fresh.
 * @param onAnswer told the server's clock with each answer
 * @see OpenID Connect Discovery 1.0 §4, RFC 8414 §3
 */
export function createMetadataSource(
  settings: CheckedSettings,
  onAnswer: (serverAt: number | undefined) => void,
): KeptDocument<ServerMetadata> {
  const load = async () => {
    const { body, serverAt } = await fetchJson(settings.discoveryUrl, { headers: ACCEPT_JSON }, settings);
    onAnswer(serverAt);
    return parseMetadata(body, settings);
  };
  return createKeptDocument(load, settings.clock, KEEPING);
}

const ACCEPT_JSON = { accept: 'application/json' };

/** @throws RemoteFault naming both issuers, or the endpoint that is not safe to ask */
function parseMetadata(
  document: Readonly<Record<string, unknown>>,
  settings: CheckedSettings,
): ServerMetadata {
  if (document.issuer !== settings.issuer)
    throw new RemoteFault(
      `The document at ${settings.discoveryUrl} states the issuer ${JSON.stringify(document.issuer)}; ` +
        `the settings say "${settings.issuer}". They must be the same text, to the last slash.`,
    );
  const endpoint = (name: string) => requireEndpoint(name, document[name], settings);
  return {
    jwksUri: endpoint('jwks_uri'),
    introspectionEndpoint: endpoint('introspection_endpoint'),
    userInfoEndpoint: endpoint('userinfo_endpoint'),
  };
}

/** Endpoints may live on another host, but not on an unencrypted one, nor inside our network when the issuer is not. */
function requireEndpoint(name: string, value: unknown, settings: CheckedSettings): string | undefined {
  if (value === undefined) return undefined;
  const url = parseAddress(value);
  const issuer = new URL(settings.issuer);
  const isSafe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && settings.allowHttp && isLoopback(url));
  if (!url || !isSafe || (isInternal(url) && !isInternal(issuer)))
    throw new RemoteFault(
      `The ${name} of ${settings.issuer} is not an address that may be asked: ${String(value)}.`,
    );
  return url.href;
}
