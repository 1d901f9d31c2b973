import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  chooseRedirect,
  detectEnvironment,
  firstRedirect,
  type RedirectCircumstances,
  type Surroundings,
} from '@deskauth/node';
import { AuthError, type RedirectListener } from '@deskauth/session';

/** A machine of which only this much is known. */
function machine(
  known: Partial<Omit<Surroundings, 'exists' | 'read'>> & { files?: Record<string, string> } = {},
) {
  const { files = {}, ...rest } = known;
  return detectEnvironment({
    ...{ platform: 'linux', env: {}, ...rest },
    exists: (path) => path in files,
    read: (path) => files[path] ?? '',
  });
}

const wsl = { '/proc/sys/kernel/osrelease': '5.15.167.4-microsoft-standard-WSL2' };
const ENVIRONMENTS: readonly [
  name: string,
  found: ReturnType<typeof machine>,
  browser: string,
  because: RegExp,
][] = [
  ['a desktop with X11', machine({ env: { DISPLAY: ':0' } }), 'here', /^$/],
  ['a desktop with Wayland', machine({ env: { WAYLAND_DISPLAY: 'wayland-0' } }), 'here', /^$/],
  ['Windows', machine({ platform: 'win32' }), 'here', /^$/],
  ['macOS', machine({ platform: 'darwin' }), 'here', /^$/],
  ['a server without a display', machine(), 'none', /no display/],
  ['SSH', machine({ env: { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' } }), 'none', /SSH/],
  ['SSH to a Mac', machine({ platform: 'darwin', env: { SSH_TTY: '/dev/ttys001' } }), 'none', /SSH/],
  [
    'SSH with X11 forwarding',
    machine({ env: { SSH_TTY: '/dev/pts/0', DISPLAY: 'localhost:10.0' } }),
    'here',
    /^$/,
  ],
  ['Docker', machine({ files: { '/.dockerenv': '' } }), 'none', /container/],
  ['Podman', machine({ files: { '/run/.containerenv': '' } }), 'none', /container/],
  ['a hosted workspace', machine({ env: { CODESPACES: 'true' } }), 'none', /container/],
  [
    'WSL with a Linux display',
    machine({ env: { DISPLAY: ':0', WSL_DISTRO_NAME: 'Debian' }, files: wsl }),
    'here',
    /^$/,
  ],
  [
    'WSL',
    machine({ files: { ...wsl, '/proc/sys/fs/binfmt_misc/WSLInterop': '' } }),
    'windows',
    /browser on Windows/,
  ],
  ['WSL without Windows', machine({ env: { WSL_DISTRO_NAME: 'Debian' } }), 'none', /WSL/],
];
for (const [name, found, browser, because] of ENVIRONMENTS)
  test(`OPEN-04 N04 ${name}`, () => {
    assert.equal(found.browser, browser);
    assert.match(found.because ?? '', because);
  });

const here = { browser: 'here' } as const;
const installed = { packaged: true, schemeRegistered: true, environment: here, platform: 'linux' } as const;
const nobody = { browser: 'none', because: 'you are connected over SSH' } as const;
const CHOICES: readonly [name: string, given: RedirectCircumstances, order: string, because: RegExp][] = [
  ['loopback, then the scheme', installed, 'loopback,scheme', /loopback works/],
  [
    'the scheme where it is set',
    { ...installed, preference: 'scheme' },
    'scheme,loopback',
    /settings say so/,
  ],
  [
    'LINK-13 loopback where the scheme is not registered',
    { ...installed, preference: 'scheme', schemeRegistered: false },
    'loopback',
    /in place of the scheme: .*not registered/,
  ],
  [
    'loopback while developing on macOS',
    { ...installed, packaged: false, preference: 'scheme', platform: 'darwin' },
    'loopback',
    /only an installed app/,
  ],
  [
    'loopback in WSL',
    { ...installed, preference: 'scheme', environment: { browser: 'windows' } },
    'loopback',
    /does not reach an app in WSL/,
  ],
  [
    'the scheme where the server takes nothing else',
    { ...installed, provider: ['scheme'] },
    'scheme',
    /takes no loopback/,
  ],
  [
    'CLI-04 no device code where a browser can be opened',
    { ...installed, provider: ['loopback', 'scheme', 'device'] },
    'loopback,scheme',
    /loopback works/,
  ],
  [
    'OPEN-04 a device code over SSH, where the server has it',
    { ...installed, environment: nobody, provider: ['loopback', 'device'] },
    'device',
    /SSH: sign in on another device/,
  ],
  [
    'OPEN-04 an address to copy over SSH otherwise',
    { ...installed, environment: nobody },
    'loopback',
    /copy the address/,
  ],
];
for (const [name, given, order, because] of CHOICES)
  test(`D08 N04 ${name}`, () => {
    const choice = chooseRedirect(given);
    assert.equal(choice.order.join(), order);
    assert.match(choice.because, because);
  });

const opens = (redirectUri: string): RedirectListener => ({
  open: async () => ({ redirectUri, next: () => new Promise(() => {}), close: async () => {} }),
});
const fails = (error: Error): RedirectListener => ({ open: () => Promise.reject(error) });
const unavailable = new AuthError('AUTH_REDIRECT_UNAVAILABLE', 'Every port is taken.');

test('D08 LINK-13 a redirect that cannot be opened leads to the next, and that is told', async () => {
  const told: string[] = [];
  const redirect = firstRedirect(
    [fails(unavailable), fails(unavailable), opens('com.example.app:/callback')],
    (error) => told.push(error.message),
  );
  assert.equal((await redirect.open()).redirectUri, 'com.example.app:/callback');
  assert.deepEqual(told, ['Every port is taken.', 'Every port is taken.']);
  await assert.rejects(firstRedirect([fails(unavailable)]).open(), unavailable);
  const fault = new Error('a bug');
  await assert.rejects(firstRedirect([fails(fault), opens('com.example.app:/callback')]).open(), fault);
});

test('OPEN-05 a browser that is not the person’s own', {
  skip: 'nothing here can tell an honest browser from another; an embedded one is never used (see docs)',
}, () => {});
