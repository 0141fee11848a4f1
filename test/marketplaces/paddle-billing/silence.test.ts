/** Unknown is never silence (docs/architecture.md, rule 7): what an event lacks is flagged or refused, or changes nothing. */
import test from 'ava';
import { recordOf, textOf } from '../../../src/marketplaces/loose.ts';
import {
  adjusted,
  BillingWorld,
  completed,
  event,
  once,
  recurring,
  renewed,
  SALE,
  stated,
  type Told,
} from '../../kit/paddle-billing.ts';
import { silentFields } from '../../kit/silence.ts';

const item = { item: 'txnitm_1_0', type: 'full', amount: 2000 };
const pastDue = {
  id: 'txn_9',
  status: 'past_due',
  origin: 'subscription_recurring',
  subscription_id: 'sub_1',
};
const cancel = { action: 'cancel', at: Date.UTC(2026, 1, 10) };
const of = (until: string, ...events: readonly Told[]) => ({ events, until });

const STORIES = [
  of('2026-02-12', ...SALE, renewed('2026-02-10', '2026-03-10')),
  of(
    '2026-01-13',
    completed('2026-01-10', [once(), once('pri_plus')]),
    adjusted('2026-01-12', { type: 'partial', items: [item] }),
  ),
  of('2026-01-13', completed('2026-01-10', [once()]), adjusted('2026-01-12')),
  of('2026-01-13', completed('2026-01-10', [once()]), adjusted('2026-01-12', { action: 'chargeback' })),
  of('2026-02-12', ...SALE, event('transaction.past_due', '2026-02-10', pastDue)),
  of('2026-02-12', ...SALE, stated('paused', '2026-01-12', [recurring()], { status: 'paused' })),
  of('2026-01-13', ...SALE, stated('updated', '2026-01-12', [recurring()], { scheduled: cancel })),
  of('2026-01-13', ...SALE, stated('canceled', '2026-01-12', [recurring()], { status: 'canceled' })),
  of('2026-01-13', ...SALE, stated('updated', '2026-01-12', [recurring('pri_month', 3)])),
];

/** Each with the reason why nothing is told. */
const DOCUMENTED = {
  'subscription.updated data.scheduled_change': 'null means that nothing is scheduled',
  'transaction.completed data.items[].price.billing_cycle': 'null means that the item is billed once',
  'transaction.completed data.items[]': 'a list that has an item less says that less was bought',
  'transaction.past_due data.subscription_id': 'an invoice of no subscription suspends nothing',
};

test('no field is missing in silence', (t) => {
  const silent = silentFields(
    STORIES,
    () => new BillingWorld(),
    (payload) => textOf(recordOf(payload)['event_type']) ?? '',
  );
  t.deepEqual(silent, Object.keys(DOCUMENTED).sort());
});
