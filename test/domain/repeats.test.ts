/** The same request gets the same bytes, until its license is reissued or revoked, or its own charge is returned. */
import test from 'ava';
import { licenseSubject } from '../../src/domain/facts/license-subject.ts';
import { covers, repaid, told } from '../kit/telling.ts';
import { at, type World } from '../kit/world.ts';
import { ask, askAgain, pay, S, subscribed } from './subscribed.ts';

/** Two units with a requested and paid rebill. */
function rebilled(product = 'pro', quantity = 2): World {
  const world = subscribed(product, quantity);
  pay(world, '2027-02-01', '2027-03-01', 'B', { covers: covers(product, quantity) });
  askAgain(world, '2027-02-01', 'B', product, quantity);
  return world;
}

const BOTH = 'repeated pro/0 2027-03-04, pro/1 2027-03-04';

test('a rebill answered for two units gets the same answer after the quantity was lowered', (t) => {
  const world = rebilled();
  pay(world, '2027-03-01', '2027-04-01', 'C', { covers: covers('pro', 1) });
  t.is(world.licenses[1], 'A/pro/pro/1 ended 2027-03-04');
  t.is(askAgain(world, '2027-03-02', 'B', 'pro', 2), BOTH);
  t.is(askAgain(world, '2027-03-02', 'C', 'pro', 1), 'repeated pro/0 2027-04-04');
});

test('an answered rebill gets the same answer while its license is suspended and after it ended', (t) => {
  const world = rebilled();
  world.tell([told('2027-03-02', S, { kind: 'overdue' })]);
  t.is(askAgain(world, '2027-03-02', 'B', 'pro', 2), BOTH);
  world.tell([told('2027-03-03', S, { kind: 'deactivated', on: '2027-03-03' })]);
  t.is(askAgain(world, '2027-03-05', 'B', 'pro', 2), BOTH);
});

test('a repeated rebill gets only licenses that are not revoked, or none', (t) => {
  const world = rebilled();
  const [first, second] = world.records.map(({ id }) => licenseSubject(id));
  if (first === undefined || second === undefined) return t.fail();
  world.decide(told('2027-02-10', first, { kind: 'withdrawn' }));
  t.is(askAgain(world, '2027-02-11', 'B', 'pro', 2), 'repeated pro/1 2027-03-04');
  world.decide(told('2027-02-12', second, { kind: 'withdrawn' }));
  t.is(askAgain(world, '2027-02-13', 'B', 'pro', 2), '{"outcome":"revoked"}');
});

test('a rebill whose own charge was returned gets no code any more; another charge’s request does', (t) => {
  const world = rebilled();
  world.tell([told('2027-02-10', 'order:B', { kind: 'refunded' })]);
  t.is(world.licenses[0], 'A/pro/pro/0 active 2027-02-04', 'its period was taken back');
  t.is(askAgain(world, '2027-02-11', 'B', 'pro', 2), '{"outcome":"revoked"}');
  t.is(ask(world, 'A', 'pro', 2), 'repeated pro/0 2027-02-04, pro/1 2027-02-04');
  pay(world, '2027-03-01', '2027-04-01', 'C');
  t.is(
    askAgain(world, '2027-03-01', 'B', 'pro', 2),
    '{"outcome":"revoked"}',
    'also once a later charge is paid',
  );
  t.is(askAgain(world, '2027-03-01', 'C', 'pro', 2), 'repeated pro/0 2027-04-04, pro/1 2027-04-04');
});

test('a rebill whose own charge was returned before the request gets no code either', (t) => {
  const world = subscribed('pro', 2);
  pay(world, '2027-01-31', '2027-03-01', 'B');
  world.tell([told('2027-02-02', 'order:B', { kind: 'refunded' })]);
  t.is(askAgain(world, '2027-02-02', 'B', 'pro', 2), '{"outcome":"revoked"}');
});

test('the control: a partial refund, or a reinstatement after the refund, leaves the answer unchanged', (t) => {
  const partly = rebilled();
  partly.tell([told('2027-02-10', 'order:B', repaid(5))]);
  t.is(askAgain(partly, '2027-02-11', 'B', 'pro', 2), BOTH);
  const reinstated = rebilled();
  reinstated.tell([told('2027-02-10', 'order:B', { kind: 'refunded' })]);
  for (const { id } of reinstated.records)
    reinstated.decide(told('2027-02-12', licenseSubject(id), { kind: 'reinstated' }));
  t.is(askAgain(reinstated, '2027-02-13', 'B', 'pro', 2), BOTH);
});

test('an upgrade paid by a proration stays if only the first charge is returned', (t) => {
  const world = subscribed();
  pay(world, '2027-01-10', '2027-02-01', 'P', { covers: covers('basic'), part: 'proration' });
  world.tell([told('2027-01-20', 'order-id:1', { kind: 'refunded' })]);
  t.deepEqual(world.licenses, [
    'A/pro/pro/0 revoked 2027-02-04',
    'subscription:S/basic/basic/0 active 2027-02-04',
  ]);
  pay(world, '2027-02-01', '2027-03-01', 'B', { covers: covers('basic') });
  t.is(world.licenses[1], 'subscription:S/basic/basic/0 active 2027-03-04');
});

test('a unit paid by a proration stays if only the first charge is returned, and goes with its own charge', (t) => {
  const world = subscribed();
  pay(world, '2027-01-10', '2027-02-01', 'P', { covers: covers('pro', 2), part: 'proration' });
  world.tell([told('2027-01-20', 'order-id:1', { kind: 'refunded' })]);
  t.deepEqual(world.licenses, [
    'A/pro/pro/0 revoked 2027-02-04',
    'subscription:S/pro/pro/0 active 2027-02-04',
  ]);
  world.tell([told('2027-01-21', 'order:P', { kind: 'refunded' })]);
  t.is(world.licenses[1], 'subscription:S/pro/pro/0 revoked 2027-02-04');
});

test('an upgrade and its two refunds give the same result in any order', (t) => {
  const upgrade = (world: World) =>
    pay(world, '2027-01-10', '2027-02-01', 'P', { covers: covers('basic'), part: 'proration' });
  const refund = (world: World) => world.tell([told('2027-01-20', 'order-id:1', { kind: 'refunded' })]);
  const rebill = (world: World) => pay(world, '2027-02-01', '2027-03-01', 'B', { covers: covers('basic') });
  const ends = [
    [upgrade, refund, rebill],
    [refund, rebill, upgrade],
    [rebill, upgrade, refund],
  ].map((acts) => {
    const world = subscribed();
    world.now = at('2027-02-01');
    for (const act of acts) act(world);
    return world.licenses;
  });
  t.deepEqual(ends[1], ends[0]);
  t.deepEqual(ends[2], ends[0]);
});
