/** Checks a ledger's file: damaged pages, broken references, and a schema that Mintmark did not make. */
import Database from 'better-sqlite3';
import type { Finding } from '../../record/check/finding.ts';
import type { Connection } from '../file/connection.ts';
import { MIGRATIONS, READABLE_FROM, SCHEMA } from '../schema/migrations.ts';

export function* checkFile(connection: Connection): Generator<Finding> {
  for (const row of connection.pragma('integrity_check') as { integrity_check: string }[]) {
    if (row.integrity_check !== 'ok') yield { where: 'the file', fault: row.integrity_check };
  }
  for (const row of connection.pragma('foreign_key_check') as { table: string; parent: string }[]) {
    yield { where: `a row of ${row.table}`, fault: `refers to a missing row of ${row.parent}` };
  }
  yield* checkSchema(connection);
  yield* checkVersion(connection);
}

/** With wrong versions, a release that cannot read the ledger would open it, or a release that can would refuse it. */
function* checkVersion(connection: Connection): Generator<Finding> {
  const rows = connection
    .prepare<[], { version: number; readable_from: number }>(
      'SELECT version, readable_from FROM schema_version',
    )
    .all();
  const [row] = rows;
  const isRight = rows.length === 1 && row?.version === SCHEMA && row.readable_from === READABLE_FROM;
  if (!isRight) yield { where: 'the schema version', fault: 'is not what Mintmark wrote' };
}

/** Without a unique index a unit could get a second license; a foreign trigger could do anything. */
function* checkSchema(connection: Connection): Generator<Finding> {
  madeSchema ??= makeSchema();
  const found = schemaOf(connection);
  for (const [name, sql] of madeSchema) {
    if (found.get(name) !== sql) yield { where: name, fault: 'is missing, or not as Mintmark made it' };
  }
  for (const name of found.keys()) {
    if (!madeSchema.has(name)) yield { where: name, fault: 'was not made by Mintmark' };
  }
}

type Schema = ReadonlyMap<string, string | null>;

/** Made by all migrations, once a process: it is the same for every ledger. */
let madeSchema: Schema | undefined;

function makeSchema(): Schema {
  const reference = new Database(':memory:');
  try {
    for (const { sql, end } of MIGRATIONS) {
      reference.exec(sql);
      if (end !== undefined) reference.exec(end);
    }
    return schemaOf(reference);
  } finally {
    reference.close();
  }
}

/** The SQL of each object, for example of `table license`, without the statistics of ANALYZE. */
function schemaOf(connection: Connection): Schema {
  const rows = connection
    .prepare<[], { thing: string; sql: string | null }>(
      "SELECT type || ' ' || name AS thing, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\'",
    )
    .all();
  return new Map(rows.map(({ thing, sql }) => [thing, sql]));
}
