/** Gumroad's pings as they arrive: who may send them, what of them is believed, and which mode they have. */
import test from 'ava';
import { completedPayload } from '../../../src/marketplaces/completed-event.ts';
import type { Secrets } from '../../../src/marketplaces/event-store.ts';
import { gumroadEvents, lacks, readAgain } from '../../../src/marketplaces/gumroad/events.ts';
import { bodyOf, salePing, subscriptionPing } from '../../../src/marketplaces/gumroad/shapes.ts';
import type { Loose } from '../../../src/marketplaces/loose.ts';
import { bought, charged, GumroadWorld, PRODUCTS, renewed } from '../../kit/gumroad.ts';
import { at } from '../../kit/world.ts';

const DAY = '2026-01-10';
const NOW = at(DAY);
const SECRETS: Secrets = [
  ['live', ['the-newer-secret-of-a-test', 'the-older-secret-of-a-test']],
  ['sandbox', []],
  ['simulator', ['the-secret-of-the-simulator']],
];
const SALE = bought(DAY);
const gumroad = gumroadEvents({ products: PRODUCTS, secrets: SECRETS });

function received(body: string, secret: string | undefined = 'the-newer-secret-of-a-test', now = NOW) {
  const [first] = gumroad.readBatch(Buffer.from(body), {}, now, secret) ?? [];
  return first;
}

const read = (ping: Loose, now = NOW) => {
  const event = received(bodyOf(ping), undefined, now)?.read();
  if (event === undefined) throw new Error('it was not read');
  return event;
};

/** The same with what the API answered. */
const completed = (ping: Loose, fetched: object, mode: 'live' | 'test' = 'live') =>
  readAgain(completedPayload(read(ping).payload, JSON.stringify(fetched)), mode, PRODUCTS).read();

test('each secret opens the address, and nothing else does', (t) => {
  for (const secret of ['the-newer-secret-of-a-test', 'the-older-secret-of-a-test']) {
    t.is(received('resource_name=sale&sale_id=1', secret)?.head.mode, 'live');
    t.true(gumroad.isSigned?.({}, secret));
  }
  for (const secret of ['', 'the-newer-secret-of-a-tes', 'the-newer-secret-of-a-test ', '__proto__']) {
    t.is(received('resource_name=sale&sale_id=1', secret), undefined);
    t.false(gumroad.isSigned?.({}, secret));
  }
  t.is(gumroad.readBatch(Buffer.from(''), {}, NOW), undefined);
  t.false(gumroad.isSigned?.({}));
});

test('a ping sells nothing: its order is kept, and what it claims is looked up', (t) => {
  const event = read(salePing('sale', { ...SALE, quantity: 7, price: 1 }));
  t.deepEqual(
    event.facts.map(({ subject, body }) => [subject, body.kind, 'awaits' in body]),
    [['order:S1==', 'sold', true]],
  );
  t.deepEqual([event.isLacking, event.people], [true, []]);
  t.is(lacks(event.payload), '{"sale":"S1=="}');
  const world = new GumroadWorld().tell({ day: DAY, payload: event.payload });
  t.deepEqual([world.licenses, world.owed], [[], ['S1== lines not yet fetched']]);
  world.tell({ day: DAY, payload: completed(salePing('sale', SALE), { sale: SALE, listed: true }).payload });
  t.deepEqual([world.states, world.owed], [['tool active perpetual'], []]);
});

test('of a ping that can be read, only what is read is kept: after an erasure nothing ties a name in it to its order', (t) => {
  const answers = {
    'custom_fields[Company]': 'Analytical',
    ip_country: 'UK',
    'shipping_information[city]': 'London',
  };
  const { resource_name: _, ...button } = salePing('sale', SALE, { ...answers, test: 'true' });
  const pings = [
    ...['sale', 'refund', 'dispute', 'dispute_won', 'unknown'].map((name) => salePing(name, SALE, answers)),
    button,
    subscriptionPing('cancellation', [charged(DAY)], answers),
  ];
  for (const ping of pings) {
    t.regex(bodyOf(ping), /ada%40example\.com/, 'the control');
    const { payload } = read(ping);
    t.notRegex(payload, /ada|Byron|Analytical|UK|London|4242/i);
    t.deepEqual(read({ ...ping }).id, read(ping).id);
  }
  const unreadable = received(bodyOf(salePing('sale', { ...SALE, id: '' })));
  t.regex(unreadable?.head.payload ?? '', /ada@example\.com/, 'what nobody can read is whole, for a person');
});

