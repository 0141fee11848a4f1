/** Events that state different quantities of one line. */
import test from 'ava';
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import { notesOf, notesOfUnits } from '../../../src/domain/flags/stated-units.ts';
import { awaitedSale } from '../../../src/domain/sales/awaited-lines.ts';
import { covers, paid, sold, tie, told } from '../../kit/telling.ts';
import { BEGUN, begin, openFlags, S } from '../../kit/watched.ts';
import { at } from '../../kit/world.ts';

const NEXT = '2027-01-02';
const LAST = '2027-01-03';
const sale = (quantity: number, day = BEGUN, more = {}) =>
  told(day, 'order:A', sold('app', { quantity, ...more }), 'sold:A:app');

/** Each fact in an event of its own; the open flags about differing statements. */
function flagged(...facts: readonly Fact[]): readonly string[] {
  const world = begin();
  world.now = at('2027-01-04');
  for (const fact of facts) world.tell([fact]);
  return world.flags.filter((flag) => flag.startsWith('differs'));
}

/** Without the licenses that there are, which depend on the order of arrival. */
function differences(...facts: readonly Fact[]): readonly string[] {
  return flagged(...facts).map((flag) => flag.replace(/, and \d+ have licenses: .*/, ''));
}

function orders<T>(list: readonly T[]): readonly T[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((first, place) =>
    orders(list.filter((_, other) => other !== place)).map((rest) => [first, ...rest]),
  );
}

test('an event with another quantity than an earlier one of its order is flagged with both, in any order of arrival', (t) => {
  for (const facts of orders([sale(2), sale(3, NEXT), sale(2, LAST)])) {
    t.deepEqual(differences(...facts), ['differs: Order A, app: events state 2 and 3 units: 2 count']);
  }
  for (const facts of orders([sale(2), sale(3, NEXT), sale(5, LAST)])) {
    t.deepEqual(differences(...facts), ['differs: Order A, app: events state 2 and 3 and 5 units: 2 count']);
  }
});

test('the flag says how many have licenses where the larger quantity came first, and does not count', (t) => {
  const told = '2 count, and 3 have licenses: nothing was revoked';
  t.deepEqual(flagged(sale(3, NEXT), sale(2)), [
    `differs: Order A, app: events state 2 and 3 units: ${told}`,
  ]);
});

test('the flag names order, product and the later event, and stays when the events are repeated', (t) => {
  const world = begin();
  world.now = at(LAST);
  for (const fact of [sale(2), sale(3, NEXT), sale(2), sale(3, NEXT)]) world.tell([fact]);
  t.deepEqual(openFlags(world), [`units:A:app:2,3 A app ${NEXT}`]);
  world.settle('units:A:app:2,3', 'ada: two were paid for');
  world.tell([sale(3, NEXT)]);
  t.deepEqual(openFlags(world), []);
  world.tell([sale(4, LAST)]);
  t.deepEqual(openFlags(world), [`units:A:app:2,3,4 A app ${LAST}`], 'a third number is news');
});

test('a payment of an order, or of a charge, with another quantity than before is flagged', (t) => {
  const confirmed = (quantity: number, day: string): Fact =>
    told(day, 'order:A', { kind: 'confirmed', quantity, line: '47', product: 'app' }, 'confirmed:A');
  t.deepEqual(differences(confirmed(2, BEGUN), confirmed(3, NEXT)), [
    'differs: Order A, app: events state 2 and 3 units: 2 count',
  ]);
  const charge = (quantity: number, day: string): Fact =>
    told(day, S, paid('2027-02-01', { charge: 'order-id:7', covers: covers('pro', quantity) }), 'paid:7');
  t.deepEqual(differences(told(BEGUN, 'order-id:7', tie(S)), charge(2, BEGUN), charge(3, NEXT)), [
    'differs: Order 7, pro: events state 2 and 3 units: see which of them was paid for',
  ]);
});

