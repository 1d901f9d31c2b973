import type { Readable, Writable } from 'node:stream';
import type { CDPSession } from 'playwright-core';

/** Commands and events of one target; typed by the protocol that playwright-core publishes. */
export interface CdpSession {
  readonly send: CDPSession['send'];
  readonly on: CDPSession['on'];
  /** The session of a target that has been attached. */
  session(sessionId: string): CdpSession;
}

declare const typed: CDPSession;
/** A request that Chromium holds until it is continued, answered or refused. */
export type PausedRequest = Parameters<Parameters<typeof typed.on<'Fetch.requestPaused'>>[1]>[0];
/** A page that wants to open a window. */
export type WindowOpening = Parameters<Parameters<typeof typed.on<'Page.windowOpen'>>[1]>[0];
/** The answer for a held request. */
export type RequestAnswer = NonNullable<Parameters<typeof typed.send<'Fetch.fulfillRequest'>>[1]>;

interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Waiting {
  readonly method: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Chrome DevTools Protocol over `--remote-debugging-pipe`: JSON messages, each ended by a NUL.
 * A pipe, because it belongs to this process alone and Chromium ends when it closes.
 */
export function connectCdp(toBrowser: Writable, fromBrowser: Readable): CdpSession {
  const waiting = new Map<number, Waiting>();
  const listeners = new Map<string, ((params: unknown) => void)[]>();
  let lastId = 0;

  const open = (sessionId?: string): CdpSession => ({
    send: ((method: string, params: object = {}) =>
      new Promise<unknown>((resolve, reject) => {
        if (!toBrowser.writable) return reject(new Error(`Chromium has ended; ${method} was not sent.`));
        lastId += 1;
        waiting.set(lastId, { method, resolve, reject });
        toBrowser.write(`${JSON.stringify({ id: lastId, method, params, sessionId })}\0`);
      })) as CDPSession['send'],
    on: ((event: string, listener: (params: unknown) => void) => {
      const key = `${sessionId ?? ''} ${event}`;
      listeners.set(key, [...(listeners.get(key) ?? []), listener]);
    }) as CDPSession['on'],
    session: open,
  });

  readMessages(fromBrowser, (message) => {
    const call = message.id === undefined ? undefined : waiting.get(message.id);
    if (message.id !== undefined) waiting.delete(message.id);
    if (message.error) call?.reject(new Error(`${call.method}: ${message.error.message}`));
    else if (call) call.resolve(message.result);
    else
      for (const listener of listeners.get(`${message.sessionId ?? ''} ${message.method}`) ?? [])
        listener(message.params);
  });
  fromBrowser.on('close', () => {
    for (const { method, reject } of waiting.values())
      reject(new Error(`Chromium has ended during ${method}.`));
    waiting.clear();
  });
  // A browser that is gone shows in `close`; a write that comes too late must not end the app.
  toBrowser.on('error', () => {});
  return open();
}

function readMessages(stream: Readable, onMessage: (message: Message) => void): void {
  let parts: string[] = [];
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const pieces = chunk.split('\0');
    for (const piece of pieces.slice(0, -1)) {
      onMessage(JSON.parse(parts.join('') + piece) as Message);
      parts = [];
    }
    parts.push(pieces.at(-1) ?? '');
  });
}
