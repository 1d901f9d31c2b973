import type { WireNode } from './encode-value.ts';

interface Decoding {
  readonly nodes: readonly WireNode[];
  readonly made: Map<number, unknown>;
}

type Parts = readonly number[];
type Pairs = readonly (readonly [number, number])[];

const VIEWS: Readonly<Record<string, new (buffer: ArrayBuffer) => ArrayBufferView>> = {
  DataView,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};
const ERRORS: Readonly<Record<string, ErrorConstructor>> = {
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

/** The value that `encodeValue` made the text from: the same shape, new objects. */
export function decodeValue(text: string): unknown {
  return decode(0, { nodes: JSON.parse(text) as WireNode[], made: new Map() });
}

function decode(index: number, decoding: Decoding): unknown {
  if (decoding.made.has(index)) return decoding.made.get(index);
  const [kind, first, second, third] = decoding.nodes[index] as [string, never, never, never];
  const container = newContainer(kind) ?? decodeLeaf(kind, first, second, third);
  // Kept before its parts are decoded, so that a part may lead back to it.
  decoding.made.set(index, container);
  fill(container, kind, first, (part) => decode(part, decoding));
  return container;
}

function newContainer(kind: string): object | undefined {
  if (kind === 'array') return [];
  if (kind === 'object') return {};
  if (kind === 'map') return new Map();
  if (kind === 'set') return new Set();
  return undefined;
}

function fill(container: unknown, kind: string, parts: unknown, part: (index: number) => unknown): void {
  if (kind === 'array') for (const item of parts as Parts) (container as unknown[]).push(part(item));
  if (kind === 'set') for (const item of parts as Parts) (container as Set<unknown>).add(part(item));
  if (kind === 'map') {
    for (const [key, item] of parts as Pairs) (container as Map<unknown, unknown>).set(part(key), part(item));
  }
  if (kind !== 'object') return;
  for (const [key, item] of parts as readonly (readonly [string, number])[]) {
    // Defined, not assigned: a key "__proto__" stays a key.
    const value = part(item);
    Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true });
  }
}

function decodeLeaf(kind: string, first: never, second: never, third: never): unknown {
  switch (kind) {
    case 'undefined':
      return undefined;
    case 'bigint':
      return BigInt(first);
    case 'number':
      return Number(first);
    case 'date':
      return new Date(first ?? Number.NaN);
    case 'regexp':
      return new RegExp(first, second);
    case 'bytes':
      return decodeBytes(first, second);
    case 'error':
      return Object.assign(new (ERRORS[first] ?? Error)(second), { stack: third });
    default:
      return first;
  }
}

function decodeBytes(kind: string, base64: string): ArrayBuffer | ArrayBufferView {
  const { buffer } = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const View = VIEWS[kind];
  return View ? new View(buffer) : buffer;
}
