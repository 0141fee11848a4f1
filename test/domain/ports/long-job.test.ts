import test from 'ava';
import {
  type JobKind,
  type LongJob,
  leftUndone,
  SILENT_FOR,
  stateOfJob,
} from '../../../src/domain/ports/long-job.ts';

const BEGAN = 1_000_000;

const jobOf = (more: Partial<LongJob> = {}): LongJob => ({
  ...{ number: 1, kind: 'erase', what: 'Erase', mode: 'live', person: 'Ada', from: 'orders', run: 'mine' },
  ...{ beganAt: BEGAN, seenAt: BEGAN, progress: { done: 0 }, endedAt: undefined, outcome: undefined },
  ...more,
});
const watcher = { run: 'mine', isAlone: true, now: BEGAN };

test('a job that another process began is interrupted at once where no other process can run it', (t) => {
  t.is(stateOfJob(jobOf(), watcher), 'runs');
  t.is(stateOfJob(jobOf({ run: 'before' }), watcher), 'interrupted');
  t.is(stateOfJob(jobOf({ run: 'before', outcome: { isGood: true, text: 'Done.' } }), watcher), 'ended');
});

test('beside other instances a job is interrupted once nothing was told of it for a minute', (t) => {
  const other = jobOf({ run: 'other' });
  const seen = (now: number) => stateOfJob(other, { ...watcher, isAlone: false, now });
  t.is(seen(BEGAN + SILENT_FOR), 'runs');
  t.is(seen(BEGAN + SILENT_FOR + 1), 'interrupted');
});

test('half done is what was interrupted and not begun again; a check and a backup leave no half', (t) => {
  const lost = (what: string, number: number, kind: JobKind = 'erase') =>
    jobOf({ what, number, kind, run: 'before' });
  const again = jobOf({ what: 'Erase one', number: 9 });
  const jobs = [again, lost('Check', 4, 'check'), lost('Back up', 3, 'backup'), lost('Erase two', 2)];
  t.deepEqual(
    leftUndone([...jobs, lost('Erase one', 1)], watcher).map(({ what }) => what),
    ['Erase two'],
  );
  t.is(leftUndone([lost('Erase one', 1)], watcher).length, 1, 'the control');
});
