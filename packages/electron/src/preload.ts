import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import { type Channel, type DeskauthBridge, type Messages, SESSION_CHANGED } from './contract.ts';

export type { DeskauthBridge } from './contract.ts';

/** Sends a message of the contract. It stays in here: a page that could name a channel could name any. */
function send<C extends Channel>(channel: C, ...args: [] | [Messages[C]['request']]) {
  return ipcRenderer.invoke(channel, ...args);
}

const bridge: DeskauthBridge = {
  snapshot: () => send('deskauth:snapshot'),
  signIn: (options) => (options ? send('deskauth:sign-in', options) : send('deskauth:sign-in')),
  openAgain: () => send('deskauth:open-again'),
  copyAddress: () => send('deskauth:copy-address'),
  cancel: () => send('deskauth:cancel'),
  signOut: (options) => (options ? send('deskauth:sign-out', options) : send('deskauth:sign-out')),
  expire: (what) => send('deskauth:expire', what),
  onChange(listener) {
    // The event itself stays here: it holds a reference to ipcRenderer.
    const pass = (_event: IpcRendererEvent, snapshot: Parameters<typeof listener>[0]) => listener(snapshot);
    ipcRenderer.on(SESSION_CHANGED, pass);
    return () => {
      ipcRenderer.off(SESSION_CHANGED, pass);
    };
  },
};

/** Gives the page `window.deskauth`. Call it in a sandboxed preload, bundled as CommonJS. */
export function exposeDeskauth(): void {
  contextBridge.exposeInMainWorld('deskauth', Object.freeze(bridge));
}
