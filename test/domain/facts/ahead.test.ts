/** Facts that are dated ahead of our clock. */
import test from 'ava';
import { sold, told } from '../../kit/telling.ts';
import { at, World } from '../../kit/world.ts';
import { BEGUN, PRODUCTS, S, subscribed } from '../subscribed.ts';

const state = (world: World) => world.records[0]?.state;

test('an event dated ahead of our clock counts from its arrival, so that what is told later can undo it', (t) => {
  const world = subscribed('pro', 1);
  world.now = at('2027-01-10');
  world.tell([told('2028-02-14', S, { kind: 'paused' })]);
  t.is(state(world), 'suspended');
  t.regex(world.history.at(-1)?.cause ?? '', /dated 2028-02-14T12:00 UTC, ahead of our clock/);
  world.now = at('2027-01-12');
  world.tell([told('2027-01-12', S, { kind: 'resumed' })]);
  t.is(state(world), 'active');
});

test('an event that may be ahead because our clock is late keeps its time', (t) => {
  const world = subscribed('pro', 1);
  world.now = at('2027-01-10') - 23 * 3_600_000;
  world.tell([told('2027-01-10', S, { kind: 'paused' })]);
  world.tell([{ ...told('2027-01-10', S, { kind: 'resumed' }), at: at('2027-01-10') - 1 }]);
  t.is(state(world), 'suspended', 'resumed before the pause');
});

test('where our clock is late, events count in the order of the marketplace’s times', (t) => {
  const world = subscribed('pro', 1);
  world.now = at('2027-01-20');
  world.tell([told('2027-01-20', S, { kind: 'overdue' })]);
  world.now = at('2027-01-02');
  world.tell([told('2027-01-21', S, { kind: 'recovered' })]);
  t.is(state(world), 'active');
  world.tell([told('2027-01-19', S, { kind: 'paused' })]);
  t.is(state(world), 'active', 'paused before it recovered');
});

test('a sale dated ahead begins when it arrives', (t) => {
  const world = new World(PRODUCTS, at(BEGUN));
  world.tell([told('2028-01-01', 'order:A', sold('pro'))]);
  t.is(world.licenses[0]?.includes('2027-02-04'), true, world.licenses[0]);
});
