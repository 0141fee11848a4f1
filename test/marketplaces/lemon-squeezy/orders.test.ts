/** Orders, as Lemon Squeezy tells them, in the ledger: items, states, what comes back. */
import test from 'ava';
import {
  app,
  bodiesOf,
  factsOf,
  LemonWorld,
  ordered,
  PRODUCTS,
  plus,
  refunded,
  squeezed,
  type Told,
  tool,
  withItems,
} from '../../kit/lemon-squeezy.ts';

const ORDER = '2026-01-10';

test('a paid order issues a license for each unit of its item, once however often it is told', (t) => {
  const ledger = new LemonWorld().tell(ordered(ORDER, { items: [tool(3)] }));
  const three = ['tool 1/0 active perpetual', 'tool 1/1 active perpetual', 'tool 1/2 active perpetual'];
  t.deepEqual(ledger.licenses, three);
  t.deepEqual(ledger.tell(ordered(ORDER, { items: [tool(3)] })).licenses, three);
  t.deepEqual(ledger.flags, []);
});

test('without a quantity, as in old shapes, an item is one', (t) => {
  const { payload } = ordered(ORDER, { items: [tool(3)] });
  const event = JSON.parse(payload);
  delete event.data.attributes.first_order_item.quantity;
  delete event.data.attributes.first_order_item.id;
  const ledger = new LemonWorld().tell({ day: ORDER, payload: JSON.stringify(event) });
  t.deepEqual(ledger.licenses, ['tool 1/0 active perpetual']);
});

test('a quantity that an event leaves out is the one that is fetched, or that another event states, in any order', (t) => {
  const without = (event: Told): Told => {
    const told = JSON.parse(event.payload);
    delete (told.data ?? told.event.data).attributes.first_order_item.quantity;
    return { day: event.day, payload: JSON.stringify(told) };
  };
  const short = without(ordered(ORDER, { items: [tool(3)] }));
  const whole = withItems(short, [tool(3)]);
  const stated = ordered(ORDER, { items: [tool(3)] });
  const orders = [[short, whole], [whole, short], [whole], [short, stated], [stated, short]];
  for (const [place, events] of orders.entries()) {
    const ledger = new LemonWorld().tell(...events);
    t.is(ledger.licenses.length, 3, String(place));
    t.false(ledger.flagKinds.includes('differs'), String(place));
  }
});

test('a variant that no file lists is a line without a product: its order waits and is flagged', (t) => {
  const ledger = new LemonWorld().tell(ordered(ORDER, { items: [tool(1), app()] }));
  const unknown = new LemonWorld([]).tell(ordered(ORDER, { items: [tool()] }));
  t.deepEqual(unknown.licenses, []);
  t.deepEqual(unknown.flagKinds, ['unknown-product']);
  t.is(ledger.licenses.length, 1, 'the control');
});

test('an order that is pending or failed sells nothing; paid later, it sells', (t) => {
  const ledger = new LemonWorld().tell(
    ordered(ORDER, { status: 'pending' }),
    ordered(ORDER, { status: 'failed' }),
  );
  t.deepEqual(ledger.licenses, []);
  t.deepEqual(ledger.tell(ordered('2026-01-12')).states, ['app active 2026-02-24']);
});

test('an order of an unknown status sells nothing and is flagged', (t) => {
  const ledger = new LemonWorld().tell(ordered(ORDER, { id: 1 }), ordered('2026-01-11', { status: 'odd' }));
  t.deepEqual(ledger.flagKinds, ['unclear']);
  t.deepEqual(new LemonWorld().tell(ordered(ORDER, { status: 'odd' })).licenses, []);
});

test('a discount of 100 % is a sale; nothing to pay without a discount begins a trial', (t) => {
  const tried = squeezed('app', ['101'], { term: 'P1M', trialTerm: 'P14D' });
  const world = () => new LemonWorld([tried]);
  t.deepEqual(world().tell(ordered(ORDER, { discount: 2000 })).states, ['app active 2026-02-24']);
  const free = ordered(ORDER, { items: [app(1, { price: 0 })] });
  t.deepEqual(world().tell(free).states, ['app active 2026-02-07']);
});

