/** Writes a zip file (PKWARE, APPNOTE 6.3): deflated, the same bytes for the same files. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface Entry {
  /** With slashes. */
  readonly name: string;
  readonly bytes: Buffer;
}

const VERSION = 20;
const UTF8 = 0x0800;
const DEFLATED = 8;
/** 1980-01-01, the first day that the format knows. */
const DAY = 0x21;
/** A file that all may read, and its owner may write. */
const MODE = (0o100644 << 16) >>> 0;
const UNIX = 3 << 8;

export function zip(entries: readonly Entry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const packed = deflateRawSync(bytes, { level: 9 });
    const title = Buffer.from(name, 'utf8');
    const common = Buffer.alloc(26);
    for (const [place, value] of [VERSION, UTF8, DEFLATED, 0, DAY].entries())
      common.writeUInt16LE(value, 2 * place);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(title.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, title, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(MODE, 6);
    rest.writeUInt32LE(offset, 10);
    const madeBy = Buffer.alloc(2);
    madeBy.writeUInt16LE(UNIX | VERSION);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), madeBy, common, rest, title]));
    files.push(local);
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, listed, end]);
}
