/** A customer's whole life with Stripe: events in, lines from the API, codes by mail, the reader takes them. */
import test from 'ava';
import { fetchLacking } from '../../../src/marketplaces/stripe/fetching.ts';
import { charge, expanded } from '../../../src/marketplaces/stripe/shapes.ts';
import { signatureOf } from '../../../src/marketplaces/stripe/simulator.ts';
import { liveThrough } from '../../kit/store-life.ts';
import { bought, event, once, paidInvoice, recurring, stated } from '../../kit/stripe.ts';
import { type ApiContent, stripeApi } from '../../kit/stripe-api.ts';

const SECRET = 'whsec_of_a_test';
const KEY = 'rk_live_of_a_test';
const FIRST = { subscription: 'sub_1', invoice: 'in_1', items: [recurring(), once()] };

const CONTENT: ApiContent = {
  objects: {
    'checkout/sessions/cs_1': expanded({ id: 'cs_1', ...FIRST }),
    'payment_intents/pi_2': {
      id: 'pi_2',
      latest_charge: { amount: 2000, amount_refunded: 2000, currency: 'eur' },
    },
  },
  lists: {
    'checkout/sessions?subscription=sub_1': [{ id: 'cs_1' }],
    'invoice_payments?payment[type]=payment_intent&payment[payment_intent]=pi_2': [
      { id: 'p', invoice: 'in_r' },
    ],
    'invoice_payments?invoice=in_r&status=paid': [{ id: 'p' }],
  },
  // The API fails at first: the license waits, and comes.
  fail: [{ status: 500 }],
};

test('bought, renewed, refunded, ended: each code comes by mail once its lines are fetched, and is valid', async (t) => {
  const { url, asked } = await stripeApi(t, CONTENT);
  const store = {
    marketplace: 'stripe',
    env: { STRIPE_WEBHOOK_SECRETS: SECRET, STRIPE_API_KEY: KEY },
    app: 'product: price_Month',
    tool: 'product: price_Tool',
    fetch: (lacking: string, _: unknown, signal: AbortSignal) =>
      fetchLacking(lacking, { key: KEY, url }, signal),
    headersOf: (payload: string, now: number) => ({ 'Stripe-Signature': signatureOf(payload, SECRET, now) }),
  };
  await liveThrough(t, store, {
    order: 'cs_1',
    bought: [
      stated('created', '2026-01-10', { until: '2026-02-10' }),
      paidInvoice('2026-01-10', '2026-02-10', { ...FIRST, id: 'in_1', reason: 'subscription_create' }),
      bought('2026-01-10', FIRST.items, FIRST),
    ],
    renewed: [paidInvoice('2026-02-10', '2026-03-10', { id: 'in_r' })],
    refunded: [
      event('charge.refunded', '2026-02-12', charge({ payment: 'pi_2', amount: 2000, refunded: 2000 })),
    ],
    ended: [stated('deleted', '2026-02-20', { status: 'canceled', ended: '2026-02-20' })],
  });
  t.true(asked.length > 5);
});
