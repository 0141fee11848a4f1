/** Flags about returned money of which nobody told the charge, and about disputes of a part. */
import test from 'ava';
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import { charged, paid, repaid, sold, tie, told } from '../../kit/telling.ts';
import { after, BEGUN, begin, openFlags, rebill, S, subscribed } from '../../kit/watched.ts';
import { at, type World } from '../../kit/world.ts';

const HOUR = 3_600_000;
const RETURNED = '2027-01-20';

/** A return that names the subscription of its charge, order-id:7, which no event told. */
const unheard = (...bodies: readonly FactBody[]): readonly Fact[] => [
  told(RETURNED, 'order-id:7', { ...tie(S), unsold: true }, 'names'),
  ...bodies.map((body, place) => told(RETURNED, 'order-id:7', body, `return ${place}`)),
];
const reasonsOf = (world: World) => world.flags.filter((flag) => flag.startsWith('unclear:'));

/** The flags an hour after the return, once time is settled. */
function flagged(world: World, ...facts: readonly Fact[]): readonly string[] {
  after(world, RETURNED, ...facts);
  world.wait('2027-01-21');
  return reasonsOf(world);
}
const said = (back: string) =>
  `unclear: Order 7 of subscription S: ${back} was returned, and no event reports the charge, so see until when its licenses are paid`;

test('money of a charge that no event reports is flagged with subscription, order and amount, an hour after the return', (t) => {
  const world = subscribed();
  world.now = at(RETURNED);
  world.tell(unheard(repaid(5)));
  t.deepEqual(reasonsOf(world), [], 'the charge may be told later');
  t.is(world.records[0]?.due, at(RETURNED) + HOUR);
  world.wait('2027-01-21');
  t.deepEqual(reasonsOf(world), [said('5.00 EUR')]);
  t.deepEqual(openFlags(world), [`doubt:unheard:S:7 7 pro ${RETURNED}`]);
  t.deepEqual(flagged(subscribed(), ...unheard(repaid(5, { total: 10 }), repaid(2))), [
    said('5.00 EUR and 2.00 EUR of 10.00 EUR'),
  ]);
  t.deepEqual(flagged(subscribed(), ...unheard(repaid(null))), [said('An unstated amount')]);
});

test('it is not flagged for tax alone, without a license, where a charge is told, or where no return names it', (t) => {
  t.deepEqual(flagged(subscribed(), ...unheard(repaid(2, { tax: true }))), []);
  t.deepEqual(flagged(subscribed(), ...unheard()), [], 'nothing was returned');
  t.deepEqual(flagged(begin(), ...unheard(repaid(5))), [], 'no license follows the subscription');
  const heard = subscribed();
  after(heard, '2027-01-19', ...rebill('2027-01-19', '2027-03-01', '7'));
  t.deepEqual(flagged(heard, ...unheard(repaid(5))), [], 'its charge was told');
  const other = subscribed();
  after(other, '2027-01-19', ...rebill('2027-01-19', '2027-03-01', '8'));
  after(other, '2027-01-19', told('2027-01-19', S, paid(null), 'without a name'));
  t.deepEqual(flagged(other, ...unheard(repaid(5))), [said('5.00 EUR')], 'another charge was told');
  const named = [told(RETURNED, 'order-id:7', tie(S)), told(RETURNED, 'order-id:7', repaid(5))];
  t.deepEqual(flagged(subscribed(), ...named), [], 'the control: an event of the charge names it');
});

test('the flag settles by itself once the charge is told', (t) => {
  const world = subscribed();
  t.is(flagged(world, ...unheard(repaid(5))).length, 1);
  after(world, '2027-01-22', ...rebill('2027-01-19', '2027-03-01', '7'));
  t.deepEqual(reasonsOf(world), []);
});

/** Order A of pro came to 100 EUR. */
function sale(): World {
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app' });
  after(world, BEGUN, told(BEGUN, 'order:A', sold('app')), told(BEGUN, 'order:A', charged(100)));
  return world;
}
const DISPUTED = '2027-01-05';
const dispute = (body: FactBody, day = DISPUTED) => told(day, 'order:A', body, `${body.kind} ${day}`);
const chargeback: FactBody = { kind: 'charged-back', amount: 1, currency: 'EUR' };
const lost: FactBody = { kind: 'dispute-lost', amount: 1, currency: 'EUR' };

test('a dispute of less than its charge changes nothing and is flagged with both amounts', (t) => {
  const flags = (...facts: readonly Fact[]) => {
    const world = sale();
    after(world, DISPUTED, ...facts);
    t.deepEqual(world.licenses, ['A/app/app/0 active perpetual']);
    return reasonsOf(world);
  };
  const of = (what: string, amount = '1.00 EUR') =>
    `unclear: Order A: ${what} of ${amount} of 100.00 EUR does not say which license it is of: nothing was changed`;
  t.deepEqual(flags(dispute(chargeback)), [of('a chargeback')]);
  t.deepEqual(flags(dispute(lost)), [of('a lost chargeback')]);
  t.deepEqual(flags(dispute({ ...lost, currency: 'USD' })), [of('a lost chargeback', '1.00 USD')]);
  const open = sale();
  after(open, DISPUTED, dispute({ kind: 'disputed' }));
  t.deepEqual(reasonsOf(open), [], 'an open dispute holds the license');
  const elsewhere = told(DISPUTED, 'order:B', chargeback);
  t.deepEqual(
    flags(elsewhere, told(DISPUTED, 'order:B', charged(100))),
    [],
    'of an order of another program',
  );
});

test('the flag of a dispute of a part settles once the dispute is won, or the charge is returned', (t) => {
  const world = sale();
  after(world, DISPUTED, dispute(chargeback));
  t.deepEqual(openFlags(world), [`doubt:charged-back ${DISPUTED} A app ${DISPUTED}`]);
  after(world, '2027-01-04', dispute({ kind: 'dispute-won' }, '2027-01-04'));
  t.is(reasonsOf(world).length, 1, 'won before');
  after(world, '2027-01-06', dispute({ kind: 'dispute-won' }, '2027-01-06'));
  t.deepEqual(reasonsOf(world), []);
  const same = sale();
  after(same, DISPUTED, dispute(chargeback), dispute({ kind: 'dispute-won' }));
  t.deepEqual(reasonsOf(same), [], 'won at the same time');
  const returned = sale();
  after(returned, DISPUTED, dispute(chargeback));
  after(returned, '2027-01-06', dispute({ kind: 'refunded' }, '2027-01-06'));
  t.deepEqual(reasonsOf(returned), []);
});
