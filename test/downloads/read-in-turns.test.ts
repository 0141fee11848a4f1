import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import test from 'ava';
import { READS_IN_TURNS } from '../../src/downloads/read-in-turns.ts';

const PIECES = 8;
const PIECE = 64 * 1024;

async function withFile<T>(use: (path: string, bytes: Buffer) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'mintmark-turns-'));
  const path = join(folder, 'file');
  const bytes = randomBytes(PIECES * PIECE);
  try {
    writeFileSync(path, bytes);
    return await use(path, bytes);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The most pieces that came in one turn of the event loop. */
async function mostInATurn(path: string, streams: number, fs?: typeof READS_IN_TURNS): Promise<number> {
  let [inTurn, most, isOver] = [0, 0, false];
  const turn = () => {
    most = Math.max(most, inTurn);
    inTurn = 0;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  const all = Array.from({ length: streams }, () => createReadStream(path, fs === undefined ? {} : { fs }));
  const count = () => {
    inTurn += 1;
  };
  for (const stream of all) stream.on('data', count);
  await Promise.all(all.map((stream) => once(stream, 'end')));
  isOver = true;
  return most;
}

test('of files that are read at once, one piece comes in a turn of the event loop', async (t) => {
  await withFile(async (path) => {
    t.is(await mostInATurn(path, 32, READS_IN_TURNS), 1);
    t.true((await mostInATurn(path, 32)) > 1, 'without turns there are more: the test can fail');
  });
});

test('each stream gets its own bytes, also from the middle', async (t) => {
  await withFile(async (path, bytes) => {
    const starts = [0, 1, PIECE, 3 * PIECE + 7];
    const read = starts.map((start) => buffer(createReadStream(path, { fs: READS_IN_TURNS, start })));
    for (const [at, start] of starts.entries()) t.deepEqual(await read[at], bytes.subarray(start));
  });
});

test('a stream that is given up in the middle holds up no other', async (t) => {
  await withFile(async (path, bytes) => {
    const givenUp = createReadStream(path, { fs: READS_IN_TURNS });
    const kept = buffer(createReadStream(path, { fs: READS_IN_TURNS }));
    givenUp.once('data', () => givenUp.destroy());
    t.deepEqual(await kept, bytes);
  });
});
