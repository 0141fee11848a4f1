/** Codes that were mailed for a charge before anything of the subscription's first order came. */
import test from 'ava';
import type { LedgerLicense } from '../../../src/domain/changes.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import { unitKey } from '../../../src/domain/sales/line-key.ts';
import { mailedBefore } from '../../../src/domain/sales/mailed-before.ts';
import { ADOPTED, REQUEST } from '../../../src/domain/values/causes.ts';
import { readView, type SubscriptionView } from '../../../src/domain/view.ts';
import { recordOf } from '../../kit/records.ts';
import { dated, sold, told } from '../../kit/telling.ts';
import { at, type World } from '../../kit/world.ts';
import { ask, askAgain, BEGUN, begin, live, rebill, S, sale, subscribed, tell } from '../subscribed.ts';

const ASKED = { kind: 'asked', order: 'B', line: 'pro', product: 'pro', quantity: 2 } as const;

/** Mailed for the charge B; then the order A is asked for by a request that does not name its subscription. */
function mailedTwice(quantity = 1): World {
  const world = tell(begin(), rebill(quantity));
  askAgain(world, '2027-02-02', 'B', 'pro', quantity);
  ask(world, 'A', 'pro', quantity);
  return tell(world, sale(quantity), [told(BEGUN, S, dated('2027-02-01'))]);
}

test('a code that was mailed for a charge lives on beside that of the first order, and is flagged', (t) => {
  const world = mailedTwice();
  t.deepEqual(live(world), ['A/pro/pro/0 active 2027-03-04', 'subscription:S/pro/pro/0 active 2027-03-04']);
  t.true(world.flagKinds.includes('surplus'));
  t.is(askAgain(world, '2027-02-03', 'B', 'pro'), 'repeated pro/0 2027-03-04');
  t.is(ask(world, 'A', 'pro'), 'repeated pro/0 2027-03-05', 'as it was mailed');
  for (const { id } of world.records) {
    const one = mailedTwice();
    one.decide(told('2027-02-03', licenseSubject(id), { kind: 'withdrawn' }));
    t.false(one.flagKinds.includes('surplus'), 'a person revoked one of the two');
    t.is(live(one).length, 1);
  }
  const inOrder = tell(subscribed(), rebill(1));
  t.false(inOrder.flagKinds.includes('surplus'), 'the control');
});

test('codes of one unit that were mailed twice live and end together, and a further unit is issued', (t) => {
  const world = mailedTwice(2);
  tell(world, [told('2027-02-10', S, { kind: 'resized', product: 'pro', quantity: 1, line: 'pro' }, 'to 1')]);
  const states = () => world.licenses.map((license) => license.split(' ').slice(0, 2).join(' '));
  t.deepEqual(states(), [
    'subscription:S/pro/pro/0 active',
    'subscription:S/pro/pro/1 ended',
    'A/pro/pro/0 active',
    'A/pro/pro/1 ended',
  ]);
  tell(world, [told('2027-02-11', S, { kind: 'resized', product: 'pro', quantity: 3, line: 'pro' }, 'to 3')]);
  t.deepEqual(states().slice(4), ['subscription:S//pro/0 active']);
  t.is(live(world).length, 5);
});

test('a further unit that was mailed is none of the first order, also where the order was issued again', (t) => {
  const world = subscribed();
  tell(world, rebill(2));
  askAgain(world, '2027-02-02', 'B', 'pro', 2);
  const { id } = world.records[0]!;
  world.reissue(id, told('2027-02-03', licenseSubject(id), { kind: 'withdrawn' }));
  tell(world, [told('2027-02-10', S, { kind: 'resized', product: 'pro', quantity: 1, line: 'pro' }, 'to 1')]);
  t.deepEqual(
    world.records.map(({ order, state }) => `${order} ${state}`),
    ['A revoked', 'subscription:S ended', 'A active'],
  );
  t.false(world.flagKinds.includes('surplus'));
});

/** The charge B for two units, the first order's request and its event, and then the request for B. */
function chargedFirst(): World {
  const world = tell(begin(), rebill(2));
  world.now = at('2027-02-03');
  ask(world, 'A', 'pro', 1);
  world.tell(sale(1));
  return world;
}

test('a unit that a charge brought about before the first order, and that was mailed after it, is a unit beside it', (t) => {
  const world = chargedFirst();
  t.is(askAgain(world, '2027-02-04', 'B', 'pro', 2), 'repeated pro/0 2027-03-04, pro/0 2027-03-04');
  world.now = at('2027-02-05');
  world.tell([told('2027-02-05', S, dated('2027-03-01'))]);
  t.deepEqual(live(world), ['A/pro/pro/0 active 2027-03-04', 'subscription:S/pro/pro/0 active 2027-03-04']);
  t.false(world.flagKinds.includes('surplus'));
});

test('control: a code that the marketplace held already was mailed before the first order, whenever it is asked for', (t) => {
  const world = chargedFirst();
  const records = world.found.licenses.map((one) =>
    one.order === S ? { ...one, cause: `${one.cause}${ADOPTED}`, handed: one.revision } : one,
  );
  const facts = [...world.found.facts, told('2027-02-04', S, ASKED)];
  const subscription = readView(facts, records).subscriptions.get('S')!;
  const before = (licenses: typeof records) => mailedBefore(subscription, licenses, licenses).size;
  t.is(before(records), 1);
  t.is(before(records.map((one) => ({ ...one, cause: REQUEST }))), 1, 'a request brought it about');
  t.is(before(records.map((one) => ({ ...one, cause: 'charge' }))), 0, 'the charge did');
});

test('an order that is linked after a charge was mailed has the units that were mailed', (t) => {
  const world = tell(begin(), rebill(1), [told(BEGUN, 'order:A', sold('pro'))]);
  askAgain(world, '2027-02-02', 'B', 'pro');
  tell(world, [told(BEGUN, 'order:A', { kind: 'linked', subscription: 'S', line: 'pro' })]);
  t.deepEqual(live(world), ['subscription:S/pro/pro/0 active 2027-03-04']);
  t.is(ask(world, 'A', 'pro'), 'repeated pro/0 2027-03-04');
  t.is(live(world).length, 1);
});

test('a unit was mailed before that of the first order if both were mailed, are of one product, and it came first', (t) => {
  const view = { id: 'S', ownLines: [{ order: 'A' }], facts: [] } as unknown as SubscriptionView;
  const brought = recordOf({ order: 'subscription:S', handed: 0 });
  const own = (more: Partial<LedgerLicense> = {}) => recordOf({ handed: 0, ...more });
  const same = (...licenses: readonly LedgerLicense[]) => mailedBefore(view, licenses, licenses).size;
  t.deepEqual(
    [...mailedBefore(view, [brought, own()], [brought, own()])],
    [[unitKey(brought), unitKey(own())]],
  );
  t.is(same(own(), brought), 0, 'it came later');
  t.is(same(brought, own({ handed: null })), 0);
  t.is(same({ ...brought, handed: null }, own()), 0);
  t.is(same(brought, own({ product: 'basic' })), 0);
  t.is(same(brought, own({ order: 'B' })), 0, 'of another order');
});
