/** Several instances on one database: what keeps them apart, each with a control in which it is taken away. */
import test from 'ava';
import { issueOf } from '../kit/ledger-data.ts';
import { connect } from './connect.ts';
import { run } from './server.ts';
import { instances, isLost, race, tellPairs } from './trials.ts';
import { delayWrites, dropUniqueness, seeAsBefore, unlockNames } from './unlocked.ts';

test.serial('race: of four instances that issue the same orders, one is first for each', async (t) => {
  const { url, ledgers } = await instances(t, 4);
  t.deepEqual(await race(ledgers, url, 60), { issued: 60, repeated: 180, rows: 60 });
});

test.serial('control of race: without locks and unique keys, orders are doubled', async (t) => {
  const { url, ledgers } = await instances(t, 4);
  await unlockNames(url);
  await dropUniqueness(url);
  await delayWrites(url, 'license', 0.003);
  const { rows } = await race(ledgers, url, 60);
  t.true(Number(rows) > 60, `${rows} rows`);
});

test.serial(
  'skew: two events that only together revoke a license revoke it, told at once to two instances',
  async (t) => {
    const { url, ledgers } = await instances(t, 2);
    await delayWrites(url, 'fact', 0.02);
    t.deepEqual(new Set(await tellPairs(ledgers, 10)), new Set(['revoked']));
  },
);

test.serial('control of skew: without locks, licenses stay active', async (t) => {
  const { url, ledgers } = await instances(t, 2);
  await unlockNames(url);
  await delayWrites(url, 'fact', 0.1);
  t.true((await tellPairs(ledgers, 10)).includes('active'));
});

test.serial(
  'control of skew: with locks, but seeing what was before they were waited for, too',
  async (t) => {
    const { url, ledgers } = await instances(t, 2);
    await seeAsBefore(url);
    await delayWrites(url, 'fact', 0.1);
    t.true((await tellPairs(ledgers, 10)).includes('active'));
  },
);

test.serial(
  'published and changed at once: an entry is in the list, or the list counts as changed',
  async (t) => {
    const { url, ledgers } = await instances(t, 2);
    await delayWrites(url, 'revocation_list', 0.5);
    t.false(await isLost(ledgers));
  },
);

test.serial(
  'control of published and changed at once: without the lock of the list the entry is lost',
  async (t) => {
    const { url, ledgers } = await instances(t, 2);
    await unlockNames(url);
    await delayWrites(url, 'revocation_list', 0.5);
    t.true(await isLost(ledgers));
  },
);

test.serial('days are counted whichever pen an instance writes with', async (t) => {
  const { url, first } = await instances(t, 1);
  const other = await connect(url);
  t.teardown(() => other.end());
  const sell = (order: string) => first.issue(issueOf({ order }));
  await sell('D1');
  await other.query('BEGIN');
  await other.query('SELECT FROM pen WHERE pen = 0 FOR UPDATE');
  await sell('D2');
  await other.query('COMMIT');
  await sell('D3');
  const days = await run(
    'SELECT pen::int AS pen, sum(issued)::int AS issued FROM daily GROUP BY pen ORDER BY pen',
    url,
  );
  const counted = days.filter(({ issued }) => issued !== 0);
  t.deepEqual(counted, [
    { pen: 0, issued: 2 },
    { pen: 1, issued: 1 },
  ]);
});
