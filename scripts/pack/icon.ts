import { crc32, deflateSync } from 'node:zlib';

/** The sample's mark as in `mark.svg`, drawn by its distances: 32 units wide, a rounded square with four bars. */
const UNITS = 32;
const CORNER = 8;
const BLUE = [0x33, 0x46, 0xc4] as const;
const WHITE = [0xff, 0xff, 0xff] as const;
const BAR_WIDTH = 2.6;
const BARS = [
  { x: 8, top: 15, bottom: 22.5 },
  { x: 13.3, top: 10, bottom: 22.5 },
  { x: 18.7, top: 17.5, bottom: 22.5 },
  { x: 24, top: 8, bottom: 22.5 },
];

/** How far outside of the square a point is; negative inside. */
function toSquare(x: number, y: number): number {
  const [dx = 0, dy = 0] = [x, y].map((at) => Math.abs(at - UNITS / 2) - (UNITS / 2 - CORNER));
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - CORNER;
}

/** How far outside of the nearest bar a point is. */
function toBars(x: number, y: number): number {
  const distances = BARS.map((bar) => {
    const nearest = Math.min(Math.max(y, bar.top), bar.bottom);
    return Math.hypot(x - bar.x, y - nearest) - BAR_WIDTH / 2;
  });
  return Math.min(...distances);
}

/**
 * The icon as PNG.
 * @param size in pixels
 * @param margin how much of each side stays empty: macOS wants about a tenth. @default 0
 */
export function buildPng(size: number, margin = 0): Buffer {
  const scale = (size * (1 - 2 * margin)) / UNITS;
  const rows = Buffer.alloc(size * (size * 4 + 1));
  const covered = (distance: number) => Math.min(Math.max(0.5 - distance * scale, 0), 1);
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const [x = 0, y = 0] = [column, row].map((at) => (at + 0.5 - size * margin) / scale);
      const bars = covered(toBars(x, y));
      const colour = BLUE.map((blue, index) => Math.round(blue + ((WHITE[index] ?? 0) - blue) * bars));
      rows.set([...colour, Math.round(covered(toSquare(x, y)) * 255)], row * (size * 4 + 1) + 1 + column * 4);
    }
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', Buffer.from([...uint32(size), ...uint32(size), 8, 6, 0, 0, 0])),
    pngChunk('IDAT', deflateSync(rows, { level: 9 })),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** For Windows: several sizes in one file, each a PNG. */
export function buildIco(sizes: readonly number[] = [16, 24, 32, 48, 64, 128, 256]): Buffer {
  const images = sizes.map((size) => buildPng(size));
  let at = 6 + 16 * images.length;
  const entries = images.map((image, index) => {
    // 256 is written as 0.
    const side = (sizes[index] ?? 0) % 256;
    const entry = Buffer.from([side, side, 0, 0, 1, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    entry.writeUInt32LE(image.length, 8);
    entry.writeUInt32LE(at, 12);
    at += image.length;
    return entry;
  });
  return Buffer.concat([Buffer.from([0, 0, 1, 0, images.length, 0]), ...entries, ...images]);
}

const MAC_MARGIN = 0.1;
/** What Apple calls each size, for plain screens and for dense ones. */
const MAC_SIZES = { icp4: 16, icp5: 32, ic07: 128, ic08: 256, ic09: 512, ic11: 32, ic12: 64, ic13: 256 };

/** For macOS. */
export function buildIcns(): Buffer {
  const parts = Object.entries(MAC_SIZES).map(([kind, size]) => {
    const image = buildPng(size, MAC_MARGIN);
    return Buffer.concat([Buffer.from(kind), Buffer.from(uint32(image.length + 8)), image]);
  });
  const length = parts.reduce((sum, part) => sum + part.length, 8);
  return Buffer.concat([Buffer.from('icns'), Buffer.from(uint32(length)), ...parts]);
}

function pngChunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind), data]);
  return Buffer.concat([Buffer.from(uint32(data.length)), body, Buffer.from(uint32(crc32(body)))]);
}

function uint32(value: number): number[] {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);
}
