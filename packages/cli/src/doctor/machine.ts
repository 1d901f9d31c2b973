import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import {
  browserOfVariable,
  detectEnvironment,
  isLinuxSchemeRegistered,
  keyringStore,
  type LoopbackHost,
  type LoopbackSettings,
  loopbackRedirect,
  type StorageReport,
} from '@deskauth/node';
import { AuthError } from '@deskauth/session';
import { APP_NAME } from '../app-name.ts';
import type { Finding } from './finding.ts';

/** Where would a session be kept? */
export async function checkKeyring(
  report: () => Promise<StorageReport> = askKeyring,
): Promise<readonly Finding[]> {
  const { tier, reason = 'no reason given' } = await report();
  if (tier === 'keyring') return [{ check: 'keyring', verdict: 'good', says: "the operating system's" }];
  const next = 'Start or install a keyring (on Linux a Secret Service: GNOME Keyring, KWallet, KeePassXC).';
  const says = `not usable (${reason}): deskauth keeps the key in a file, an app by default nothing after its end`;
  return [{ check: 'keyring', verdict: 'note', says, next }];
}

const askKeyring = () =>
  keyringStore({ appName: APP_NAME, issuer: 'https://doctor.invalid', clientId: 'doctor' }).report();

/** Can a browser be opened from here, by a program that is there? */
export function checkBrowser(
  environment = detectEnvironment(),
  isThere: (program: string) => boolean = isInstalled,
): readonly Finding[] {
  const { browser, because } = environment;
  const check = 'browser';
  if (browser === 'none') {
    const next = 'Copy the address into a browser of this machine, or add --device to deskauth login.';
    return [{ check, verdict: 'note', says: `none can be opened: ${because}`, next }];
  }
  if (browser === 'windows') return [{ check, verdict: 'good', says: because ?? 'on Windows' }];
  if (process.platform !== 'linux' || browserOfVariable() || isThere('xdg-open'))
    return [{ check, verdict: 'good', says: 'can be opened' }];
  const says = 'xdg-open is not installed, so none can be opened';
  return [{ check, verdict: 'bad', says, next: 'Install xdg-utils, or set BROWSER.' }];
}

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Can the browser's answer be received? Each of the ports is looked at, since a taken one means the next. */
export async function checkLoopback({
  redirectPorts = [0],
  redirectHost,
}: LoopbackSettings = {}): Promise<readonly Finding[]> {
  const hosts = redirectHost ? [redirectHost] : (['127.0.0.1', '::1'] as const);
  return Promise.all(hosts.map((host) => checkHost(host, redirectPorts)));
}

async function checkHost(host: LoopbackHost, ports: readonly number[]): Promise<Finding> {
  const check = `loopback ${FAMILIES[host]}`;
  const faults: AuthError[] = [];
  const free: string[] = [];
  for (const port of ports) {
    const found = await listen(host, port);
    if (found instanceof AuthError) faults.push(found);
    else free.push(found);
  }
  const taken = faults.map(({ message }) => message).join(' ');
  if (faults.length === 0) return { check, verdict: 'good', says: `${free.join(', ')} can be listened on` };
  const next = faults[0]?.next ?? '';
  if (free.length > 0) return { check, verdict: 'note', says: `${taken} ${free.join(', ')} can be.`, next };
  // Providers know 127.0.0.1; the other one is for machines without it.
  return { check, verdict: host === '::1' ? 'note' : 'bad', says: taken, next };
}

const FAMILIES: Readonly<Record<LoopbackHost, string>> = {
  '127.0.0.1': 'IPv4',
  '::1': 'IPv6',
  localhost: 'by name',
};

async function listen(host: LoopbackHost, port: number): Promise<string | AuthError> {
  try {
    const redirect = await loopbackRedirect({ host, ports: [port] }).open();
    await redirect.close();
    return new URL(redirect.redirectUri).host;
  } catch (error) {
    if (error instanceof AuthError) return error;
    throw error;
  }
}

/** Do links of the app's own scheme lead to it? */
export async function checkScheme(scheme: string | undefined): Promise<readonly Finding[]> {
  if (scheme === undefined) return [];
  const check = 'scheme';
  if (process.platform !== 'linux')
    return [
      {
        check,
        verdict: 'note',
        says: 'can be looked up on Linux only',
        next: `Open ${scheme}:/test in a browser.`,
      },
    ];
  if (await isLinuxSchemeRegistered(scheme))
    return [{ check, verdict: 'good', says: `${scheme} is registered` }];
  const next = 'Start the installed app once: it registers its scheme. Until then it uses loopback.';
  return [{ check, verdict: 'note', says: `${scheme} leads to no app of this user`, next }];
}
