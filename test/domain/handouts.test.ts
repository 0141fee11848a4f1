import test from 'ava';
import { Handouts } from '../../src/domain/handouts.ts';
import { orderOf } from '../kit/memory-ledger.ts';

const ORDER = orderOf();
const OTHERS = [
  orderOf({ order: '2' }),
  orderOf({ product: 'app2' }),
  orderOf({ mode: 'test' }),
  orderOf({ marketplace: 'manual' }),
];

test('a unit is out from when it was taken until it is released', (t) => {
  const handouts = new Handouts();
  t.false(handouts.isOut(ORDER, 0));
  const { release } = handouts.take(ORDER, 0);
  t.true(handouts.isOut(ORDER, 0));
  release();
  t.false(handouts.isOut(ORDER, 0));
});

test('a unit that is out is no other unit, and that of no other order', (t) => {
  const handouts = new Handouts();
  handouts.take(ORDER, 0);
  t.false(handouts.isOut(ORDER, 1));
  for (const other of OTHERS) t.false(handouts.isOut(other, 0));
});

test('a unit taken twice is out until both have let it go, and releasing twice counts once', (t) => {
  const handouts = new Handouts();
  const [one, two] = [handouts.take(ORDER, 0), handouts.take(ORDER, 0)];
  one.release();
  one.release();
  t.true(handouts.isOut(ORDER, 0));
  two.release();
  t.false(handouts.isOut(ORDER, 0));
  // A late release of what was let go long ago does not touch who has it now.
  handouts.take(ORDER, 0);
  two.release();
  t.true(handouts.isOut(ORDER, 0));
});

test('acts of one order take turns, in the order in which they came', async (t) => {
  const handouts = new Handouts();
  const steps: string[] = [];
  const act = (name: string, wait: number) =>
    handouts.oneAtATime(ORDER, async () => {
      steps.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, wait));
      steps.push(`${name} ends`);
      return name;
    });
  t.deepEqual(await Promise.all([act('a', 20), act('b', 1), act('c', 0)]), ['a', 'b', 'c']);
  t.deepEqual(steps, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('acts of different orders do not wait for each other', async (t) => {
  const handouts = new Handouts();
  let finish = () => {};
  const first = handouts.oneAtATime(ORDER, () => new Promise<void>((resolve) => (finish = resolve)));
  for (const other of OTHERS) t.is(await handouts.oneAtATime(other, async () => 'done'), 'done');
  finish();
  await first;
});

test('an act that fails is rejected, and the next one has its turn', async (t) => {
  const handouts = new Handouts();
  const fails = handouts.oneAtATime(ORDER, async () => {
    throw new Error('a fault');
  });
  const next = handouts.oneAtATime(ORDER, async () => 'done');
  await t.throwsAsync(fails, { message: 'a fault' });
  t.is(await next, 'done');
});

test('an act that comes while one that had waited runs waits for it', async (t) => {
  const handouts = new Handouts();
  const steps: string[] = [];
  const act = (name: string, then?: () => void) =>
    handouts.oneAtATime(ORDER, async () => {
      steps.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      then?.();
      await new Promise((resolve) => setImmediate(resolve));
      steps.push(`${name} ends`);
    });
  let third: Promise<void> | undefined;
  await Promise.all([act('a'), act('b', () => (third = act('c')))]);
  await third;
  t.deepEqual(steps, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});
