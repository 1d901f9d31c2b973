import { execFileSync, spawnSync } from 'node:child_process';

/** A program that some tests need, and the Debian package that brings it. */
const NEEDED: readonly (readonly [program: string, debianPackage: string, forWhat: string])[] = [
  ['chromium', 'chromium', 'tests in a real browser'],
  ['Xvfb', 'xvfb', 'real windows without a screen'],
  ['openbox', 'openbox', 'real windows without a screen'],
  ['xdg-mime', 'xdg-utils', 'opening the browser, private-use schemes'],
  ['update-desktop-database', 'desktop-file-utils', 'private-use schemes'],
  ['dbus-run-session', 'dbus', 'a real keyring'],
  ['gnome-keyring-daemon', 'gnome-keyring', 'a real keyring'],
  ['xdotool', 'xdotool', 'answering the prompt of a keyring'],
  ['secret-tool', 'libsecret-tools', 'looking into the keyring'],
  ['certutil', 'libnss3-tools', 'a browser that trusts a root certificate'],
  ['redis-server', 'redis-server', 'claims shared between instances of an API'],
];

/** True when this program can be found on PATH. */
export function hasProgram(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v "$1"`, 'sh', program], { stdio: 'ignore' }).status === 0;
}

/**
 * Brings what tests need from the system: installs it where that is possible without asking (root on Debian), and
 * otherwise names it.
 */
export function prepareSystem(say: (line: string) => void): void {
  const missing = NEEDED.filter(([program]) => !hasProgram(program));
  if (missing.length === 0) return;
  const packages = missing.map(([, debianPackage]) => debianPackage);
  const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const mayInstall = process.getuid?.() === 0 && hasProgram('apt-get') && !process.env.DESKAUTH_NO_INSTALL;
  if (!mayInstall) {
    for (const [program, , forWhat] of missing)
      say(`missing: ${program} (${forWhat}); its tests are skipped`);
    say(`to run them all: ${command}`);
    return;
  }
  say(`installing what tests need: ${packages.join(' ')} (DESKAUTH_NO_INSTALL=1 prevents this)`);
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync('apt-get', ['update', '-q'], { stdio: 'ignore', env });
    execFileSync('apt-get', command.split(' ').slice(1), { stdio: 'ignore', env });
  } catch {
    say(`could not install them; tests that need them are skipped. By hand: ${command}`);
  }
}
