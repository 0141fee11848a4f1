/** A disk that records or fails (disk.c), and the state of its files after a power loss. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pick, type Tools } from '../proof.ts';

const SOURCE = join(import.meta.dirname, 'disk.c');

/** Bytes of a record before its data: kind, file, offset, length. */
const HEAD_BYTES = 18;

/** The bytes that a disk writes atomically. */
const SECTOR_BYTES = 512;

export class Disk {
  readonly env: Readonly<Record<string, string>>;
  readonly #log: string;
  readonly #fault: string;

  /** Needs a C compiler. */
  constructor({ folder }: Pick<Tools, 'folder'>, { recorded = false } = {}) {
    const library = join(folder, 'disk.so');
    execFileSync('cc', [
      '-shared',
      '-fPIC',
      '-O2',
      '-Wall',
      '-Wextra',
      '-Werror',
      '-o',
      library,
      SOURCE,
      '-ldl',
    ]);
    this.#log = join(folder, 'disk.log');
    this.#fault = join(folder, 'disk.fault');
    this.env = { LD_PRELOAD: library, DISK_FAULT: this.#fault, ...(recorded && { DISK_LOG: this.#log }) };
  }

  /** Bytes recorded so far: every write in them has happened. */
  position(): number {
    return existsSync(this.#log) ? statSync(this.#log).size : 0;
  }

  /** The record from its first file on. */
  read(): Buffer {
    return readFileSync(this.#log);
  }

  /** Fails the n-th write or sync from now on. */
  failAt(n: number, errno: number): void {
    writeFileSync(this.#fault, `${n} ${errno}`);
  }

  /** Fails every write and sync until it is disarmed. */
  failAll(errno: number): void {
    this.failAt(-1, errno);
  }

  /** Whether a failure is still to come. */
  isArmed(): boolean {
    return existsSync(this.#fault);
  }

  disarm(): void {
    rmSync(this.#fault, { force: true });
  }
}

interface Act {
  readonly what: string;
  readonly offset: number;
  readonly bytes: Buffer;
  /** For a truncation. */
  readonly length: number;
}

/** A file as it is on the disk, and its writes since the last sync. */
class StoredFile {
  exists = false;
  bytes = Buffer.alloc(0);
  pending: Act[] = [];

  apply({ what, offset, bytes, length }: Act): void {
    this.exists = true;
    const end = what === 'T' ? length : Math.max(this.bytes.length, offset + bytes.length);
    const grown = Buffer.alloc(end);
    this.bytes.copy(grown, 0, 0, Math.min(end, this.bytes.length));
    if (what === 'W') bytes.copy(grown, offset);
    this.bytes = grown;
  }

  sync(): void {
    for (const act of this.pending) this.apply(act);
    this.pending = [];
  }
}

/**
 * Writes the ledger's files as after a power loss at so many bytes of the record: all synced writes, and of the others
 * none or, with `torn`, any subset, each with any number of its sectors.
 */
export function leaveFiles(record: Buffer, end: number, folder: string, torn: boolean, tools: Tools): void {
  const files = { m: new StoredFile(), w: new StoredFile() };
  for (let at = 0; at + HEAD_BYTES <= end; ) {
    const what = record.toString('latin1', at, at + 1);
    const file = record.toString('latin1', at + 1, at + 2) === 'm' ? files.m : files.w;
    const offset = Number(record.readBigUInt64LE(at + 2));
    const length = Number(record.readBigUInt64LE(at + 10));
    const from = at + HEAD_BYTES;
    at = from + (what === 'W' ? length : 0);
    // The power loss came in the middle of this write.
    if (at > end) break;
    if (what === 'S') file.sync();
    else if (what === 'R') Object.assign(file, new StoredFile());
    else file.pending.push({ what, offset, length, bytes: record.subarray(from, at) });
  }
  for (const [name, file] of [
    ['ledger.sqlite', files.m],
    ['ledger.sqlite-wal', files.w],
  ] as const) {
    if (torn) for (const act of file.pending) tear(file, act, tools);
    if (file.exists) writeFileSync(join(folder, name), file.bytes, { mode: 0o600 });
  }
}

function tear(file: StoredFile, act: Act, tools: Tools): void {
  const kept = pick(3, tools);
  if (kept === 0) return;
  if (kept === 1 || act.what !== 'W') {
    file.apply(act);
    return;
  }
  const sectors = Math.ceil(act.bytes.length / SECTOR_BYTES);
  for (let sector = 0; sector < sectors; sector++) {
    if (tools.random() < 0.5) continue;
    const bytes = act.bytes.subarray(sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES);
    file.apply({ ...act, offset: act.offset + sector * SECTOR_BYTES, bytes });
  }
}
