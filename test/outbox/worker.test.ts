import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { Announcement } from '../../src/domain/values/announcement.ts';
import { AppError } from '../../src/errors.ts';
import type { Tried } from '../../src/outbox/channel.ts';
import { openLedger } from '../kit/ledger-file.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';
import { channelOf, FAILED, ping, SENT, workerOn } from '../kit/outbox.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Waits until it holds; fails the test after 10 seconds. */
async function until(t: ExecutionContext, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if (await holds()) return;
    await wait(10);
  }
  t.fail('it never came');
}

test('what is due is sent and noted, once', async (t) => {
  const { ledger } = openLedger(t);
  const channel = channelOf();
  const { worker } = workerOn(ledger, channel);
  await ledger.outbox.announce(
    [...'abcdefghijklm'].map((key) => ping(key)),
    SOLD_AT,
  );
  t.deepEqual(await worker.runOnce(), { sent: 13, held: 0 });
  t.deepEqual(await worker.runOnce(), { sent: 13, held: 0 });
  t.is(new Set(channel.ids).size, 13);
  t.is((await ledger.outbox.list({ state: 'sent', limit: 99 })).length, 13);
});

test('ten tries on the schedule, then given up, all with one id, and said in the log', async (t) => {
  const { ledger } = openLedger(t);
  const channel = channelOf(() => FAILED);
  const { worker, clock, lines } = workerOn(ledger, channel);
  await ledger.outbox.announce([ping('a')], SOLD_AT);
  const at: number[] = [];
  for (;;) {
    const next = await ledger.outbox.nextDue(['webhook'], clock.now);
    if (next === undefined) break;
    clock.now = Math.max(clock.now, next);
    at.push((clock.now - SOLD_AT) / 1000);
    await worker.runOnce();
  }
  const hours = [2, 5, 10, 14, 20, 24].map((hour) => hour * 3600);
  const waits = [0, 5, 300, 1800, ...hours];
  t.deepEqual(
    at,
    waits.map((_, place) => waits.slice(0, place + 1).reduce((sum, each) => sum + each)),
  );
  t.is(new Set(channel.ids).size, 1);
  const [given] = await ledger.outbox.list({ limit: 1 });
  t.deepEqual([given?.state, given?.tries, given?.reason], ['given-up', 10, '503']);
  t.is(lines.filter(({ outcome }) => outcome === 'given-up').length, 1);
});

test('a target that fails stops only itself', async (t) => {
  const { ledger } = openLedger(t);
  const channel = channelOf((target) => (target === 'crm' ? FAILED : SENT));
  const { worker, clock } = workerOn(ledger, channel);
  const keys = [...'abcdefghijklmnopqrst'];
  await ledger.outbox.announce(
    keys.flatMap((key) => [ping(key), ping(key, 'shop')]),
    SOLD_AT,
  );
  await worker.runOnce();
  t.is(channel.sent.filter((each) => each.startsWith('shop')).length, 20);
  const tried = channel.sent.filter((each) => each.startsWith('crm')).length;
  t.true(tried >= 5 && tried <= 8, `${tried} tries until it rests`);
  const untried = await ledger.outbox.list({ state: 'waiting', target: 'crm', limit: 99 });
  t.is(untried.filter(({ tries }) => tries === 0).length, 20 - tried, 'who waits uses up no try');
  clock.now += 2 * HOUR;
  await worker.runOnce();
  t.is(channel.sent.filter((each) => each.startsWith('crm')).length, tried + 1, 'one at a time');
});

test('a target that works again gets all that waited, none of it lost', async (t) => {
  const { ledger } = openLedger(t);
  let isUp = false;
  const channel = channelOf(() => (isUp ? SENT : FAILED));
  const { worker, clock } = workerOn(ledger, channel);
  await ledger.outbox.announce(
    [...'abcdefghijklmnopqrst'].map((key) => ping(key)),
    SOLD_AT,
  );
  await worker.runOnce();
  isUp = true;
  clock.now += 2 * HOUR;
  await worker.runOnce();
  clock.now += 24 * HOUR;
  await worker.runOnce();
  t.is((await ledger.outbox.list({ state: 'sent', limit: 99 })).length, 20);
});

test('a target that fails as a whole burns no try of any announcement', async (t) => {
  const { ledger } = openLedger(t);
  const channel = channelOf(() => ({ outcome: 'target failed', answer: '535 log-in refused' }));
  const { worker, clock } = workerOn(ledger, channel);
  await ledger.outbox.announce([ping('a'), ping('b')], SOLD_AT);
  for (let hour = 0; hour < 50; hour++) {
    await worker.runOnce();
    clock.now += HOUR;
  }
  const waiting = await ledger.outbox.list({ state: 'waiting', limit: 9 });
  t.deepEqual(
    waiting.map(({ tries }) => tries),
    [0, 0],
  );
  t.true(
    channel.sent.includes('crm a') && channel.sent.includes('crm b'),
    'each is the one tried in its turn',
  );
  const [target] = await ledger.outbox.targets();
  t.is(target?.reason, '535 log-in refused');
});

