import { createBridge } from './bridge.ts';
import { createIpcRenderer, type Wire } from './ipc-renderer.ts';

/** What the preload's world is told. */
export interface PreloadWorldSettings {
  readonly toPreload: string;
  readonly toPage: string;
  /** The name of the function by which messages leave, and of the one by which they arrive. */
  readonly binding: string;
  readonly deliver: string;
  /** `process`, as far as a sandboxed preload has it. */
  readonly process: Readonly<Record<string, unknown>>;
}

type Preload = (require: (name: string) => unknown, module: object, exports: object, process: object) => void;

/** Runs the app's preload script in its own world: it shares the document with the page, and no object. */
export function startPreloadWorld(settings: PreloadWorldSettings, preload: Preload): void {
  const leave = wireOf(settings);
  const ipcRenderer = createIpcRenderer(leave);
  Object.defineProperty(globalThis, settings.deliver, { value: ipcRenderer.deliver });
  reportForeignAddresses(leave);
  const require = requireElectron({ contextBridge: contextBridge(settings), ipcRenderer: ipcRenderer.api });
  const module = { exports: {} };
  try {
    preload(require, module, module.exports, settings.process);
  } catch (error) {
    leave({
      kind: 'preload-error',
      message: String(error),
      stack: error instanceof Error ? error.stack : '',
    });
    throw error;
  }
}

/** The address is read here, where the page cannot change it; the app takes the sender's from it. */
function wireOf({ binding }: PreloadWorldSettings): Wire {
  const send = (globalThis as unknown as Record<string, (text: string) => void>)[binding];
  return (message) => send?.(JSON.stringify({ ...message, url: location.href }));
}

function contextBridge({ toPreload, toPage }: PreloadWorldSettings): object {
  const bridge = createBridge({ send: toPage, receive: toPreload }, () => {});
  const exposed = new Set<string>();
  return {
    exposeInMainWorld(key: string, api: unknown) {
      if (exposed.has(key)) {
        throw new Error('Cannot bind an API on top of an existing property on the window object');
      }
      exposed.add(key);
      bridge.expose(key, api);
    },
  };
}

function requireElectron(modules: object): (name: string) => unknown {
  const electron = new Proxy(modules, {
    get(target, name, receiver) {
      if (name in target || typeof name === 'symbol') return Reflect.get(target, name, receiver);
      throw new Error(`electron.${name} is not in the stand-in for preload scripts.`);
    },
  });
  return (name) => {
    if (name === 'electron' || name === 'electron/renderer') return electron;
    throw new Error(`module not found: ${name}. A sandboxed preload script has "electron"; bundle the rest.`);
  };
}

/** Chromium would hand an unknown scheme to the system; here the app decides, by `will-navigate`. */
function reportForeignAddresses(leave: Wire): void {
  const { navigation } = window as unknown as { navigation: EventTarget };
  navigation.addEventListener('navigate', (event) => {
    const { url } = (event as Event & { destination: { url: string } }).destination;
    if (/^(https?|file|data|blob|about|javascript):/i.test(url)) return;
    event.preventDefault();
    leave({ kind: 'navigate', to: url });
  });
}
