/** A customer's whole life with Paddle Billing: events in, the address from the API, codes by mail, the reader takes them. */
import test from 'ava';
import { fetchCustomer } from '../../../src/marketplaces/paddle-billing/customer.ts';
import { signatureOf } from '../../../src/marketplaces/paddle-billing/simulator.ts';
import {
  adjusted,
  completed,
  once,
  recurring,
  renewed,
  stated,
  type Told,
} from '../../kit/paddle-billing.ts';
import { storeApi } from '../../kit/store-api.ts';
import { liveThrough } from '../../kit/store-life.ts';

const SECRET = 'a secret of a test';
const KEY = 'an API key of a test';

/** As Paddle's webhooks have it: with the customer's id alone. */
function withoutCustomer({ day, payload }: Told): Told {
  const { data, ...event } = JSON.parse(payload);
  return { day, payload: JSON.stringify({ ...event, data: { ...data, customer: undefined } }) };
}

test('bought, renewed, refunded, ended: each code comes by mail once its customer is fetched, and is valid', async (t) => {
  // The API fails at first: the mail waits, and the license does not.
  const { url, asked } = await storeApi(t, (_, place) =>
    place === 0
      ? { status: 500, json: {} }
      : { json: { data: { id: 'ctm_1', name: 'Ada Byron', email: 'ada@example.com' } } },
  );
  const store = {
    marketplace: 'paddle-billing',
    env: { PADDLE_BILLING_WEBHOOK_SECRETS: SECRET, PADDLE_BILLING_API_KEY: KEY },
    app: 'product: pri_month',
    tool: 'product: pri_tool',
    fetch: (customer: string, mode: 'live' | 'test', signal: AbortSignal) =>
      fetchCustomer(customer, mode, { key: KEY, url }, signal),
    headersOf: (payload: string, now: number) => ({ 'Paddle-Signature': signatureOf(payload, SECRET, now) }),
  };
  await liveThrough(t, store, {
    order: 'txn_1',
    bought: [
      stated('activated', '2026-01-10', [recurring()], { until: '2026-02-10' }),
      stated('created', '2026-01-10', [recurring()], { until: '2026-02-10', transaction: 'txn_1' }),
      withoutCustomer(
        completed('2026-01-10', [recurring(), once()], { subscription: 'sub_1', until: '2026-02-10' }),
      ),
    ],
    renewed: [
      // The period moves before it is paid.
      stated('updated', '2026-02-10', [recurring()], { until: '2026-03-10' }),
      renewed('2026-02-10', '2026-03-10'),
    ],
    refunded: [adjusted('2026-02-12', { transaction: 'txn_2026-02-10' })],
    ended: [stated('canceled', '2026-02-20', [recurring()], { status: 'canceled' })],
  });
  t.true(asked.length >= 2);
});
