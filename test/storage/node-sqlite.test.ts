/** SQLite of Node.js answers as better-sqlite3 does, wherever the ledger's working memory uses it. */
import test from 'ava';
import BetterSqlite from 'better-sqlite3';
import NodeSqlite from '../../src/storage/node-sqlite.ts';

const BOTH = [new BetterSqlite(':memory:'), new NodeSqlite(':memory:') as unknown as BetterSqlite.Database];

/** What both do, as values. */
function play(database: BetterSqlite.Database): unknown {
  database.exec('CREATE TABLE a (n INTEGER PRIMARY KEY, t TEXT NOT NULL UNIQUE, b BLOB, r REAL) STRICT');
  database.pragma('user_version = 7');
  const insert = database.prepare('INSERT INTO a (n, t, b, r) VALUES ($n, $t, $b, $r)');
  const inserted = insert.run({ n: 2 ** 40, t: 'ä\0b', b: Buffer.from([0, 255]), r: 0.5, more: 'ignored' });
  const placed = database.prepare('INSERT INTO a (n, t, b, r) VALUES (?, ?, ?, ?)');
  const list = placed.run([7, 'seven', null, null]);
  const all = database.prepare('SELECT * FROM a ORDER BY n');
  const numbers = database.prepare('SELECT n FROM a ORDER BY n').pluck();
  const codes = [
    () => placed.run([7, 'seven', null, null]),
    () => placed.run([8, null, null, null]),
    () => database.exec('SELECT * FROM missing'),
  ].map((act) => codeOf(database, act));
  database.function('twice', (value: unknown) => Number(value) * 2);
  const failed = codeOf(database, () =>
    database
      .transaction(() => {
        placed.run([9, 'nine', null, null]);
        throw new TypeError('stop');
      })
      .immediate(),
  );
  database.transaction((text: string) => placed.run([10, text, null, null])).immediate('ten');
  database.exec('BEGIN');
  const within = database.inTransaction;
  database.exec('ROLLBACK');
  return {
    inserted,
    list,
    rows: all.all().map((row) => ({ ...(row as object) })),
    buffers: (all.all() as { b: unknown }[]).map(({ b }) => Buffer.isBuffer(b)),
    numbers: numbers.all(),
    iterated: [...numbers.iterate()],
    first: numbers.get(),
    none: database.prepare('SELECT 1 WHERE FALSE').get(),
    twice: database.prepare('SELECT twice($n)').pluck().get({ n: 21 }),
    pragma: database.pragma('user_version', { simple: true }),
    codes,
    failed,
    within,
    after: database.inTransaction,
    open: database.open,
  };
}

function codeOf(database: BetterSqlite.Database, act: () => unknown): string {
  const { SqliteError } = database.constructor as unknown as { SqliteError: typeof BetterSqlite.SqliteError };
  try {
    act();
    return 'none';
  } catch (error) {
    // better-sqlite3 has the extended code.
    if (error instanceof SqliteError) return /^SQLITE_[A-Z]+/.exec(error.code)?.[0] ?? '';
    return error instanceof Error ? error.name : '';
  }
}

test('rows, values, errors and transactions are the same', (t) => {
  const [known, own] = BOTH.map(play);
  t.deepEqual(own, known);
  t.like(known as object, {
    codes: ['SQLITE_CONSTRAINT', 'SQLITE_CONSTRAINT', 'SQLITE_ERROR'],
    failed: 'TypeError',
  });
  for (const database of BOTH) t.false(database.close().open);
});
