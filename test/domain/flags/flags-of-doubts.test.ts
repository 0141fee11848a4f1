/** Flags about what a marketplace says and no payment confirms, for as long as it makes a difference to a license. */
import test from 'ava';
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import { dated, sold, told } from '../../kit/telling.ts';
import { after, BEGUN, begin, openFlags, rebill, S, subscribed } from '../../kit/watched.ts';
import { at, type World } from '../../kit/world.ts';

type Doubt = NonNullable<Extract<FactBody, { kind: 'noted' }>['doubt']>;
const doubt = (what: Doubt, subject: Fact['subject'] = S, day = '2027-02-02') => ({
  ...told(day, subject, { kind: 'noted', note: 'it is so', doubt: what }, `note ${day}`),
  cause: 'event e1',
});
const overdue = told('2027-02-02', S, { kind: 'overdue' });
/** The open flags of doubts two hours after the note. */
function flagsOf(world: World, ...facts: readonly Fact[]): readonly string[] {
  after(world, '2027-02-02', ...facts);
  world.wait('2027-02-03');
  return openFlags(world).filter((flag) => flag.startsWith('doubt'));
}

test('what no payment of an overdue subscription confirms is flagged an hour later, and settled by the payment', (t) => {
  const world = subscribed();
  after(world, '2027-02-02', overdue, doubt('overdue'));
  t.deepEqual(world.flags, []);
  t.is(world.records[0]?.due, at('2027-02-02', 13));
  world.wait('2027-02-03');
  t.deepEqual(world.flags, [
    'unclear: Subscription S: it is so. No payment confirms it, so its licenses are unchanged',
  ]);
  t.deepEqual(openFlags(world), ['doubt:note 2027-02-02 A pro e1']);
  after(world, '2027-02-04', ...rebill('2027-02-04', '2027-03-01', '2'));
  t.deepEqual(world.flags, []);
});

test('it is flagged only while it makes a difference to a license of that subscription', (t) => {
  const FLAG = ['doubt:note 2027-02-02 A pro e1'];
  t.deepEqual(flagsOf(subscribed(), overdue, doubt('overdue')), FLAG, 'the control');
  t.deepEqual(flagsOf(subscribed(), doubt('overdue')), [], 'it is not overdue');
  t.deepEqual(
    flagsOf(subscribed(), overdue, doubt('overdue', 'subscription:T')),
    [],
    'of another subscription',
  );
  t.deepEqual(flagsOf(subscribed(), overdue, doubt('overdue', 'order:Z')), [], 'of no subscription');
  const noted: FactBody = { kind: 'noted', note: 'it is so' };
  t.deepEqual(flagsOf(subscribed(), overdue, told('2027-02-02', S, noted)), [], 'no doubt');
  t.deepEqual(flagsOf(subscribed(), overdue, doubt({ until: '2027-02-04' })), [], 'another doubt');
  const ended = told('2027-02-02', S, { kind: 'deactivated', on: '2027-02-02' });
  t.deepEqual(flagsOf(subscribed(), overdue, doubt('overdue'), ended), [], 'it has ended');
  const refunded = told('2027-02-02', 'order:A', { kind: 'refunded' });
  t.deepEqual(flagsOf(subscribed(), overdue, doubt('overdue'), refunded), [], 'it is revoked');
});

test('a date beyond what was paid for is flagged, of the license that the subscription covers', (t) => {
  const flagged = (until: string, ...facts: readonly Fact[]) =>
    flagsOf(subscribed(), doubt({ until }), ...facts);
  t.deepEqual(flagged('2027-03-01'), ['doubt:note 2027-02-02 A pro e1']);
  t.deepEqual(flagged('2027-02-04'), [], 'a day or two are no period');
  const swap = told('2027-01-10', S, { kind: 'resized', product: 'basic', quantity: 1, line: 'basic' });
  t.deepEqual(flagged('2027-03-01', swap), ['doubt:note 2027-02-02 subscription:S basic e1']);
  t.deepEqual(flagged('2027-03-01', ...rebill('2027-02-02', '2027-03-01', '2')), [], 'it was paid');
  const early = subscribed();
  after(early, '2027-02-02', doubt({ until: '2027-03-01' }));
  t.is(early.records[0]?.due, at('2027-02-03'), 'from a day after it');
  const undated = begin();
  after(undated, BEGUN, told(BEGUN, 'order:A', sold('unheard-of', { subscription: 'S' })));
  after(undated, '2027-01-02', told('2027-01-02', S, { kind: 'resized', product: 'pro', quantity: 1 }));
  t.is(undated.records.length, 1);
  t.deepEqual(flagsOf(undated, doubt({ until: '2027-03-01' })), [], 'no date is known');
});

