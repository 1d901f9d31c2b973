import type { EventEmitter } from 'node:events';

/** What is asked of every object by the language or by an inspector; not a use of Electron's API. */
const ASKED_BY_EVERYBODY = new Set(['then', 'toJSON', 'constructor', 'prototype', 'inspect', 'nodeType']);

/**
 * An object of Electron's API with some of its members. The compiler checks those against Electron's types; every
 * other one throws when it is used, so that an app never takes `undefined` for an answer.
 */
export function partial<T extends object>(name: string, members: Partial<T>): T {
  return new Proxy(members, {
    get(target, member, receiver) {
      if (typeof member === 'symbol' || member in target || ASKED_BY_EVERYBODY.has(member)) {
        return Reflect.get(target, member, receiver);
      }
      throw missingMember(`${name}.${member}`);
    },
    set(target, member, value, receiver) {
      if (typeof member === 'symbol' || member in target) return Reflect.set(target, member, value, receiver);
      throw missingMember(`${name}.${member}`);
    },
  }) as T;
}

/** The same for a part of Electron that emits events. */
export function partialEmitter<T extends EventEmitter>(
  name: string,
  emitter: EventEmitter,
  members: Partial<Omit<T, keyof EventEmitter>>,
): T {
  // Not assigned: a getter has to stay one.
  const whole = Object.defineProperties(emitter, Object.getOwnPropertyDescriptors(members));
  return partial<T>(name, whole as Partial<T>);
}

/** A whole part of Electron that the stand-in does not have: it can be imported, and throws at its first use. */
export function missing(name: string): never {
  const refuse = () => {
    throw missingMember(name);
  };
  const get = (_: object, member: string | symbol) =>
    typeof member === 'symbol' || ASKED_BY_EVERYBODY.has(member) ? undefined : refuse();
  return new Proxy(function refused() {}, { get, set: refuse, apply: refuse, construct: refuse }) as never;
}

/** The error for a use of something that only Electron has. */
export function missingMember(name: string): Error {
  return new Error(`electron.${name} is not in the stand-in. Run this app with Electron, or do without it.`);
}
