/** Reads pieces of files one after the other: however many downloads ask at once, a sale waits for one piece at most. */
import { close, open, read } from 'node:fs';

type Done = (error: NodeJS.ErrnoException | null, bytes: number, piece: Buffer) => void;

const waiting: (() => void)[] = [];
let isReading = false;

/** What a stream reads a file with (`fs` of createReadStream); shared by all downloads of the process. */
export const READS_IN_TURNS = { open, close, read: readInTurn };

function readInTurn(
  file: number,
  into: Buffer,
  offset: number,
  length: number,
  position: number | null,
  done: Done,
): void {
  waiting.push(() => {
    read(file, into, offset, length, position, (...result) => {
      done(...result);
      // What came in meanwhile goes first.
      setImmediate(next);
    });
  });
  if (!isReading) next();
}

function next(): void {
  const first = waiting.shift();
  isReading = first !== undefined;
  first?.();
}
