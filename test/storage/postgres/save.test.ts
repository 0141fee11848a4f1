/** How the changes of a group become one statement, without a database. */
import test from 'ava';
import {
  oneStatement,
  requireCounts,
  saveStatements,
  withGroup,
} from '../../../src/storage/postgres/save.ts';
import type { ChangedRows, Row } from '../../../src/storage/postgres/table-memory.ts';
import { TABLES } from '../../../src/storage/postgres/tables.ts';

const GROUP = '01234567-89ab-cdef-0123-456789abcdef';

function changed(name: string, columns: readonly string[], rows: Partial<ChangedRows>): ChangedRows {
  const table = TABLES.find((each) => each.name === name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return { table, columns, inserted: [], updated: [], removed: [], ...rows };
}

const customer = (row: Row) =>
  changed('customer', ['number', 'name', 'email', 'former'], { inserted: [row] });
const pen = changed('pen', ['pen', 'seal'], { updated: [{ pen: 3, seal: Buffer.from('ab', 'hex') }] });

test('each part keeps its own values, and answers how many rows it wrote', (t) => {
  const writes = withGroup(saveStatements([customer({ number: 1, name: 'Ada' }), pen]), GROUP, 3);
  const { text, values } = oneStatement(writes);
  t.is(writes.length, 2, 'the pen is written once');
  t.regex(
    text,
    /^WITH w0 AS \(\s*INSERT INTO customer [^;]*\$1::json[^;]*RETURNING 1\),w1 AS \(UPDATE pen SET/,
  );
  t.regex(
    text,
    /last_group = \$3::uuid, seal = n\.seal\s+FROM json_populate_recordset\(NULL::pen, \$2::json\)/,
  );
  t.regex(text, /SELECT \(SELECT count\(\*\) FROM w0\) AS w0,\(SELECT count\(\*\) FROM w1\) AS w1$/);
  t.deepEqual(values, ['[{"number":1,"name":"Ada"}]', '[{"pen":3,"seal":"\\\\xab"}]', GROUP]);
});

test('where nothing of the pen changed, it only gets the name of the group', (t) => {
  const writes = withGroup(saveStatements([customer({ number: 1 })]), GROUP, 3);
  t.deepEqual(oneStatement(writes).values, ['[{"number":1}]', GROUP, 3]);
});

test('JSON has bytes as PostgreSQL reads them, no nulls, and what JSON escapes', (t) => {
  const row = { number: 7, name: 'A "b" \\x00 ü\n', email: null, former: new Uint8Array([0, 255]) };
  const [insert] = saveStatements([customer(row)]);
  const [text] = (insert?.values ?? []) as readonly string[];
  t.deepEqual(JSON.parse(text ?? ''), [{ number: 7, name: row.name, former: '\\x00ff' }]);
});

test('a part that wrote other rows than it must is an error', (t) => {
  const writes = withGroup(saveStatements([customer({ number: 1 }), pen]), GROUP, 3);
  t.notThrows(() => requireCounts(writes, { w0: 1, w1: 1 }));
  t.throws(() => requireCounts(writes, { w0: 1, w1: 0 }), { message: /wrote 0 rows in place of 1/ });
  t.throws(() => requireCounts(writes, undefined), { instanceOf: TypeError });
});