test('a target that says stop, and an endpoint that fails for five days, get nothing more until resumed', async (t) => {
  for (const answer of [{ outcome: 'target failed', answer: '410', stop: true }, FAILED] satisfies Tried[]) {
    const { ledger } = openLedger(t);
    const channel = channelOf(() => answer);
    const { worker, clock } = workerOn(ledger, channel);
    for (let hour = 0; hour < 150; hour += 6) {
      await ledger.outbox.announce([ping(`${hour}`)], clock.now);
      await worker.runOnce();
      clock.now += 6 * HOUR;
    }
    const [target] = await ledger.outbox.targets();
    t.not(target?.stoppedAt, null);
    const tried = channel.sent.length;
    await worker.runOnce();
    t.is(channel.sent.length, tried);
    t.true(await ledger.outbox.resume('webhook', 'crm', clock.now));
    await ledger.outbox.announce([ping('new')], clock.now);
    await worker.runOnce();
    t.true(channel.sent.length > tried);
  }
});

test('what is overdue by more than a day at a start is held and not sent', async (t) => {
  const { ledger } = openLedger(t);
  const channel = channelOf();
  const { worker, lines } = workerOn(ledger, channel, { clock: { now: SOLD_AT + 25 * HOUR } });
  await ledger.outbox.announce([ping('a')], SOLD_AT);
  await ledger.outbox.announce([ping('b')], SOLD_AT + 2 * HOUR);
  t.deepEqual(await worker.runOnce(), { sent: 1, held: 1 });
  t.deepEqual(channel.sent, ['crm b']);
  t.is(lines.filter(({ held }) => held === 1).length, 1);
});

test('an act that wrote an announcement wakes the worker, and so does the time of the next try', async (t) => {
  let worker: ReturnType<typeof workerOn>['worker'] | undefined;
  const { connection } = openLedger(t);
  const { SqliteLedger } = await import('../../src/storage/sqlite/sqlite-ledger.ts');
  const { ID_SECRET } = await import('../kit/minting.ts');
  const ledger = new SqliteLedger(connection, { idSecret: ID_SECRET, onAnnounced: () => worker?.wake() });
  const answers: Tried[] = [FAILED, SENT];
  const channel = channelOf(() => answers.shift() ?? SENT);
  ({ worker } = workerOn(ledger, channel, { now: Date.now }));
  await worker.start();
  t.teardown(() => worker?.stop());
  await wait(50);
  const started = performance.now();
  await ledger.outbox.announce([ping('a')], Date.now());
  await until(t, () => channel.sent.length === 1);
  // The poll is after ten seconds.
  t.true(performance.now() - started < 8000, 'it does not wait for the poll');
  await until(t, () => channel.sent.length === 2);
  t.true(performance.now() - started >= 4500);
});

test('a stop lets a try under way finish; a try that the stop ended is given back and does not count', async (t) => {
  const { ledger } = openLedger(t);
  const channel = channelOf(
    (target, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(target === 'shop' ? SENT : FAILED));
      }),
  );
  const { worker, clock } = workerOn(ledger, channel);
  await ledger.outbox.announce([ping('a'), ping('b', 'shop')], SOLD_AT);
  await worker.start();
  await until(t, () => channel.sent.length === 2);
  await worker.stop();
  const states = await ledger.outbox.list({ limit: 9 });
  t.deepEqual(
    states.map(({ target, state, tries, lease }) => [target, state, tries, lease]),
    [
      ['shop', 'sent', 1, null],
      ['crm', 'waiting', 0, null],
    ],
  );
  const next = workerOn(ledger, channelOf(), { clock }).worker;
  t.deepEqual(await next.runOnce(), { sent: 1, held: 0 });
});

test('a channel that throws is a failed try with an answer, and the error is in the log', async (t) => {
  const { ledger } = openLedger(t);
  const channel = channelOf(() => {
    throw new Error('a fault');
  });
  const { worker, lines } = workerOn(ledger, channel);
  await ledger.outbox.announce([ping('a')], SOLD_AT);
  t.deepEqual(await worker.runOnce(), { failed: 1, held: 0 });
  t.true(lines.some(({ level, err }) => level === 50 && JSON.stringify(err).includes('a fault')));
});

test('a clock that is set back delays what waits and loses nothing; what is new goes out at once, each once', async (t) => {
  const { ledger } = openLedger(t);
  const answers: Tried[] = [FAILED];
  const channel = channelOf(() => answers.pop() ?? SENT);
  const { worker, clock } = workerOn(ledger, channel);
  await ledger.outbox.announce([ping('before')], clock.now);
  await worker.runOnce();
  await ledger.outbox.announce([ping('waits')], clock.now);
  clock.now -= HOUR;
  await ledger.outbox.announce([ping('new')], clock.now);
  await worker.runOnce();
  t.deepEqual(channel.sent, ['crm before', 'crm new']);
  clock.now += HOUR + MINUTE;
  await worker.runOnce();
  t.deepEqual(channel.sent.slice(2).sort(), ['crm before', 'crm waits']);
  t.is((await ledger.outbox.list({ state: 'sent', limit: 9 })).length, 3);
});