test('all that counts is from the API, whatever the ping says', (t) => {
  const ping = { ...salePing('sale', SALE), quantity: '99', email: 'eve@example.com', product_id: 'app==' };
  const { facts, people } = completed(ping, { sale: SALE, listed: true });
  t.deepEqual(
    facts.map(({ body }) => body),
    [
      { kind: 'sold', product: 'tool', line: 'tool==', quantity: 1 },
      { kind: 'charged', total: 20, currency: 'USD' },
    ],
  );
  t.deepEqual(people, [{ subject: 'order:S1==', customer: { name: 'Ada Byron', email: 'ada@example.com' } }]);
});

test('the code goes to the address that was typed, not to that of an account', (t) => {
  const sale = { ...SALE, email: 'account@example.com' };
  const [person] = completed(salePing('sale', sale), { sale, listed: true }).people;
  t.is(person?.customer.email, 'ada@example.com');
  const old = { ...sale, purchase_email: null };
  t.is(completed(salePing('sale', sale), { sale: old, listed: true }).people[0]?.customer.email, sale.email);
});

test('a sale that only a ping of its subscription tells has its customer too', (t) => {
  const sales = [renewed('2026-02-10'), charged(DAY)];
  const ping = subscriptionPing('cancellation', sales);
  const { people } = completed(ping, { sale: sales[0], listed: true, charges: sales });
  t.deepEqual(
    people.map(({ subject, customer }) => [subject, customer.email]),
    [
      ['subscription:M==', 'ada@example.com'],
      ['order:M-2026-01-10', 'ada@example.com'],
    ],
  );
});

test('what the seller buys is a test, and what was paid is none, whatever a question of the checkout is called', (t) => {
  const ping = salePing('sale', SALE, { test: 'true' });
  const { mode, facts, isLacking } = read(ping);
  t.deepEqual([mode, facts, isLacking], ['test', [], true]);
  t.is(completed(ping, { sale: SALE, listed: false }, 'test').mode, 'test');
  t.is(completed(ping, { sale: SALE, listed: true }, 'test').mode, 'live');
  const hidden = completed(salePing('sale', SALE, { test: 'no' }), { sale: SALE, listed: false });
  t.deepEqual([hidden.mode, hidden.facts.map(({ body }) => body.kind)], ['live', ['noted']]);
});

test('a membership of which nothing was paid is a test', (t) => {
  const sale = { ...charged(DAY), dead: true };
  const ping = subscriptionPing('subscription_ended', [sale]);
  t.is(completed(ping, { sale, listed: false, charges: [] }).mode, 'test');
  t.is(completed(ping, { sale, listed: true, charges: [sale] }).mode, 'live');
});

test('the button "send test ping" and events of other kinds are kept, and change nothing', (t) => {
  const { resource_name: _, ...button } = salePing('sale', SALE, { test: 'true' });
  for (const ping of [button, { ...button, resource_name: 'payout' }, {}]) {
    const { facts, isLacking } = read(ping);
    t.deepEqual([facts, isLacking], [[], undefined]);
  }
});

test('a ping without its name is looked up like the one that it may be', (t) => {
  const { resource_name: _, ...sale } = salePing('refund', SALE);
  t.deepEqual([read(sale).type, read(sale).isLacking], ['sale', true]);
  const { resource_name: __, ...change } = subscriptionPing('subscription_ended', [charged(DAY)]);
  t.deepEqual([read(change).type, read(change).isLacking], ['subscription_updated', true]);
});

