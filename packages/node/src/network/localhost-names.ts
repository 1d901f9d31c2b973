import { type LookupAddress, lookup as lookUpBySystem } from 'node:dns';
import type { LookupFunction } from 'node:net';

const LOOPBACK: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/**
 * The system's resolver, but for names below `localhost`: they are this machine, as they are in browsers, also where the
 * system does not know that. `localhost` itself is in every hosts file.
 * @see RFC 6761 §6.3
 */
export const lookUp: LookupFunction = (hostname, options, callback) => {
  if (!/.\.localhost\.?$/i.test(hostname)) return lookUpBySystem(hostname, options, callback);
  const family = familyOf(options.family);
  const found = LOOPBACK.filter((one) => family === 0 || one.family === family);
  const [first = { address: '127.0.0.1', family: 4 }] = found;
  // Never within the call: whoever asks a resolver does not expect that.
  process.nextTick(() =>
    options.all ? callback(null, [...found]) : callback(null, first.address, first.family),
  );
};

function familyOf(family: number | 'IPv4' | 'IPv6' | undefined): number {
  if (family === 'IPv4') return 4;
  return family === 'IPv6' ? 6 : (family ?? 0);
}