test('the whole amount back revokes, whatever the status says; the refund may come before the sale', (t) => {
  for (const status of ['refunded', 'paid', 'partial_refund']) {
    const events = [ordered(ORDER), refunded('2026-01-12', 2000, { status })];
    t.deepEqual(new LemonWorld().tell(...events).states, ['app revoked 2026-02-24'], status);
    t.deepEqual(new LemonWorld().tell(...events.toReversed()).states, ['app revoked 2026-02-24'], status);
  }
});

test('a part revokes nothing and is flagged with the sum so far; parts are no sum of their own', (t) => {
  for (const status of ['paid', 'partial_refund']) {
    const ledger = new LemonWorld().tell(
      ordered(ORDER, { items: [app(3)] }),
      refunded('2026-01-11', 2000, { status, items: [app(3)] }),
      refunded('2026-01-12', 4000, { status, items: [app(3)] }),
    );
    t.is(new Set(ledger.states).size, 1, status);
    t.regex(ledger.states[0] ?? '', /active/);
    t.deepEqual(ledger.flags, [
      'partial-refund: 20.00 of 60.00 EUR of order 1 came back so far: nothing was revoked',
      'partial-refund: 40.00 of 60.00 EUR of order 1 came back so far: nothing was revoked',
    ]);
    ledger.tell(refunded('2026-01-13', 6000, { status: 'refunded', items: [app(3)] }));
    t.regex(ledger.states[0] ?? '', /revoked/);
    t.deepEqual(ledger.flags, [], 'all of it is back');
  }
});

test('called refunded with a smaller amount is for a person to decide; without an amount it is the whole', (t) => {
  const less = refunded('2026-01-12', 1500, { status: 'refunded' });
  const ledger = new LemonWorld().tell(ordered(ORDER), less);
  t.deepEqual(ledger.states, ['app active 2026-02-24']);
  t.deepEqual(ledger.flagKinds, ['partial-refund']);
  const event = JSON.parse(less.payload);
  delete event.data.attributes.refunded_amount;
  ledger.tell({ day: '2026-01-13', payload: JSON.stringify(event) });
  t.deepEqual(ledger.states, ['app revoked 2026-02-24']);
});

test('what the store judges fraudulent is revoked and flagged', (t) => {
  const ledger = new LemonWorld().tell(ordered(ORDER), ordered('2026-01-11', { status: 'fraudulent' }));
  t.deepEqual(ledger.states, ['app revoked 2026-02-24']);
  t.deepEqual(ledger.flagKinds, ['unclear']);
});

test('the event shows one item, which gets its license; the fetched items get theirs, each once', (t) => {
  const sale = ordered(ORDER, { items: [app(), tool(2)] });
  const all = ['app 1/0 active 2026-02-24', 'tool 1/0 active perpetual', 'tool 1/1 active perpetual'];
  const completed = withItems(sale, [app(), tool(2)]);
  const ledger = new LemonWorld().tell(sale);
  t.deepEqual(ledger.licenses, all.slice(0, 1));
  t.deepEqual(ledger.flagKinds, ['undelivered'], 'it costs more than its first item');
  ledger.tell(completed);
  t.deepEqual(ledger.licenses, all);
  t.deepEqual(ledger.flags, [], 'the placeholder is gone');
  t.deepEqual(new LemonWorld().tell(completed, sale).licenses, all, 'in the other order');
  t.deepEqual(ledger.tell(sale, completed).licenses, all, 'again');
});

test('two items of one variant are its units together', (t) => {
  const second = { ...tool(2), id: 4 };
  const sale = ordered(ORDER, { items: [tool(), second] });
  const completed = withItems(sale, [tool(), second]);
  for (const events of [
    [sale, completed],
    [completed, sale],
  ] as const) {
    t.is(new LemonWorld().tell(...events).licenses.length, 3);
  }
});

test('an item without an id is the fetched one of its variant', (t) => {
  const event = JSON.parse(ordered(ORDER, { items: [tool(2)] }).payload);
  delete event.data.attributes.first_order_item.id;
  const sale: Told = { day: ORDER, payload: JSON.stringify(event) };
  t.is(new LemonWorld().tell(sale, withItems(sale, [tool(2), app()])).licenses.length, 3);
});

