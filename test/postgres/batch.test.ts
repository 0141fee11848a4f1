/** Batches of statements on one connection. */
import test, { type ExecutionContext } from 'ava';
import { Hosts } from '../../src/storage/postgres/session/connection.ts';
import { serverUrl } from './server.ts';

async function connected(t: ExecutionContext) {
  const session = await new Hosts(serverUrl()).connect();
  t.teardown(() => session.close());
  return session;
}

const divide = (by: number) => ({ text: 'SELECT 12 / $1::int AS result', values: [by] });
const BEGIN = { text: 'BEGIN' };
const COMMIT = { text: 'COMMIT' };

test('each statement of a batch has its own answer', async (t) => {
  const session = await connected(t);
  const values = [['a"b\\', 'c, d', null], Buffer.from('00ff', 'hex'), null, 7, true];
  for (let turn = 0; turn < 2; turn++) {
    const answers = await session.all([
      BEGIN,
      divide(3),
      {
        text: 'SELECT $1::text[] AS a, $2::bytea AS b, $3::text AS c, $4::bigint AS d, $5::bool AS e',
        values,
      },
      { text: 'SELECT n FROM generate_series(1, $1::int) AS n', values: [3] },
      divide(4),
      COMMIT,
    ]);
    t.deepEqual(
      answers.map(({ rows, count, command }) => ({ rows, count, command })),
      [
        { rows: [], count: 0, command: 'BEGIN' },
        { rows: [{ result: 4 }], count: 1, command: 'SELECT' },
        {
          rows: [{ a: values[0], b: values[1], c: null, d: 7, e: true }],
          count: 1,
          command: 'SELECT',
        },
        { rows: [{ n: 1 }, { n: 2 }, { n: 3 }], count: 3, command: 'SELECT' },
        { rows: [{ result: 3 }], count: 1, command: 'SELECT' },
        { rows: [], count: 0, command: 'COMMIT' },
      ],
    );
  }
});

test('a failed statement ends its batch, and all of them can be sent again', async (t) => {
  const session = await connected(t);
  const add = { text: 'INSERT INTO kept VALUES ($1)', values: [1] };
  await session.all([{ text: 'CREATE TEMP TABLE kept (n integer)' }]);
  for (let turn = 0; turn < 2; turn++) {
    await t.throwsAsync(session.all([BEGIN, divide(0), add, COMMIT]), { message: 'division by zero' });
    await session.rollback();
  }
  t.deepEqual(await session.rows('SELECT n FROM kept'), []);
  await session.all([BEGIN, divide(1), add, COMMIT]);
  t.deepEqual(await session.rows('SELECT n FROM kept'), [{ n: 1 }]);
  t.false(session.isLost);
});

test('batches that are sent at the same time take turns', async (t) => {
  const session = await connected(t);
  const sum = async (by: number) => {
    const answers = await session.all([BEGIN, divide(by), { text: 'SELECT txid_current() AS id' }, COMMIT]);
    return answers.map(({ rows }) => rows[0]);
  };
  const all = await Promise.all([sum(1), sum(2), sum(3), sum(0).catch(() => session.rollback()), sum(4)]);
  t.deepEqual(
    all.map((rows) => rows?.[1]?.['result']),
    [12, 6, 4, undefined, 3],
  );
});
