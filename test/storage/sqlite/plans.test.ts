/** The console's lists of mode test read test rows only, however many live rows the ledger has. */
import test from 'ava';
import Database from 'better-sqlite3';
import type { Connection } from '../../../src/storage/sqlite/file/connection.ts';
import { migrate } from '../../../src/storage/sqlite/file/open.ts';
import { PageReader } from '../../../src/storage/sqlite/reader/pages.ts';
import { ID_SECRET } from '../../kit/minting.ts';

/** How the statements of the reader walk through a table, by mode. */
function plansOf(table: 'license' | 'event'): readonly { readonly mode: string; readonly plan: string }[] {
  const connection = new Database(':memory:');
  migrate(connection, ID_SECRET);
  const texts: string[] = [];
  const collecting = new Proxy(connection, {
    get: (target, name) => {
      if (name !== 'prepare') return Reflect.get(target, name, target);
      return (sql: string) => {
        texts.push(sql);
        return target.prepare(sql);
      };
    },
  });
  new PageReader(collecting as Connection);
  return texts.flatMap((sql) => {
    const [, mode] = /mode = '(live|test)'/.exec(sql) ?? [];
    if (mode === undefined || !sql.includes(`FROM ${table} `)) return [];
    const unbound = sql.replace(/\$\w+/g, '1');
    const steps = connection.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${unbound}`).all();
    const name = table === 'license' ? /^(SEARCH|SCAN) (l|license)\b/ : /^(SEARCH|SCAN) e\b/;
    return [{ mode, plan: steps.map(({ detail }) => detail).find((detail) => name.test(detail)) ?? '' }];
  });
}

const OF_TEST = /USING (COVERING )?INDEX (license_test|license_test_order|event_test|event_failed)\b/;
const BY_NUMBER = /USING INTEGER PRIMARY KEY \(rowid=\?\)/;

for (const table of ['license', 'event'] as const) {
  test(`a list of test rows of ${table} reads an index of test rows, or a few rows by number`, (t) => {
    const plans = plansOf(table);
    const read = plans.filter(({ mode }) => mode === 'test').map(({ plan }) => plan);
    t.true(read.length >= 3);
    for (const plan of read) t.true(OF_TEST.test(plan) || BY_NUMBER.test(plan), plan);
    const live = plans.filter(({ mode, plan }) => mode === 'live' && !/event_failed/.test(plan));
    t.true(
      live.some(({ plan }) => !OF_TEST.test(plan) && !BY_NUMBER.test(plan)),
      'the control: the same lists of mode live walk through the table',
    );
  });
}
