/** Refunds and disputes, as Paddle Billing’s adjustments tell them, in the ledger. */
import test from 'ava';
import { itemId } from '../../../src/marketplaces/paddle-billing/shapes.ts';
import {
  adjusted,
  BillingWorld,
  completed,
  once,
  recurring,
  renewed,
  soldWorld,
  stated,
} from '../../kit/paddle-billing.ts';

const full = (place: number, amount: number, order = 'txn_1') => ({
  item: itemId(order, place),
  type: 'full',
  amount,
});

test('only an approved refund takes a license back, and one that comes to nothing gives it back', (t) => {
  const ledger = new BillingWorld().tell(completed('2026-01-10', [once()]));
  for (const status of ['pending_approval', 'rejected']) {
    t.deepEqual(ledger.tell(adjusted('2026-01-11', { status })).states, ['tool active perpetual'], status);
  }
  t.deepEqual(ledger.tell(adjusted('2026-01-11')).states, ['tool revoked perpetual']);
  t.deepEqual(ledger.tell(adjusted('2026-01-11', { status: 'reversed' })).states, ['tool active perpetual']);
});

test('without a type, a refund is whole once each item of the charge is back', (t) => {
  const sale = completed('2026-01-10', [once('pri_tool', 2), once('pri_plus')]);
  const first = adjusted('2026-01-11', { id: 'adj_1', type: undefined, items: [full(0, 4000)] });
  const second = adjusted('2026-01-12', { id: 'adj_2', type: undefined, items: [full(1, 2000)] });
  const ledger = new BillingWorld().tell(sale, second);
  t.deepEqual(ledger.states, ['plus revoked 2026-02-24', 'tool active perpetual', 'tool active perpetual']);
  t.deepEqual(ledger.flags, []);
  t.deepEqual(ledger.tell(first).states, [
    'plus revoked 2026-02-24',
    'tool revoked perpetual',
    'tool revoked perpetual',
  ]);
});

test('a part of the money revokes nothing and is flagged; parts add up to the charge', (t) => {
  const part = (id: string, amount: number) =>
    adjusted('2026-01-11', { id, type: 'partial', items: [{ ...full(0, amount), type: 'partial' }] });
  const ledger = new BillingWorld().tell(completed('2026-01-10', [once('pri_tool', 2)]), part('adj_1', 1500));
  t.deepEqual(ledger.states, ['tool active perpetual', 'tool active perpetual']);
  t.deepEqual(ledger.flags, [
    'partial-refund: 15.00 EUR of 40.00 of order txn_1 was returned: nothing was revoked',
  ]);
  ledger.tell(part('adj_2', 2500));
  t.deepEqual(ledger.states, ['tool revoked perpetual', 'tool revoked perpetual']);
  t.deepEqual(ledger.flags, []);
});

test('tax, a credit and what a change gives back take nothing', (t) => {
  const sale = completed('2026-01-10', [once()]);
  const back = (more: object, type: string) =>
    new BillingWorld().tell(sale, adjusted('2026-01-11', { items: [{ ...full(0, 2000), type }], ...more }));
  t.deepEqual(back({ type: 'partial' }, 'tax').states, ['tool active perpetual']);
  t.deepEqual(back({ type: 'partial' }, 'proration').states, ['tool active perpetual']);
  t.deepEqual(back({ action: 'credit' }, 'full').states, ['tool active perpetual']);
  t.deepEqual(back({ action: 'credit_reverse' }, 'full').states, ['tool active perpetual']);
});

test('the refund of a renewal takes its period, and no other', (t) => {
  const ledger = soldWorld().tell(renewed('2026-02-10', '2026-03-10'));
  ledger.tell(adjusted('2026-02-12', { transaction: 'txn_2026-02-10' }));
  t.deepEqual(ledger.states, ['app active 2026-02-24']);
  ledger.tell(adjusted('2026-02-13', { transaction: 'txn_1' }));
  t.deepEqual(ledger.states, ['app revoked 2026-02-24']);
});

