/** The tools of a run: the seed's numbers, its folder, and its teardown. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededNumbers } from '../../verifiers/random.ts';
import type { Tools } from './proof.ts';

/** Runs `act` with its own tools, and cleans up afterwards in any case. */
export async function withTools<T>(
  { name, seed, quick }: { readonly name: string; readonly seed: number; readonly quick: boolean },
  act: (tools: Tools) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'mintmark-proof-'));
  const acts: (() => void | Promise<void>)[] = [];
  try {
    return await act({
      seed,
      random: randomOf(`${seed} ${name}`),
      quick,
      folder,
      teardown: (clear) => acts.unshift(clear),
      note: (line) => process.stderr.write(`    ${name}: ${line}\n`),
    });
  } finally {
    for (const clear of acts) await clear();
    rmSync(folder, { recursive: true, force: true });
  }
}

function randomOf(text: string): () => number {
  return seededNumbers(createHash('sha256').update(text).digest().readUInt32LE());
}
