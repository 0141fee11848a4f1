/**
 * The ledger's schema as an ordered list of migrations, each run once in its own transaction. A released migration is
 * never edited: a change of the schema is a new migration at the end.
 */
import type { Sealer } from '../../record/sealer.ts';
import type { Connection } from '../file/connection.ts';
import { sealPensAgain } from '../pens.ts';
import { fillSchema6 } from './fill-schema-6.ts';
import { fillWithdrawals } from './fill-withdrawals.ts';
import { SCHEMA_6, SCHEMA_6_END } from './schema-6.ts';
import { SCHEMA_8 } from './schema-8.ts';
import { SCHEMA_10 } from './schema-10.ts';
import { fillConsole, SCHEMA_CONSOLE } from './schema-console.ts';

export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** Backfills what SQL cannot. `from`: the schema of the ledger when it was opened. */
  readonly fill?: (connection: Connection, sealer: Sealer, from: number) => void;
  /** Runs after `fill`. */
  readonly end?: string;
}

export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'licenses, their codes, answers, history and customers',
    sql: `
      -- The versions of the products' texts, so that a reply stays the same when its product file changes.
      CREATE TABLE message (
        digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
        content TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      -- The only table with personal data. No other table has a copy of it.
      CREATE TABLE customer (
        number INTEGER PRIMARY KEY,
        name TEXT,
        email TEXT
      ) STRICT;

      -- The index on id is the only one in random order: each such index costs more than the row (no others).
      CREATE TABLE license (
        number INTEGER PRIMARY KEY,
        id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
        marketplace TEXT NOT NULL,
        mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
        order_id TEXT NOT NULL,
        product TEXT NOT NULL,
        unit INTEGER NOT NULL CHECK (unit >= 0),
        reissue INTEGER NOT NULL CHECK (reissue >= 0),
        state TEXT NOT NULL CHECK (state IN ('active', 'suspended', 'revoked', 'ended')),
        revision INTEGER NOT NULL CHECK (revision BETWEEN 0 AND 65535),
        customer INTEGER REFERENCES customer,
        subscription TEXT,
        UNIQUE (order_id, product, unit, marketplace, mode, reissue)
      ) STRICT;

      CREATE TABLE code (
        license INTEGER NOT NULL REFERENCES license,
        revision INTEGER NOT NULL CHECK (revision BETWEEN 0 AND 65535),
        text TEXT NOT NULL CHECK (length(text) = 160),
        PRIMARY KEY (license, revision)
      ) STRICT, WITHOUT ROWID;

      -- Answers to fulfillment requests, one row a unit. Sequence 1 is the order itself, the others are rebills, each
      -- named by its own order. alone: the units were requested one by one.
      CREATE TABLE fulfillment (
        license INTEGER NOT NULL,
        sequence INTEGER NOT NULL CHECK (sequence >= 1),
        revision INTEGER NOT NULL,
        quantity INTEGER NOT NULL CHECK (quantity >= 1),
        message BLOB NOT NULL REFERENCES message,
        at INTEGER NOT NULL,
        delivered_at INTEGER,
        request TEXT,
        alone INTEGER NOT NULL CHECK (alone IN (0, 1)),
        seal BLOB NOT NULL CHECK (length(seal) = 16),
        PRIMARY KEY (license, sequence),
        FOREIGN KEY (license, revision) REFERENCES code
      ) STRICT, WITHOUT ROWID;

      -- Append-only: the changes of a license, each row sealed over the seal of the row before it.
      CREATE TABLE history (
        license INTEGER NOT NULL REFERENCES license,
        sequence INTEGER NOT NULL CHECK (sequence >= 0),
        at INTEGER NOT NULL,
        from_state TEXT,
        to_state TEXT NOT NULL,
        revision INTEGER NOT NULL,
        cause TEXT NOT NULL,
        seal BLOB NOT NULL CHECK (length(seal) = 16),
        PRIMARY KEY (license, sequence)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    name: 'events and facts',
    sql: `
      -- Events, once each. The payload, which may hold personal data, is deleted after a time; its digest stays.
      CREATE TABLE event (
        number INTEGER PRIMARY KEY,
        marketplace TEXT NOT NULL,
        mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
        event_id TEXT NOT NULL,
        type TEXT NOT NULL,
        at INTEGER NOT NULL,
        received_at INTEGER NOT NULL,
        payload TEXT,
        digest BLOB NOT NULL CHECK (length(digest) = 32),
        outcome TEXT NOT NULL CHECK (outcome IN ('done', 'failed')),
        fault TEXT,
        attempts INTEGER NOT NULL,
        flagged INTEGER NOT NULL CHECK (flagged IN (0, 1)),
        UNIQUE (marketplace, event_id)
      ) STRICT;
      CREATE INDEX event_to_look_at ON event (number) WHERE outcome = 'failed' OR flagged = 1;

      -- Facts by their subject. A license follows from its facts (domain/life/life.ts).
      -- refers: the other subject of a fact that ties two together.
      CREATE TABLE fact (
        subject TEXT NOT NULL,
        marketplace TEXT NOT NULL,
        mode TEXT NOT NULL,
        key TEXT NOT NULL,
        at INTEGER NOT NULL,
        kind TEXT NOT NULL,
        body TEXT NOT NULL,
        cause TEXT NOT NULL,
        refers TEXT,
        seal BLOB NOT NULL CHECK (length(seal) = 16),
        PRIMARY KEY (subject, marketplace, mode, key)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX fact_refers ON fact (refers, marketplace, mode) WHERE refers IS NOT NULL;

      CREATE INDEX license_subscription ON license (subscription, marketplace, mode)
        WHERE subscription IS NOT NULL;
    `,
  },
  {
    name: 'the revocation lists',
    sql: `
      -- Withdrawn licenses, which are on a list now or later. Sales write no row: the keys are in random order.
      -- digest: of the license id. Days as YYYY-MM-DD (domain/life/withdrawal.ts).
      CREATE TABLE withdrawal (
        product TEXT NOT NULL,
        digest BLOB NOT NULL CHECK (length(digest) = 8),
        license INTEGER NOT NULL REFERENCES license,
        listed TEXT NOT NULL CHECK (listed IN ('revoked', 'suspended')),
        since TEXT,
        until TEXT,
        PRIMARY KEY (product, digest, license)
      ) STRICT, WITHOUT ROWID;

      -- The list of each product as it was last published. changed: an entry changed since.
      CREATE TABLE revocation_list (
        product TEXT PRIMARY KEY,
        seq INTEGER NOT NULL,
        iat INTEGER NOT NULL,
        nxt INTEGER NOT NULL,
        key_id INTEGER NOT NULL,
        day TEXT NOT NULL,
        digest BLOB NOT NULL CHECK (length(digest) = 32),
        changed INTEGER NOT NULL CHECK (changed IN (0, 1)),
        seal BLOB NOT NULL CHECK (length(seal) = 16)
      ) STRICT, WITHOUT ROWID;
    `,
    fill: fillWithdrawals,
  },
  {
    name: 'how many events, facts, later answers and changes there are',
    sql: `
      -- sum: the XOR of the seals of all rows. Filled when the ledger is opened: SQL cannot make seals.
      CREATE TABLE tally (
        name TEXT PRIMARY KEY CHECK (name IN ('event', 'fact', 'answer', 'change')),
        rows INTEGER NOT NULL,
        sum BLOB NOT NULL CHECK (length(sum) = 16),
        seal BLOB NOT NULL CHECK (length(seal) = 16)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    name: 'events are counted with their numbers',
    // Opening the ledger counts them again.
    sql: "DELETE FROM tally WHERE name = 'event';",
  },
  {
    name: 'one row a unit; lines, terms, flags, owed lines and pens',
    sql: SCHEMA_6,
    fill: fillSchema6,
    end: SCHEMA_6_END,
  },
  {
    name: 'addresses that were corrected are known again',
    sql: `
      -- Keyed hashes of the holder's addresses before they were corrected, 16 bytes each.
      ALTER TABLE customer ADD COLUMN former BLOB CHECK (length(former) % 16 = 0);
      UPDATE schema_version SET version = 7, readable_from = 7;
    `,
  },
  {
    name: 'the outbox',
    sql: SCHEMA_8,
    fill: sealPensAgain,
  },
  {
    name: 'counted days, and the ways into the console',
    sql: `${SCHEMA_CONSOLE} UPDATE schema_version SET version = 9, readable_from = 9;`,
    fill: fillConsole,
  },
  {
    name: 'what customers do by themselves',
    sql: SCHEMA_10,
  },
];

/** The schema that this release writes. */
export const SCHEMA = MIGRATIONS.length;

/** The oldest schema whose release can use the ledgers of this release. */
export const READABLE_FROM = 10;
