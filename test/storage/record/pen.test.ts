import { randomBytes } from 'node:crypto';
import test from 'ava';
import { Adder, checkTally, NumberCheck } from '../../../src/storage/record/check/check-pens.ts';
import { newPen, numberOf, PenCounter, sealPen } from '../../../src/storage/record/pen.ts';
import { Sealer } from '../../../src/storage/record/sealer.ts';

const SEALER = new Sealer(Buffer.alloc(32, 5));

test('a pen numbers each kind of row from 1 without gaps, above the numbers of the pen before it', (t) => {
  const counter = new PenCounter(newPen(0));
  t.deepEqual([counter.next('license'), counter.next('license'), counter.next('event')], [1, 2, 1]);
  const other = new PenCounter(newPen(3));
  t.is(other.next('license'), numberOf(3, 1));
  t.true(numberOf(1, 1) > numberOf(0, 2 ** 40 - 1));
  t.true(Number.isSafeInteger(numberOf(63, 2 ** 40 - 1)));
});

test('a tally does not depend on the order of rows, and shows replaced and deleted rows', (t) => {
  const seals = Array.from({ length: 5 }, () => randomBytes(16));
  const counter = new PenCounter(newPen(0));
  for (const seal of seals) counter.count('fact', undefined, seal);
  const replaced = randomBytes(16);
  counter.count('fact', seals[2], replaced);
  const rows = [seals[4]!, replaced, seals[0]!, seals[3]!, seals[1]!];
  const counts = counter.counts();
  const pens = [{ counts, seal: sealPen(SEALER, counts) }];
  const findings = (list: readonly Buffer[]) => {
    const adder = new Adder();
    for (const seal of list) adder.add(seal);
    return [...checkTally('fact', adder.tally, pens)].map(({ fault }) => fault);
  };
  t.deepEqual(findings(rows), []);
  t.deepEqual(findings(rows.slice(1)), ['4 found, and 5 were written']);
  t.deepEqual(findings([...rows.slice(1), randomBytes(16)]), ['one was edited']);
});

test('missing, duplicate and unknown numbers are found, over several pens', (t) => {
  const pens = [2, 0, 3].map((licenses, pen) => {
    const counts = { ...newPen(pen), numbers: { ...newPen(pen).numbers, license: licenses } };
    return { counts, seal: sealPen(SEALER, counts) };
  });
  const faults = (numbers: readonly number[]) => {
    const check = new NumberCheck('license', pens);
    return [...numbers.flatMap((number) => [...check.see(number)]), ...check.end()].map(({ fault }) => fault);
  };
  const all = [1, 2, numberOf(2, 1), numberOf(2, 2), numberOf(2, 3)];
  t.deepEqual(faults(all), []);
  for (const [place] of all.entries())
    t.deepEqual(faults(all.toSpliced(place, 1)), ['1 missing: Mintmark deletes none']);
  for (const [place, more] of [
    [0, 0],
    [2, 3],
    [2, numberOf(1, 1)],
    [5, numberOf(2, 4)],
  ] as const) {
    t.deepEqual(
      faults(all.toSpliced(place, 0, more)),
      ['one has a number that Mintmark did not give'],
      String(more),
    );
  }
  t.deepEqual(faults([]), ['2 missing: Mintmark deletes none', '3 missing: Mintmark deletes none']);
});
