/** Flags about subscriptions: what cannot be mapped, changes that no charge named, payments for what is over. */
import test from 'ava';
import type { FactBody } from '../../src/domain/fact.ts';
import { licenseSubject } from '../../src/domain/license-subject.ts';
import { covers, paid, told } from './telling.ts';
import { after, BEGUN, begin, rebill, S, subscribed } from './watched.ts';
import { at } from './world.ts';

test('fault 29: what is told of a known subscription and no file names is flagged', (t) => {
  const world = subscribed();
  const change: FactBody = { kind: 'resized', product: null, quantity: 10, line: 'dear' };
  t.deepEqual(after(world, BEGUN, told('2027-01-02', S, change)), [
    'unmapped: Subscription S is for dear, which no product file names: its licenses stay as they are',
  ]);
  const mixed = subscribed();
  const lines = [...covers('pro'), { line: 'else', product: null, quantity: 1 }];
  t.deepEqual(after(mixed, BEGUN, told('2027-01-02', S, paid(null, { covers: lines }))), [
    'unmapped: Subscription S is for else, which no product file names: its licenses stay as they are',
  ]);
  const nameless = subscribed();
  t.deepEqual(
    after(nameless, BEGUN, told('2027-01-02', S, { kind: 'resized', product: null, quantity: 1 })),
    ['unmapped: Subscription S is for something, which no product file names: its licenses stay as they are'],
  );
  t.deepEqual(after(begin(), BEGUN, told('2027-01-02', S, change)), [], 'a subscription of another program');
});

test('fault 71: a change whose charge does not name it is flagged, and one whose charge never comes', (t) => {
  const world = subscribed(3);
  const announced: FactBody = { kind: 'announced', product: 'pro', quantity: 1, line: 'pro' };
  t.deepEqual(after(world, '2027-01-10', told('2027-01-10', S, announced)), []);
  t.is(world.records[0]?.due, at('2027-02-04', 0), 'three days behind the next charge');
  world.wait('2027-02-03');
  t.deepEqual(world.flags, []);
  world.wait('2027-02-04');
  t.deepEqual(world.flags, [
    'unconfirmed-change: A change of subscription S was told, and no paid charge named it: its licenses stay as they were',
  ]);
  const other = subscribed(3);
  after(other, '2027-01-10', told('2027-01-10', S, announced));
  t.is(
    after(other, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2', { covers: covers('pro', 2) }))
      .length,
    1,
  );
});

test('fault 71: what is told as it is already is no change to wait for', (t) => {
  const world = subscribed(3);
  after(
    world,
    '2027-01-10',
    told('2027-01-10', S, { kind: 'announced', product: 'pro', quantity: 3, line: 'pro' }),
  );
  t.is(world.records[0]?.due, null);
  after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2', { covers: covers('pro', 2) }));
  after(
    world,
    '2027-02-10',
    told('2027-02-10', S, { kind: 'announced', product: 'pro', quantity: 2, line: 'pro' }),
  );
  t.is(world.records[0]?.due, null);
});

test('fault 31: a charge that is paid for a license that is over is flagged', (t) => {
  const world = subscribed();
  after(world, '2027-01-10', told('2027-01-10', S, { kind: 'deactivated', on: '2027-01-10' }));
  t.deepEqual(after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2')), [
    'revoked-but-paid: A charge of subscription S was paid, and its license of pro is ended',
  ]);
  const withdrawn = subscribed();
  withdrawn.decide(told('2027-01-10', licenseSubject(withdrawn.records[0]!.id), { kind: 'withdrawn' }));
  t.deepEqual(after(withdrawn, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2')), [
    'revoked-but-paid: A charge of subscription S was paid, and its license of pro is revoked',
  ]);
  const before = subscribed();
  after(before, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2'));
  t.deepEqual(
    after(before, '2027-02-10', told('2027-02-10', S, { kind: 'deactivated', on: '2027-02-10' })),
    [],
    'it was paid before',
  );
});

test('fault 63: a license that its subscription left is not paid for', (t) => {
  const world = subscribed();
  t.deepEqual(
    after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2', { covers: covers('basic') })),
    [],
  );
});
