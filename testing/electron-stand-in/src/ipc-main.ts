import { EventEmitter } from 'node:events';
import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents, WebFrameMain } from 'electron';
import { decodeValue } from './in-page/decode-value.ts';
import { encodeValue } from './in-page/encode-value.ts';
import type { Incoming, Outgoing } from './in-page/ipc-renderer.ts';
import { partial, partialEmitter } from './partial.ts';

type InvokeHandler = Parameters<IpcMain['handle']>[1];

/** Who sent a message. */
export interface Sender {
  readonly contents: WebContents;
  /** The frame, or null once its document has gone: asked when the app looks. */
  frame(): WebFrameMain | null;
  reply(message: Incoming): void;
}

const handlers = new Map<string, InvokeHandler>();
const emitter = new EventEmitter();

/** Electron's `ipcMain`. */
export const ipcMain: IpcMain = partialEmitter<IpcMain>('ipcMain', emitter, {
  handle(channel, handler) {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    handlers.set(channel, handler);
  },
  handleOnce(channel, handler) {
    ipcMain.handle(channel, (...args) => {
      handlers.delete(channel);
      return handler(...args);
    });
  },
  removeHandler(channel) {
    handlers.delete(channel);
  },
});
// A window may use the channel "error"; without a listener, Node would end the app over it.
emitter.on('error', () => {});

/** A message from a window's preload script, for `handle` or for `on`. */
export function receiveMessage(message: Outgoing, sender: Sender): void {
  if (message.kind === 'invoke') answer(message, sender);
  if (message.kind !== 'send') return;
  emitter.emit(message.channel, messageEvent(sender), ...(decodeValue(message.args) as unknown[]));
}

async function answer(message: Extract<Outgoing, { kind: 'invoke' }>, sender: Sender): Promise<void> {
  const { call, channel, args } = message;
  try {
    const handler = handlers.get(channel);
    if (!handler) throw new Error(`No handler registered for '${channel}'`);
    const result = await handler(invokeEvent(sender), ...(decodeValue(args) as unknown[]));
    sender.reply({ kind: 'reply', call, ok: true, value: encodeValue(result) });
  } catch (error) {
    console.error(`Error occurred in handler for '${channel}':`, error);
    const text = `Error invoking remote method '${channel}': ${error}`;
    sender.reply({ kind: 'reply', call, ok: false, value: encodeValue(text) });
  }
}

function invokeEvent(sender: Sender): IpcMainInvokeEvent {
  return partial<IpcMainInvokeEvent>('IpcMainInvokeEvent', eventMembers(sender));
}

function messageEvent(sender: Sender): IpcMainEvent {
  const reply = (channel: string, ...args: unknown[]) => {
    sender.reply({ kind: 'message', channel, args: encodeValue(args) });
  };
  return partial<IpcMainEvent>('IpcMainEvent', Object.assign(eventMembers(sender), { ports: [], reply }));
}

function eventMembers(sender: Sender) {
  const frame = sender.frame();
  return {
    type: 'frame' as const,
    sender: sender.contents,
    frameId: frame?.routingId ?? -1,
    processId: frame?.processId ?? -1,
    get senderFrame() {
      return sender.frame();
    },
    defaultPrevented: false,
    preventDefault() {},
  };
}
