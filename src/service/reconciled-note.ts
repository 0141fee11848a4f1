/** A note beside the ledger: what was found when a marketplace's API was last read; `doctor` and the metrics read it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Reconciled } from '../domain/desk/reconcile.ts';
import type { Ledger } from '../domain/ledger.ts';
import { dayOf } from '../domain/values/day.ts';
import type { Marketplace, Mode } from '../domain/values/order.ts';
import { AppError } from '../errors.ts';
import { replacePublic } from '../keyring/key-files.ts';
import type { Config } from './config.ts';
import { readable } from './readable-apis.ts';

const moment = z.iso.datetime();

const entry = z.object({
  /** The day of the first reading by the timer: what was sold before is left alone. */
  from: z.iso.date(),
  /** The last reading, and the last one that came to its end and left nothing open. */
  at: moment,
  wholeAt: moment.optional(),
  /** How many entries the ledger lacked at the last reading. */
  lacking: z.number(),
  /** Of these, how many were shown only (RECONCILE=show). */
  open: z.number(),
  /** Why the last reading stopped before its end. */
  stopped: z.string().optional(),
  /** The day from which it could not be read, because the marketplace no longer keeps it. */
  gapFrom: z.iso.date().optional(),
  /** Another instance had the turn then: what it found is flagged in the ledger. */
  elsewhere: moment.optional(),
});

export type ReconciledEntry = Readonly<z.infer<typeof entry>>;

/** By marketplace and mode: `stripe live`. */
const note = z.record(z.string(), entry);

export type ReconciledNote = Readonly<Record<string, ReconciledEntry>>;

export const keyOf = (marketplace: Marketplace, mode: Mode): string => `${marketplace} ${mode}`;

const fileIn = (dataDir: string): string => join(dataDir, 'reconciled.json');

/** A missing or unreadable note says that nothing was read. */
export function readReconciledNote(dataDir: string): ReconciledNote {
  try {
    return note.parse(JSON.parse(readFileSync(fileIn(dataDir), 'utf8')));
  } catch {
    return {};
  }
}

/** The last readings of the APIs that are still read: one whose key was removed is no matter for an alarm. */
export function readingsOf({
  accounts,
  dataDir,
  reconcile,
}: Pick<Config, 'accounts' | 'dataDir' | 'reconcile'>): ReconciledNote {
  if (reconcile === 'off') return {};
  const keys = new Set(readable(accounts).map(({ account, mode }) => keyOf(account.marketplace, mode)));
  return Object.fromEntries(Object.entries(readReconciledNote(dataDir)).filter(([key]) => keys.has(key)));
}

type Shared = Pick<Ledger, 'database'>;

const nameOf = (key: string): string => `reconciled ${key}`;

/** The last reading by any instance; without one that is shared, by this one. */
export async function findLastReading(
  { database }: Shared,
  dataDir: string,
  key: string,
): Promise<ReconciledEntry | undefined> {
  const own = readReconciledNote(dataDir)[key];
  const shared = await database?.findNote(nameOf(key));
  if (shared === undefined) return own;
  try {
    return entry.parse(JSON.parse(shared));
  } catch {
    return own;
  }
}

/** Another instance reads it. `now` in milliseconds since 1970-01-01. */
export function noteElsewhere(dataDir: string, key: string, now: number): void {
  const known = readReconciledNote(dataDir);
  const elsewhere = new Date(now).toISOString();
  const entry = known[key] ?? { from: dayOf(now), at: elsewhere, lacking: 0, open: 0 };
  writeIfPossible(dataDir, { ...known, [key]: { ...entry, elsewhere } });
}

/** The entry after a reading. `now` in milliseconds since 1970-01-01. */
export function entryAfter(
  before: ReconciledEntry | undefined,
  { lacking, stopped, isAll }: Reconciled,
  now: number,
): ReconciledEntry {
  const at = new Date(now).toISOString();
  const open = lacking.filter(({ outcome }) => outcome === 'shown').length;
  const isWhole = stopped === undefined || isAll === true;
  // Else what is over for good would be asked for in each reading.
  const wholeAt = isWhole && open === 0 ? at : before?.wholeAt;
  const last = before?.wholeAt ?? before?.from;
  return {
    from: before?.from ?? dayOf(now),
    at,
    ...(wholeAt !== undefined && { wholeAt }),
    lacking: lacking.length,
    open,
    ...(stopped !== undefined && { stopped }),
    ...(isAll && last !== undefined && { gapFrom: dayOf(Date.parse(last)) }),
  };
}

/** Throws AppError `bad_configuration` in a read-only folder, unless all instances share the note. */
export async function noteReconciled(
  { database }: Shared,
  dataDir: string,
  key: string,
  noted: ReconciledEntry,
): Promise<void> {
  await database?.writeNote(nameOf(key), JSON.stringify(noted));
  const all = { ...readReconciledNote(dataDir), [key]: noted };
  if (database === undefined) write(dataDir, all);
  else writeIfPossible(dataDir, all);
}

/** Where the ledger is a database, the folder may be read-only. */
function writeIfPossible(dataDir: string, noted: ReconciledNote): void {
  try {
    write(dataDir, noted);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}

function write(dataDir: string, noted: ReconciledNote): void {
  replacePublic(fileIn(dataDir), `${JSON.stringify(noted)}\n`);
}
