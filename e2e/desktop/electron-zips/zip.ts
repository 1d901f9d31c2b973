import { crc32 } from 'node:zlib';

/** A file in a zip. */
export interface ZipEntry {
  readonly name: string;
  readonly data: Buffer | string;
  /** Can be started. */
  readonly isProgram?: boolean;
}

const FILE = 0o100644;
const PROGRAM = 0o100755;
/** 1980-01-01, as Electron's own zips have it. */
const DATE = 0x21;

/** A zip that compresses nothing. @see PKWARE APPNOTE.TXT, 4.3 */
export function buildZip(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, data, isProgram } of entries) {
    const content = typeof data === 'string' ? Buffer.from(data) : data;
    const common = commonHeader(name, content);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), content]);
    const outer = Buffer.alloc(14);
    outer.writeUInt32LE((isProgram ? PROGRAM : FILE) * 0x10000, 6);
    outer.writeUInt32LE(at, 10);
    // Made on Unix, so that modes count.
    directory.push(Buffer.from('PK\x01\x02\x14\x03'), common, outer, Buffer.from(name));
    parts.push(local);
    at += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, list, Buffer.from('PK\x05\x06'), end]);
}

/** What stands in both headers of a file: version, date, digest, lengths. */
function commonHeader(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(20, 0);
  header.writeUInt16LE(DATE, 8);
  header.writeUInt32LE(crc32(content), 10);
  header.writeUInt32LE(content.length, 14);
  header.writeUInt32LE(content.length, 18);
  header.writeUInt16LE(Buffer.byteLength(name), 22);
  return header;
}
