/** Deliveries and their events: mode, identity, times, the items that an order lacks, what is no event. */
import test from 'ava';
import { signatureOf } from '../../../src/marketplaces/lemon-squeezy/authenticity.ts';
import { lacks, lemonSqueezyEvents, readAgain } from '../../../src/marketplaces/lemon-squeezy/events.ts';
import {
  app,
  billed,
  ordered,
  PRODUCTS,
  refunded,
  stated,
  type Told,
  tool,
  withItems,
} from '../../kit/lemon-squeezy.ts';

const secrets = [
  ['live', ['live secret of a test']],
  ['sandbox', ['test secret of a test']],
  ['simulator', ['simulator secret of a test']],
] as const;
const events = lemonSqueezyEvents({ products: PRODUCTS, secrets });

function deliver(payload: string, secret = 'live secret of a test') {
  const headers = { 'x-signature': signatureOf(payload, secret) };
  return events.readBatch(Buffer.from(payload), headers, 0);
}

type Fields = Record<string, unknown>;

interface Written {
  readonly meta: Fields;
  readonly data: Fields & {
    attributes: Fields & { first_order_item: Fields; first_subscription_item: Fields; urls: Fields };
  };
}

/** The payload with other contents. */
function changed({ payload }: Told, change: (event: Written) => void): string {
  const event = JSON.parse(payload);
  change(event);
  return JSON.stringify(event);
}

const headOf = (payload: string) => readAgain(payload, 'live', PRODUCTS).head;

test('an event is live by a live secret and by what it says: either alone is not enough', (t) => {
  const sale = ordered('2026-01-10');
  const modeOf = (payload: string, secret?: string) => deliver(payload, secret)?.[0]?.head.mode;
  t.is(modeOf(sale.payload), 'live');
  t.is(modeOf(sale.payload, 'test secret of a test'), 'test');
  t.is(modeOf(sale.payload, 'simulator secret of a test'), 'test');
  t.is(modeOf(sale.payload, 'another secret of a test'), undefined);
  for (const mark of [
    (event: Written) => Object.assign(event.meta, { test_mode: true }),
    (event: Written) => Object.assign(event.data.attributes, { test_mode: true }),
    (event: Written) => Object.assign(event.data.attributes.first_order_item, { test_mode: true }),
  ]) {
    const payload = changed(sale, mark);
    t.is(modeOf(payload), 'test');
    t.true(
      readAgain(payload, 'live', PRODUCTS)
        .read()
        .facts.every(({ mode }) => mode === 'test'),
    );
  }
  const old = changed(sale, (event) => {
    delete event.meta['test_mode'];
  });
  t.is(modeOf(old), 'live', 'an old shape says so in the order alone');
});

test('a repeated delivery is the same event, though its links, its webhook_id and the order of names differ', (t) => {
  const sale = ordered('2026-01-10');
  const { id } = headOf(sale.payload);
  const again = changed(sale, (event) => {
    event.meta['webhook_id'] = 'another';
    event.data.attributes.urls['receipt'] = 'https://example.com/signed-anew';
    const { attributes } = event.data;
    event.data.attributes = Object.fromEntries(Object.entries(attributes).reverse()) as typeof attributes;
  });
  t.is(headOf(again).id, id);
  t.true(id.startsWith('order_created:orders-1:'));
});

test('two states of one time are two events', (t) => {
  const state = stated('updated', '2026-01-10', { renews: '2026-02-10' });
  const more = changed(state, (event) => {
    event.data.attributes.first_subscription_item['quantity'] = 2;
  });
  t.not(headOf(more).id, headOf(state.payload).id);
  const named = changed(state, (event) => {
    event.meta['event_name'] = 'subscription_created';
  });
  t.not(headOf(named).id, headOf(state.payload).id);
});

test('the name of an event is the signed one', (t) => {
  const { payload } = ordered('2026-01-10');
  const headers = {
    'x-signature': signatureOf(payload, 'live secret of a test'),
    'x-event-name': 'order_refunded',
  };
  t.is(events.readBatch(Buffer.from(payload), headers, 0)?.[0]?.head.type, 'order_created');
});

test('the time of a state is the latest change, of the subscription or of its item', (t) => {
  const day = (payload: string) => new Date(headOf(payload).at).toISOString().slice(0, 10);
  t.is(day(stated('updated', '2026-01-12').payload), '2026-01-12');
  t.is(day(stated('updated', '2026-01-12', { itemDay: '2026-01-14' }).payload), '2026-01-14');
  t.is(day(stated('updated', '2026-01-12', { itemDay: '2026-01-11' }).payload), '2026-01-12');
});

