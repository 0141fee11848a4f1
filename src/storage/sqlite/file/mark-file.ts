/** Reads and writes the mark's file. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { z } from 'zod';
import type { Sealer } from '../../record/sealer.ts';

const witness = z.object({ license: z.number(), sequence: z.number(), seal: z.string() });

const content = z.object({
  /** The ledger's identity: hex. */
  ledger: z.string(),
  /** The pen's numbers and tallies. */
  counts: z.record(z.string(), z.number()),
  /** Rows that the ledger must hold: its newest license and its newest change. Seals in hex. */
  witnesses: z.array(witness),
  /** Restores that the operator accepted. */
  accepted: z.array(z.object({ at: z.number(), reason: z.string() })),
});

export type MarkContent = Readonly<z.infer<typeof content>>;

/** Undefined if the file is missing; `damaged` if it was edited or belongs to another id secret. */
export function readMark(file: string, sealer: Sealer): MarkContent | 'damaged' | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const { seal, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
    const mark = content.parse(rest);
    return seal === sealOf(mark, sealer) ? mark : 'damaged';
  } catch {
    return 'damaged';
  }
}

/** Replaces the file atomically. */
export async function writeMark(file: string, mark: MarkContent, sealer: Sealer): Promise<void> {
  const text = `${JSON.stringify({ ...mark, seal: sealOf(mark, sealer) }, null, 2)}\n`;
  await writeBeside(file, text, (beside) => rename(beside, file));
}

/** Rejects with the disk's error if a mark could not be written now. Changes nothing. */
export async function tryMark(file: string): Promise<void> {
  await writeBeside(file, '', (beside) => rm(beside));
}

async function writeBeside(
  file: string,
  text: string,
  then: (beside: string) => Promise<void>,
): Promise<void> {
  // Random, because containers that share a folder may have the same process id.
  const beside = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(beside, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await then(beside);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

function sealOf({ ledger, counts, witnesses, accepted }: MarkContent, sealer: Sealer): string {
  const text = JSON.stringify([ledger, Object.entries(counts).sort(), witnesses, accepted]);
  return sealer.seal('mark', text).toString('hex');
}
