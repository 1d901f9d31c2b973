import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { loadTrustedRoots, type NetworkSettings, type TrustedRoots } from '@deskauth/node';
import { CERTIFICATES, filesOf, listDomains, loadCertificate } from '../certificates/files.ts';
import {
  HOSTS_FILE,
  hostsLine,
  namesNotHere,
  type ResolveHost,
  resolveBySystem,
} from '../certificates/hosts.ts';
import type { Finding } from './finding.ts';
import { type Handshake, shakeHands, speaksHttp } from './tls-connection.ts';
import {
  type Fault,
  faultOfLocalTrust,
  faultOfName,
  faultOfTime,
  faultOfTrust,
  type LocalRoot,
} from './tls-verdict.ts';
import { findWay, isBelowLocalhost, type OpenWay } from './tls-way.ts';

const check = 'TLS';

/** What a server is looked at with. */
export interface TlsCheck extends NetworkSettings {
  /** Where the roots of local domains are. @default '.deskauth/certificates' */
  readonly certificates?: string;
  /** Milliseconds since the epoch. @default the machine's clock */
  readonly now?: number;
  /** @default the system's resolver */
  readonly resolve?: ResolveHost;
}

/** Goes to a server as far as its certificate, and says what is wrong on the way. Nothing is asked of it. */
export async function checkTls(address: string, settings: TlsCheck): Promise<readonly Finding[]> {
  const url = new URL(address);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const trusted = loadTrustedRoots(settings);
  const local = await findLocalRoot(host, settings.certificates ?? CERTIFICATES);
  const { resolve = resolveBySystem } = settings;
  const ports = { settings, roots: trusted.certificates, isLocal: local !== undefined, resolve };
  const way = await findWay(url, ports);
  if (typeof way !== 'function') return [toFinding(url, way)];
  const met = await meet(way, host, trusted);
  if ('says' in met) return [toFinding(url, met)];
  const faults = [
    faultOfName(met, host),
    faultOfTime(met, settings.now ?? Date.now()),
    local ? faultOfLocalTrust(met, local) : faultOfTrust(met),
  ].filter((fault) => fault !== undefined);
  if (faults.length > 0) return faults.map((fault) => toFinding(url, fault));
  return [...inOrder(url, met, trusted), ...(await unknownToSystem(host, resolve))];
}

const toFinding = (url: URL, { says, next }: Fault): Finding => ({
  ...{ check, verdict: 'bad', says: `${url.host}: ${says}`, next },
});

/** The root in the folder, where the host is one of its domain's. */
async function findLocalRoot(host: string, directory: string): Promise<LocalRoot | undefined> {
  const domains = await listDomains(directory);
  const domain = domains.find((name) => host === name || host.endsWith(`.${name}`));
  const { root } = filesOf(directory, domain ?? '');
  const loaded = domain === undefined ? undefined : await loadCertificate(root);
  try {
    return loaded && { certificate: new X509Certificate(loaded.certificate), file: root.certificate };
  } catch {
    return undefined;
  }
}

async function meet(open: OpenWay, host: string, { certificates }: TrustedRoots): Promise<Handshake | Fault> {
  let socket: Socket;
  try {
    socket = await open();
  } catch (error) {
    return faultOfConnection(error as NodeJS.ErrnoException);
  }
  try {
    return await shakeHands(socket, host, certificates);
  } catch (error) {
    const fault = error as NodeJS.ErrnoException;
    return faultOfHandshake(fault) ?? faultWithoutTls(fault, open, host);
  }
}

function faultOfConnection({ code = '', name, message }: NodeJS.ErrnoException): Fault {
  if (code.startsWith('ERR_PROXY')) return { says: message, next: 'Look at the line about the proxy.' };
  if (code === 'ECONNREFUSED')
    return { says: 'nothing listens there', next: 'Start the server, or look at its port.' };
  const why = name === 'AbortError' ? 'no answer' : code || message;
  return { says: `it cannot be reached (${why})`, next: 'Look at the network, the VPN and the firewall.' };
}

function faultOfHandshake({ code = '' }: NodeJS.ErrnoException): Fault | undefined {
  if (/SIGNATURE/.test(code))
    return { says: 'its key does not belong to its certificate', next: 'Start it with two files that do.' };
  if (/ALERT|HANDSHAKE/.test(code))
    return {
      says: `it refuses the handshake (${code})`,
      next: 'Its log says why: no certificate for this name, one asked of the client, or another version of TLS.',
    };
  return undefined;
}

async function faultWithoutTls(error: NodeJS.ErrnoException, open: OpenWay, host: string): Promise<Fault> {
  const { code, name, message } = error;
  const socket = await open().catch(() => undefined);
  if (socket && (await speaksHttp(socket, host)))
    return {
      says: 'it speaks http there, and no TLS',
      next: 'Start it with a certificate and its key (deskauth certs makes both), or ask it by http.',
    };
  const why = name === 'AbortError' ? 'no answer' : (code ?? message);
  return { says: `it does not answer with TLS (${why})`, next: 'Look at what listens at this port.' };
}

/** In order for deskauth; others trust less, and a person wonders why. */
function inOrder(url: URL, { chain }: Handshake, { bySource }: TrustedRoots): Finding[] {
  const [leaf] = chain;
  const top = chain.at(-1) ?? leaf;
  const sources = [...bySource].filter(([, roots]) => roots.some((root) => vouchesFor(root, top)));
  const names = sources.map(([name]) => name);
  const until = new Date(leaf.validTo).toISOString().slice(0, 10);
  const says = `${url.host}: in order until ${until}; trusted by ${names.join(', ')}`;
  const good: Finding = { check, verdict: 'good', says };
  if (names.includes('system') || !bySource.get('system')?.length) return [good];
  const note = `${url.host}: the system does not trust its root, nor do programs and browsers that go by it`;
  return [good, { check, verdict: 'note', says: note, next: 'deskauth certs says how to trust a root.' }];
}

/** What browsers find by themselves, a plain `fetch` of Node may not. */
async function unknownToSystem(host: string, resolve: ResolveHost): Promise<Finding[]> {
  if (!isBelowLocalhost(host) || (await namesNotHere([host], resolve)).length === 0) return [];
  const says = `${host}: the system does not know this name; browsers and deskauth find it, other programs do not`;
  return [{ check, verdict: 'note', says, next: `Add this line to ${HOSTS_FILE}: ${hostsLine([host])}` }];
}

function vouchesFor(pem: string, top: X509Certificate): boolean {
  try {
    const root = new X509Certificate(pem);
    return top.checkIssued(root) && top.verify(root.publicKey);
  } catch {
    return false;
  }
}
