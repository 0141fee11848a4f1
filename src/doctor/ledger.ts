/** Checks that the ledger is writable, that the disk has room, and that the clock is right. */
import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Ledger } from '../domain/ledger.ts';
import { CLOCKS_AGREE_WITHIN } from '../domain/ports/shared-database.ts';
import { AppError } from '../errors.ts';
import type { Config } from '../service/config.ts';
import { tryMark } from '../storage/sqlite/file/mark-file.ts';
import { type Finding, fault, note, ok, said, warning } from './finding.ts';

const LEDGER = 'ledger';
const MARK = 'mark';
const DISK = 'disk';
const CLOCK = 'clock';

const CONNECTIONS = 'connections';

/** Two instances need as many, with what the commands open. */
const FEW_CONNECTIONS = 10;

const MEBIBYTE = 2 ** 20;
/** The write-ahead log of SQLite alone can take several of these. */
const TOO_LITTLE = 50 * MEBIBYTE;
/** About the size of a ledger of a million licenses. */
const LITTLE = 500 * MEBIBYTE;

/** A clock this far behind the newest record is wrong, not only a second late. */
const BEHIND_MILLISECONDS = 5 * 60_000;

export async function examineLedger(ledger: Ledger): Promise<Finding> {
  try {
    await ledger.probe();
    const { live, test } = await ledger.count();
    return ok(LEDGER, `It can be written, and holds ${live} live and ${test} test licenses.`);
  } catch (error) {
    const remedy = 'Check the disk, the file and its owner: until then every sale gets 503.';
    return fault(LEDGER, `It cannot be written: ${said(error)}`, remedy);
  }
}

/** An unwritable mark makes nothing fail, so nobody would notice it. Changes nothing. */
export async function examineMark({ ledgerMark }: Pick<Config, 'ledgerMark'>): Promise<Finding> {
  try {
    await tryMark(ledgerMark);
    return ok(MARK, `It can be written at ${ledgerMark}.`);
  } catch (error) {
    const so = `It cannot be written at ${ledgerMark} (${said(error)}): an older copy or a lost ledger would go unnoticed.`;
    const remedy = 'Let the service write in that folder, or set LEDGER_MARK to a file in a writable folder.';
    return warning(MARK, so, remedy);
  }
}

/** For a ledger that is missing or does not open. */
export function noLedger(error: unknown): Finding {
  if (!(error instanceof AppError && error.code === 'not_found')) {
    return fault(
      LEDGER,
      `It does not open: ${said(error)}`,
      'Follow this message: the service does not start before.',
    );
  }
  return note(LEDGER, said(error), 'The first start makes it; if there was a ledger before, restore it.');
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

/** Of a ledger in a file there are none. */
export async function examineConnections({ database }: Ledger): Promise<readonly Finding[]> {
  const connections = await database?.connections();
  if (connections === undefined) return [];
  const { used, most } = connections;
  const so = `${used} of ${most} connections to the database are used.`;
  if (most - used >= FEW_CONNECTIONS) return [ok(CONNECTIONS, so)];
  const remedy =
    'Raise max_connections, or the CONNECTION LIMIT of the role or the database, or let fewer programs connect: without a free one a start fails, and sales get 503.';
  return [warning(CONNECTIONS, so, remedy)];
}

/** No record can be in the future, and a database has a clock too. `now` in milliseconds since 1970-01-01. */
export async function examineClock(ledger: Ledger, now: number): Promise<Finding> {
  const ahead = await ledger.database?.clockAhead();
  if (ahead !== undefined && Math.abs(ahead) > CLOCKS_AGREE_WITHIN)
    return fault(
      CLOCK,
      `It is ${Math.round(Math.abs(ahead) / 1000)} seconds ${ahead > 0 ? 'ahead of' : 'behind'} the database's.`,
      'Set the clock, and synchronize it (NTP): sales and ends of licenses are dated by it, and at 5 minutes signed calls count as too old.',
    );
  const [order] = await ledger.listOrders({ limit: 1, now });
  const [event] = await ledger.findEvents({ limit: 1 });
  const newest = Math.max(order?.at ?? 0, event?.receivedAt ?? 0);
  const today = new Date(now).toISOString();
  if (newest - now <= BEHIND_MILLISECONDS) return ok(CLOCK, `It says ${today}, and no record is later.`);
  return fault(
    CLOCK,
    `It says ${today}, but the newest record is of ${new Date(newest).toISOString()}.`,
    ahead === undefined
      ? 'Set the clock, and synchronize it (NTP): codes are dated by it.'
      : 'This clock agrees with the database’s: set the clock of the instance that wrote the record, and synchronize it (NTP).',
  );
}
