/** Sales of which a note alone is known, such as those whose message could not be read. */
import test from 'ava';
import type { FactBody, Subject } from '../../../src/domain/facts/fact.ts';
import { sold, tie, told } from '../../kit/telling.ts';
import { after, BEGUN, begin, openFlags, S, subscribed } from '../../kit/watched.ts';
import type { World } from '../../kit/world.ts';

const unread: FactBody = { kind: 'noted', note: 'it cannot be read', flag: true, why: 'undelivered' };
const note = (subject: Subject, body = unread) => told(BEGUN, subject, body, `unread ${subject}`);
const owedOf = ({ found }: World) =>
  found.owed.filter(({ missing }) => missing > 0).map(({ order }) => order);

test('a signed sale that cannot be read leaves an order with one unit that nobody has, and one flag', (t) => {
  const world = begin();
  after(world, BEGUN, note('order:A'), { ...note('order:A'), key: 'another item' });
  const since = note('order:A').at;
  t.deepEqual(world.found.owed, [
    { order: 'A', line: '', product: null, quantity: 1, missing: 1, since, due: null },
  ]);
  t.deepEqual(openFlags(world), [
    'noted:another item A null 2027-01-01',
    'noted:unread order:A A null 2027-01-01',
  ]);
});

test('an order that is told by its internal id or its subscription alone is owed under that name', (t) => {
  for (const [subject, order] of [
    ['order-id:I', 'I'],
    [S, S],
  ] as const) {
    const world = begin();
    after(world, BEGUN, note(subject));
    t.deepEqual(owedOf(world), [order]);
    t.deepEqual(openFlags(world), [`noted:unread ${subject} ${order} null 2027-01-01`]);
  }
});

test('nothing is owed for the note once the sale is read, or a license of the order is issued', (t) => {
  const reading = told(BEGUN, 'order:A', sold('app'));
  const served: readonly (readonly [Subject, (world: World) => unknown])[] = [
    ['order:A', (world) => after(world, BEGUN, reading)],
    ['order:A', (world) => world.ask({ order: 'A', product: 'app', line: 'app' })],
    ['order-id:I', (world) => after(world, BEGUN, told(BEGUN, 'order-id:I', tie('order:A')), reading)],
  ];
  for (const [subject, serve] of served) {
    const world = begin();
    after(world, BEGUN, note(subject));
    t.is(owedOf(world).length, 1, 'the control');
    serve(world);
    t.deepEqual(
      world.found.owed.filter(({ line }) => line === '').map(({ missing }) => missing),
      [0],
      subject,
    );
  }
});

test('a note about a charge, about a subscription that has licenses, and of another kind owes nothing', (t) => {
  const world = subscribed();
  after(world, BEGUN, note(S), note('order:B'), told(BEGUN, 'order:B', tie(S)));
  after(world, BEGUN, note('order:C', { ...unread, why: 'unclear' }));
  const { flag: _, ...silent } = unread;
  after(world, BEGUN, note('order:D', silent), told(BEGUN, 'order:E', { kind: 'voided' }, 'voided'));
  t.deepEqual(owedOf(world), []);
});
