import type { LookupFunction } from 'node:net';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import { lookUp } from './localhost-names.ts';
import type { Route } from './proxy.ts';
import { openTunnel } from './tunnel.ts';

/**
 * How long one address of a host may take before the next is tried, in milliseconds. Longer than Node's 250: it gives the
 * first one up when it tries the second, and a slow network is no dead one.
 */
const NEXT_ADDRESS_AFTER_MS = 400;

/** What connections are made with. */
export interface ConnectPorts {
  readonly route: Route;
  /** PEM. Asked for once, when the first connection is made: reading all roots takes a moment. */
  readonly roots: () => readonly string[];
  /** @default the system's resolver, with names below `localhost` on this machine */
  readonly lookup?: LookupFunction;
}

/**
 * Opens connections for undici: direct or through the proxy, IPv6 and IPv4 in turn, TLS with these roots. Certificates are
 * always checked, whatever NODE_TLS_REJECT_UNAUTHORIZED says.
 */
export function createConnect({ route, roots, lookup = lookUp }: ConnectPorts): buildConnector.connector {
  const common = {
    ...{ autoSelectFamily: true, autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS, lookup },
  };
  const plain = buildConnector(common);
  let secureContext: SecureContext | undefined;
  const trust = () => {
    secureContext ??= createSecureContext({ ca: [...roots()] });
    return secureContext;
  };
  let secure: buildConnector.connector | undefined;
  const openSecure: buildConnector.connector = (options, callback) => {
    secure ??= buildConnector({ ...common, secureContext: trust(), rejectUnauthorized: true });
    const socket: unknown = secure(options, callback);
    if (socket instanceof TLSSocket) nameIssuer(socket);
  };
  return (options, callback) => {
    const isSecure = options.protocol === 'https:';
    const port = options.port || (isSecure ? '443' : '80');
    const host = options.hostname.includes(':') ? `[${options.hostname}]` : options.hostname;
    tryTo(() => {
      const proxy = route(new URL(`${options.protocol}//${host}:${port}`));
      if (!proxy) return (isSecure ? openSecure : plain)(options, callback);
      openTunnel(proxy, `${host}:${port}`, trust).then(
        (httpSocket) =>
          isSecure ? openSecure({ ...options, httpSocket }, callback) : callback(null, httpSocket),
        (error: Error) => callback(error, null),
      );
    }, callback);
  };
}

function tryTo(work: () => void, callback: buildConnector.Callback): void {
  try {
    work();
  } catch (error) {
    callback(error as Error, null);
  }
}

/** A connection that is refused for its certificate forgets it at once; who made it is what a person needs to know. */
function nameIssuer(socket: TLSSocket): void {
  const { destroy } = socket;
  socket.destroy = (error) => {
    const issuer = error && socket.getPeerCertificate(true).issuer;
    if (issuer) Object.assign(error, { issuedBy: issuer.CN ?? issuer.O });
    return destroy.call(socket, error);
  };
}
