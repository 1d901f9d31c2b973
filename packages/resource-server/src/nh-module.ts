/** Where things are in the memory of the module, in bytes. The text begins where a group begins. */
export interface NhLayout {
  /** Four 32-bit words: the result. */
  readonly result: 0;
  readonly text: number;
  /** The key of NH: as long as the longest text, and {@link NH_PASSES} groups more. */
  readonly key: number;
  /** Three 64-bit numbers for each pass. */
  readonly lastKey: number;
  readonly end: number;
}

/** A group is eight 32-bit words: four products. */
export const NH_GROUP = 32;

/** Each pass reads the key from one group further on, and multiplies the odds of a collision by 2^-31. */
export const NH_PASSES = 4;

/** Finds room for texts up to this length. */
export function planNhMemory(maxLength: number): NhLayout {
  const text = NH_GROUP;
  const key = text + NH_GROUP * Math.ceil(maxLength / NH_GROUP + 1);
  const lastKey = key + (key - text) + NH_GROUP * NH_PASSES;
  return { result: 0, text, key, lastKey, end: lastKey + NH_PASSES * 24 };
}

const [I32, V128, FUNCTION, LOOP] = [0x7f, 0x7b, 0x60, 0x03];
const [ZERO_BYTE, BLOCK_WITHOUT_RESULT, END] = [0x00, 0x40, 0x0b];

/** Numbers in the variable-length form of WebAssembly (LEB128); none here is negative. */
function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

/** A constant is read as signed: one more group of bits keeps the sign clear. */
const constant = (value: number) => [
  0x41,
  ...((leb(value).at(-1) ?? 0) & 0x40 ? widened(value) : leb(value)),
];
const widened = (value: number) => [...leb(value).slice(0, -1), (leb(value).at(-1) ?? 0) | 0x80, 0x00];

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const simd = (code: number, ...rest: readonly number[]) => [0xfd, ...leb(code), ...rest];

const addI32 = [0x6a];
const isLessI32 = [0x49];
const branchToLoop = [0x0d, 0];
const addI64 = [0x7c];
const multiplyI64 = [0x7e];
const shiftRightI64 = [0x88];
const highI64 = [0x42, 32];
const toI32 = [0xa7];
const toI64 = [0xad];
const storeI32 = (offset: number) => [0x36, 2, ...leb(offset)];
const loadI64 = (address: number) => [...constant(address), 0x29, 3, 0];

const load = (offset: number) => simd(0, 4, ...leb(offset));
const store = (offset: number) => simd(11, 4, ...leb(offset));
const zero = simd(12, ...new Array<number>(16).fill(0));
const addWords = simd(174);
const addProducts = simd(206);
const multiplyLow = simd(222);
const multiplyHigh = simd(223);
const lane = (index: number) => simd(29, index);

const [END_OF_TEXT, AT, FIRST, SECOND, KEYED_FIRST, KEYED_SECOND] = [0, 1, 2, 3, 4, 5];
const sumOf = (pass: number) => 6 + pass;
const PASSES = Array.from({ length: NH_PASSES }, (_, pass) => pass);

/**
 * NH, the universal hash of UMAC (RFC 4418 §5.2), followed by a multiply-add-shift to 32 bits per pass, as a module with
 * one function: `hash(endOfText)`. In WebAssembly because JavaScript has no 64-bit products.
 */
export function buildNhModule(layout: NhLayout): Uint8Array<ArrayBuffer> {
  const code = [
    ...buildLocals(),
    ...padText(),
    ...buildLoop(layout),
    ...PASSES.flatMap((p) => finish(p, layout)),
    END,
  ];
  const section = (id: number, ...items: readonly (readonly number[])[]) => {
    const content = [...leb(items.length), ...items.flat()];
    return [id, ...leb(content.length), ...content];
  };
  const name = (text: string) => [text.length, ...Buffer.from(text)];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [FUNCTION, 1, I32, 0]),
    ...section(3, [0]),
    ...section(5, [ZERO_BYTE, ...leb(Math.ceil(layout.end / 65_536))]),
    ...section(7, [...name('memory'), 2, 0], [...name('hash'), 0, 0]),
    ...section(10, [...leb(code.length), ...code]),
  ]);
}

const buildLocals = () => [2, 1, I32, 4 + NH_PASSES, V128];

/** The rest of the last group is zero; the length of the text is not hashed and must be compared. */
const padText = () => [0, 16].flatMap((offset) => [...get(END_OF_TEXT), ...zero, ...store(offset)]);

function buildLoop({ text, key }: NhLayout): number[] {
  return [
    ...[...constant(text), ...set(AT), LOOP, BLOCK_WITHOUT_RESULT],
    ...[...get(AT), ...load(0), ...set(FIRST), ...get(AT), ...load(16), ...set(SECOND)],
    ...PASSES.flatMap((pass) => addGroup(pass, key - text + pass * NH_GROUP)),
    ...[...get(AT), ...constant(NH_GROUP), ...addI32, ...set(AT)],
    ...[...get(AT), ...get(END_OF_TEXT), ...isLessI32, ...branchToLoop, END],
  ];
}

/** Adds the four products (m + k)(m' + k') of a group: sums modulo 2^32, products and their sum modulo 2^64. */
const addGroup = (pass: number, keyOffset: number) => [
  ...[...get(FIRST), ...get(AT), ...load(keyOffset), ...addWords, ...set(KEYED_FIRST)],
  ...[...get(SECOND), ...get(AT), ...load(keyOffset + 16), ...addWords, ...set(KEYED_SECOND)],
  ...[...get(KEYED_FIRST), ...get(KEYED_SECOND), ...multiplyLow],
  ...[...get(KEYED_FIRST), ...get(KEYED_SECOND), ...multiplyHigh],
  ...[...addProducts, ...get(sumOf(pass)), ...addProducts, ...set(sumOf(pass))],
];

/** The sum, taken as two 32-bit numbers: (low·a + high·b + c) modulo 2^64, of which the upper half is the result. */
function finish(pass: number, { lastKey }: NhLayout): number[] {
  const at = lastKey + pass * 24;
  const sum = [...get(sumOf(pass)), ...lane(0), ...get(sumOf(pass)), ...lane(1), ...addI64];
  return [
    ...constant(0),
    ...[...sum, ...toI32, ...toI64, ...loadI64(at), ...multiplyI64],
    ...[...sum, ...highI64, ...shiftRightI64, ...loadI64(at + 8), ...multiplyI64, ...addI64],
    ...[...loadI64(at + 16), ...addI64, ...highI64, ...shiftRightI64, ...toI32, ...storeI32(pass * 4)],
  ];
}
