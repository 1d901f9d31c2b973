import { EventEmitter } from 'node:events';

/** The few parts of Electron's API that the thin files of this package call, as recorders. */

type Listener = (event: unknown, ...args: unknown[]) => unknown;

export const handlers = new Map<string, Listener>();
export const exposed = new Map<string, unknown>();
export const sent: unknown[][] = [];
export const decisions: { request?: Listener; check?: Listener; device?: Listener } = {};

export const network: { fetch: typeof fetch; isOnline: boolean } = {
  fetch: async () => new Response(),
  isOnline: true,
};
export const opened: string[] = [];
export const switches = new Set<string>();

/** What the app has asked the operating system about schemes, and what that answers. */
export const schemes = { asked: [] as unknown[][], isDefault: false };

export const app = Object.assign(new EventEmitter(), {
  isPackaged: false,
  isFirst: true,
  focus: () => {},
  commandLine: { hasSwitch: (name: string) => switches.has(name) },
  requestSingleInstanceLock: () => app.isFirst,
  setAsDefaultProtocolClient: (...args: unknown[]): boolean => {
    schemes.asked.push(['set', ...args]);
    schemes.isDefault = true;
    return true;
  },
  removeAsDefaultProtocolClient: (...args: unknown[]): boolean => {
    schemes.asked.push(['remove', ...args]);
    return true;
  },
  isDefaultProtocolClient: (...args: unknown[]): boolean => {
    schemes.asked.push(['is', ...args]);
    return schemes.isDefault;
  },
});
export const net = {
  fetch: (...args: Parameters<typeof fetch>) => network.fetch(...args),
  isOnline: () => network.isOnline,
};
export const powerMonitor = new EventEmitter();
export const shell = { openExternal: async (url: string) => void opened.push(url) };
export const clipboard = { writeText: () => {} };
export const contextBridge = { exposeInMainWorld: (name: string, api: unknown) => exposed.set(name, api) };
export const ipcMain = {
  handle: (channel: string, listener: Listener) => handlers.set(channel, listener),
  removeHandler: (channel: string) => handlers.delete(channel),
};
export const ipcRenderer = Object.assign(new EventEmitter(), {
  invoke: async (...args: unknown[]) => void sent.push(args),
});
/** A utility process that answers each message with what the test says. */
export const utility = {
  answer: (_message: unknown): unknown => undefined,
  started: [] as string[],
  env: {} as NodeJS.ProcessEnv,
  killed: 0,
};
export const utilityProcess = {
  fork(file: string, _args: readonly string[], { env }: { readonly env: NodeJS.ProcessEnv }) {
    utility.started.push(file);
    utility.env = env;
    return Object.assign(new EventEmitter(), {
      postMessage(this: EventEmitter, message: unknown) {
        queueMicrotask(() => this.emit('message', utility.answer(message)));
      },
      kill: () => {
        utility.killed += 1;
        return true;
      },
    });
  },
};
/** A safe storage whose protection, answers and key the test decides. */
export const safe = {
  isAvailable: true,
  backend: 'gnome_libsecret',
  mark: 'v11',
  key: 'a',
  isOutdated: false,
};
export const safeStorage = {
  isAsyncEncryptionAvailable: async () => safe.isAvailable,
  getSelectedStorageBackend: () => safe.backend,
  encryptStringAsync: async (text: string) =>
    Buffer.from(`${safe.mark}${safe.key}${[...text].reverse().join('')}`),
  decryptStringAsync: async (sealed: Buffer) => {
    const text = sealed.toString();
    if (text[3] !== safe.key) throw new Error('Error while decrypting the ciphertext.');
    return { result: [...text.slice(4)].reverse().join(''), shouldReEncrypt: safe.isOutdated };
  },
};
export const protocol = { registerSchemesAsPrivileged: () => {} };
export const session = {
  fromPartition: (partition: string) => ({
    partition,
    protocol,
    setPermissionRequestHandler: (decide: Listener) => Object.assign(decisions, { request: decide }),
    setPermissionCheckHandler: (decide: Listener) => Object.assign(decisions, { check: decide }),
    setDevicePermissionHandler: (decide: Listener) => Object.assign(decisions, { device: decide }),
  }),
};

/** A page's contents: events are emitted by the test. */
class FakeContents extends EventEmitter {
  mainFrame = { origin: 'app://bundle', parent: null as unknown };
  received: unknown[][] = [];
  reloads = 0;
  openWindow: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });
  isDestroyed = () => false;
  reload = () => {
    this.reloads += 1;
  };
  send = (...args: unknown[]) => void this.received.push(args);
  setWindowOpenHandler = (open: typeof this.openWindow) => {
    this.openWindow = open;
  };
}

/** A window that keeps the options it was made with. */
export class BrowserWindow extends EventEmitter {
  static all: BrowserWindow[] = [];
  /** What all windows do, as the test decides. */
  static behaviour = { load: async (): Promise<void> => {}, isDestroyed: false };
  webContents = new FakeContents();
  options: { webPreferences: Record<string, unknown> };
  loaded: string[] = [];
  constructor(options: { webPreferences: Record<string, unknown> }) {
    super();
    this.options = options;
    BrowserWindow.all.push(this);
  }
  showCount = 0;
  loadURL = (url: string) => {
    this.loaded.push(url);
    return BrowserWindow.behaviour.load();
  };
  focusCount = 0;
  isDestroyed = () => BrowserWindow.behaviour.isDestroyed;
  isMinimized = () => false;
  show = () => {
    if (this.isDestroyed()) throw new Error('Object has been destroyed');
    this.showCount += 1;
  };
  focus = () => {
    this.focusCount += 1;
  };
}
