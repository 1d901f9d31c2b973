import type { BridgeMessage, Call, Sent, Settle } from './bridge-message.ts';

/**
 * One end of the context bridge: two of these, in the page's world and in the preload's, speak by events that only they
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

type AnyFunction = (...args: unknown[]) => unknown;

/** What this end keeps for the other one, and waits for. */
interface End {
  readonly event: string;
  readonly exported: Map<number, AnyFunction>;
  readonly proxies: WeakMap<object, number>;
  readonly promises: Map<number, PromiseWithResolvers<unknown>>;
  readonly returns: Map<number, { readonly ok: boolean; readonly value: Sent }>;
  lastId: number;
}

// Taken before any script of the page runs, so that it cannot listen in by replacing them.
const { apply } = Reflect;
const { addEventListener, dispatchEvent } = EventTarget.prototype;
const OwnEvent = CustomEvent;

/** @param onExpose what to do with an object that the other world exposes */
export function createBridge(names: BridgeNames, onExpose: (key: string, api: unknown) => void): Bridge {
  const end: End = {
    event: names.send,
    exported: new Map(),
    proxies: new WeakMap(),
    promises: new Map(),
    returns: new Map(),
    lastId: 0,
  };
  const listener = (event: Event) => {
    const message = (event as CustomEvent<BridgeMessage>).detail;
    if (message.kind === 'expose') onExpose(message.key, receive(end, message.api));
    if (message.kind === 'call') answer(end, message);
    if (message.kind === 'return') end.returns.set(message.call, message);
    if (message.kind === 'settle') settle(end, message);
  };
  apply(addEventListener, window, [names.receive, listener]);
  return { expose: (key, api) => post(end, { kind: 'expose', key, api: send(end, api) }) };
}

function post(end: End, message: BridgeMessage): void {
  apply(dispatchEvent, window, [new OwnEvent(end.event, { detail: message })]);
}

function send(end: End, value: unknown): Sent {
  if (typeof value === 'function') return sendFunction(end, value as AnyFunction);
  if (value instanceof Error) return ['error', value.message];
  if (value instanceof Promise) return sendPromise(end, value);
  if (Array.isArray(value)) return ['array', value.map((item) => send(end, item))];
  if (Object.prototype.toString.call(value) === '[object Object]') {
    return ['object', Object.entries(value as object).map(([key, item]) => [key, send(end, item)] as const)];
  }
  // Cloned once here, so that it throws here when it cannot be.
  return ['value', structuredClone(value)];
}

function sendFunction(end: End, value: AnyFunction): Sent {
  const id = end.proxies.get(value);
  if (id !== undefined) return ['own function', id];
  end.exported.set(++end.lastId, value);
  return ['function', end.lastId];
}

function sendPromise(end: End, promise: Promise<unknown>): Sent {
  const id = ++end.lastId;
  const report = (ok: boolean) => (value: unknown) =>
    post(end, { kind: 'settle', id, ok, value: sendAny(end, value) });
  promise.then(report(true), report(false));
  return ['promise', id];
}

function sendAny(end: End, value: unknown): Sent {
  try {
    return send(end, value);
  } catch (error) {
    return ['error', String(error)];
  }
}

function receive(end: End, sent: Sent): unknown {
  switch (sent[0]) {
    case 'error':
      return new Error(sent[1]);
    case 'array':
      return sent[1].map((item) => receive(end, item));
    case 'object':
      return Object.fromEntries(sent[1].map(([key, item]) => [key, receive(end, item)]));
    case 'function':
      return receiveFunction(end, sent[1]);
    case 'own function':
      return end.exported.get(sent[1]);
    case 'promise':
      return receivePromise(end, sent[1]);
    default:
      return sent[1];
  }
}

function receiveFunction(end: End, id: number): AnyFunction {
  const proxy = (...args: unknown[]) => {
    const call = ++end.lastId;
    post(end, { kind: 'call', call, id, args: args.map((arg) => send(end, arg)) });
    const returned = end.returns.get(call);
    end.returns.delete(call);
    if (!returned) throw new Error('The document that this function belongs to is gone.');
    const value = receive(end, returned.value);
    if (returned.ok) return value;
    throw value;
  };
  end.proxies.set(proxy, id);
  return proxy;
}

function receivePromise(end: End, id: number): Promise<unknown> {
  const promise = Promise.withResolvers<unknown>();
  end.promises.set(id, promise);
  return promise.promise;
}

function answer(end: End, { call, id, args }: Call): void {
  try {
    const value = send(end, end.exported.get(id)?.(...args.map((arg) => receive(end, arg))));
    post(end, { kind: 'return', call, ok: true, value });
  } catch (error) {
    post(end, { kind: 'return', call, ok: false, value: sendAny(end, error) });
  }
}

function settle(end: End, { id, ok, value }: Settle): void {
  const promise = end.promises.get(id);
  end.promises.delete(id);
  if (ok) promise?.resolve(receive(end, value));
  else promise?.reject(receive(end, value));
}