test('a recurring item that is returned alone is for a person to decide', (t) => {
  const both = [recurring(), recurring('pri_plus')];
  const ledger = new BillingWorld().tell(
    completed('2026-01-10', both, { subscription: 'sub_1', until: '2026-02-10' }),
    adjusted('2026-01-11', { type: undefined, items: [full(0, 2000)] }),
  );
  t.deepEqual(ledger.states, ['app active 2026-02-24', 'plus active 2026-02-24']);
  t.deepEqual(ledger.flagKinds, ['partial-refund']);
});

test('a chargeback takes a one-time sale until Paddle wins, and suspends a subscription', (t) => {
  const sold = () => new BillingWorld().tell(completed('2026-01-10', [once()]));
  const back = adjusted('2026-02-01', { action: 'chargeback' });
  const won = adjusted('2026-02-20', { action: 'chargeback_reverse' });
  t.deepEqual(sold().tell(back).states, ['tool revoked perpetual']);
  t.deepEqual(sold().tell(back, won).states, ['tool active perpetual']);
  t.deepEqual(sold().tell(won, back).states, ['tool active perpetual'], 'in any order');
  t.deepEqual(soldWorld().tell(back).states, ['app suspended 2026-02-24']);
  t.deepEqual(soldWorld().tell(back, won).states, ['app active 2026-02-24']);
});

test('a chargeback of a part revokes nothing and is flagged, until it is reversed', (t) => {
  const part = adjusted('2026-02-01', {
    action: 'chargeback',
    type: 'partial',
    items: [{ ...full(0, 500), type: 'partial' }],
  });
  const ledger = new BillingWorld().tell(completed('2026-01-10', [once()]), part);
  t.deepEqual(ledger.states, ['tool active perpetual']);
  t.deepEqual(ledger.flagKinds, ['partial-refund']);
  ledger.tell(adjusted('2026-02-20', { action: 'chargeback_reverse' }));
  t.deepEqual(ledger.flags, []);
});

test('the warning of a chargeback suspends, and a person sees it', (t) => {
  const warned = adjusted('2026-02-01', { action: 'chargeback_warning' });
  const ledger = soldWorld().tell(warned);
  t.deepEqual(ledger.states, ['app suspended 2026-02-24']);
  t.deepEqual(
    ledger.flagKinds.filter((kind) => kind === 'unclear'),
    ['unclear'],
  );
  ledger.tell(adjusted('2026-02-03', { action: 'chargeback_warning_reverse' }));
  t.deepEqual(ledger.states, ['app active 2026-02-24']);
});

test('the return of a change’s charge takes the unit that it paid for and is flagged; of a change that paid a period, its period is gone', (t) => {
  const change = { id: 'txn_2', origin: 'subscription_update', subscription: 'sub_1' };
  const back = adjusted('2026-01-25', { transaction: 'txn_2' });
  const grown = soldWorld().tell(
    stated('updated', '2026-01-20', [recurring('pri_month', 2)], { until: '2026-02-10' }),
    completed('2026-01-20', [recurring('pri_month', 2)], { ...change, until: '2026-02-10' }),
  );
  t.deepEqual([grown.states.length, grown.flagKinds], [2, []]);
  grown.tell(back);
  t.deepEqual(
    [grown.licenses, grown.flagKinds],
    [['app subscription:sub_1/0 revoked 2026-02-24', 'app txn_1/0 active 2026-02-24'], ['partial-refund']],
  );
  const year = soldWorld().tell(
    completed('2026-01-20', [recurring('pri_year')], { ...change, until: '2027-01-20' }),
  );
  t.deepEqual(year.states, ['app active 2027-02-03']);
  year.tell(back);
  t.deepEqual([year.states, year.flagKinds], [['app active 2026-02-24'], []]);
});