test('an instance that stood still between its claim and the try gives the announcement back untried', async (t) => {
  const { ledger } = openLedger(t);
  const channel = channelOf();
  const clock = { now: SOLD_AT };
  const seen: number[] = [];
  const outbox = {
    ...ledger.outbox,
    claim: async (query: Parameters<typeof ledger.outbox.claim>[0]) => {
      const claimed = await ledger.outbox.claim(query);
      seen.push(claimed.length);
      if (seen.length === 1) clock.now += 2 * MINUTE - 1;
      return claimed;
    },
  };
  const { worker } = workerOn({ outbox }, channel, { clock });
  await ledger.outbox.announce([ping('a')], clock.now);
  await worker.start();
  await until(t, () => channel.sent.length > 0);
  await worker.stop();
  t.deepEqual(channel.sent, ['crm a']);
  t.deepEqual(
    seen.filter((claimed) => claimed > 0),
    [1, 1],
    'it was claimed anew',
  );
  t.is((await ledger.outbox.show(1))?.tries.length, 1);
});

test('a target that rested by a clock that was days ahead is tried once the clock is set back', async (t) => {
  const { ledger } = openLedger(t);
  const answers: Tried[] = [FAILED, FAILED, FAILED, FAILED, FAILED];
  const channel = channelOf(() => answers.pop() ?? SENT);
  const { worker, clock } = workerOn(ledger, channel);
  const right = clock.now;
  clock.now += 4 * 24 * HOUR;
  await ledger.outbox.announce(
    [...'abcde'].map((key) => ping(key)),
    clock.now,
  );
  await worker.runOnce();
  t.is((await ledger.outbox.targets())[0]?.failures, 5);
  clock.now = right;
  await ledger.outbox.announce([ping('new')], clock.now);
  t.like(await worker.runOnce(), { sent: 1 });
  t.is(channel.sent.at(-1), 'crm new');
});

test('two workers on one ledger send each announcement once', async (t) => {
  const { ledger } = openLedger(t);
  const channel = channelOf(() => wait(2).then(() => SENT));
  const [one, two] = [workerOn(ledger, channel).worker, workerOn(ledger, channel).worker];
  const keys = Array.from({ length: 60 }, (_, place) => ping(`${place}`, `target-${place % 5}`));
  await ledger.outbox.announce(keys, SOLD_AT);
  const ran = await Promise.all([one.runOnce(), two.runOnce()]);
  t.is(channel.sent.length, 60);
  t.is(new Set(channel.ids).size, 60);
  t.is((await ledger.outbox.list({ state: 'sent', limit: 99 })).length, 60);
  t.true(
    ran.every(({ sent = 0 }) => sent > 0),
    'the control: both sent',
  );
});

test('announcements that cannot be made do not rest the target: the others go on at once', async (t) => {
  const { ledger } = openLedger(t);
  const channel = channelOf();
  const isBroken = (id: string) => broken.has(id);
  const broken = new Set<string>();
  const poisoned = {
    ...channel,
    send: (announcement: Announcement, signal: AbortSignal) => {
      if (isBroken(announcement.id)) throw new Error('the text cannot be rendered');
      return channel.send(announcement, signal);
    },
  };
  const { worker, clock } = workerOn(ledger, poisoned);
  for (const id of await ledger.outbox.announce(
    [...'abcdefghij'].map((key) => ping(`broken-${key}`)),
    SOLD_AT,
  ))
    broken.add(id);
  await ledger.outbox.announce(
    [...'abcdefghij'].map((key) => ping(key)),
    SOLD_AT + 1,
  );
  clock.now += 1;
  t.deepEqual(await worker.runOnce(), { failed: 10, sent: 10, held: 0 });
  const [target] = await ledger.outbox.targets();
  t.deepEqual([target?.failures, target?.restsUntil], [0, null]);
});

test('an answer is kept without addresses', async (t) => {
  const { ledger } = openLedger(t);
  const { worker, lines } = workerOn(
    ledger,
    channelOf(() => ({ outcome: 'refused', answer: '550 ada@example.com unknown' })),
  );
  await ledger.outbox.announce([ping('a')], SOLD_AT);
  await worker.runOnce();
  const story = await ledger.outbox.show(1);
  t.is(story?.tries[0]?.answer, '550 (address) unknown');
  t.false(JSON.stringify(lines).includes('ada@'));
});

test('while the ledger fails the worker goes on later, and reports it', async (t) => {
  const { ledger } = openLedger(t);
  const outbox = {
    ...ledger.outbox,
    nextDue: () => Promise.reject(new AppError('ledger_unavailable', 'The disk is full.')),
  };
  const { worker, lines } = workerOn({ outbox }, channelOf());
  await worker.start();
  await until(t, () => lines.some(({ msg }) => msg === 'the outbox could not be read'));
  await worker.stop();
  t.is(lines.filter(({ msg }) => msg === 'the outbox could not be read').length, 1);
});
