/** A subscription that was moved from Paddle Classic to Paddle Billing: a whole life, in each order, in a real ledger. */
import test, { type ExecutionContext } from 'ava';
import { type Migration, migrate } from '../../../src/domain/desk/migrate.ts';
import { licenseIdText } from '../../../src/domain/facts/license-subject.ts';
import { readAgain as readBilling } from '../../../src/marketplaces/paddle-billing/events.ts';
import { readAgain as readClassic } from '../../../src/marketplaces/paddle-classic/events.ts';
import { openWithMessage } from '../../kit/ledger-file.ts';
import { MINTER } from '../../kit/minting.ts';
import { adjusted, completed, recurring, renewed, stated, type Told } from '../../kit/paddle-billing.ts';
import { productOf } from '../../kit/product.ts';
import { at } from '../../kit/world.ts';

const names = (products: readonly string[]) => ({ products, reply: 'markdown', parameters: [] }) as const;
const APP = productOf({
  id: 'app',
  term: 'P1M',
  marketplaces: { 'paddle-classic': names(['47023']), 'paddle-billing': names(['pri_month']) },
});

const PAIR = { line: 2, former: '502', subscription: 'sub_1' };
const MIGRATION = {
  from: 'paddle-classic',
  to: 'paddle-billing',
  mode: 'live',
  pairs: [PAIR],
  apply: true,
} as const;

function alert(day: string, alert_name: string, fields: Readonly<Record<string, string>>): Told {
  const told = {
    alert_id: `${alert_name}-${day}`,
    alert_name,
    event_time: `${day} 12:00:00`,
    subscription_id: '502',
    subscription_plan_id: '47023',
    quantity: '1',
    ...fields,
  };
  return { day, payload: new URLSearchParams(told).toString() };
}

const SALE = [
  alert('2026-01-10', 'subscription_created', { status: 'active', next_bill_date: '2026-02-10' }),
  alert('2026-01-10', 'subscription_payment_succeeded', {
    order_id: '77-1',
    status: 'active',
    initial_payment: '1',
    next_bill_date: '2026-02-10',
    sale_gross: '20.00',
    currency: 'USD',
  }),
];
/** Moved, it ends at Classic. */
const ENDS = alert('2026-02-01', 'subscription_cancelled', {
  status: 'deleted',
  cancellation_effective_date: '2026-02-10',
});
const BILLING = {
  imported: stated('imported', '2026-02-01', [recurring()], { until: '2026-02-10' }),
  renewal: renewed('2026-02-10', '2026-03-10'),
  active: stated('updated', '2026-02-10', [recurring()], { until: '2026-03-10' }),
  refund: adjusted('2026-02-20', { transaction: 'txn_2026-02-10' }),
  canceled: stated('canceled', '2026-03-10', [recurring()], { status: 'canceled' }),
};

const ORDER = {
  marketplace: 'paddle-classic',
  mode: 'live',
  order: '77-1',
  line: '47023',
  product: 'app',
  quantity: 1,
  customer: { name: 'Ada', email: 'ada@example.com' },
} as const;

async function shop(t: ExecutionContext) {
  let now = at('2026-01-01');
  const { ledger } = await openWithMessage(t, { products: [APP], now: () => now });
  const passTo = (day: string) => {
    now = Math.max(now, at(day, 23));
  };
  const tell = async (read: typeof readBilling, ...events: readonly Told[]) => {
    for (const { day, payload } of events) {
      passTo(day);
      await ledger.ingest(read(payload, 'live', [APP]).read());
    }
  };
  await tell(readClassic, ...SALE);
  const issued = await ledger.issue({
    order: { ...ORDER, soldAt: now },
    product: APP,
    units: 'all',
    facts: [],
    at: now,
    cause: 'fulfillment request',
  });
  const id = 'held' in issued ? licenseIdText(issued.held.licenses[0].id) : '';
  const standing = async (day?: string) => {
    if (day !== undefined) {
      passTo(day);
      while ((await ledger.settleDue(now)) > 0);
    }
    const found = await ledger.find({ by: 'order', order: '77-1' });
    return found.map(
      (one) => `${licenseIdText(one.id) === id} ${one.state} ${MINTER.entitlementOf(one.code).lastValid}`,
    );
  };
  const move = (more: Partial<Migration> = {}) => migrate(ledger, { ...MIGRATION, now, ...more });
  const count = async () => (await ledger.count()).live;
  const flags = async () =>
    (await ledger.findFlags({ settled: false, limit: 20 })).map(({ reason }) => reason);
  return { ledger, tell, standing, move, count, flags };
}

