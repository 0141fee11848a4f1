import test from 'ava';
import {
  afterTry,
  isBroken,
  isHalted,
  mayTry,
  newTarget,
  type OutboxTarget,
  paused,
  restEnd,
  resumed,
} from '../../../src/domain/ports/outbox-target.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = Date.UTC(2026, 10, 21);

function failing(times: number, channel: 'mail' | 'webhook' = 'webhook', at = NOW): OutboxTarget {
  let target = newTarget(channel, 'crm');
  for (let count = 0; count < times; count++) target = afterTry(target, 'failed', at, '503');
  return target;
}

test('four at a time; four failures change nothing', (t) => {
  t.is(mayTry(newTarget('webhook', 'crm'), 0, NOW), 4);
  t.is(mayTry(newTarget('webhook', 'crm'), 3, NOW), 1);
  t.is(mayTry(newTarget('webhook', 'crm'), 9, NOW), 0);
  t.is(mayTry(failing(4), 0, NOW), 4);
});

test('the fifth failure in a row rests a target for 5 minutes, further ones for longer, an hour at most', (t) => {
  const rests = [5, 6, 7, 8, 9, 30].map((times) => ((failing(times).restsUntil ?? 0) - NOW) / MINUTE);
  t.deepEqual(rests, [5, 10, 20, 40, 60, 60]);
  t.is(failing(5).reason, '503');
});

test('a resting target is tried with one, after its rest', (t) => {
  const target = failing(5);
  t.is(mayTry(target, 0, NOW + 5 * MINUTE - 1), 0);
  t.is(mayTry(target, 0, NOW + 5 * MINUTE), 1);
  t.is(mayTry(target, 1, NOW + 5 * MINUTE), 0);
});

test('a rest that a clock ahead noted is over once the clock is set back, and the seller hears of the failures', (t) => {
  const target = failing(9, 'webhook', NOW + 5 * DAY);
  t.is(target.restsUntil, NOW + 5 * DAY + 60 * MINUTE);
  t.is(mayTry(target, 0, NOW), 1);
  t.is(mayTry(failing(9), 0, NOW + 59 * MINUTE), 0, 'control: a rest of an hour is kept');
  const again = afterTry(target, 'failed', NOW, '503');
  t.is(again.restsUntil, NOW + 60 * MINUTE);
  t.true(isBroken(again, NOW + 61 * MINUTE));
});

test('a success ends the rest and the row of failures; a try that sent nothing says nothing', (t) => {
  const target = failing(7);
  const open = afterTry(target, 'works', NOW, '204');
  t.deepEqual([open.failures, open.failingSince, open.restsUntil], [0, null, null]);
  t.is(afterTry(target, 'untried', NOW, 'erased'), target);
  const fresh = newTarget('webhook', 'crm');
  t.is(afterTry(fresh, 'works', NOW, '204'), fresh, 'nothing is written for a target that works');
});

test('a target that fails as a whole rests at once, one that says stop is stopped', (t) => {
  const whole = afterTry(newTarget('mail', 'customer'), 'whole', NOW, '535');
  t.deepEqual([whole.failures, whole.restsUntil], [5, NOW + 5 * MINUTE]);
  const stopped = afterTry(newTarget('webhook', 'crm'), 'stop', NOW, '410');
  t.deepEqual([stopped.stoppedAt, stopped.restsUntil, stopped.reason], [NOW, null, '410']);
  t.is(mayTry(stopped, 0, NOW + DAY), 0);
});

test('five days of failures stop an endpoint, and never the mail', (t) => {
  for (const [channel, days, isStopped] of [
    ['webhook', 4.9, false],
    ['webhook', 5, true],
    ['mail', 9, false],
  ] as const) {
    const target = afterTry(failing(1, channel), 'failed', NOW + days * DAY, '503');
    t.is(target.stoppedAt !== null, isStopped, `${channel} ${days}`);
  }
});

test('a paused target gets nothing; resumed, it starts anew', (t) => {
  const target = paused(failing(6), NOW, 'ada: moving');
  t.is(mayTry(target, 0, NOW + DAY), 0);
  t.is(paused(target, NOW + 1, 'again'), target);
  t.deepEqual(resumed(target), newTarget('webhook', 'crm'));
});

test('a target is broken where it gets nothing for more than an hour, and no person paused it', (t) => {
  const resting = failing(5);
  const hour = NOW + 60 * MINUTE;
  t.false(isBroken(resting, hour - 1));
  t.true(isBroken(resting, hour));
  t.false(isBroken({ ...resting, restsUntil: null }, hour), 'it is tried');
  t.false(isBroken(newTarget('webhook', 'crm'), hour));
  t.false(isBroken({ ...resting, failingSince: null }, hour), 'not known since when');
  const stopped = afterTry(newTarget('webhook', 'crm'), 'stop', NOW, '410');
  t.true(isBroken(stopped, NOW), 'at once');
  t.false(isBroken(paused(stopped, NOW, 'ada: moved'), hour), 'by a person');
  t.false(isBroken(paused(resting, NOW, 'ada: moved'), hour));
});

test('a resting, stopped or paused target is halted, and no other', (t) => {
  const target = newTarget('webhook', 'crm');
  t.false(isHalted(target));
  t.false(isHalted(failing(4)));
  t.true(isHalted(failing(5)));
  t.true(isHalted(afterTry(target, 'stop', NOW, '410')));
  t.true(isHalted(paused(target, NOW, 'ada: moved')));
});

test('a success of a target that did not fail changes nothing; the longest rest is an hour from now', (t) => {
  const target = newTarget('webhook', 'crm');
  t.is(afterTry(target, 'works', NOW, ''), target);
  t.like(afterTry(failing(1), 'works', NOW, ''), { failures: 0, failingSince: null });
  t.like(afterTry({ ...target, restsUntil: NOW }, 'works', NOW, ''), { restsUntil: null });
  const hour = NOW + 60 * MINUTE;
  t.is(restEnd({ restsUntil: hour }, NOW), hour);
  t.is(restEnd({ restsUntil: hour + 1 }, NOW), NOW, 'noted by a clock that was ahead');
  t.is(restEnd({ restsUntil: null }, NOW), null);
});
