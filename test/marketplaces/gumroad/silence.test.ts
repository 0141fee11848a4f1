/** Unknown is never silence (docs/architecture.md, rule 7): what the API's answer lacks is flagged or refused, or changes nothing. */
import test from 'ava';
import { recordOf, textOf } from '../../../src/marketplaces/loose.ts';
import { bought, changed, charged, GumroadWorld, renewed, type Told, told } from '../../kit/gumroad.ts';
import { silentFields } from '../../kit/silence.ts';

const [FIRST, SECOND] = [charged('2026-01-10'), renewed('2026-02-10')];
const SALE = [told('2026-01-10', FIRST)];
const RENEWED = [...SALE, told('2026-02-10', SECOND)];
const TOOL = bought('2026-01-10', { quantity: 2 });
const PLUS = charged('2026-01-10', { option: 'Plus' });
const trial = charged('2026-01-10', { more: { free_trial_ends_on: '2026-01-24', free_trial_ended: false } });
const upgrade = renewed('2026-01-20', { option: 'Plus', quantity: 2, more: { is_upgrade_purchase: true } });
const installment = charged('2026-01-10', { product: 'tool==', more: { is_recurring_billing: false } });
const gift = bought('2026-01-10', { price: 0, more: { is_gift_receiver_purchase: true } });
const giver = bought('2026-01-10', { id: 'giver', more: { is_gift_sender_purchase: true } });
const bundle = bought('2026-01-10', { id: 'bundle', more: { is_bundle_purchase: true } });
const both = (state: object) => [
  { ...SECOND, ...state },
  { ...FIRST, ...state },
];
const plan = { type: 'upgrade', 'new_plan[tier][name]': '', 'new_plan[quantity]': '3' };
const of = (until: string, ...events: readonly Told[]) => ({ events, until });

const STORIES = [
  of('2026-02-12', ...RENEWED),
  of('2026-01-13', told('2026-01-10', TOOL)),
  of('2026-01-13', told('2026-01-10', PLUS)),
  of('2026-01-13', told('2026-01-10', charged('2026-01-10', { price: 0 }))),
  of('2026-01-13', told('2026-01-10', trial)),
  of('2026-01-23', ...SALE, told('2026-01-20', upgrade)),
  of('2026-01-13', told('2026-01-10', installment)),
  of('2026-01-13', told('2026-01-10', gift, 'sale', { giver: 'giver' })),
  of('2026-01-13', told('2026-01-10', giver, 'dispute')),
  of('2026-01-13', told('2026-01-10', bundle)),
  of('2026-01-13', told('2026-01-10', TOOL), told('2026-01-12', { ...TOOL, refunded: true }, 'refund')),
  of(
    '2026-01-13',
    told('2026-01-10', TOOL),
    told('2026-01-12', { ...TOOL, partially_refunded: true }, 'refund'),
  ),
  of(
    '2026-01-14',
    told('2026-01-10', TOOL),
    told('2026-01-12', { ...TOOL, disputed: true, chargedback: true }, 'dispute'),
    told('2026-01-13', { ...TOOL, disputed: true, dispute_won: true }, 'dispute_won'),
  ),
  of('2026-02-22', ...RENEWED, changed('2026-02-20', 'cancellation', both({ cancelled: true }))),
  of(
    '2026-02-22',
    ...RENEWED,
    changed('2026-02-20', 'subscription_ended', both({ cancelled: true, dead: true })),
  ),
  of(
    '2026-02-24',
    ...RENEWED,
    changed('2026-02-20', 'cancellation', both({ cancelled: true })),
    changed('2026-02-22', 'subscription_restarted', both({})),
  ),
  of('2026-02-22', ...RENEWED, changed('2026-02-20', 'subscription_updated', both({}), plan)),
];

/** Each with the reason why nothing is told. */
const DOCUMENTED = {
  'sale fetched.sale.is_bundle_purchase': 'only sales of bundles have it, as far as is known',
};

test('no field is missing in silence', (t) => {
  const typeOf = (payload: unknown) =>
    textOf(recordOf(recordOf(recordOf(payload)['completes'])['ping'])['resource_name']) ?? 'none';
  t.deepEqual(
    silentFields(STORIES, () => new GumroadWorld(), typeOf),
    Object.keys(DOCUMENTED).sort(),
  );
});
