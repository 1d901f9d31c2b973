import { once } from 'node:events';
import type { AdminAccess } from '@deskauth/dev-authority';
import { type Flags, parseNumber, UsageError } from '../command-line.ts';
import { print, say } from '../terminal.ts';

/** Starts the authorization server for development and stays until it is told to end. */
export async function authority(flags: Flags): Promise<number> {
  // Loaded here only: the other commands start faster without a server in them.
  const { PROFILE_NAMES, startDevAuthority } = await import('@deskauth/dev-authority');
  const profile = PROFILE_NAMES.find((name) => name === flags.profile);
  if (flags.profile !== undefined && !profile)
    throw new UsageError(`--profile: expected one of ${PROFILE_NAMES.join(', ')}, found "${flags.profile}".`);
  const directory = flags.directory ?? '.deskauth/authority';
  const server = await startDevAuthority({
    directory,
    ...(flags.port !== undefined && { port: parseNumber('port', flags.port, 65_535) }),
    ...(flags.admin && { admin: true }),
    ...(profile && { profile }),
    log: say,
  });
  print(server.issuer);
  describeAdmin(server.admin);
  say(`Try: deskauth login --issuer ${server.issuer} --client-id deskauth-cli --allow-http`);
  const ended = new AbortController();
  const { signal } = ended;
  await Promise.race([once(process, 'SIGINT', { signal }), once(process, 'SIGTERM', { signal })]);
  ended.abort();
  await server.stop();
  return 0;
}

function describeAdmin(admin: AdminAccess | undefined): void {
  if (!admin) return;
  say(`Administration: curl -H @${admin.headerFile} ${admin.url}/faults`);
  say(`  and a fault:  … -d '{"at":"token","kind":"cut","times":1}'`);
}
