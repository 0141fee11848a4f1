/** What a marketplace signed and nobody can read: refused, kept once, flagged, and still there for a replay. */
import test from 'ava';
import { receiveEvents } from '../../src/domain/receive-events.ts';
import { MARKETPLACES } from '../../src/marketplaces/all.ts';
import { signWebhook } from '../../src/marketplaces/fastspring/simulator.ts';
import { signatureOf as ofLemon } from '../../src/marketplaces/lemon-squeezy/authenticity.ts';
import type { Environment } from '../../src/marketplaces/marketplace.ts';
import { signatureOf as ofBilling } from '../../src/marketplaces/paddle-billing/simulator.ts';
import { signForm } from '../../src/marketplaces/paddle-classic/simulator.ts';
import { signatureOf as ofStripe } from '../../src/marketplaces/stripe/simulator.ts';
import { openWithMessage } from '../kit/ledger-file.ts';
import { rsaKey } from '../kit/rsa-keys.ts';

const NOW = Date.UTC(2026, 0, 12);
const SECRET = 'a secret that only a test has';
const OF_TESTS = 'another secret that only a test has';
const OF_ADDRESS = 'an-address-that-only-a-test-has';
const TIME = '2026-01-12 00:00:00';

interface Store {
  readonly env: Environment;
  /** The end of an address that is secret. */
  readonly secret?: string;
  sign(body: string): { readonly body: string; readonly headers: Readonly<Record<string, string>> };
  /** Bodies that lack an id, a type or what they are about, and what is none at all. */
  readonly odd: readonly string[];
  /** Of a type that nobody reads. */
  readonly unknown: string;
}

const json = (env: Environment, header: string, sign: (body: string) => string) => ({
  env,
  sign: (body: string) => ({ body, headers: { [header]: sign(body) } }),
});
const NONE = ['', 'no JSON', '[]', 'null', '{}', '"a"', 'a\0b'];
const OF_LEMON = { type: 'orders', id: '1', attributes: { status: 'paid' } };

const STORES: Readonly<Record<string, Store>> = {
  'paddle-classic': {
    env: {
      PADDLE_CLASSIC_PUBLIC_KEY: rsaKey('live').publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    },
    sign: (body) => {
      const fields = Object.fromEntries(new URLSearchParams(body));
      return { body: signForm(fields, rsaKey('live').privateKey), headers: {} };
    },
    odd: [
      '',
      'alert_name=payment_refunded&order_id=1',
      'alert_id=1&order_id=1',
      'alert_id=+&alert_name=payment_refunded',
      'alert_id=1&alert_name=payment_refunded&order_id=1&refund_type=full',
    ],
    unknown: `alert_id=9&alert_name=new_audience_member&event_time=${TIME}`,
  },
  fastspring: {
    ...json({ FASTSPRING_WEBHOOK_SECRETS: SECRET }, 'x-fs-signature', (body) => signWebhook(body, SECRET)),
    odd: [
      ...NONE,
      '{"events":7}',
      '{"events":[7]}',
      '{"events":[{"type":"order.completed","live":true,"data":{"id":"1"}}]}',
      '{"events":[{"id":"1","live":true,"data":{"id":"1"}}]}',
      `{"events":[{"id":"2","type":"order.completed","live":true,"created":${NOW}}]}`,
    ],
    unknown: `{"events":[{"id":"9","type":"account.created","live":true,"created":${NOW}}]}`,
  },
  'paddle-billing': {
    ...json({ PADDLE_BILLING_WEBHOOK_SECRETS: SECRET }, 'paddle-signature', (body) =>
      ofBilling(body, SECRET, NOW),
    ),
    odd: [
      ...NONE,
      '{"event_type":"transaction.completed","occurred_at":"2026-01-12T00:00:00Z","data":{"id":"txn_1"}}',
      '{"event_id":"evt_1","occurred_at":"2026-01-12T00:00:00Z","data":{"id":"txn_1"}}',
      '{"event_id":"evt_2","event_type":"transaction.completed","occurred_at":"2026-01-12T00:00:00Z"}',
    ],
    unknown: '{"event_id":"evt_9","event_type":"payout.paid","occurred_at":"2026-01-12T00:00:00Z"}',
  },
  stripe: {
    ...json({ STRIPE_WEBHOOK_SECRETS: SECRET }, 'stripe-signature', (body) => ofStripe(body, SECRET, NOW)),
    odd: [
      ...NONE,
      `{"type":"invoice.paid","created":${NOW / 1000},"livemode":true,"data":{"object":{"id":"in_1"}}}`,
      `{"id":"evt_1","created":${NOW / 1000},"livemode":true,"data":{"object":{"id":"in_1"}}}`,
      `{"id":"evt_2","type":"invoice.paid","created":${NOW / 1000},"livemode":true}`,
    ],
    unknown: `{"id":"evt_9","type":"payout.paid","created":${NOW / 1000},"livemode":true}`,
  },
  'lemon-squeezy': {
    ...json({ LEMON_SQUEEZY_WEBHOOK_SECRETS: SECRET }, 'x-signature', (body) => ofLemon(body, SECRET)),
    odd: [
      ...NONE,
      JSON.stringify({ meta: { event_name: 'order_created' }, data: { ...OF_LEMON, id: undefined } }),
      JSON.stringify({ meta: {}, data: OF_LEMON }),
      JSON.stringify({ meta: { event_name: 'order_created' } }),
      JSON.stringify({ meta: { event_name: 'order_created' }, data: { ...OF_LEMON, attributes: null } }),
    ],
    unknown: JSON.stringify({
      meta: { event_name: 'affiliate_activated' },
      data: { type: 'affiliates', id: '1', attributes: {} },
    }),
  },
  gumroad: {
    env: { GUMROAD_PING_SECRETS: OF_ADDRESS },
    secret: OF_ADDRESS,
    sign: (body) => ({ body, headers: {} }),
    odd: [
      'resource_name=sale',
      'resource_name=refund&sale_id=+',
      'resource_name=dispute&sale_id=../sales',
      'sale_id=%00',
      'resource_name=cancellation&purchase_ids[]=1',
      'resource_name=subscription_ended&subscription_id=a%0Ab',
    ],
    unknown: 'resource_name=payout&sale_id=1',
  },
};

