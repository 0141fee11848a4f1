/** Contract: long work is kept once while it runs, with how far it is and how it ended; wrong signatures are counted. */
import type { TestFn } from 'ava';
import { type BegunJob, JOBS_LISTED, SILENT_FOR } from '../../../src/domain/ports/long-job.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';
import { type MakeDatabase, openEmpty } from './database.ts';

const jobOf = (what: string): BegunJob => ({
  ...{ kind: 'erase', what, mode: 'live', person: 'Ada' },
  ...{ from: 'orders/fastspring/EXA%2F1/erase', beganAt: SOLD_AT },
});
const watcher = { run: 'mine', isAlone: false, now: SOLD_AT };

export function jobsContract(test: TestFn, makeDatabase: MakeDatabase): void {
  test('a job is kept with its progress and its end, and found by its number', async (t) => {
    const { jobs } = (await openEmpty(t, makeDatabase)).ledger;
    const { number, isNew } = await jobs.begin(jobOf('one'), watcher);
    t.true(isNew);
    t.like(await jobs.find(number), { ...jobOf('one'), number, run: 'mine', progress: { done: 0 } });
    await jobs.tell(number, { done: 3, all: 9 }, SOLD_AT + 1);
    t.like(await jobs.find(number), {
      progress: { done: 3, all: 9 },
      seenAt: SOLD_AT + 1,
      outcome: undefined,
    });
    const outcome = { isGood: false, text: 'It failed.', lines: ['why'] };
    await jobs.end(number, outcome, SOLD_AT + 2);
    const ended = await jobs.find(number);
    t.deepEqual(ended?.outcome, outcome);
    t.is(ended?.endedAt, SOLD_AT + 2);
    t.is(await jobs.find(number + 1), undefined);
  });

  test('the same work is not begun twice while it runs; begun again after it ended or fell silent', async (t) => {
    const { jobs } = (await openEmpty(t, makeDatabase)).ledger;
    const first = await jobs.begin(jobOf('one'), watcher);
    const others = await Promise.all(
      [1, 2, 3].map((run) => jobs.begin(jobOf('one'), { ...watcher, run: `other ${run}` })),
    );
    for (const other of others) t.deepEqual(other, { number: first.number, isNew: false });
    t.true((await jobs.begin(jobOf('two'), watcher)).isNew);
    const late = { ...watcher, run: 'other', now: SOLD_AT + SILENT_FOR + 1 };
    const again = await jobs.begin({ ...jobOf('one'), beganAt: late.now }, late);
    t.true(again.isNew);
    await jobs.end(again.number, { isGood: true, text: 'Done.' }, late.now);
    t.true((await jobs.begin(jobOf('one'), late)).isNew);
  });

  test('the newest jobs are listed first, and older ones are still found', async (t) => {
    const { jobs } = (await openEmpty(t, makeDatabase)).ledger;
    const oldest = await jobs.begin(jobOf('oldest'), watcher);
    for (let place = 0; place < JOBS_LISTED; place++) await jobs.begin(jobOf(`job ${place}`), watcher);
    const listed = await jobs.newest();
    t.is(listed.length, JOBS_LISTED);
    t.is(listed[0]?.what, `job ${JOBS_LISTED - 1}`);
    t.false(listed.some(({ number }) => number === oldest.number));
    await jobs.tell(oldest.number, { done: 1 }, SOLD_AT + 5);
    t.like(await jobs.find(oldest.number), { what: 'oldest', progress: { done: 1 } });
  });

  test('calls with a wrong signature add up by marketplace and kind', async (t) => {
    const { refusedCalls } = (await openEmpty(t, makeDatabase)).ledger;
    t.deepEqual(await refusedCalls.list(), []);
    const counted = (what: 'request' | 'event', calls: number, at: number) =>
      ({ marketplace: 'fastspring', what, calls, firstAt: at, lastAt: at }) as const;
    await refusedCalls.add([counted('request', 1, SOLD_AT), counted('event', 4, SOLD_AT)]);
    await refusedCalls.add([counted('event', 2, SOLD_AT + 9)]);
    const listed = [...(await refusedCalls.list())].sort((a, b) => a.calls - b.calls);
    t.deepEqual(listed, [
      counted('request', 1, SOLD_AT),
      { ...counted('event', 6, SOLD_AT), lastAt: SOLD_AT + 9 },
    ]);
  });
}
