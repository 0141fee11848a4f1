/** For tests of the SQLite ledger: a file for each test, its rows, and the findings of its check. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Announcing } from '../../src/domain/announcements/announcing.ts';
import type { Product } from '../../src/domain/values/product.ts';
import { createLicenseIds } from '../../src/keyring/minter.ts';
import { createCodeCheck } from '../../src/keyring/stored-code.ts';
import { type CheckKeys, checkLedger, type Finding } from '../../src/storage/sqlite/check/check.ts';
import type { ObserveCommit } from '../../src/storage/sqlite/file/group-commit.ts';
import { type Connection, openLedgerFile } from '../../src/storage/sqlite/file/open.ts';
import { SqliteLedger } from '../../src/storage/sqlite/sqlite-ledger.ts';
import { keepTexts, PRODUCTS, rulesFor } from './ledger-data.ts';
import { ID_SECRET, KEYRING, MINTER } from './minting.ts';

/** A folder that is removed at the end of the test. */
export function folderFor(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'mintmark-ledger-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Opened {
  readonly file: string;
  readonly connection: Connection;
  readonly ledger: SqliteLedger;
}

export interface OpenOptions {
  readonly file?: string;
  readonly observeCommit?: ObserveCommit;
  /** The products whose rules apply; `app` and `app2` by default. */
  readonly products?: readonly Product[];
  readonly now?: () => number;
  readonly expectsEvents?: boolean;
  readonly announce?: Announcing | undefined;
  readonly lockPatience?: number;
}

/** A ledger in a new folder, or in the given file; closed when the test ends. */
export function openLedger(t: ExecutionContext, options: OpenOptions = {}): Opened {
  const { file = join(folderFor(t), 'ledger.sqlite'), observeCommit, lockPatience, now } = options;
  const connection = openLedgerFile(file, ID_SECRET);
  const ledger = new SqliteLedger(connection, {
    idSecret: ID_SECRET,
    rules: rulesFor(options.products ?? PRODUCTS, options.expectsEvents, options.announce),
    ...(observeCommit && { observeCommit }),
    ...(lockPatience !== undefined && { lockPatience }),
    ...(now && { now }),
  });
  t.teardown(() => ledger.close());
  return { file, connection, ledger };
}

/** The same with the messages and the terms that issueOf refers to. */
export async function openWithMessage(t: ExecutionContext, options: OpenOptions = {}): Promise<Opened> {
  const opened = openLedger(t, options);
  await keepTexts(opened.ledger, options.products ?? PRODUCTS);
  return opened;
}

/** The part of licenses that does not depend on the order of facts: all but revisions, codes and history. */
export async function standingOf(ledger: SqliteLedger, order: string) {
  const stories = await ledger.find({ by: 'order', order });
  return stories
    .map(({ mode, product, unit, state, subscription, code }) => {
      const { lastValid, ...entitlement } = MINTER.entitlementOf(code);
      return { mode, product, unit, state, lastValid, subscription, ...entitlement };
    })
    .sort((a, b) =>
      `${a.mode} ${a.product}` < `${b.mode} ${b.product}`
        ? -1
        : a.product === b.product
          ? a.unit - b.unit
          : 1,
    );
}

export const CHECK_KEYS: CheckKeys = {
  idSecret: ID_SECRET,
  licenseIdOf: createLicenseIds(ID_SECRET),
  codeFault: judgedOnce(createCodeCheck(KEYRING)),
};

/** A code of a license has one fault, however often it is looked at. */
function judgedOnce(check: CheckKeys['codeFault']): CheckKeys['codeFault'] {
  const faults = new Map<string, string | undefined>();
  return (code, license, revision) => {
    const { id, mode, product } = license;
    const key = [code, Buffer.from(id).toString('hex'), mode, product, revision].join(' ');
    if (!faults.has(key)) faults.set(key, check(code, license, revision));
    return faults.get(key);
  };
}

export function findingsOf(connection: Connection): readonly Finding[] {
  return [...checkLedger(connection, CHECK_KEYS)];
}

/** Every row of every table as text, to compare or to search. */
export function dump(connection: Connection, except: readonly string[] = []): Record<string, string[]> {
  const tables = connection
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .pluck()
    .all()
    .filter((name) => !except.includes(name));
  return Object.fromEntries(tables.map((table) => [table, rowsOf(connection, table)]));
}

function rowsOf(connection: Connection, table: string): string[] {
  const rows = connection.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).all();
  return rows.map((row) =>
    JSON.stringify(row, (_, value: unknown) =>
      value !== null && typeof value === 'object' && 'data' in value && Array.isArray(value.data)
        ? Buffer.from(value.data as number[]).toString('hex')
        : value,
    ),
  );
}
