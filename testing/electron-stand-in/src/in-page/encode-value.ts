/** One value of an encoded graph: its kind, and its parts (values, or places of other nodes). */
export type WireNode = readonly [kind: string, ...parts: unknown[]];

interface Encoding {
  readonly nodes: WireNode[];
  readonly places: Map<unknown, number>;
}

/**
 * A value as text, for messages between a window and the app: what structured clone carries, cycles and shared
 * objects too.
 * @throws Error for functions, symbols, promises, elements and the like, as Electron does
 */
export function encodeValue(root: unknown): string {
  const encoding: Encoding = { nodes: [], places: new Map() };
  place(root, encoding);
  return JSON.stringify(encoding.nodes);
}

/** Where a value stands among the nodes. An object has one place, however often it is met. */
function place(value: unknown, encoding: Encoding): number {
  const { nodes, places } = encoding;
  const known = places.get(value);
  if (known !== undefined) return known;
  const index = nodes.push(['undefined']) - 1;
  if (typeof value === 'object' && value !== null) {
    places.set(value, index);
    nodes[index] = encodeObject(value, (part) => place(part, encoding));
  } else {
    nodes[index] = encodePrimitive(value);
  }
  return index;
}

function encodePrimitive(value: unknown): WireNode {
  switch (typeof value) {
    case 'function':
    case 'symbol':
      return refuse();
    case 'bigint':
      return ['bigint', String(value)];
    case 'number':
      // JSON has no NaN, Infinity or -0.
      return ['number', Object.is(value, -0) ? '-0' : String(value)];
    default:
      return value === undefined ? ['undefined'] : ['json', value];
  }
}

function encodeObject(value: object, part: (value: unknown) => number): WireNode {
  if (Array.isArray(value)) return ['array', value.map(part)];
  if (ArrayBuffer.isView(value)) return encodeView(value);
  if (value instanceof Error) return ['error', value.name, value.message, value.stack];
  if (value instanceof Date) return ['date', value.getTime()];
  if (value instanceof RegExp) return ['regexp', value.source, value.flags];
  if (value instanceof Set) return ['set', [...value].map(part)];
  if (value instanceof Map) return ['map', [...value].map(([key, item]) => [part(key), part(item)])];
  if (value instanceof ArrayBuffer) return ['bytes', 'ArrayBuffer', toBase64(new Uint8Array(value))];
  if (Object.prototype.toString.call(value) !== '[object Object]') return refuse();
  return ['object', Object.entries(value).map(([key, item]) => [key, part(item)])];
}

function encodeView(view: ArrayBufferView): WireNode {
  // By its tag, so that Node's Buffer arrives as the Uint8Array that it is.
  const kind = (view as ArrayBufferView & { [Symbol.toStringTag]: string })[Symbol.toStringTag];
  return ['bytes', kind, toBase64(new Uint8Array(view.buffer, view.byteOffset, view.byteLength))];
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function refuse(): never {
  throw new Error('An object could not be cloned.');
}