test('what a stranger calls an event is neither kept as its type nor told in a flag', (t) => {
  const text = 'zoe@example.com\0';
  t.is(read({ ...salePing('sale', SALE), resource_name: text }).type, 'unknown');
  const sale = charged(DAY);
  const plan = { type: 'upgrade', 'new_plan[tier][name]': text, 'new_plan[quantity]': text };
  const ping = subscriptionPing('subscription_updated', [sale], plan);
  const { facts, id } = completed(ping, { sale, listed: true, charges: [sale] });
  t.true(facts.some(({ body }) => body.kind === 'noted' && body.why === 'unclear'));
  t.false(JSON.stringify([facts, id]).includes('zoe'));
});

test('a repeat is the same event; a refund of the rest and another cancellation are others', (t) => {
  const idOf = (ping: Loose, now = NOW) => read(ping, now).id;
  const sale = salePing('sale', SALE);
  t.is(idOf(sale), idOf({ ...sale, retry_count: '1' }, NOW + 60_000));
  const part = salePing('refund', SALE);
  t.not(idOf(part), idOf({ ...part, refunded: 'true' }));
  t.not(idOf(sale), idOf(part));
  const end = (cancelled_at: string) => subscriptionPing('cancellation', [charged(DAY)], { cancelled_at });
  t.not(idOf(end('2026-02-10T12:00:00Z')), idOf(end('2026-03-10T12:00:00Z')));
  const { resource_name: _, ...button } = salePing('sale', SALE, { test: 'true' });
  t.is(idOf(button), idOf({ ...button, retry_count: '1' }, NOW + 1));
});

test('what does not say whose it is, is kept as failed, and answered so that it comes again', (t) => {
  for (const body of [
    'resource_name=sale',
    'resource_name=refund&sale_id=',
    'resource_name=sale&sale_id=a%2Fb',
    'resource_name=sale&sale_id=a%00',
    'resource_name=cancellation&sale_id=1',
  ]) {
    const event = received(body);
    t.is(event?.head.type, 'unreadable');
    t.throws(() => event?.read(), { code: 'malformed_request' });
  }
});

test('names with brackets come encoded or not, lists are repeated names, and broken bytes are no error', (t) => {
  const tail = 'resource_name=cancellation&subscription_id=M%3D%3D';
  for (const list of ['purchase_ids%5B%5D=a&purchase_ids%5B%5D=b', 'purchase_ids[]=a&purchase_ids[]=b']) {
    const event = received(`${list}&${tail}`)?.read();
    t.is(lacks(event?.payload ?? '{}'), '{"subscription":"M==","sales":["a","b"]}');
  }
  t.is(received('%zz=%ff&resource_name=sale&sale_id=1')?.read().type, 'sale');
});

test('only the simulator says what the API would answer, and nothing of it is live', (t) => {
  const told = bodyOf({ ...salePing('sale', SALE), simulated: JSON.stringify({ sale: SALE, listed: true }) });
  const simulated = received(told, 'the-secret-of-the-simulator')?.read();
  t.deepEqual([simulated?.mode, simulated?.isLacking, simulated?.facts.length], ['test', undefined, 2]);
  t.is(readAgain(simulated?.payload ?? '', 'live', PRODUCTS).head.mode, 'test');
  const later = received(`${told}&simulated_at=${NOW + 5}`, 'the-secret-of-the-simulator')?.read();
  t.is(later?.at, NOW + 5, 'its lives reach into the future');
  t.is(received(`${told}&simulated_at=${NOW + 5}`)?.head.at, NOW);
  const real = received(told)?.read();
  t.deepEqual([real?.mode, real?.isLacking], ['live', true]);
  t.deepEqual(
    real?.facts.map(({ body }) => 'awaits' in body),
    [true],
  );
});

test('a forged body that looks like what the API answered is a ping like others', (t) => {
  const payload = completedPayload(read(salePing('sale', SALE)).payload, JSON.stringify({ sale: SALE }));
  for (const body of [payload, `listed=${encodeURIComponent(JSON.stringify(SALE))}`, `ping=${payload}`]) {
    t.deepEqual(received(body)?.read().facts, []);
  }
});
