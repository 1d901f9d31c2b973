/**
 * The context bridge: two of these, one in the page's world and one in the preload's, speak by events that only they
 * know the names of. Dispatching is synchronous, and an event's detail is cloned when the other world reads it.
 */
export interface Bridge {
  /** Puts an object of functions and values on the other world's `window`. */
  expose(key: string, api: unknown): void;
}

/** The names of the two events. */
export interface BridgeNames {
  readonly send: string;
  readonly receive: string;
}

type Sent =
  | readonly ['value', unknown]
  | readonly ['error', message: string]
  | readonly ['array', readonly Sent[]]
  | readonly ['object', readonly (readonly [string, Sent])[]]
  | readonly ['function' | 'own function' | 'promise', id: number];

type Message =
  | { readonly kind: 'expose'; readonly key: string; readonly api: Sent }
  | { readonly kind: 'call'; readonly call: number; readonly id: number; readonly args: readonly Sent[] }
  | { readonly kind: 'return'; readonly call: number; readonly ok: boolean; readonly value: Sent }
  | { readonly kind: 'settle'; readonly id: number; readonly ok: boolean; readonly value: Sent };

interface Settlers {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

type AnyFunction = (...args: unknown[]) => unknown;

// Taken before any script of the page runs, so that it cannot listen in by replacing them.
const { apply } = Reflect;
const { addEventListener, dispatchEvent } = EventTarget.prototype;
const OwnEvent = CustomEvent;

/** @param onExpose what to do with an object that the other world exposes */
export function createBridge(names: BridgeNames, onExpose: (key: string, api: unknown) => void): Bridge {
  const exported = new Map<number, AnyFunction>();
  const proxies = new WeakMap<object, number>();
  const promises = new Map<number, Settlers>();
  const returns = new Map<number, Extract<Message, { kind: 'return' }>>();
  let lastId = 0;

  const post = (message: Message) => {
    apply(dispatchEvent, window, [new OwnEvent(names.send, { detail: message })]);
  };

  const send = (value: unknown): Sent => {
    if (typeof value === 'function') return sendFunction(value as AnyFunction);
    if (typeof value !== 'object' || value === null) return ['value', structuredClone(value)];
    if (value instanceof Error) return ['error', value.message];
    if (value instanceof Promise) return sendPromise(value);
    if (Array.isArray(value)) return ['array', value.map(send)];
    if (Object.prototype.toString.call(value) !== '[object Object]') return ['value', structuredClone(value)];
    return ['object', Object.entries(value).map(([key, item]) => [key, send(item)] as const)];
  };

  const sendFunction = (value: AnyFunction): Sent => {
    const id = proxies.get(value);
    if (id !== undefined) return ['own function', id];
    exported.set(++lastId, value);
    return ['function', lastId];
  };

  const sendPromise = (promise: Promise<unknown>): Sent => {
    const id = ++lastId;
    const settle = (ok: boolean) => (value: unknown) => {
      post({ kind: 'settle', id, ok, value: sendOrError(value) });
    };
    promise.then(settle(true), settle(false));
    return ['promise', id];
  };

  const sendOrError = (value: unknown): Sent => {
    try {
      return send(value);
    } catch (error) {
      return ['error', String(error)];
    }
  };

  const receive = (sent: Sent): unknown => {
    switch (sent[0]) {
      case 'error':
        return new Error(sent[1]);
      case 'array':
        return sent[1].map(receive);
      case 'object':
        return Object.fromEntries(sent[1].map(([key, item]) => [key, receive(item)]));
      case 'function':
        return receiveFunction(sent[1]);
      case 'own function':
        return exported.get(sent[1]);
      case 'promise':
        return new Promise((resolve, reject) => promises.set(sent[1], { resolve, reject }));
      default:
        return sent[1];
    }
  };

  const receiveFunction = (id: number): AnyFunction => {
    const proxy = (...args: unknown[]) => {
      const call = ++lastId;
      post({ kind: 'call', call, id, args: args.map(send) });
      const answer = returns.get(call);
      returns.delete(call);
      if (!answer) throw new Error('The window that this function belongs to is gone.');
      const value = receive(answer.value);
      if (!answer.ok) throw value;
      return value;
    };
    proxies.set(proxy, id);
    return proxy;
  };

  const answer = ({ call, id, args }: Extract<Message, { kind: 'call' }>) => {
    try {
      const value = send(exported.get(id)?.(...args.map(receive)));
      post({ kind: 'return', call, ok: true, value });
    } catch (error) {
      post({ kind: 'return', call, ok: false, value: sendOrError(error) });
    }
  };

  const listener = (event: Event) => {
    const message = (event as CustomEvent<Message>).detail;
    if (message.kind === 'expose') onExpose(message.key, receive(message.api));
    if (message.kind === 'call') answer(message);
    if (message.kind === 'return') returns.set(message.call, message);
    if (message.kind === 'settle') {
      const waiting = promises.get(message.id);
      promises.delete(message.id);
      if (message.ok) waiting?.resolve(receive(message.value));
      else waiting?.reject(receive(message.value));
    }
  };
  apply(addEventListener, window, [names.receive, listener]);
  return { expose: (key, api) => post({ kind: 'expose', key, api: send(api) }) };
}
