import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import test from 'ava';
import { MemoryHandouts } from '../../../src/domain/ports/handouts.ts';
import { orderOf } from '../../kit/memory-ledger.ts';

const ORDER = orderOf();
const OTHERS = [
  orderOf({ order: '2' }),
  orderOf({ product: 'app2' }),
  orderOf({ mode: 'test' }),
  orderOf({ marketplace: 'manual' }),
];

test('a unit is out from take until release', async (t) => {
  const handouts = new MemoryHandouts();
  t.false((await handouts.unitsOut(ORDER)).has(0));
  const { release } = await handouts.take(ORDER, 0);
  t.true((await handouts.unitsOut(ORDER)).has(0));
  release();
  t.false((await handouts.unitsOut(ORDER)).has(0));
});

test('a unit that is out marks no other unit and no other order', async (t) => {
  const handouts = new MemoryHandouts();
  await handouts.take(ORDER, 0);
  t.false((await handouts.unitsOut(ORDER)).has(1));
  for (const other of OTHERS) t.false((await handouts.unitsOut(other)).has(0));
});

test('a unit taken twice is out until both release it, and a second release is a no-op', async (t) => {
  const handouts = new MemoryHandouts();
  const [one, two] = [await handouts.take(ORDER, 0), await handouts.take(ORDER, 0)];
  one.release();
  one.release();
  t.true((await handouts.unitsOut(ORDER)).has(0));
  two.release();
  t.false((await handouts.unitsOut(ORDER)).has(0));
  // A late second release does not affect the current holder.
  await handouts.take(ORDER, 0);
  two.release();
  t.true((await handouts.unitsOut(ORDER)).has(0));
});

test('acts of one order run one after another, in order of arrival', async (t) => {
  const handouts = new MemoryHandouts();
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
  const handouts = new MemoryHandouts();
  let finish = () => {};
  const first = handouts.oneAtATime(ORDER, () => new Promise<void>((resolve) => (finish = resolve)));
  for (const other of OTHERS) t.is(await handouts.oneAtATime(other, async () => 'done'), 'done');
  finish();
  await first;
});

test('a failed act is rejected, and the next act runs', async (t) => {
  const handouts = new MemoryHandouts();
  const fails = handouts.oneAtATime(ORDER, async () => {
    throw new Error('a fault');
  });
  const next = handouts.oneAtATime(ORDER, async () => 'done');
  await t.throwsAsync(fails, { message: 'a fault' });
  t.is(await next, 'done');
});

test('an act that arrives while a queued act runs waits for it', async (t) => {
  const handouts = new MemoryHandouts();
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

test('what an order’s turns came to is not kept once nobody waits for them', async (t) => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const handouts = new MemoryHandouts();
  const turn = async () => new WeakRef(await handouts.oneAtATime(ORDER, async () => ({})));
  const kept = { object: {} };
  const refs = [await turn(), ...(await Promise.all([turn(), turn()])), new WeakRef(kept.object)];
  // What was read in this task is not collected before its end.
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  t.deepEqual(
    refs.map((ref) => ref.deref() === undefined),
    [true, true, true, false],
  );
  t.deepEqual(kept.object, {}, 'the control');
});