test('an event without a time is refused where it says something, and kept where it says nothing', (t) => {
  const timeless = (event: Written) => {
    for (const name of ['created_at', 'updated_at']) delete event.data.attributes[name];
  };
  const sale = readAgain(changed(ordered('2026-01-10'), timeless), 'live', PRODUCTS);
  t.throws(() => sale.read(), { code: 'malformed_request' });
  const other = changed(ordered('2026-01-10'), (event) => {
    timeless(event);
    event.meta['event_name'] = 'customer_updated';
    event.data['type'] = 'customers';
  });
  t.deepEqual(readAgain(other, 'live', PRODUCTS).read().facts, []);
});

test('unknown events say nothing and are no error; a known object under an unknown name is read', (t) => {
  for (const [name, type] of [
    ['customer_updated', 'customers'],
    ['affiliate_activated', 'affiliates'],
    ['something_new', 'somethings'],
  ] as const) {
    const payload = changed(ordered('2026-01-10'), (event) => {
      event.meta['event_name'] = name;
      event.data['type'] = type;
    });
    t.deepEqual(readAgain(payload, 'live', PRODUCTS).read().facts, [], name);
  }
  const renamed = changed(stated('updated', '2026-01-12'), (event) => {
    event.meta['event_name'] = 'subscription_plan_changed';
  });
  t.true(readAgain(renamed, 'live', PRODUCTS).read().facts.length > 0);
});

test('what has no name or object, or is no JSON object, is kept as unreadable', (t) => {
  for (const payload of [
    '[]',
    '7',
    'null',
    '{}',
    '{"meta":{"event_name":"order_created"}}',
    '{"meta":{"event_name":"order_created"},"data":{"type":"orders","id":"1"}}',
    '{"data":{"type":"orders","id":"1","attributes":{}}}',
    '{',
  ]) {
    const [received] = deliver(payload) ?? [];
    t.is(received?.head.type, 'unreadable', payload);
    t.throws(() => received?.read(), { code: 'malformed_request' }, payload);
  }
});

test('an order names its customer; the other events do not, because a license has the one of its sale', (t) => {
  const peopleOf = ({ payload }: Told) => readAgain(payload, 'live', PRODUCTS).read().people;
  const customer = { name: 'Ada Byron', email: 'ada@example.com' };
  t.deepEqual(peopleOf(ordered('2026-01-10')), [{ subject: 'order:1', customer }]);
  for (const other of [stated('updated', '2026-01-10'), billed('2026-01-10')])
    t.deepEqual(peopleOf(other), []);
});

test('a paid order lacks its items; another event and an order that is not paid lack nothing', (t) => {
  const isLacking = ({ payload }: Told) => readAgain(payload, 'live', PRODUCTS).read().isLacking;
  t.is(lacks(ordered('2026-01-10').payload), '1');
  t.true(isLacking(ordered('2026-01-10')));
  t.true(isLacking(ordered('2026-01-10', { items: [app(), tool()], namesItems: true })));
  for (const other of [
    ordered('2026-01-10', { namesItems: true }),
    ordered('2026-01-10', { status: 'pending' }),
    refunded('2026-01-11', 2000),
    stated('created', '2026-01-10'),
    billed('2026-01-10'),
  ]) {
    t.is(lacks(other.payload), undefined);
    t.is(isLacking(other), undefined);
  }
});

test('a completed event is an event of its own, and states the same sale with the same keys', (t) => {
  const sale = ordered('2026-01-10');
  const { head, read } = readAgain(withItems(sale, [app(), tool()]).payload, 'live', PRODUCTS);
  t.is(head.id, `${headOf(sale.payload).id}:completed`);
  t.deepEqual(
    read()
      .facts.filter(({ body }) => body.kind === 'sold')
      .map(({ key }) => key),
    ['sold:1:101', 'sold:1:301'],
  );
  t.true(
    readAgain(sale.payload, 'live', PRODUCTS)
      .read()
      .facts.some(({ key }) => key === 'sold:1:101'),
  );
  t.true(read().isCompletion);
});

test('an event of ours that does not say whose it is, or is of another object, is refused', (t) => {
  const refused = (told: Told, change: (event: Written) => void) =>
    t.throws(() => readAgain(changed(told, change), 'live', PRODUCTS).read(), { code: 'malformed_request' });
  refused(billed('2026-01-10'), (event) => {
    event.data.attributes['subscription_id'] = null;
  });
  for (const told of [ordered('2026-01-10'), stated('updated', '2026-01-12'), billed('2026-01-10')]) {
    refused(told, (event) => {
      event.data['type'] = 'others';
    });
  }
});
