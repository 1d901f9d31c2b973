import { decodeValue } from './decode-value.ts';
import { encodeValue } from './encode-value.ts';

/** A message from a window to the app. `args` are encoded values. */
export type Outgoing =
  | { readonly kind: 'invoke'; readonly call: number; readonly channel: string; readonly args: string }
  | { readonly kind: 'send'; readonly channel: string; readonly args: string }
  | { readonly kind: 'navigate'; readonly to: string }
  | { readonly kind: 'preload-error'; readonly message: string; readonly stack: string | undefined };

/** A message from the app to a window. */
export type Incoming =
  | { readonly kind: 'reply'; readonly call: number; readonly ok: boolean; readonly value: string }
  | { readonly kind: 'message'; readonly channel: string; readonly args: string };

/** The way out of a window. */
export type Wire = (message: Outgoing) => void;

type Listener = (event: object, ...args: unknown[]) => void;

/** Electron's `ipcRenderer`, and where messages of the app arrive. */
export interface IpcRendererEnd {
  readonly api: object;
  readonly deliver: (message: Incoming) => void;
}

/** Makes `ipcRenderer` over a wire. */
export function createIpcRenderer(leave: Wire): IpcRendererEnd {
  const calls = createCalls(leave);
  const listeners = createListeners();
  const api = {
    invoke: calls.invoke,
    send: (channel: string, ...args: unknown[]) => leave({ kind: 'send', channel, args: encodeValue(args) }),
    ...listeners.api,
    sendSync: refused('sendSync'),
    postMessage: refused('postMessage'),
    sendToHost: refused('sendToHost'),
  };
  const deliver = (message: Incoming) => {
    if (message.kind === 'reply') calls.settle(message);
    else listeners.call(api, message.channel, decodeValue(message.args) as unknown[]);
  };
  return { api, deliver };
}

function createCalls(leave: Wire) {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastCall = 0;
  return {
    // Async, so that arguments which cannot be cloned reject instead of throwing, as in Electron.
    async invoke(channel: string, ...args: unknown[]): Promise<unknown> {
      const call = ++lastCall;
      const message = { kind: 'invoke', call, channel, args: encodeValue(args) } as const;
      const answer = Promise.withResolvers<unknown>();
      waiting.set(call, answer);
      leave(message);
      return answer.promise;
    },
    settle({ call, ok, value }: Extract<Incoming, { kind: 'reply' }>) {
      const answer = waiting.get(call);
      waiting.delete(call);
      if (ok) answer?.resolve(decodeValue(value));
      else answer?.reject(new Error(decodeValue(value) as string));
    },
  };
}

function createListeners() {
  const all = new Map<string, { readonly listener: Listener; readonly once: boolean }[]>();
  const on = (channel: string, listener: Listener, once = false) => {
    all.set(channel, [...(all.get(channel) ?? []), { listener, once }]);
  };
  const remove = (channel: string, listener: Listener) => {
    all.set(
      channel,
      (all.get(channel) ?? []).filter((entry) => entry.listener !== listener),
    );
  };
  const removeAllListeners = (channel?: string) => {
    if (channel === undefined) all.clear();
    else all.delete(channel);
  };
  const chained = <T extends unknown[]>(change: (...args: T) => void) =>
    // Electron's are methods that return their object.
    function (this: object, ...args: T) {
      change(...args);
      return this;
    };
  return {
    api: {
      on: chained((channel: string, listener: Listener) => on(channel, listener)),
      addListener: chained((channel: string, listener: Listener) => on(channel, listener)),
      once: chained((channel: string, listener: Listener) => on(channel, listener, true)),
      off: chained(remove),
      removeListener: chained(remove),
      removeAllListeners: chained(removeAllListeners),
    },
    call(sender: object, channel: string, args: unknown[]) {
      for (const { listener, once } of all.get(channel) ?? []) {
        if (once) remove(channel, listener);
        listener({ sender, ports: [], preventDefault() {}, defaultPrevented: false }, ...args);
      }
    },
  };
}

function refused(name: string): () => never {
  return () => {
    throw new Error(`ipcRenderer.${name} is not in the stand-in. Use invoke or send.`);
  };
}
