import { existsSync, readFileSync } from 'node:fs';

/** Where the app runs, as far as it matters for a sign-in in a browser. */
export interface Environment {
  /**
   * `here`: a browser of this machine can be opened, and reaches its loopback addresses. `windows`: the same, on the
   * Windows side of WSL. `none`: nobody sits in front of this machine; the address must go to another one.
   */
  readonly browser: 'here' | 'windows' | 'none';
  /** In words, for the person: why there is no browser, or what is special about it. */
  readonly because?: string;
}

/** What is looked at. All of it can be given, so that every machine can be tried on one. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  /** True when there is such a file. */
  readonly exists: (path: string) => boolean;
  /** The file's text; empty when there is none. */
  readonly read: (path: string) => string;
}

/** Variables by which containers and hosted workspaces name themselves. */
const CONTAINER_VARIABLES = [
  'container',
  'KUBERNETES_SERVICE_HOST',
  'CODESPACES',
  'REMOTE_CONTAINERS',
  'GITPOD_WORKSPACE_ID',
];
const CONTAINER_FILES = ['/.dockerenv', '/run/.containerenv'];
const SSH_VARIABLES = ['SSH_CONNECTION', 'SSH_CLIENT', 'SSH_TTY'];

/** Tells where the app runs. Nothing is started to find out. */
export function detectEnvironment(surroundings: Surroundings = thisMachine): Environment {
  const { platform, env } = surroundings;
  const isAnySet = (names: readonly string[]) => names.some((name) => env[name]);
  const isLinux = platform !== 'win32' && platform !== 'darwin';
  // A display over SSH (X11 forwarding) shows a browser that runs here.
  if (isLinux && isAnySet(['DISPLAY', 'WAYLAND_DISPLAY'])) return { browser: 'here' };
  if (isAnySet(SSH_VARIABLES)) return none('you are connected over SSH');
  if (!isLinux) return { browser: 'here' };
  if (isWsl(surroundings)) return browserOfWindows(surroundings);
  if (isAnySet(CONTAINER_VARIABLES) || CONTAINER_FILES.some(surroundings.exists))
    return none('the app runs in a container');
  return none('this machine has no display');
}

function isWsl({ env, read }: Surroundings): boolean {
  return env.WSL_DISTRO_NAME !== undefined || /microsoft/i.test(read('/proc/sys/kernel/osrelease'));
}

/** Programs of Windows start from WSL only while their interoperation is switched on. */
function browserOfWindows({ exists }: Surroundings): Environment {
  const canStart = ['/proc/sys/fs/binfmt_misc/WSLInterop', '/proc/sys/fs/binfmt_misc/WSLInterop-late'].some(
    exists,
  );
  if (!canStart) return none('the app runs in WSL, and programs of Windows cannot be started from it');
  return { browser: 'windows', because: 'the app runs in WSL, the browser on Windows' };
}

function none(because: string): Environment {
  return { browser: 'none', because };
}

const thisMachine: Surroundings = {
  platform: process.platform,
  env: process.env,
  exists: existsSync,
  read(path) {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return '';
    }
  },
};
