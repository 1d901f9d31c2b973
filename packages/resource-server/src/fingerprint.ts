import { randomFillSync } from 'node:crypto';
import { buildNhModule, planNhMemory } from './nh-module.ts';

/** Stands for a token in the memory of one process. */
export interface Fingerprints {
  /**
   * Puts the fingerprint of a text into `words`, until the next call.
   * @returns false for what is no token, because it is too long or not ASCII
   */
  take(text: string): boolean;
  /** How many were taken so far. */
  readonly taken: () => number;
  /** Four words; two texts are the same if these and the lengths are. */
  readonly words: Int32Array;
}

/**
 * Fingerprints under a random key of their own: whoever does not know it, and nobody can, finds no two tokens of the
 * same length with one fingerprint, except by luck of 1 in 2^124 per pair. Unlike a digest it is worth nothing elsewhere.
 * @see RFC 4418 §5.2
 */
export function createFingerprints(maxLength: number): Fingerprints {
  const layout = planNhMemory(maxLength);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(buildNhModule(layout)));
  const { memory, hash } = exports as NhExports;
  randomFillSync(Buffer.from(memory.buffer), layout.key);
  const room = Buffer.from(memory.buffer, layout.text, layout.key - layout.text);
  let taken = 0;
  return {
    take(text) {
      const { length } = text;
      taken += 1;
      // A text that is not ASCII takes more bytes than it has characters, and there is room for one more of those.
      if (length > maxLength || room.write(text) !== length) return false;
      hash(layout.text + length);
      return true;
    },
    taken: () => taken,
    words: new Int32Array(memory.buffer, layout.result, 4),
  };
}

/** What is used of it: the types of Node do not have it, and those of browsers do not belong here. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

interface NhExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  hash(endOfText: number): void;
}
