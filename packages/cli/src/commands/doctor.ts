import type { Flags } from '../command-line.ts';
import { checkAuthority } from '../doctor/authority.ts';
import { type Check, type Finding, toLines } from '../doctor/finding.ts';
import { checkBrowser, checkKeyring, checkLoopback, checkScheme } from '../doctor/machine.ts';
import { checkProxy, checkRoots } from '../doctor/network.ts';
import { checkElectron, checkNode } from '../doctor/runtime.ts';
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
  const profile = issuer && buildProfile({ 'client-id': 'deskauth-doctor', ...flags });
  return [
    checkNode,
    checkElectron,
    () => checkKeyring(),
    () => checkBrowser(),
    () => checkLoopback(redirect),
    () => checkScheme(scheme),
    () => checkProxy(issuer),
    () => checkRoots({ ...(flags['ca-file'] !== undefined && { caFile: flags['ca-file'] }) }),
    ...(profile ? [() => checkAuthority(profile)] : []),
  ];
}
