/** Several instances on one database: what keeps them apart, each with a control in which it is taken away. */
import test, { type ExecutionContext } from 'ava';
import { licenseSubject } from '../../src/domain/license-subject.ts';
import { revocationDigest } from '../../src/license-code/revocation-list.ts';
import type { PostgresLedger } from '../../src/storage/postgres/postgres-ledger.ts';
import { eventOf, factOf, issueOf, issueTo, keepTexts } from '../kit/ledger-data.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';
import { newSchema, openOn, run } from './database.ts';
import { delayWrites, dropUniqueness, unlockNames } from './unlocked.ts';

const MARKET = { marketplace: 'fastspring' } as const;
const DAY = 86_400_000;

async function instances(t: ExecutionContext, count: number) {
  const url = await newSchema();
  const ledgers: PostgresLedger[] = [];
  for (let place = 0; place < count; place++) ledgers.push(await openOn(t, url));
  const [first] = ledgers;
  if (first === undefined) throw new Error('no instance');
  await keepTexts(first);
  return { url, ledgers, first };
}

/** Every instance issues the same orders, half of them backwards. Returns how many were first, and the rows. */
async function race(ledgers: readonly PostgresLedger[], url: string, orders: number) {
  const names = Array.from({ length: orders }, (_, place) => `R${place}`);
  const settled = await Promise.allSettled(
    ledgers.flatMap((ledger, place) =>
      (place % 2 === 0 ? names : names.toReversed()).map((order) => ledger.issue(issueOf({ order }))),
    ),
  );
  const outcomes = settled.map((each) => (each.status === 'fulfilled' ? each.value.outcome : 'failed'));
  const [row] = await run('SELECT count(*)::int AS rows FROM license', url);
  return {
    issued: outcomes.filter((outcome) => outcome === 'issued').length,
    repeated: outcomes.filter((outcome) => outcome === 'repeated').length,
    rows: row?.['rows'],
  };
}

test.serial('race: of four instances that issue the same orders, one is first for each', async (t) => {
  const { url, ledgers } = await instances(t, 4);
  t.deepEqual(await race(ledgers, url, 60), { issued: 60, repeated: 180, rows: 60 });
});

test.serial('control of race: without locks and unique keys, orders are doubled', async (t) => {
  const { url, ledgers } = await instances(t, 4);
  await unlockNames(url);
  await dropUniqueness(url);
  const { rows } = await race(ledgers, url, 60);
  t.true(Number(rows) > 60, `${rows} rows`);
});

/** Pairs of events that only together revoke a license: which refund, and which order it is of. Returns the states. */
async function tellPairs([one, two]: readonly PostgresLedger[], pairs: number): Promise<readonly string[]> {
  if (one === undefined || two === undefined) throw new Error('two instances');
  const states: string[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const order = `S${pair}`;
    await one.issue(issueOf({ ...MARKET, order }));
    const id = `order-id:I${pair}` as const;
    const alias = factOf(id, { kind: 'alias', of: `order:${order}` }, { ...MARKET, key: `alias:${pair}` });
    const refund = factOf(id, { kind: 'refunded' }, { ...MARKET, key: `refund:${pair}` });
    await Promise.all([
      one.ingest({ ...eventOf(`a${pair}`, [alias]), ...MARKET }),
      two.ingest({ ...eventOf(`b${pair}`, [refund]), ...MARKET }),
    ]);
    const stories = await one.find({ by: 'order', order });
    states.push(...stories.map(({ state }) => state));
  }
  return states;
}

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

/** A list is published while an entry comes. True: the newest published list lacks it, and nothing says so. */
async function isLost([publisher, other]: readonly PostgresLedger[]): Promise<boolean> {
  if (publisher === undefined || other === undefined) throw new Error('two instances');
  const withdraw = async (order: string) => {
    const { held } = await issueTo(publisher, issueOf({ ...MARKET, order }));
    const { id } = held.licenses[0];
    return { id, fact: factOf(licenseSubject(id), { kind: 'withdrawn' }, MARKET) };
  };
  await publisher.publishList('app', 1, SOLD_AT);
  const [first, second] = [await withdraw('L1'), await withdraw('L2')];
  await other.addFacts([first.fact]);
  const [list] = await Promise.all([
    publisher.publishList('app', 1, SOLD_AT + DAY),
    new Promise((resolve) => setTimeout(resolve, 100)).then(() => other.addFacts([second.fact])),
  ]);
  const seq = await publisher.findListSeq('app');
  const holds = Buffer.from(list.revoked).includes(Buffer.from(revocationDigest(second.id)));
  return seq !== undefined && !holds;
}

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
