/** Invoices, as Lemon Squeezy tells them, in the ledger: each is a charge of its own. */
import test from 'ava';
import {
  app,
  billed,
  bodiesOf,
  LemonWorld,
  ordered,
  plus,
  refunded,
  soldWorld,
  stated,
  withItems,
} from '../../kit/lemon-squeezy.ts';

const renewed = () =>
  soldWorld().tell(billed('2026-02-10'), stated('updated', '2026-02-10', { renews: '2026-03-10' }));

test('a payment that is told as paid and as recovered is one payment', (t) => {
  const keysOf = (name: string) => bodiesOf(billed('2026-02-10', {}, name)).map(({ kind }) => kind);
  t.deepEqual(keysOf('success'), keysOf('recovered'));
  const ledger = soldWorld().tell(
    billed('2026-02-10', {}, 'recovered'),
    billed('2026-02-10'),
    stated('updated', '2026-02-10', { renews: '2026-03-10' }),
  );
  t.deepEqual(ledger.states, ['app active 2026-03-24']);
});

test('the refund of a renewal takes its period alone, in either order', (t) => {
  const back = billed('2026-02-10', { status: 'refunded', refunded: 2000 }, 'refunded');
  t.deepEqual(renewed().tell(back).states, ['app active 2026-02-24']);
  const early = soldWorld().tell(back, billed('2026-02-10'));
  t.deepEqual(early.tell(stated('updated', '2026-02-10', { renews: '2026-03-10' })).states, [
    'app active 2026-02-24',
  ]);
});

test('a part of a renewal revokes nothing and is flagged with the sum so far', (t) => {
  const part = billed('2026-02-10', { refunded: 500 }, 'refunded');
  const ledger = renewed().tell(part);
  t.deepEqual(ledger.states, ['app active 2026-03-24']);
  t.deepEqual(ledger.flags, [
    'partial-refund: 5.00 of 20.00 EUR of invoice 20260210 came back so far: nothing was revoked',
  ]);
  ledger.tell(billed('2026-02-10', { status: 'refunded', refunded: 2000 }, 'refunded'));
  t.deepEqual(ledger.flags, [], 'all of it is back');
});

test('a refund says nothing of when its invoice was paid', (t) => {
  const part = billed('2026-03-10', { refunded: 500 }, 'refunded');
  t.false(bodiesOf(part).some(({ kind }) => kind === 'paid'));
});

test('the first invoice is the order’s money: its refund revokes, and counts once beside the order’s', (t) => {
  const back = billed('2026-01-10', { reason: 'initial', status: 'refunded', refunded: 2000 }, 'refunded');
  const order = refunded('2026-01-12', 2000, { status: 'refunded' });
  for (const events of [[back], [back, order], [order, back]]) {
    t.deepEqual(soldWorld().tell(...events).states, ['app revoked 2026-02-24']);
  }
  t.deepEqual(
    renewed().tell(back, order).states,
    ['app active 2026-03-24'],
    'a later period is paid by another charge',
  );
});

test('of an order with two subscriptions, the first invoice of one is a part, which revokes nothing', (t) => {
  const sale = ordered('2026-01-10', { items: [app(), plus()] });
  const second = { id: 8, item: plus() };
  const ledger = new LemonWorld().tell(
    sale,
    withItems(sale, [app(), plus()]),
    stated('created', '2026-01-10', { renews: '2026-02-10' }),
    stated('created', '2026-01-10', { ...second, renews: '2026-02-10' }),
    billed('2026-01-10', { id: 71, reason: 'initial' }),
    billed('2026-01-10', { id: 81, reason: 'initial', subscription: 8 }),
  );
  const both = ['app active 2026-02-24', 'plus active 2026-02-24'];
  t.deepEqual(ledger.states, both);
  ledger.tell(
    billed('2026-01-12', { id: 71, reason: 'initial', status: 'refunded', refunded: 2000 }, 'refunded'),
  );
  t.deepEqual(ledger.states, both);
  t.deepEqual(ledger.flagKinds, ['partial-refund']);
});

test('an invoice of zero gives access and is no payment', (t) => {
  const paid = bodiesOf(billed('2026-02-10', { total: 0 })).find(({ kind }) => kind === 'paid');
  t.like(paid, { free: true });
  t.is(
    bodiesOf(billed('2026-02-10')).some((body) => body.kind === 'paid' && body.free === true),
    false,
  );
});

test('an invoice that is pending is no payment and no failure; void and unknown ones are noted', (t) => {
  t.deepEqual(bodiesOf(billed('2026-02-10', { status: 'pending' })), []);
  t.deepEqual(soldWorld().tell(billed('2026-02-10', { status: 'void' })).flags, []);
  const unknown = soldWorld().tell(billed('2026-02-10', { status: 'odd' }));
  t.deepEqual([unknown.states, unknown.flagKinds], [['app active 2026-02-24'], ['unclear']]);
});

test('an unknown reason of a paid invoice is flagged, and pays', (t) => {
  const ledger = soldWorld().tell(
    billed('2026-02-10', { reason: 'gift' }),
    stated('updated', '2026-02-10', { renews: '2026-03-10' }),
  );
  t.deepEqual([ledger.states, ledger.flagKinds], [['app active 2026-03-24'], ['unclear']]);
});

test('the refund of a change’s invoice takes the units that it paid for, and is flagged', (t) => {
  const change = { id: 9, reason: 'updated' };
  const three = stated('updated', '2026-01-12', { item: app(3), renews: '2026-02-10' });
  const ledger = soldWorld().tell(three, billed('2026-01-12', change));
  t.deepEqual([ledger.states.length, ledger.flagKinds], [3, []]);
  const refunded = { ...change, status: 'refunded', refunded: 2000 };
  ledger.tell(billed('2026-01-13', refunded, 'refunded'));
  const live = ledger.states.filter((state) => state.includes('active'));
  t.deepEqual([live, ledger.flagKinds], [['app active 2026-02-24'], ['partial-refund']]);
});

test('a refund of an invoice that does not say how much came back is flagged', (t) => {
  const ledger = soldWorld().tell(billed('2026-01-13', {}, 'refunded'));
  t.deepEqual([ledger.states, ledger.flagKinds], [['app active 2026-02-24'], ['partial-refund']]);
});

test('a change to a yearly plan shortly after a renewal pays the year, in either order', (t) => {
  const invoice = billed('2026-02-11', { reason: 'updated', total: 20_000 });
  const yearly = { item: app(1, { variant: 102 }), renews: '2027-02-11' };
  const before = stated('updated', '2026-02-11', yearly);
  const charge = billed('2026-02-11', { reason: 'updated', total: 20_000 });
  const after = stated('updated', '2026-02-11', yearly);
  t.deepEqual(renewed().tell(invoice, after).states, ['app active 2027-02-25']);
  t.deepEqual(renewed().tell(before, charge).states, ['app active 2027-02-25']);
});

test('the refund of a renewal whose date was lost takes no day of the next one', (t) => {
  const ledger = soldWorld().tell(
    billed('2026-02-10'),
    stated('updated', '2026-03-10', { renews: '2026-04-10' }),
    billed('2026-03-10'),
  );
  t.deepEqual(ledger.states, ['app active 2026-04-24']);
  ledger.tell(billed('2026-03-15', { id: 20_260_210, status: 'refunded', refunded: 2000 }, 'refunded'));
  t.deepEqual(ledger.states, ['app active 2026-04-24']);
});
