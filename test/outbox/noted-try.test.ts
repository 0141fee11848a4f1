import test from 'ava';
import type { ClaimedAnnouncement } from '../../src/domain/ports/outbox-ledger.ts';
import { notedTry } from '../../src/outbox/noted-try.ts';

const NOW = Date.UTC(2026, 10, 21);
const claimed = (tries: number) => ({ number: 7, lease: NOW + 120_000, tries }) as ClaimedAnnouncement;
const around = { now: NOW, chance: 0.5 };

test('a failed try is due again by the schedule, the tenth is given up', (t) => {
  const tried = { outcome: 'failed', answer: '503' } as const;
  const first = notedTry(claimed(0), tried, around);
  t.is(first.outcome, 'failed');
  t.is(first.tried.next, NOW + 5000);
  t.true(first.tried.counts);
  const last = notedTry(claimed(9), tried, around);
  t.is(last.outcome, 'given-up');
  t.is(last.tried.next, undefined);
});

test('a refusal is given up at once and shows that the target works', (t) => {
  const { outcome, tried } = notedTry(claimed(0), { outcome: 'refused', answer: '550' }, around);
  t.deepEqual(
    [outcome, tried.outcome, tried.target, tried.next],
    ['given-up', 'refused', 'works', undefined],
  );
});

test('a target that fails as a whole uses up no try', (t) => {
  for (const [stop, target] of [
    [undefined, 'whole'],
    [true, 'stop'],
  ] as const) {
    const tried = { outcome: 'target failed', answer: '410', ...(stop && { stop }) } as const;
    const noted = notedTry(claimed(3), tried, around).tried;
    t.deepEqual([noted.counts, noted.target, noted.next], [false, target, NOW]);
  }
});

test('what is not to be sent any more says nothing about the target', (t) => {
  const { tried } = notedTry(claimed(0), { outcome: 'dropped', reason: 'erased' }, around);
  t.deepEqual(
    [tried.outcome, tried.answer, tried.counts, tried.target],
    ['dropped', 'erased', false, 'untried'],
  );
});

test('a failure before anything reached the target uses up a try, and says nothing about the target', (t) => {
  const { tried } = notedTry(claimed(0), { outcome: 'failed', answer: 'x', untried: true }, around);
  t.deepEqual([tried.counts, tried.target, tried.next], [true, 'untried', NOW + 5000]);
});