test('what is told again of a dispute that was won is flagged, unless it counts', (t) => {
  const ofA = (day: string, body: FactBody) => told(day, 'order:A', body);
  const back = ofA('2027-01-10', { kind: 'charged-back' });
  const won = ofA('2027-01-15', { kind: 'dispute-won' });
  const again = (day: string, ...facts: readonly Fact[]) =>
    flagsOf(subscribed(), back, ...facts, doubt('won before', 'order:A', day));
  t.deepEqual(again('2027-01-20', won), ['doubt:note 2027-01-20 A pro e1']);
  t.deepEqual(again('2027-01-20'), [], 'it was not won');
  t.deepEqual(again('2027-01-15', won), [], 'told with the win');
  t.deepEqual(again('2027-01-12', won), [], 'told before it');
  const later = ofA('2027-01-30', { kind: 'dispute-won' });
  t.deepEqual(again('2027-01-20', won, later), [], 'won again after it');
  for (const kind of ['charged-back', 'dispute-lost'] as const) {
    t.deepEqual(again('2027-01-20', won, ofA('2027-01-20', { kind })), [], `${kind} since`);
    t.deepEqual(
      again('2027-01-20', won, { ...ofA('2027-01-15', { kind }), key: 'with it' }),
      [],
      `${kind} with the win`,
    );
  }
  t.is(
    again('2027-01-20', won, ofA('2027-01-20', { kind: 'disputed' })).length,
    1,
    'another fact does not count',
  );
  const unknown = [back, won, doubt('won before', 'order:A', '2027-01-20')].map(
    (fact): Fact => ({ ...fact, subject: 'order:Z' }),
  );
  t.deepEqual(flagsOf(subscribed(), ...unknown), [], 'an order of which nothing is known');
  const world = subscribed();
  after(world, '2027-02-02', back, won, doubt('won before', 'order:A', '2027-01-20'));
  t.deepEqual(world.flags, [
    'unclear: Order A: it is so, was told again after the dispute was won: nothing was changed, so see whether it is open again',
  ]);
});

test('an overdue payment of a date that a charge pays for by then suspends nothing and is flagged until the next payment', (t) => {
  const ofDay = (day: string, due?: string) =>
    told(day, S, { kind: 'overdue', ...(due !== undefined && { due }) });
  const state = (world: World) => world.records[0]?.state;
  const world = subscribed();
  after(world, '2027-02-02', ofDay('2027-02-02', '2027-02-01'));
  t.is(state(world), 'suspended', 'it is not paid');
  after(world, '2027-02-04', ...rebill('2027-02-04', '2027-03-01', '2'));
  const again = [
    'unclear: Subscription S: the payment of 2027-02-01 is said to be overdue, but a charge pays for the period from that day on: nothing was changed, so see whether a payment is missing',
  ];
  t.deepEqual(after(world, '2027-02-10', ofDay('2027-02-10', '2027-02-01')), again);
  t.is(state(world), 'active', 'sent again after the payment');
  after(world, '2027-03-02', ofDay('2027-03-02', '2027-03-01'));
  t.is(state(world), 'suspended', 'control: of the date that is not paid');
  t.deepEqual(after(world, '2027-03-03', ...rebill('2027-03-03', '2027-04-01', '3')), []);
  t.is(state(world), 'active');
  after(world, '2027-03-10', ofDay('2027-03-10'));
  t.is(state(world), 'suspended', 'control: it names no date');

  const moved = subscribed();
  after(moved, '2027-02-04', ...rebill('2027-02-04', '2027-03-01', '2'));
  after(moved, '2027-02-05', told('2027-02-05', S, dated('2027-02-08')));
  after(moved, '2027-02-10', ofDay('2027-02-10', '2027-02-08'));
  t.is(state(moved), 'suspended', 'control: the date was moved');
  const assumed = subscribed();
  after(assumed, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2', { until: null }));
  after(assumed, '2027-02-10', ofDay('2027-02-10', '2027-02-08'));
  t.is(state(assumed), 'suspended', 'control: the end of the paid period is assumed');
});

test('the flag of an old overdue payment is the same in any order of arrival', (t) => {
  const [first, second] = [
    rebill('2027-02-01', '2027-03-01', '2'),
    rebill('2027-02-08', '2027-04-01', '3'),
  ] as const;
  const old = told('2027-02-10', S, { kind: 'overdue', due: '2027-02-01' });
  const inOrder = after(subscribed(), '2027-02-11', ...first, ...second, old);
  t.is(inOrder.length, 1);
  const world = subscribed();
  after(world, '2027-02-11', ...first, old);
  t.deepEqual(after(world, '2027-02-11', ...second), inOrder);
});