test('two items of one variant are flagged, because each may have a subscription', (t) => {
  const flagsOf = (items: readonly [ReturnType<typeof app>, ...ReturnType<typeof app>[]]) => {
    const sale = ordered(ORDER, { items });
    return new LemonWorld().tell(sale, withItems(sale, items)).flagKinds;
  };
  t.deepEqual(flagsOf([app(), app(1, { id: 9 })]), ['unclear']);
  t.deepEqual(flagsOf([app(), plus()]), [], 'the control');
});

test('an order that costs what its item costs is not suspected of more, with price of a unit or of all', (t) => {
  const isSuspected = (items: readonly [ReturnType<typeof app>, ...ReturnType<typeof app>[]]) =>
    bodiesOf(ordered(ORDER, { items })).some((body) => body.kind === 'sold' && body.awaits !== undefined);
  t.false(isSuspected([app()]));
  t.false(isSuspected([app(3)]));
  t.true(isSuspected([app(), plus()]), 'the control');
});

test('more units than can be delivered are flagged, and none is issued', (t) => {
  const ledger = new LemonWorld().tell(ordered(ORDER, { items: [tool(100_000)] }));
  t.deepEqual(ledger.licenses, []);
  t.deepEqual(ledger.flagKinds, ['too-many-units']);
  const less = new LemonWorld().tell(ordered(ORDER, { items: [tool(-1)] }));
  t.deepEqual([less.licenses, less.flagKinds], [[], ['undelivered']]);
});

test('a quantity of 0, as usage has it, is one', (t) => {
  t.deepEqual(new LemonWorld().tell(ordered(ORDER, { items: [tool(0)] })).licenses.length, 1);
});

test('a refund is flagged, even if neither its status nor its amounts say how much came back', (t) => {
  const without = (event: Told, more: object): Told => {
    const parsed = JSON.parse(event.payload);
    Object.assign(parsed.data.attributes, more);
    return { day: event.day, payload: JSON.stringify(parsed) };
  };
  const back = (more: object) => without(ordered('2026-01-12', {}, 'order_refunded'), more);
  for (const told of [
    back({}),
    back({ refunded_amount: null }),
    back({ status: 'partial_refund' }),
    back({ status: 'partial_refund', refunded_amount: null }),
    back({ refunded_amount: 500, total: null }),
  ]) {
    const ledger = new LemonWorld().tell(ordered(ORDER), told);
    t.deepEqual(ledger.flagKinds, ['partial-refund'], told.payload);
    t.deepEqual(ledger.licenses, new LemonWorld().tell(ordered(ORDER)).licenses);
  }
  const again = ordered('2026-01-12', {}, 'order_updated');
  t.deepEqual(new LemonWorld().tell(ordered(ORDER), again).flagKinds, [], 'the control: no refund is told');
});

test('every fact of an order has a key of its own', (t) => {
  const sale = ordered(ORDER, { items: [app(), plus()] });
  for (const event of [sale, withItems(sale, [app(), plus()]), refunded(ORDER, 10)]) {
    const keys = factsOf(event, PRODUCTS).map(({ key }) => key);
    t.is(new Set(keys).size, keys.length);
  }
});

test('the first item is sold once, whichever of its events states its id', (t) => {
  const withoutId = (told: Told): Told => {
    const event = JSON.parse(told.payload);
    delete (event.completes ?? event).data.attributes.first_order_item.id;
    return { day: told.day, payload: JSON.stringify(event) };
  };
  const sale = ordered(ORDER, { items: [tool(), plus()] });
  const whole = withItems(sale, [plus(), tool()]);
  const part = refunded('2026-01-12', 10, { items: [tool(), plus()] });
  for (const events of [
    [withoutId(sale), whole, part],
    [sale, withoutId(whole), part],
    [sale, whole, withoutId(part)],
  ]) {
    t.is(new LemonWorld().tell(...events).licenses.length, 2);
  }
});

test('a fetched item that names no variant is flagged', (t) => {
  const sale = ordered(ORDER, { items: [tool(), plus()] });
  const event = JSON.parse(withItems(sale, [tool(), plus()]).payload);
  event.fetched.data[1].attributes.variant_id = null;
  const ledger = new LemonWorld().tell(sale, { day: ORDER, payload: JSON.stringify(event) });
  t.deepEqual([ledger.licenses.length, ledger.flagKinds], [1, ['undelivered']]);
});
