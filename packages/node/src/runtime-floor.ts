import { createCipheriv, createHash } from 'node:crypto';
import { AuthError } from '@deskauth/session';

/** `package.json` says the same under `engines`; nobody reads that at run time. */
const OLDEST_NODE = '20.19.0';

/** What a session is built on, and what some runtimes lack. */
const FEATURES: readonly (readonly [name: string, isThere: () => boolean])[] = [
  ['fetch', () => typeof globalThis.fetch === 'function' && typeof globalThis.Request === 'function'],
  ['crypto.subtle', () => typeof globalThis.crypto?.subtle === 'object'],
  ['AbortSignal.any', () => typeof AbortSignal.any === 'function'],
  ['URL.canParse', () => typeof URL.canParse === 'function'],
];

/**
 * Refuses a runtime on which a session cannot work, before it fails halfway.
 * @throws AuthError `AUTH_RUNTIME_UNSUPPORTED`
 */
export function requireRuntime(
  versions: Readonly<Record<string, string | undefined>> = process.versions,
): void {
  const { node = '0', electron } = versions;
  const runtime = electron ? `Electron ${electron} (Node ${node})` : `Node ${node}`;
  if (isBelow(node, OLDEST_NODE))
    throw unsupported(`${runtime} is too old: Node ${OLDEST_NODE} or later is needed`);
  const missing = FEATURES.filter(([, isThere]) => !isThere()).map(([name]) => name);
  if (missing.length > 0) throw unsupported(`${runtime} lacks ${missing.join(', ')}`);
  try {
    createHash('sha256').update('').digest();
    createCipheriv('aes-256-gcm', Buffer.alloc(32), Buffer.alloc(12)).final();
  } catch {
    throw unsupported(
      `the cryptography of ${runtime} does not have SHA-256 and AES-256-GCM; if it is in FIPS mode, its FIPS module is not installed`,
    );
  }
}

function unsupported(why: string): AuthError {
  return new AuthError('AUTH_RUNTIME_UNSUPPORTED', `Sign-in cannot work here: ${why}.`);
}

/** Releases of one major version. */
interface ReleaseLine {
  /** The first release without known holes that matter to a sign-in (TLS, HTTP, certificates, bridges). */
  readonly since: string;
  /** When its maker stops mending it; undefined where that is soon enough replaced. */
  readonly mendedUntil?: string;
}

/** Holes as known on 2026-11-01. @see https://nodejs.org/en/about/previous-releases */
const NODE_LINES: Readonly<Record<number, ReleaseLine>> = {
  20: { since: '20.20.2', mendedUntil: '2026-04-30' },
  22: { since: '22.23.4', mendedUntil: '2027-04-30' },
  24: { since: '24.22.1', mendedUntil: '2028-04-30' },
  26: { since: '26.12.1' },
};

/**
 * What is known against this release of Node, for the people who run it; undefined when nothing is.
 * @param today such as "2026-11-21"
 */
export function weaknessOfNode(
  version: string,
  today = new Date().toISOString().slice(0, 10),
): string | undefined {
  const major = Number.parseInt(version, 10);
  const newest = Math.max(...Object.keys(NODE_LINES).map(Number));
  const line = NODE_LINES[major];
  if (!line) return major > newest ? undefined : `Node ${major} is no longer mended. Use Node ${newest}.`;
  if (line.mendedUntil && today > line.mendedUntil)
    return `Node ${major} is no longer mended since ${line.mendedUntil}. Use Node ${newest}.`;
  if (!isBelow(version, line.since)) return undefined;
  return `Node ${version} has known holes in TLS or HTTP. Use ${line.since} or later.`;
}

/** True when the version comes before the other one; what is no version comes before all. */
function isBelow(version: string, other: string): boolean {
  const [a = [], b = []] = [version, other].map((text) =>
    text.split(/[.-]/).map((part) => Number(part) || 0),
  );
  const at = [0, 1, 2].find((index) => (a[index] ?? 0) !== (b[index] ?? 0));
  return at !== undefined && (a[at] ?? 0) < (b[at] ?? 0);
}