test('a moved subscription renews, is refunded and ends the license that Classic sold', async (t) => {
  const { tell, standing, move, count } = await shop(t);
  await tell(readClassic, ENDS);
  t.deepEqual(await standing(), ['true active 2026-02-10']);
  t.like(await move(), { tied: [PAIR], known: 0, faults: [] });
  await tell(readBilling, BILLING.imported, BILLING.renewal, BILLING.active);
  t.deepEqual(await standing(), ['true active 2026-03-24'], 'the period, and the grace of fourteen days');
  await tell(readBilling, BILLING.refund);
  t.not((await standing()).join(), 'true active 2026-03-24', 'the refunded period is gone');
  await tell(readBilling, BILLING.canceled);
  t.regex((await standing('2026-03-12')).join(), /^true (ended|suspended)/);
  t.is(await count(), 1);
});

test('without the list the license ends, and the new payments are flagged: the control', async (t) => {
  const { tell, standing, count, flags } = await shop(t);
  await tell(readClassic, ENDS);
  await tell(readBilling, BILLING.imported, BILLING.renewal, BILLING.active);
  t.regex((await standing('2026-02-12')).join(), /^true ended/);
  t.is(await count(), 1);
  t.true((await flags()).some((reason) => reason.includes('subscription:sub_1 is paid for')));
});

test('tied after its events came, the license is the same, and the flag settles', async (t) => {
  const { tell, standing, move, flags, ledger } = await shop(t);
  await tell(readClassic, ENDS);
  await tell(readBilling, BILLING.imported, BILLING.renewal, BILLING.active);
  await standing('2026-02-12');
  t.like(await move(), { tied: [PAIR] });
  t.deepEqual(await standing(), ['true active 2026-03-24']);
  t.false((await flags()).some((reason) => reason.includes('sub_1')));
  t.like(await move(), { tied: [], known: 1 }, 'run twice');
  const before = (await ledger.showOrder('77-1')).facts.length;
  await move();
  t.is((await ledger.showOrder('77-1')).facts.length, before);
});

test('a checkout that names a moved subscription pays for its license, issues none and is flagged', async (t) => {
  const { tell, standing, move, count, flags } = await shop(t);
  await tell(readClassic, ENDS);
  await move();
  const again = { id: 'txn_9', subscription: 'sub_1', until: '2026-03-10' };
  await tell(readBilling, completed('2026-02-10', [recurring()], again));
  t.deepEqual(await standing(), ['true active 2026-03-24']);
  t.is(await count(), 1);
  t.true((await flags()).some((reason) => reason.startsWith('txn_9 was sold as the beginning of')));
});

test('whatever order the events come in, the license ends the same', async (t) => {
  const all = [BILLING.imported, BILLING.renewal, BILLING.active, BILLING.refund];
  const ends = new Set<string>();
  for (const order of [all, all.toReversed(), [all[3], all[0], all[2], all[1]] as readonly Told[]]) {
    const { tell, standing, move } = await shop(t);
    await tell(readClassic, ENDS);
    await move();
    await tell(readBilling, ...(order as readonly Told[]));
    ends.add((await standing('2026-02-21')).join());
  }
  t.is(ends.size, 1, [...ends].join('; '));
});

test('what Classic says of a subscription that Billing was paid for ends and suspends nothing; told before, it does', async (t) => {
  const said = (day: string) => [
    alert(day, 'subscription_payment_failed', { order_id: '77-9', status: 'past_due' }),
    alert(day, 'subscription_cancelled', { status: 'deleted', cancellation_effective_date: day }),
  ];
  const after = async (day: string, turn: (all: readonly Told[]) => readonly Told[]) => {
    const { tell, standing, move } = await shop(t);
    const classic = said(day);
    await move();
    for (const told of turn([...classic, BILLING.active, BILLING.renewal]))
      await tell(classic.includes(told) ? readClassic : readBilling, told);
    return (await standing('2026-02-21')).join();
  };
  for (const turn of [(all: readonly Told[]) => all, (all: readonly Told[]) => all.toReversed()])
    t.is(await after('2026-02-15', turn), 'true active 2026-03-24');
  const { tell, standing, move } = await shop(t);
  await move();
  await tell(readClassic, ...said('2026-02-08'));
  t.regex((await standing('2026-02-21')).join(), /^true ended/, 'the control: nothing was paid at Billing');
});

test('a pair that cannot be is a fault with its line, and then nothing is changed', async (t) => {
  const { move, tell, standing } = await shop(t);
  const pairs = [
    PAIR,
    { line: 3, former: '999', subscription: 'sub_2' },
    { line: 4, former: '502', subscription: 'sub_3' },
  ];
  const { faults } = await move({ pairs });
  t.deepEqual(
    faults.map(({ line, fault }) => `${line}: ${fault}`),
    ['3: no license follows 999 of paddle-classic', '4: 502 stands in line 2 too'],
  );
  await tell(readBilling, BILLING.renewal);
  t.deepEqual(await standing(), ['true active 2026-02-24'], 'nothing was tied');
  t.like(await move({ apply: false }), { tied: [PAIR] });
  await move();
  const again = [{ ...PAIR, subscription: 'sub_9' }];
  t.regex((await move({ pairs: again })).faults[0]?.fault ?? '', /502 goes on as sub_1 already/);
});
