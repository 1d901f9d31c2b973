import { isSafeAddress, parseAddress } from '@deskauth/session';
import { type Flags, UsageError } from '../command-line.ts';
import { whileSignedIn } from '../nobody.ts';
import { loadProfile } from '../profile.ts';
import { say } from '../terminal.ts';
import { createTerminalSession } from '../terminal-session.ts';

/** Calls an API with the access token; the body goes to stdout as it is. Exit code 0 only for a 2xx answer. */
export async function call([address]: readonly string[], flags: Flags): Promise<number> {
  const { href, origin } = requireAddress(address);
  const profile = await loadProfile(flags);
  // The person has named this address; the token goes to it and nowhere else.
  const { session } = createTerminalSession(profile, { apiAddresses: [origin] });
  await session.restore();
  const response = await whileSignedIn(profile, () => session.fetch(href, buildRequest(flags)));
  say(`HTTP ${response.status} ${response.statusText}`.trim());
  process.stdout.write(new Uint8Array(await response.arrayBuffer()));
  if (process.stdout.isTTY) process.stdout.write('\n');
  return response.ok ? 0 : 1;
}

/** @throws UsageError also for an address to which no token may go */
function requireAddress(address: string | undefined): URL {
  const url = address === undefined ? undefined : parseAddress(address);
  if (!url) throw new UsageError('call needs the address of an API: deskauth call URL');
  if (isSafeAddress(url)) return url;
  throw new UsageError(
    `call: expected an https address, found "${address}". By http an access token goes to this machine only.`,
  );
}

function buildRequest({ request, data, header = [] }: Flags): RequestInit {
  const headers = new Headers(header.map(parseHeader));
  return {
    method: request ?? (data === undefined ? 'GET' : 'POST'),
    headers,
    ...(data !== undefined && { body: data }),
  };
}

function parseHeader(line: string): [string, string] {
  const mark = line.indexOf(':');
  if (mark < 1) throw new UsageError(`-H: expected 'Name: value', found "${line}".`);
  return [line.slice(0, mark).trim(), line.slice(mark + 1).trim()];
}
