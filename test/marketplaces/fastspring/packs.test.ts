/** Items that hold several units (`mintmark_quantity`), where events of their subscription do not repeat the attribute. */
import test from 'ava';
import { at, World } from '../../kit/world.ts';
import { bodiesOf, day, factsOf, order, sold, subscription } from './reading.ts';

const SOLD = [sold('plan', [], { term: 'P1M', grace: 'P14D' })];
const tell = factsOf(SOLD);
const PACK = { attributes: { mintmark_quantity: '5' } };
const ITEM = { product: 'plan', quantity: 2, subtotal: 20, subscription: 's1', ...PACK };

type Event = readonly [type: string, data: object];

/** Without webhook expansion, the product is an id, and none of its attributes are there. */
const plain = (quantity: number, more: object = {}) =>
  subscription({
    product: 'plan',
    quantity,
    nextChargeDate: day('2026-12-01'),
    next: day('2026-12-01'),
    initialOrderReference: 'R1',
    ...more,
  });
const SALE: Event = ['order.completed', order([ITEM], { total: 20 })];
const BEGUN: Event = ['subscription.activated', plain(2)];
const edited = (quantity: number): Event => ['subscription.updated', plain(quantity)];
const charge = (more: object): Event => [
  'subscription.charge.completed',
  { order: 'o9', subscription: 's1', total: 20, currency: 'EUR', timestamp: day('2026-12-01'), ...more },
];

/** Live licenses after the events, an hour apart, in both orders of arrival. */
function units(...events: readonly Event[]): number[] {
  const facts = events.map(([type, data], place) => {
    const isOfCharge = type.endsWith('charge.completed');
    return tell(type, data, `e${place}`, day(isOfCharge ? '2026-12-01' : '2026-11-01') + 3_600_000 * place);
  });
  return [facts, facts.toReversed()].map((order) => {
    const world = new World(SOLD, at('2026-12-02'));
    for (const each of order) world.tell(each);
    return world.licenses.filter((text) => text.includes(' active ')).length;
  });
}

test('an event without the attributes of the product lowers no units', (t) => {
  t.deepEqual(units(SALE, BEGUN), [10, 10]);
  t.deepEqual(units(SALE, BEGUN, charge({})), [10, 10], 'a charge that is for what was announced');
  t.deepEqual(units(SALE, BEGUN, edited(3), charge({})), [15, 15], 'an edit to three packs');
  t.deepEqual(units(SALE, BEGUN, edited(1), charge({})), [5, 5], 'an edit to one pack');
});

test('a charge whose items have the attribute, and whose subscription has it not, is for packs', (t) => {
  const ofItems = (quantity: number, more: object = {}) => ({
    order: { id: 'o9', items: [{ ...ITEM, quantity, ...more }] },
    subscription: plain(quantity),
  });
  t.deepEqual(units(SALE, BEGUN, edited(3), charge(ofItems(3))), [15, 15]);
  t.deepEqual(units(SALE, BEGUN, edited(3), charge(ofItems(3, { attributes: {} }))), [15, 15]);
  t.deepEqual(units(SALE, BEGUN, edited(3), charge(ofItems(3, { proratedItemTotal: 4 }))), [15, 15]);
});

test('an attribute that is told anew counts from then on', (t) => {
  const ten = { attributes: { mintmark_quantity: '10' } };
  const rebill = charge({ order: { id: 'o9', items: [{ ...ITEM, ...ten }] }, subscription: plain(2) });
  t.deepEqual(units(SALE, BEGUN, rebill), [20, 20]);
  const items = [{ product: 'plan', quantity: 2 }];
  t.deepEqual(
    units(['order.completed', order([{ ...items[0], subscription: 's1' }])], BEGUN),
    [2, 2],
    'control',
  );
});

test('what one of an item holds is told beside the units, where it is more than one', (t) => {
  const [line] = bodiesOf('sold', 'order.completed', order([{ ...ITEM, product: 'plan-monthly' }]));
  t.like(line, { quantity: 10, per: 5 });
  const [one] = bodiesOf('sold', 'order.completed', order([{ product: 'plan-monthly', quantity: 2 }]));
  t.false('per' in (one ?? {}));
});
