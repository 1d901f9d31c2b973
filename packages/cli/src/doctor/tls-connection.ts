import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls, type PeerCertificate } from 'node:tls';

/** How long a server may take for each step, in milliseconds. */
const TIME_LIMIT_MS = 5_000;

/** What a server has shown of itself. */
export interface Handshake {
  /** Its certificate and what leads from it upwards, as far as it was sent or is known here. */
  readonly chain: readonly [leaf: X509Certificate, ...X509Certificate[]];
  /** Why OpenSSL does not trust it, in its words; undefined where it does. Names are not looked at. */
  readonly distrust?: string;
}

/** Connects to these addresses, one after the other. @throws Error with the code of the last one */
export async function openSocket(addresses: readonly string[], port: number): Promise<Socket> {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  const lookup: LookupFunction = (_name, _options, callback) => process.nextTick(callback, null, found);
  const socket = connect({ host: 'resolved.invalid', port, lookup, autoSelectFamily: true });
  await once(socket, 'connect', { signal: AbortSignal.timeout(TIME_LIMIT_MS) }).catch((error) => {
    socket.destroy();
    throw error;
  });
  return socket;
}

/**
 * Shakes hands and looks at the certificates; nothing is sent to a server that is not trusted, nor to one that is.
 * @throws Error with OpenSSL's code when there is no handshake
 */
export async function shakeHands(socket: Socket, host: string, ca: readonly string[]): Promise<Handshake> {
  const secure = connectTls({
    ...{ socket, ca: [...ca], checkServerIdentity: () => undefined },
    ...(isIP(host) === 0 && { servername: host }),
    // Only to look: the connection is closed at once.
    rejectUnauthorized: false,
  });
  try {
    await once(secure, 'secureConnect', { signal: AbortSignal.timeout(TIME_LIMIT_MS) });
    const distrust: unknown = secure.authorizationError;
    const chain = chainOf(secure.getPeerCertificate(true));
    return { chain, ...(distrust ? { distrust: String(distrust) } : {}) };
  } finally {
    secure.destroy();
  }
}

function chainOf(peer: PeerCertificate): Handshake['chain'] {
  const above: X509Certificate[] = [];
  const seen = new Set<object>([peer]);
  for (let next = upwards(peer); next && !seen.has(next); next = upwards(next)) {
    seen.add(next);
    above.push(new X509Certificate(next.raw));
  }
  return [new X509Certificate(peer.raw), ...above];
}

/** Node repeats a root as its own issuer, or leaves out what it does not know. */
function upwards(certificate: PeerCertificate): PeerCertificate | undefined {
  return (certificate as { issuerCertificate?: PeerCertificate }).issuerCertificate;
}

/** Does this server answer a request that is not encrypted? */
export async function speaksHttp(socket: Socket, host: string): Promise<boolean> {
  try {
    socket.write(`HEAD / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    const [first] = await once(socket, 'data', { signal: AbortSignal.timeout(TIME_LIMIT_MS) });
    return String(first).startsWith('HTTP/');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
