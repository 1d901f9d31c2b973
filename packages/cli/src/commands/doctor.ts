import { type Flags, UsageError } from '../command-line.ts';
import { checkAuthority } from '../doctor/authority.ts';
import { type Check, type Finding, toLines } from '../doctor/finding.ts';
import { checkLocalCertificates } from '../doctor/local-certificates.ts';
import { checkBrowser, checkKeyring, checkLoopback, checkScheme } from '../doctor/machine.ts';
import { checkProxy, checkRoots } from '../doctor/network.ts';
import { checkElectron, checkNode } from '../doctor/runtime.ts';
import { checkTls } from '../doctor/tls.ts';
import { buildProfile, parseRedirect } from '../profile.ts';
import { inFlags } from '../setting-names.ts';
import { print, withoutControls } from '../terminal.ts';

/** Looks at everything that a sign-in from this machine stands on, and says what to do. Exit code 0 when nothing is bad. */
export async function doctor(flags: Flags): Promise<number> {
  const findings: Finding[] = [];
  for (const check of chooseChecks(flags)) findings.push(...(await check()).map(inOurWords));
  if (flags.json) print(JSON.stringify(findings, undefined, 2));
  else print(withoutControls(findings.map(toLines).join('\n')));
  return findings.some(({ verdict }) => verdict === 'bad') ? 1 : 0;
}

/** In the library's words there are settings; here there are flags. */
function inOurWords(finding: Finding): Finding {
  const { says, next } = finding;
  return { ...finding, says: inFlags(says), ...(next !== undefined && { next: inFlags(next) }) };
}

function chooseChecks(flags: Flags): readonly Check[] {
  const redirect = parseRedirect(flags);
  const { issuer, scheme } = flags;
  const network = { ...(flags['ca-file'] !== undefined && { caFile: flags['ca-file'] }) };
  const profile = issuer && buildProfile({ 'client-id': 'deskauth-doctor', ...flags });
  return [
    checkNode,
    checkElectron,
    () => checkKeyring(),
    () => checkBrowser(),
    () => checkLoopback(redirect),
    () => checkScheme(scheme),
    () => checkProxy(issuer),
    () => checkRoots(network),
    () => checkLocalCertificates(),
    ...addressesOf(flags).map((address) => () => checkTls(address, network)),
    ...(profile ? [() => checkAuthority(profile)] : []),
  ];
}

/** The issuer, where it is one for TLS, and what was named beside it. @throws UsageError */
function addressesOf({ issuer = '', address = [] }: Flags): string[] {
  const isSecure = (text: string) => URL.canParse(text) && new URL(text).protocol === 'https:';
  const wrong = address.find((text) => !isSecure(text));
  if (wrong !== undefined) throw new UsageError(`--address: expected an https address, found "${wrong}".`);
  // What is wrong with the issuer as an address is told where the server is tried.
  return [...new Set([...(isSecure(issuer) ? [issuer] : []), ...address])];
}
