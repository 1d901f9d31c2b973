import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { hostsOf } from '../certificates/domain.ts';
import { HOSTS_FILE, hostsLine, namesNotHere } from '../certificates/hosts.ts';
import { type PreparedCertificates, prepareCertificates } from '../certificates/prepare.ts';
import { nameOf } from '../certificates/state.ts';
import { trustGuide } from '../certificates/trust-guide.ts';
import type { Flags } from '../command-line.ts';
import { print, say } from '../terminal.ts';

/** Has certificates for the names of a local domain, and says how to trust them. It changes nothing outside its folder. */
export async function certs({ domain: wanted, directory, json }: Flags): Promise<number> {
  const prepared = await prepareCertificates({
    ...(wanted !== undefined && { domain: wanted }),
    ...(directory !== undefined && { directory }),
  });
  const {
    domain,
    files: { root, server },
  } = prepared;
  const files = {
    root: resolve(root.certificate),
    certificate: resolve(server.certificate),
    key: resolve(server.key),
  };
  const unresolved = await namesNotHere(hostsOf(domain));
  sayWhatIsNew(prepared);
  if (json) print(JSON.stringify({ domain, ...files, endsAt: prepared.endsAt, unresolved }));
  else print(describe(prepared, files, unresolved));
  return 0;
}

/** A new root is worth a word each time: nothing trusts it yet. */
function sayWhatIsNew({ root, because }: PreparedCertificates): void {
  if (root === 'made') say('The root certificate is new: nothing trusts it yet.');
  if (because !== undefined) say(`The server's certificate is new: of the one before, ${because}.`);
}

type Paths = Readonly<Record<'root' | 'certificate' | 'key', string>>;

function describe(
  { domain, endsAt }: PreparedCertificates,
  files: Paths,
  unresolved: readonly string[],
): string {
  const name = nameOf(readFileSync(files.root, 'utf8'));
  return [
    `names        ${hostsOf(domain).join(', ')}, and every other ….${domain}`,
    `root         ${files.root}`,
    `certificate  ${files.certificate}, until ${new Date(endsAt * 1000).toISOString().slice(0, 10)}`,
    `key          ${files.key}`,
    ...describeHosts(domain, unresolved),
    `\nThe root can speak for ${domain}, localhost and loopback addresses, and for nothing else.`,
    'Servers that run have to be started again for a new certificate. How to trust the root:\n',
    trustGuide({ file: files.root, name, domain }),
    `Is a server in order? deskauth doctor --address https://${hostsOf(domain)[0]}:PORT`,
  ].join('\n');
}

/** The system's resolver is asked: what it does not know, other programs do not know either. */
function describeHosts(domain: string, unresolved: readonly string[]): string[] {
  if (unresolved.length === 0) return [];
  const who = domain.endsWith('.localhost')
    ? 'Browsers and deskauth find these names by themselves, other programs on this machine do not:'
    : 'These names do not lead to this machine yet:';
  return [`\n${who} add this line to ${HOSTS_FILE}\n    ${hostsLine(unresolved)}`];
}
