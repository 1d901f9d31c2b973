import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** True for the addresses that never leave the machine. */
export function isLoopbackAddress(address: string): boolean {
  return loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** The system's own answer; empty where a name has no address. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

/** Asks the system's resolver. */
export const resolveBySystem: ResolveHost = async (host) => {
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
};

/** Which of these names the system does not lead to this machine. */
export async function namesNotHere(
  hosts: readonly string[],
  resolve: ResolveHost = resolveBySystem,
): Promise<string[]> {
  const answers = await Promise.all(hosts.map(resolve));
  const isHere = (addresses: readonly string[] = []) =>
    addresses.length > 0 && addresses.every(isLoopbackAddress);
  return hosts.filter((_, index) => !isHere(answers[index]));
}

/** The line that leads these names to this machine. */
export const hostsLine = (hosts: readonly string[]) => `127.0.0.1 ${hosts.join(' ')}`;

/** Where the system looks for such lines. */
export const HOSTS_FILE =
  process.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts';