test('a payment that states the size of its subscription otherwise than before is flagged under its first order', (t) => {
  const renewal = (quantity: number, day: string, key = 'plan:7') =>
    told(day, S, { kind: 'resized', product: 'pro', quantity, line: '47', paidTo: null }, key);
  const first = told(BEGUN, 'order:A', sold('pro', { quantity: 2, subscription: 'S' }), 'sold:A:pro');
  for (const facts of orders([first, renewal(2, NEXT), renewal(3, LAST)])) {
    t.deepEqual(differences(...facts), [
      'differs: Order A, pro: events state 2 and 3 units: see which of them was paid for',
    ]);
  }
  t.deepEqual(differences(first, renewal(2, NEXT), renewal(3, LAST, 'plan:8')), [], 'two payments');
});

test('a sale that is told under another name of its order with another quantity is flagged', (t) => {
  const names = told(BEGUN, 'order-id:7', tie('order:A'));
  const byId = (quantity: number, key: string) => told(NEXT, 'order-id:7', sold('app', { quantity }), key);
  for (const key of ['sold:A:app', 'sold:7:app']) {
    for (const facts of orders([sale(2), names, byId(3, key)])) {
      t.deepEqual(differences(...facts), ['differs: Order A, app: events state 2 and 3 units: 2 count'], key);
    }
    t.deepEqual(differences(sale(2), names, byId(2, key)), []);
  }
});

test('what states no other quantity of the line is no difference', (t) => {
  const failed = told(NEXT, 'order:A', sold('app', { failed: true }), 'failed:A:app');
  const awaited = (day: string, body: FactBody = awaitedSale('Set the key.')) =>
    told(day, 'order:A', body, 'sold:A:app');
  const ofB = told(NEXT, 'order:B', sold('app', { quantity: 3 }), 'sold:A:app');
  const unknown = (quantity: number, day: string) =>
    told(day, 'order:A', { ...sold(null, { quantity }), line: 'mug' }, 'sold:A:mug');
  for (const facts of [
    [sale(2), sale(2, NEXT)],
    [sale(2), failed],
    [sale(2), sale(2, NEXT, { features: ['sync'] })],
    [awaited(BEGUN), sale(2, NEXT)],
    [sale(2), ofB],
    [unknown(2, BEGUN), unknown(3, NEXT)],
    [sale(2), told(NEXT, 'order:A', sold('app', { quantity: 3, line: 'app-de' }), 'sold:A:app-de')],
  ]) {
    t.deepEqual(differences(...facts), []);
  }
});

/** The notes that an event's fact leads to, where its other version is known: their keys. */
const notesFor = (fact: Fact, known: Fact | undefined) =>
  notesOfUnits([fact], () => known).map(({ key }) => key);

test('each statement of units is noted with the one that it differs from, and no other line is', (t) => {
  const both = (pro: number, basic: number) =>
    told(
      BEGUN,
      S,
      paid('2027-02-01', {
        charge: 'order-id:7',
        covers: [...covers('pro', pro), ...covers('basic', basic)],
      }),
      'paid:7',
    );
  const keys = (quantity: number) => `units:paid:7:basic:${quantity}`;
  t.deepEqual(notesFor(both(2, 3), both(2, 1)), [keys(1), keys(3)]);
  t.deepEqual(notesFor(both(2, 3), both(2, 3)), []);
  t.deepEqual(notesFor(both(2, 3), undefined), [], 'no other version is known');
  const less = told(
    BEGUN,
    S,
    paid('2027-02-01', { charge: 'order-id:7', covers: covers('pro', 2) }),
    'paid:7',
  );
  t.deepEqual(notesFor(both(2, 3), less), [], 'another line');
});

test('what states no units of a line has no notes', (t) => {
  const silent: readonly FactBody[] = [
    sold('app', { failed: true }),
    awaitedSale('Set the key.'),
    sold('app', { assumed: true }),
    paid('2027-02-01', { covers: covers('pro', 2) }),
    paid('2027-02-01', { charge: 'order:A' }),
    { kind: 'resized', product: 'pro', quantity: null, line: 'pro' },
    { kind: 'noted', note: 'x' },
    { kind: 'overdue' },
  ];
  for (const body of silent) t.deepEqual(notesOf(told(BEGUN, 'order:A', body)), [], JSON.stringify(body));
});

