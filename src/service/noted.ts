/** What was done and seen beside the ledger: a note in the keys folder, which `doctor` and the console read. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { replacePublic } from '../keyring/key-files.ts';

const seen = z.object({
  /** ISO 8601, UTC. */
  at: z.iso.datetime(),
  /** The name of the person in the console. */
  by: z.string(),
});

const noted = z.object({
  /** The last whole check of the ledger, by any command or the console. */
  check: z.object({ at: z.iso.datetime(), licenses: z.number(), faults: z.number() }).optional(),
  /** What only the seller can see. */
  seen: z.object({ mail: seen.optional(), order: seen.optional() }).default({}),
});

export type Noted = Readonly<z.infer<typeof noted>>;

/** `mail`: a mail of the service arrived; `order`: the code of an order was accepted by the seller's program. */
export const SEEN = ['mail', 'order'] as const;
export type Seen = (typeof SEEN)[number];

const NOTHING: Noted = { seen: {} };

const notedFile = (folder: string): string => join(folder, 'noted.json');

/** A missing or unreadable note says nothing. */
export function readNoted(folder: string): Noted {
  try {
    return noted.parse(JSON.parse(readFileSync(notedFile(folder), 'utf8')));
  } catch {
    return NOTHING;
  }
}

/** Throws AppError `bad_configuration` in a read-only folder. */
export function noteCheck(folder: string, check: NonNullable<Noted['check']>): void {
  write(folder, { ...readNoted(folder), check });
}

/** Throws AppError `bad_configuration` in a read-only folder. */
export function noteSeen(folder: string, what: Seen, { at, by }: z.infer<typeof seen>): void {
  const before = readNoted(folder);
  write(folder, { ...before, seen: { ...before.seen, [what]: { at, by } } });
}

function write(folder: string, content: Noted): void {
  replacePublic(notedFile(folder), `${JSON.stringify(content)}\n`);
}
