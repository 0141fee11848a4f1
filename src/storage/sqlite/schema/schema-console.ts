/** The migration that the console needs: counted days, ways into the console, and what was done there. */

import type { CodeRow } from '../../record/code-row.ts';
import { type ConsoleCountRow, sealConsoleCount } from '../../record/console-rows.ts';
import { countLicense, DayCounter } from '../../record/daily.ts';
import type { HistoryRow } from '../../record/history-row.ts';
import { lastValidDay } from '../../record/last-valid.ts';
import type { LicenseRow } from '../../record/license-row.ts';
import { SEAL_BYTES, type Sealer } from '../../record/sealer.ts';
import type { Connection } from '../file/connection.ts';

/** The columns of `daily` as this migration makes them. Like all SQL of a migration, they never change. */
const COUNTS = [
  'orders',
  'units',
  'issued',
  'renewed',
  'suspended',
  'reinstated',
  'ended',
  'revoked',
  'due',
  'kept',
  'net_suspended',
  'net_ended',
  'net_revoked',
] as const;

/** Test rows are few beside live ones: without these, a list of mode test reads the whole ledger. A live sale writes none. */
const CONSOLE_INDEXES = `
  CREATE INDEX license_test ON license (number) WHERE mode = 'test';
  CREATE INDEX license_test_order ON license (order_id) WHERE mode = 'test';
  CREATE INDEX event_test ON event (number) WHERE mode = 'test';`;

export const SCHEMA_CONSOLE = `
  -- What happened on each UTC day; read as sums over the pens, with the licenses after daily_position.
  CREATE TABLE daily (
    day TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    product TEXT NOT NULL,
    pen INTEGER NOT NULL,
    ${COUNTS.map((name) => `${name} INTEGER NOT NULL`).join(',\n    ')},
    PRIMARY KEY (day, mode, product, pen)
  ) STRICT, WITHOUT ROWID;

  -- Up to which license of the pen new licenses are counted in daily.
  CREATE TABLE daily_position (
    pen INTEGER PRIMARY KEY,
    license INTEGER NOT NULL
  ) STRICT;

  -- One-time links. digest: SHA-256 of the secret, so that the file lets nobody in.
  CREATE TABLE console_link (
    digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
    person TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    used_at INTEGER,
    seal BLOB NOT NULL CHECK (length(seal) = 16)
  ) STRICT, WITHOUT ROWID;

  -- id and public_key as WebAuthn has them; handle: the person's user handle.
  CREATE TABLE console_passkey (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    handle TEXT NOT NULL,
    public_key BLOB NOT NULL,
    counter INTEGER NOT NULL,
    transports TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    used_at INTEGER,
    seal BLOB NOT NULL CHECK (length(seal) = 16)
  ) STRICT, WITHOUT ROWID;

  -- digest: SHA-256 of the cookie. passkey: NULL for a way in by link. proved_at: the last passkey or link.
  CREATE TABLE console_session (
    digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
    person TEXT NOT NULL,
    passkey TEXT,
    opened_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    proved_at INTEGER NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 16)
  ) STRICT, WITHOUT ROWID;

  -- Append-only: ways in, passkeys and grave decisions, each row sealed over the row before it.
  CREATE TABLE console_history (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    person TEXT NOT NULL,
    what TEXT NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 16)
  ) STRICT;

  -- One row. sum: the XOR of the seals of all rows of the console_ tables.
  CREATE TABLE console_count (
    rows INTEGER NOT NULL,
    sum BLOB NOT NULL CHECK (length(sum) = 16),
    seal BLOB NOT NULL CHECK (length(seal) = 16)
  ) STRICT;

${CONSOLE_INDEXES}
`;

/** Starts the count of the console's rows, and counts the days of a ledger that was written before they were counted. */
export function fillConsole(connection: Connection, sealer: Sealer): void {
  const none = { rows: 0, sum: Buffer.alloc(SEAL_BYTES) };
  connection
    .prepare<[ConsoleCountRow]>('INSERT INTO console_count VALUES ($rows, $sum, $seal)')
    .run({ ...none, seal: sealConsoleCount(sealer, none) });
  fillDaily(connection);
}

interface Range {
  readonly first: number;
  readonly last: number;
}

function fillDaily(connection: Connection): void {
  const page = connection.prepare<[{ readonly after: number }], LicenseRow>(
    'SELECT * FROM license WHERE number > $after ORDER BY number LIMIT 1000',
  );
  const codes = connection.prepare<[Range], CodeRow>(
    'SELECT * FROM code WHERE license BETWEEN $first AND $last',
  );
  const history = connection.prepare<[Range], HistoryRow>(
    'SELECT * FROM history WHERE license BETWEEN $first AND $last ORDER BY license, sequence',
  );
  const counter = new DayCounter();
  let after = 0;
  for (let rows = page.all({ after }); rows.length > 0; rows = page.all({ after })) {
    const range = { first: rows[0]?.number ?? 0, last: rows.at(-1)?.number ?? 0 };
    after = range.last;
    const codesOf = Map.groupBy(codes.all(range), ({ license }) => license);
    const changesOf = Map.groupBy(history.all(range), ({ license }) => license);
    for (const license of rows) {
      const own = new Map((codesOf.get(license.number) ?? []).map(({ revision, text }) => [revision, text]));
      const lastValidOf = (revision: number) => lastValidDay(own.get(revision) ?? license.first_code);
      countLicense(counter, { license, lastValidOf, history: changesOf.get(license.number) ?? [] });
    }
  }
  const insert = connection.prepare(
    `INSERT INTO daily (day, mode, product, pen, ${COUNTS.join()}) VALUES ($day, $mode, $product, 0, ${COUNTS.map((name) => `$${name}`).join()})`,
  );
  for (const row of counter.take()) insert.run(row);
  connection.prepare('INSERT INTO daily_position VALUES (0, $after)').run({ after });
}
