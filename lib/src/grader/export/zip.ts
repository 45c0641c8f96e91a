import { crc32, deflateRawSync } from "node:zlib";

/** A file on its way into an archive or a folder. */
export interface BundleFile {
  readonly data: Uint8Array | string;
  /** May be run. */
  readonly run?: boolean;
}

/** Files by their path, / between folders. */
export type Bundle = ReadonlyMap<string, BundleFile>;

const DATE = 0x5c21; // 2026-01-01: the same files make the same bytes
const UTF8 = 0x0800;

interface Entry {
  readonly name: Buffer;
  readonly common: Buffer;
  readonly data: Buffer;
  readonly mode: number;
}

function entryOf(path: string, { data, run }: BundleFile): Entry {
  const whole = Buffer.from(data as Uint8Array);
  const packed = deflateRawSync(whole, { level: 9 });
  const name = Buffer.from(path, "utf8");
  const common = Buffer.alloc(26); // what the local and the central header share
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(UTF8, 2);
  common.writeUInt16LE(8, 4);
  common.writeUInt16LE(DATE, 8);
  common.writeUInt32LE(crc32(whole), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(whole.length, 18);
  common.writeUInt16LE(name.length, 22);
  return { name, common, data: packed, mode: run ? 0o100755 : 0o100644 };
}

function centralHeader({ name, common, mode }: Entry, offset: number): Buffer {
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE((mode << 16) >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 20, 3]), common, rest, name]);
}

/**
 * A zip archive with Unix file modes; equal files give equal bytes.
 * @see PKWARE, APPNOTE.TXT, section 4.3
 */
export function zipped(files: Bundle): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [path, file] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const entry = entryOf(path, file);
    centrals.push(centralHeader(entry, offset));
    const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), entry.common, entry.name, entry.data]);
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(centrals.length, 8);
  end.writeUInt16LE(centrals.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}