test('a note says in words what an event states, and keeps it for later ones', (t) => {
  const noteOf = (body: FactBody, subject: Fact['subject'] = 'order:A') =>
    notesOf(told(BEGUN, subject, body, 'k')).map((note) => [note.key, note.body]);
  const noted = (what: string, units: object) => ({
    kind: 'noted',
    note: `an event states 2 units of ${what}, and another event another number`,
    units: { of: 'k', order: 'order:A', quantity: 2, ...units },
  });
  const app = { line: 'app', product: 'app' };
  const none = { line: '', product: null };
  const [[, kept] = []] = noteOf(sold('app', { quantity: 2 }));
  t.deepEqual(noteOf(sold('app', { quantity: 2 })), [['units:k:app:2', noted('app', app)]]);
  t.deepEqual(noteOf({ kind: 'confirmed', quantity: 2, ...app }), [['units:k:app:2', noted('app', app)]]);
  t.deepEqual(noteOf({ kind: 'confirmed', quantity: 2 }), [['units:k::2', noted('the order', none)]]);
  t.deepEqual(noteOf({ kind: 'resized', quantity: 2, ...app }), [['units:k:app:2', noted('app', app)]]);
  t.deepEqual(noteOf({ kind: 'resized', quantity: 2, product: null }), [
    ['units:k::2', noted('the order', none)],
  ]);
  t.deepEqual(noteOf(paid(null, { charge: 'order:A', covers: covers('app', 2) }), S), [
    ['units:k:app:2', noted('app', app)],
  ]);
  t.deepEqual(noteOf(kept as FactBody), [['units:k:app:2', kept]]);
});

test('the flag counts the live licenses of the line alone, where they are more than count', (t) => {
  const issued = (...facts: readonly Fact[]) =>
    flagged(...facts, sale(3, NEXT), sale(2)).map((flag) => flag.replace(/^.*units: /, ''));
  t.deepEqual(issued(), ['2 count, and 3 have licenses: nothing was revoked']);
  const other = told(BEGUN, 'order:B', sold('app', { quantity: 4 }), 'sold:B:app');
  t.deepEqual(issued(other), ['2 count, and 3 have licenses: nothing was revoked']);
  t.deepEqual(issued(told(LAST, 'order:A', { kind: 'refunded' })), ['2 count'], 'they are revoked');
  const seats = (quantity: number, day: string) =>
    told(day, 'order:A', sold('team', { quantity }), 'sold:A:team');
  t.deepEqual(flagged(seats(3, NEXT), seats(2, BEGUN)), [
    'differs: Order A, team: events state 2 and 3 units: 2 count',
  ]);
});

test('the flag is of the line and of the subscription whose units differ', (t) => {
  const beside = told(BEGUN, 'order:A', sold('pro', { quantity: 7 }), 'sold:A:pro');
  const before = told(BEGUN, 'order:0', sold('app', { quantity: 3 }), 'sold:0:app');
  t.deepEqual(differences(before, beside, sale(2), sale(3, NEXT)), [
    'differs: Order A, app: events state 2 and 3 units: 2 count',
  ]);
  const first = (order: string, subscription: string) =>
    told(BEGUN, `order:${order}`, sold('pro', { quantity: 2, subscription }), `sold:${order}:pro`);
  const size = (quantity: number, day: string) =>
    told(day, S, { kind: 'resized', product: 'pro', quantity, line: '47', paidTo: null }, 'plan:7');
  t.deepEqual(differences(first('0', 'T'), first('A', 'S'), size(2, NEXT), size(3, LAST)), [
    'differs: Order A, pro: events state 2 and 3 units: see which of them was paid for',
  ]);
});
