/** Opens the ledger of the settings: its file, its mark, its identity; or its database on PostgreSQL. */
import { existsSync, rmSync } from 'node:fs';
import type { Ledger } from '../domain/ledger.ts';
import type { ClockSource } from './postgres/session/shared-clock.ts';
import { Sealer } from './record/sealer.ts';
import { acceptRestored, Mark, type OnMarkFault, requireMarkedLedger } from './sqlite/file/mark.ts';
import { unmarkMoved } from './sqlite/file/moved.ts';
import { openLedgerFile, openToRead } from './sqlite/file/open.ts';
import { lockForService, type ServiceLock, type ServiceLockOptions } from './sqlite/file/service-lock.ts';
import { SqliteLedger, type SqliteLedgerOptions } from './sqlite/sqlite-ledger.ts';

export interface LedgerPlace {
  readonly file: string;
  /** The ledger is a database on PostgreSQL, which needs no mark: an older copy of it is the server's matter. */
  readonly database?: string | undefined;
  /** The mark, beside the keys. */
  readonly markFile: string;
}

export interface LedgerOptions extends Omit<SqliteLedgerOptions, 'mark' | 'highestKeyId'> {
  /** Opens it for a service: in a file it is then for no other one. */
  readonly service?: ServiceLockOptions;
  /** The public keys of the keyring. */
  readonly keys?: readonly { readonly id: number; readonly publicKey: string }[];
  /** Create a new ledger if the ledger of the mark is missing. */
  readonly newLedger?: boolean;
  readonly onMarkFault?: OnMarkFault | undefined;
  /** Whose clock leases and due times of a database are by; default: the database's. */
  readonly clock?: ClockSource;
}

/** Opens the ledger of a place for decisions. Rejects as `openMarkedLedger` and `lockForService`. */
export async function openLedgerAt(
  place: LedgerPlace,
  { service, ...options }: LedgerOptions,
): Promise<Ledger> {
  if (place.database !== undefined) return openDatabaseLedger(place.database, options);
  // First: a start of a newer release migrates the ledger.
  const lock = service && (await lockForService(place.file, service));
  try {
    const ledger = openMarkedLedger(place, options);
    return lock === undefined ? ledger : releasing(lock, ledger);
  } catch (error) {
    lock?.release();
    throw error;
  }
}

/** Releases the lock once the ledger is closed, and keeps it from the garbage collector until then. */
function releasing(lock: ServiceLock, ledger: SqliteLedger): SqliteLedger {
  const close = ledger.close.bind(ledger);
  ledger.close = async () => {
    await close();
    lock.release();
  };
  return ledger;
}

/** Opens a ledger without rules: it decides about no license, and is read, searched, settled and erased in. */
export async function openWithoutRulesAt(
  { file, database }: Omit<LedgerPlace, 'markFile'>,
  idSecret: Uint8Array,
): Promise<Ledger> {
  if (database === undefined) return openWithoutRules({ file }, idSecret);
  return openDatabaseLedger(database, { idSecret });
}

/** The driver of PostgreSQL is loaded only here. */
async function openDatabaseLedger(database: string, options: LedgerOptions): Promise<Ledger> {
  const { openPostgresLedger } = await import('./postgres/open-ledger.ts');
  return openPostgresLedger(database, options);
}

/** Whether there is a ledger. Rejects with AppError `ledger_unavailable` if its database cannot be asked. */
export async function existsLedger({ file, database }: Omit<LedgerPlace, 'markFile'>): Promise<boolean> {
  if (database === undefined) return existsSync(file);
  const { existsPostgresLedger } = await import('./postgres/session/open.ts');
  return existsPostgresLedger(database);
}

/**
 * Opens a ledger for decisions. Throws AppError `bad_configuration` if the ledger is missing and its mark exists, is
 * older than its mark, or belongs to another id secret or keyring.
 */
export function openMarkedLedger({ file, markFile }: LedgerPlace, options: LedgerOptions): SqliteLedger {
  const { newLedger = false, onMarkFault, keys, clock: _, ...rest } = options;
  const highestKeyId = keys && Math.max(0, ...keys.map(({ id }) => id));
  if (!newLedger) requireMarkedLedger(file, markFile);
  else if (!existsSync(file)) rmSync(markFile, { force: true });
  return open(file, {
    ...rest,
    ...(highestKeyId !== undefined && { highestKeyId }),
    mark: new Mark(markFile, onMarkFault),
  });
}

/** As `openWithoutRulesAt`, for a file. It may be older than its mark. */
export function openWithoutRules({ file }: Pick<LedgerPlace, 'file'>, idSecret: Uint8Array): SqliteLedger {
  return open(file, { idSecret });
}

/** Accepts a restored ledger as the newest, also one that was moved away: `mintmark ledger accept-restored`. */
export async function acceptRestoredLedger(
  { file, markFile }: LedgerPlace,
  { idSecret, ...given }: { readonly idSecret: Uint8Array; readonly at: number; readonly reason: string },
): Promise<void> {
  const moved = openToRead(file);
  try {
    unmarkMoved(moved);
  } finally {
    moved.close();
  }
  const connection = openLedgerFile(file, idSecret);
  try {
    await acceptRestored(connection, new Sealer(idSecret), { file: markFile, ...given });
  } finally {
    connection.close();
  }
}

function open(file: string, options: SqliteLedgerOptions): SqliteLedger {
  const connection = openLedgerFile(file, options.idSecret);
  try {
    return new SqliteLedger(connection, options);
  } catch (error) {
    connection.close();
    throw error;
  }
}
