import { once } from 'node:events';
import { type Flags, parseNumber } from '../command-line.ts';
import { print, say } from '../terminal.ts';

/** Starts the authorization server for development and stays until it is told to end. */
export async function authority(flags: Flags): Promise<number> {
  // Loaded here only: the other commands start faster without a server in them.
  const { startDevAuthority } = await import('@deskauth/dev-authority');
  const server = await startDevAuthority({
    directory: flags.directory ?? '.deskauth/authority',
    ...(flags.port !== undefined && { port: parseNumber('port', flags.port, 65_535) }),
    log: say,
  });
  print(server.issuer);
  say(`Try: deskauth login --issuer ${server.issuer} --client-id deskauth-cli --allow-http`);
  const ended = new AbortController();
  const { signal } = ended;
  await Promise.race([once(process, 'SIGINT', { signal }), once(process, 'SIGTERM', { signal })]);
  ended.abort();
  await server.stop();
  return 0;
}
