import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  chooseRedirect,
  detectEnvironment,
  type RedirectCircumstances,
  type Surroundings,
} from '@deskauth/node';

/** What is known of one kind of machine: `told` is what the page says that it is told by. */
interface Kind {
  readonly where: string;
  readonly told: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly platform?: NodeJS.Platform;
  readonly files?: Readonly<Record<string, string>>;
  readonly app?: Partial<RedirectCircumstances>;
}

const display = { DISPLAY: ':0' };
const osrelease = { '/proc/sys/kernel/osrelease': '6.6.87.2-microsoft-standard-WSL2' };
const interop = { '/proc/sys/fs/binfmt_misc/WSLInterop': '' };
const unregistered = { schemeRegistered: false };

const KINDS: readonly Kind[] = [
  { where: 'Linux desktop', told: '`DISPLAY`, `WAYLAND_DISPLAY`', env: display },
  { where: 'Windows', told: 'the platform', platform: 'win32' },
  { where: 'macOS', told: 'the platform', platform: 'darwin' },
  {
    where: 'Flatpak',
    told: '`DISPLAY`',
    env: { ...display, FLATPAK_ID: 'x', container: 'flatpak' },
    app: unregistered,
  },
  { where: 'Snap', told: '`DISPLAY`', env: { ...display, SNAP: '/snap/x' }, app: unregistered },
  { where: 'AppImage', told: '`DISPLAY`', env: { ...display, APPIMAGE: '/x' }, app: unregistered },
  {
    where: 'Remote desktop to Windows',
    told: 'the platform',
    platform: 'win32',
    env: { SESSIONNAME: 'RDP-Tcp#0' },
  },
  { where: 'Remote desktop to Linux', told: '`DISPLAY`', env: { DISPLAY: ':10.0' } },
  { where: 'WSL with a Linux display', told: '`DISPLAY`', env: display, files: { ...osrelease, ...interop } },
  { where: 'WSL', told: '`/proc/sys/kernel/osrelease`', files: { ...osrelease, ...interop } },
  { where: 'WSL without Windows programs', told: 'no `WSLInterop`', files: osrelease },
  { where: 'SSH', told: '`SSH_CONNECTION`', env: { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' } },
  { where: 'SSH with X11 forwarding', told: '`DISPLAY`', env: { SSH_TTY: 'x', DISPLAY: 'localhost:10.0' } },
  { where: 'Container', told: '`/.dockerenv`, `/run/.containerenv`', files: { '/.dockerenv': '' } },
  { where: 'Hosted workspace', told: '`CODESPACES`', env: { CODESPACES: 'true' } },
  { where: 'No display', told: 'no `DISPLAY`' },
];

function rowOf({ where, told, env = {}, platform = 'linux', files = {}, app }: Kind): string {
  const surroundings: Surroundings = {
    ...{ platform, env, exists: (path) => path in files, read: (path) => files[path] ?? '' },
  };
  const environment = detectEnvironment(surroundings);
  const { order, because } = chooseRedirect({
    ...{ packaged: true, schemeRegistered: true, environment, platform },
    ...{ provider: ['loopback', 'scheme', 'device'], ...app },
  });
  return `| ${where} | ${told} | ${environment.browser} | ${order.join(', ')} | ${because} |`;
}

const page = readFileSync(new URL('../../../docs/environments.md', import.meta.url), 'utf8');

test('ENV-06 N04 docs/environments.md says of each kind of machine what the code decides', () => {
  const documented = page.split('\n').filter((line) => /^\| (?!---|Where)/.test(line));
  assert.deepEqual(documented, KINDS.map(rowOf));
});

for (const { where } of KINDS.filter(({ app }) => app))
  test(`ENV-06 docs/environments.md says what to see to in ${where}`, () => {
    assert.match(page, new RegExp(`^- \\*\\*${where}\\*\\*`, 'm'));
  });
