/** A file beside the compile cache, in which a start leaves what the next start need not find out again. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** The content; undefined for a missing or damaged file. */
export function readStartFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Replaces the file atomically. If it is not writable, as in a read-only container, the next start knows nothing. */
export function writeStartFile(file: string, content: unknown): void {
  const written = `${file}.${process.pid}`;
  try {
    writeFileSync(written, JSON.stringify(content), { mode: 0o600 });
    renameSync(written, file);
  } catch {
    // Only slower.
  }
}
