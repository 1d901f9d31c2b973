import { once } from 'node:events';
import type { AdminAccess, DevAuthority } from '@deskauth/dev-authority';
import { prepareCertificates } from '../certificates/prepare.ts';
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
  const local = await prepareHttps(flags);
  const server = await startDevAuthority({
    directory,
    ...(flags.port !== undefined && { port: parseNumber('port', flags.port, 65_535) }),
    ...(flags.admin && { admin: true }),
    ...(profile && { profile }),
    ...(flags['api-audience'] !== undefined && { apiAudience: flags['api-audience'] }),
    ...(local && { https: local.https }),
    log: say,
  });
  const ended = new AbortController();
  const { signal } = ended;
  // Before the address is out: whoever reads it may end this at once.
  const asked = Promise.race([once(process, 'SIGINT', { signal }), once(process, 'SIGTERM', { signal })]);
  describeAdmin(server.admin);
  say(`Try: ${describeLogin(server, local ? `--ca-file ${local.caFile}` : '--allow-http')}`);
  print(server.issuer);
  await asked;
  ended.abort();
  await server.stop();
  return 0;
}

/** The login that this authority takes: its client is registered as the page of the provider says. */
function describeLogin(
  { issuer, metadataAddress, nativeClientSecret, clients }: DevAuthority,
  trust: string,
): string {
  const [first, ...rest] = (clients['deskauth-cli'].redirectUris ?? []).map((uri) => new URL(uri));
  const ports = [first, ...rest].filter((uri) => uri?.hostname === first?.hostname).map((uri) => uri?.port);
  const isUsual = metadataAddress === `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  return [
    ...(nativeClientSecret ? [`DESKAUTH_CLIENT_SECRET=${nativeClientSecret}`] : []),
    `deskauth login --issuer ${issuer} --client-id deskauth-cli ${trust}`,
    ...(isUsual ? [] : [`--metadata-address ${metadataAddress}`]),
    ...(first?.hostname === 'localhost' ? ['--redirect-host localhost'] : []),
    ...(first?.pathname === '/' ? ['--redirect-path /', '--sign-out-path /'] : []),
    ...(nativeClientSecret ? ['--param access_type=offline', '--param prompt=consent'] : []),
    ...ports.filter(Boolean).map((port) => `--redirect-port ${port}`),
  ].join(' ');
}

/** The certificates that `deskauth certs` makes, made here where they are lacking. @throws UsageError */
async function prepareHttps({ https, domain: wanted }: Flags) {
  if (!https && wanted !== undefined) throw new UsageError('--domain goes with --https.');
  if (!https) return undefined;
  const { domain, files } = await prepareCertificates(wanted === undefined ? {} : { domain: wanted });
  const { certificate: cert, key } = files.server;
  return { https: { cert, key, name: `login.${domain}` }, caFile: files.root.certificate };
}

function describeAdmin(admin: AdminAccess | undefined): void {
  if (!admin) return;
  say(`Administration: curl -H @${admin.headerFile} ${admin.url}/faults`);
  say(`  and a fault:  … -d '{"at":"token","kind":"cut","times":1}'`);
}