for (const { name, settings, loadStoredEvents } of MARKETPLACES) {
  const store = STORES[name];
  test(`${name}: what is signed and cannot be read is refused, kept once and flagged; an unknown type is done`, async (t) => {
    if (store === undefined) return t.fail('no bodies');
    const { env, sign, odd, unknown, secret } = store;
    let deliveries = 0;
    const read = settings.read(env);
    const events =
      'account' in read ? await read.account.events({ products: [], simulator: undefined }) : undefined;
    const { ledger } = await openWithMessage(t, { products: [], now: () => NOW });
    const deliver = async (text: string) => {
      const { body, headers } = sign(text);
      return receiveEvents(
        events?.readBatch(Buffer.from(body), headers, NOW + deliveries++, secret) ?? [],
        ledger,
      );
    };
    for (const text of [...odd, ...odd]) {
      const receipts = await deliver(text);
      t.deepEqual(
        receipts.map(({ outcome }) => outcome),
        ['failed'],
        text,
      );
    }
    const kept = await ledger.findEvents({ failed: true, limit: 100 });
    t.is(kept.length, odd.length, 'a retry is the same');
    t.is((await ledger.findFlags({ settled: false, limit: 100 })).length, odd.length);
    const { readAgain } = await loadStoredEvents();
    for (const { id, payload, mode } of kept)
      t.is(readAgain(payload ?? '', mode, []).head.id, id, 'a replay');
    t.deepEqual(
      (await deliver(unknown)).map(({ outcome }) => outcome),
      ['applied'],
    );
    t.is((await ledger.findFlags({ settled: false, limit: 100 })).length, odd.length, 'the control');
  });

  test(`${name}: what nobody signed is not kept`, async (t) => {
    const read = settings.read(store?.env ?? {});
    const events =
      'account' in read ? await read.account.events({ products: [], simulator: undefined }) : undefined;
    t.is(events?.readBatch(Buffer.from('{}'), {}, NOW), undefined);
    t.is(events?.readBatch(Buffer.from(''), {}, NOW), undefined);
  });
}

test('its mode is that of the secret', async (t) => {
  const live = STORES['stripe'];
  const { settings } = MARKETPLACES.find(({ name }) => name === 'stripe') ?? {};
  const read = settings?.read({ ...live?.env, STRIPE_TEST_WEBHOOK_SECRETS: OF_TESTS });
  if (read === undefined || !('account' in read)) return t.fail('no account');
  const events = await read.account.events({ products: [], simulator: undefined });
  const modeOf = (secret: string) =>
    events?.readBatch(Buffer.from('{}'), { 'stripe-signature': ofStripe('{}', secret, NOW) }, NOW)?.[0]?.head
      .mode;
  t.deepEqual([modeOf(SECRET), modeOf(OF_TESTS)], ['live', 'test']);
});
