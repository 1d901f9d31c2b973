import { EventEmitter } from 'node:events';
import { missingMember } from './partial.ts';

/** Listened to by Node itself, in `events.once` for example. */
const NODES_OWN = ['newListener', 'removeListener', 'error'];

/**
 * An emitter for a part of Electron. Listening to an event that the stand-in does not know throws, so that no app
 * waits for what cannot come.
 */
export function createEmitter(owner: string, events: readonly string[]): EventEmitter {
  const known = new Set([...events, ...NODES_OWN]);
  return new EventEmitter().on('newListener', (event: string | symbol) => {
    if (typeof event === 'string' && !known.has(event)) throw missingMember(`${owner}.on('${event}')`);
  });
}

/**
 * Emits with Electron's event object first.
 * @returns false when a listener has called `preventDefault()`
 */
export function ask(emitter: EventEmitter, name: string, params: object = {}, ...more: unknown[]): boolean {
  let defaultPrevented = false;
  const event = {
    preventDefault() {
      defaultPrevented = true;
    },
    get defaultPrevented() {
      return defaultPrevented;
    },
  };
  // With their getters: what a listener asks for is the value of that moment.
  Object.defineProperties(event, Object.getOwnPropertyDescriptors(params));
  emitter.emit(name, event, ...more);
  return !defaultPrevented;
}
