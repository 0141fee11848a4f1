/** Unknown is never silence (docs/architecture.md, rule 7): what an event lacks is flagged or refused, or changes nothing. */
import test from 'ava';
import { recordOf, textOf } from '../../../src/marketplaces/loose.ts';
import { silentFields } from '../../kit/silence.ts';
import {
  bought,
  boughtWhole,
  event,
  invoiceOf,
  once,
  paidInvoice,
  recurring,
  SALE,
  StripeWorld,
  stated,
  type Told,
} from '../../kit/stripe.ts';

const FIRST = { payment: 'pi_1' };
const SOLD = [bought('2026-01-10', [once()], FIRST), boughtWhole('2026-01-10', [once()], FIRST)];
const money = { payment_intent: 'pi_1', amount: 2000, currency: 'eur' };
const charge = { ...money, id: 'ch_1', amount_refunded: 2000, refunded: true };
const refunded = event('charge.refunded', '2026-01-11', charge, { previous: { amount_refunded: 0 } });
const failed = { id: 're_1', payment_intent: 'pi_1', status: 'failed' };
const dispute = { ...money, id: 'dp_1', status: 'needs_response' };
const until = '2026-02-10';
const of = (day: string, ...events: readonly Told[]) => ({ events, until: day });

const STORIES = [
  of('2026-02-12', ...SALE, paidInvoice('2026-02-10', '2026-03-10')),
  of('2026-01-13', ...SOLD, refunded),
  of('2026-01-13', ...SOLD, refunded, event('refund.failed', '2026-01-12', failed)),
  of('2026-01-13', ...SOLD, event('charge.dispute.created', '2026-01-11', dispute)),
  of('2026-02-12', ...SALE, event('invoice.payment_failed', '2026-02-10', invoiceOf('2026-02-10'))),
  of('2026-02-12', ...SALE, stated('updated', '2026-02-10', { status: 'past_due' })),
  of('2026-01-13', ...SALE, stated('updated', '2026-01-12', { cancels: true, until })),
  of('2026-01-13', ...SALE, stated('deleted', '2026-01-12', { status: 'canceled' })),
  of('2026-01-13', ...SALE, stated('updated', '2026-01-12', { items: [recurring('price_Month', 3)], until })),
];

/** Each with the reason why nothing is told. */
const DOCUMENTED = {
  'charge.refunded data.object.payment_intent': 'the charge names it, and whose it was is fetched',
  'invoice.payment_failed data.object.parent': 'an invoice of no subscription suspends nothing',
  'invoice.payment_failed data.object.parent.subscription_details': 'likewise',
  'invoice.payment_failed data.object.parent.subscription_details.subscription': 'likewise',
};

test('no field is missing in silence', (t) => {
  const typeOf = (payload: unknown) => {
    const { type, completes } = recordOf(payload);
    return textOf(type) ?? `completed ${textOf(recordOf(completes)['type'])}`;
  };
  const silent = silentFields(STORIES, () => new StripeWorld(), typeOf);
  // What does not say that it is live is a test.
  const ofMode = silent.filter((field) => field.endsWith('livemode'));
  t.deepEqual(
    silent.filter((field) => !ofMode.includes(field)),
    Object.keys(DOCUMENTED).sort(),
  );
});

test('the control: an event of a type that is not read is silent', (t) => {
  const stories = [of('2026-02-12', ...SALE, paidInvoice('2026-02-10', '2026-03-10'))];
  const silent = silentFields(
    stories,
    () => new Deaf(),
    () => 'event',
  );
  t.true(silent.includes('event data.object.id'));
});

/** It takes what it does not understand for nothing. */
class Deaf extends StripeWorld {
  override tell(...events: readonly Told[]): this {
    for (const told of events) {
      try {
        super.tell(told);
      } catch {}
    }
    return this;
  }
}
