import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DevAuthority } from '@deskauth/dev-authority';
import { type Flags, parseNumber } from '../command-line.ts';
import { print, say } from '../terminal.ts';

/** Starts the authorization server for development and stays until it is told to end. */
export async function authority(flags: Flags): Promise<number> {
  // Loaded here only: the other commands start faster without a server in them.
  const { startDevAuthority } = await import('@deskauth/dev-authority');
  const directory = flags.directory ?? '.deskauth/authority';
  const server = await startDevAuthority({
    directory,
    ...(flags.port !== undefined && { port: parseNumber('port', flags.port, 65_535) }),
    ...(flags.admin && { admin: true }),
    log: say,
  });
  print(server.issuer);
  const headerFile = await writeAdminHeader(directory, server);
  say(`Try: deskauth login --issuer ${server.issuer} --client-id deskauth-cli --allow-http`);
  const ended = new AbortController();
  const { signal } = ended;
  await Promise.race([once(process, 'SIGINT', { signal }), once(process, 'SIGTERM', { signal })]);
  ended.abort();
  if (headerFile) await rm(headerFile, { force: true });
  await server.stop();
  return 0;
}

/**
 * The token goes into a file that curl reads: command lines are seen by everybody on the machine. With the port in its
 * name, because another authority may use the folder too.
 */
async function writeAdminHeader(
  directory: string,
  { admin, port }: DevAuthority,
): Promise<string | undefined> {
  if (!admin) return undefined;
  const file = join(directory, `admin-${port}.header`);
  await writeFile(file, `Authorization: Bearer ${admin.token}\n`, { mode: 0o600 });
  say(`Administration: curl -H @${file} ${admin.url}/faults`);
  say(`  and a fault:  … -d '{"at":"token","kind":"cut","times":1}'`);
  return file;
}
