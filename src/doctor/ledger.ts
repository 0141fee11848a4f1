/** Can the ledger be written, is there room for it, and is the clock right? */
import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Ledger } from '../domain/ledger.ts';
import type { Config } from '../service/config.ts';
import { tryMark } from '../storage/sqlite/mark-file.ts';
import { type Finding, fault, note, ok, said, warning } from './finding.ts';

const LEDGER = 'ledger';
const MARK = 'mark';
const DISK = 'disk';
const CLOCK = 'clock';

const MEBIBYTE = 2 ** 20;
/** SQLite's write-ahead log alone may take some of these. */
const TOO_LITTLE = 50 * MEBIBYTE;
/** A million licenses take about as much. */
const LITTLE = 500 * MEBIBYTE;

/** A clock that is so far behind what is on record is wrong, and not just a second late. */
const BEHIND_MILLISECONDS = 5 * 60_000;

export async function examineLedger(ledger: Ledger): Promise<Finding> {
  try {
    await ledger.probe();
    const { live, test } = await ledger.count();
    return ok(LEDGER, `It can be written, and holds ${live} live and ${test} test licenses.`);
  } catch (error) {
    const remedy = 'Look at the disk, at the file and at its owner: until then every sale gets 503.';
    return fault(LEDGER, `It cannot be written: ${said(error)}`, remedy);
  }
}

/** Nothing fails where the mark cannot be written, so nobody would notice. Changes nothing. */
export async function examineMark({ ledgerMark }: Pick<Config, 'ledgerMark'>): Promise<Finding> {
  try {
    await tryMark(ledgerMark);
    return ok(MARK, `It can be written at ${ledgerMark}.`);
  } catch (error) {
    const so = `It cannot be written at ${ledgerMark} (${said(error)}): an older copy of the ledger, or a lost one, would go unnoticed.`;
    const remedy =
      'Let the service write in that folder, or have LEDGER_MARK name a file in one where it can.';
    return warning(MARK, so, remedy);
  }
}

/** Where there is no ledger, or it does not open. */
export function noLedger({ ledgerFile }: Config, error: unknown): Finding {
  if (existsSync(ledgerFile)) {
    return fault(
      LEDGER,
      `It does not open: ${said(error)}`,
      'Do what this says: the service does not start before.',
    );
  }
  return note(
    LEDGER,
    `There is none at ${ledgerFile}.`,
    'The first start makes it; if it was there before, restore it.',
  );
}

export function examineDisk({ ledgerFile }: Config): readonly Finding[] {
  const folder = dirname(ledgerFile);
  if (!existsSync(folder)) return [];
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const so = `${Math.floor(free / MEBIBYTE)} MiB are free at ${folder}.`;
  if (free < TOO_LITTLE) return [fault(DISK, so, 'Make room: a full disk refuses every sale.')];
  return [free < LITTLE ? warning(DISK, so, 'Make room before the disk is full.') : ok(DISK, so)];
}

/** What is on record cannot be of the future. `now` in milliseconds since 1970-01-01. */
export async function examineClock(ledger: Ledger, now: number): Promise<Finding> {
  const [order] = await ledger.listOrders({ limit: 1, now });
  const [event] = await ledger.findEvents({ limit: 1 });
  const newest = Math.max(order?.at ?? 0, event?.receivedAt ?? 0);
  const today = new Date(now).toISOString();
  if (newest - now <= BEHIND_MILLISECONDS)
    return ok(CLOCK, `It says ${today}, which nothing on record contradicts.`);
  return fault(
    CLOCK,
    `It says ${today}, and something was recorded on ${new Date(newest).toISOString()}.`,
    'Set the clock, and let the system keep it (NTP): codes are dated by it.',
  );
}
