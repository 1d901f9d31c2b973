import type { RequestInit as UndiciInit, fetch as undiciFetch } from 'undici';
import type { ConnectPorts } from './connect.ts';
import { createRoute, type ProxySettings } from './proxy.ts';
import { loadTrustedRoots, type RootSettings } from './roots.ts';

/** How this machine reaches the network. */
export interface NetworkSettings extends ProxySettings, RootSettings {}

/**
 * A fetch through the proxy of the environment or the settings, which trusts the operating system's root certificates and
 * those of `caFile` beside Node's own. There is no way to switch the checking of certificates off.
 * @throws AuthError `AUTH_SETTINGS_INVALID`
 */
export function machineFetch(
  settings: NetworkSettings = {},
  ports: Pick<ConnectPorts, 'lookup'> = {},
): typeof fetch {
  const route = createRoute(settings);
  // A file that cannot be used is told now, not at the first sign-in.
  if (settings.caFile !== undefined) loadTrustedRoots(settings);
  const roots = () => loadTrustedRoots(settings).certificates;
  let client: ReturnType<typeof loadClient> | undefined;
  return async (input, init) => {
    client ??= loadClient({ ...ports, route, roots });
    const { fetch, dispatcher } = await client;
    // The platform's own class knows every kind of body that the platform has.
    const request = new Request(input, init);
    const isStream = init?.body instanceof ReadableStream || (input instanceof Request && !init?.body);
    const sent = {
      ...{ method: request.method, headers: [...request.headers], redirect: request.redirect },
      ...{ cache: request.cache, signal: init?.signal ?? request.signal, duplex: 'half', dispatcher },
      body: isStream || !request.body ? request.body : new Uint8Array(await request.arrayBuffer()),
    };
    try {
      return toPlatformResponse(await fetch(request.url, sent as UndiciInit));
    } catch (error) {
      throw explained(error);
    }
  };
}

/** Loaded with the first request: an app that starts with a window is not to wait for it. */
async function loadClient(ports: ConnectPorts) {
  const [{ Agent, fetch }, { createConnect }] = await Promise.all([import('undici'), import('./connect.ts')]);
  return { fetch, dispatcher: new Agent({ connect: createConnect(ports) }) };
}

type UndiciResponse = Awaited<ReturnType<typeof undiciFetch>>;

/** As the platform's own fetch would have answered: apps ask `instanceof Response`. */
function toPlatformResponse(answer: UndiciResponse): Response {
  const { status, statusText, url, redirected } = answer;
  const isBare = status === 204 || status === 205 || status === 304;
  const response = new Response(isBare ? null : (answer.body as ReadableStream | null), {
    ...{ status, statusText, headers: [...answer.headers] as [string, string][] },
  });
  return Object.defineProperties(response, { url: { value: url }, redirected: { value: redirected } });
}

/** Nobody vouches for the certificate. The other faults of one (host name, date) are no question of trust. */
const NOT_TRUSTED =
  /^(UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE|(SELF_SIGNED|DEPTH_ZERO_SELF_SIGNED)_CERT(_IN_CHAIN)?|CERT_UNTRUSTED)$/;

function explained(error: unknown): unknown {
  const { cause } = error as { cause?: NodeJS.ErrnoException & { readonly issuedBy?: string } };
  const { code = '', message = '', issuedBy } = cause ?? {};
  if (!NOT_TRUSTED.test(code)) return error;
  const issuer = typeof issuedBy === 'string' ? `, issued by "${issuedBy.slice(0, 100)}"` : '';
  return Object.assign(
    new Error(
      `its certificate is not trusted here (${message.split(';')[0]}${issuer}). If that is your company's, add its root certificate: by the setting caFile, the variable NODE_EXTRA_CA_CERTS, or the operating system's trust store`,
    ),
    { code },
  );
}
