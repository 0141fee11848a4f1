/**
 * Two instances on one database whose clocks differ, one 10 minutes ahead and one 10 minutes behind: what they share is by the
 * database's clock. The controls have the clock of each instance in its place.
 */
import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { Ledger } from '../../src/domain/ledger.ts';
import type { BegunJob } from '../../src/domain/long-job.ts';
import type { ClaimedAnnouncement, NotedTry } from '../../src/domain/outbox-ledger.ts';
import { type ServiceOptions, startService } from '../../src/service/service.ts';
import { openLedgerAt } from '../../src/storage/open-ledger.ts';
import type { ClockSource } from '../../src/storage/postgres/shared-clock.ts';
import { announcing } from '../kit/announcing.ts';
import { eventOf, factOf, issueOf, issueTo, keepTexts } from '../kit/ledger-data.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';
import { type KeptChannel, ping, workerOn } from '../kit/outbox.ts';
import { makeHome } from '../kit/service.ts';
import { openOn, run, schemaWithClock } from './server.ts';
import { standStill } from './unlocked.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const LEASE = 2 * MINUTE;

async function instances(t: ExecutionContext, clock: ClockSource = 'database') {
  const { url, push } = await schemaWithClock();
  const open = async (off: number) => {
    const skew = { off };
    const now = () => Date.now() + skew.off;
    const ledger = await openOn(t, url, { now, announce: announcing() }, { clock });
    const claim = () =>
      ledger.outbox.claim({ channels: ['webhook'], now: now(), lease: now() + LEASE, most: 8 });
    const note = (tried: Omit<NotedTry, 'at' | 'number' | 'lease'>, of: ClaimedAnnouncement | undefined) =>
      ledger.outbox.note({ ...tried, number: of?.number ?? 0, lease: of?.lease ?? 0, at: now() });
    const fail = (of: ClaimedAnnouncement | undefined, wait: number) =>
      note({ outcome: 'failed', answer: '503', next: now() + wait, counts: true, target: 'failed' }, of);
    const send = (of: ClaimedAnnouncement | undefined) =>
      note({ outcome: 'sent', answer: '204', counts: true, target: 'works' }, of);
    return { ledger, now, skew, claim, fail, send };
  };
  const [ahead, behind] = [await open(10 * MINUTE), await open(-10 * MINUTE)] as const;
  await keepTexts(ahead.ledger);
  return { url, push, ahead, behind, both: [ahead, behind] };
}

type Instance = Awaited<ReturnType<typeof instances>>['ahead'];

const keysOf = (claimed: readonly ClaimedAnnouncement[]) =>
  claimed.map(({ body }) => JSON.parse(Buffer.from(body ?? []).toString()).n).sort();

const announce = ({ ledger, now }: Instance, ...keys: readonly string[]) =>
  ledger.outbox.announce(
    keys.map((key) => ping(key)),
    now(),
  );

test.serial('what one instance announces is due at once at the other one', async (t) => {
  const { both } = await instances(t);
  for (const [place, by] of both.entries()) {
    const other = both[1 - place] as Instance;
    await announce(by, `by ${place}`);
    const [claimed] = await other.claim();
    t.deepEqual(keysOf(claimed ? [claimed] : []), [`by ${place}`]);
    await other.send(claimed);
  }
});

test.serial(
  'what one instance is sending is not due at the other one, until the lease is over',
  async (t) => {
    const { push, both } = await instances(t);
    for (const [place, by] of both.entries()) {
      const other = both[1 - place] as Instance;
      await announce(by, 'a');
      const [first] = await by.claim();
      t.deepEqual(await other.claim(), []);
      await push(LEASE - 20 * SECOND);
      t.deepEqual(await other.claim(), []);
      await push(21 * SECOND);
      const [second] = await other.claim();
      t.is(second?.id, first?.id, 'its instance was killed');
      await other.send(second);
      await announce(by, 'b');
      await by.send((await other.claim())[0]);
    }
  },
);

test.serial('control: by its own clock, an instance takes what the other one is sending', async (t) => {
  const { ahead, behind } = await instances(t, 'given');
  await announce(behind, 'a');
  t.deepEqual([keysOf(await behind.claim()), keysOf(await ahead.claim())], [['a'], ['a']]);
  await announce(ahead, 'b');
  t.deepEqual(await behind.claim(), [], 'what it announced is due 20 minutes later');
});

test.serial('a retry is due when its wait is over, at whichever instance', async (t) => {
  const { push, both } = await instances(t);
  for (const [place, by] of both.entries()) {
    const other = both[1 - place] as Instance;
    await announce(by, `r${place}`);
    await by.fail((await by.claim())[0], 5 * MINUTE);
    for (const { ledger, now } of both) {
      const due = (await ledger.outbox.nextDue(['webhook'], now())) ?? 0;
      t.true(Math.abs(due - now() - 5 * MINUTE) < 20 * SECOND, `${due - now()} ms`);
    }
    await push(5 * MINUTE - 20 * SECOND);
    t.deepEqual([await by.claim(), await other.claim()], [[], []]);
    await push(20 * SECOND);
    const [again] = await other.claim();
    t.deepEqual([again?.tries, await by.claim()], [1, []]);
    await other.send(again);
  }
});

test.serial(
  'a target that rests does so by the database’s clock, and what waited is due after it',
  async (t) => {
    const { push, ahead, behind } = await instances(t);
    await announce(behind, ...'abcdef');
    for (const by of [ahead, behind]) for (const one of await by.claim()) await by.fail(one, MINUTE);
    for (const { ledger, now } of [ahead, behind]) {
      const next = (await ledger.outbox.nextDue(['webhook'], now())) ?? 0;
      t.true(next - now() > 4 * MINUTE && next - now() < 11 * MINUTE, `${next - now()} ms`);
    }
    t.deepEqual([await ahead.claim(), await behind.claim()], [[], []]);
    await push(11 * MINUTE);
    const [probe, ...others] = await ahead.claim();
    t.deepEqual([others, await behind.claim()], [[], []], 'it is tried with one');
    await ahead.send(probe);
    const claimed = [await behind.claim(), await ahead.claim()].flat();
    t.is(new Set(claimed.map(({ id }) => id)).size, 4);
    t.is(claimed.length, 4, 'four at once, in all instances');
  },
);

test.serial('nothing is held at the start of an instance whose clock is days ahead', async (t) => {
  const { ahead, behind } = await instances(t);
  await announce(behind, 'a');
  ahead.skew.off = 48 * HOUR;
  t.is(await ahead.ledger.outbox.hold(ahead.now() - 24 * HOUR), 0);
  const { ahead: late, behind: other } = await instances(t, 'given');
  await announce(other, 'a');
  late.skew.off = 48 * HOUR;
  t.is(await late.ledger.outbox.hold(late.now() - 24 * HOUR), 1, 'control: by its own clock it holds');
});

test.serial(
  'what decisions announce is due by the database’s clock; dates and codes are those of the request',
  async (t) => {
    const { ahead, behind } = await instances(t);
    const { ahead: plain } = await instances(t, 'given');
    const codeOf = async ({ ledger }: Instance) => {
      const { held } = await issueTo(ledger, issueOf({ order: 'S1' }));
      const [{ code, issued }] = held.licenses as never as readonly [{ code: unknown; issued: unknown }];
      return { code, issued };
    };
    t.deepEqual(await codeOf(ahead), await codeOf(plain));
    const claimed = await behind.claim();
    t.deepEqual(
      claimed.map(({ topic }) => topic),
      ['license.issued'],
    );
    const [story] = await ahead.ledger.find({ by: 'order', order: 'S1' });
    t.is(story?.history[0]?.at, SOLD_AT + SECOND, 'history says the request’s time');
  },
);

/** Each announcement has a target of its own, fails at its first try, and the first one takes until all others are sent. */
async function sendAll(t: ExecutionContext, clock: ClockSource, isOver: (channel: Counted) => boolean) {
  const { ahead, behind, both } = await instances(t, clock);
  const keys = Array.from({ length: 12 }, (_, place) => `t${place}`);
  const counted: Counted = { tries: new Map(), sent: new Map() };
  let release = () => {};
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  const send: KeptChannel['send'] = async ({ target }) => {
    const tries = (counted.tries.get(target) ?? 0) + 1;
    counted.tries.set(target, tries);
    if (target === 't0') await isReleased;
    else if (tries === 1) return { outcome: 'failed', answer: '503' };
    counted.sent.set(target, (counted.sent.get(target) ?? 0) + 1);
    return { outcome: 'sent', answer: '204' };
  };
  const workers = both.map(
    ({ ledger, now }) =>
      workerOn(ledger, { name: 'webhook', send } as KeptChannel, { now, poll: 200 }).worker,
  );
  for (const [place, key] of keys.entries()) {
    const { ledger, now } = place % 2 === 0 ? behind : ahead;
    await ledger.outbox.announce([ping(key, key)], now());
  }
  // The one whose clock is behind has the first one.
  await workers[1]?.start();
  for (let tries = 0; tries < 500 && !counted.tries.has('t0'); tries++) await wait(20);
  await workers[0]?.start();
  for (let tries = 0; tries < 1000 && !isOver(counted); tries++) await wait(20);
  t.true(isOver(counted));
  release();
  const done = async () => (await ahead.ledger.outbox.list({ state: 'sent', limit: 99 })).length;
  for (let tries = 0; tries < 500 && (await done()) < keys.length && clock === 'database'; tries++)
    await wait(20);
  await Promise.all(workers.map((worker) => worker.stop()));
  return { counted, keys, done };
}

interface Counted {
  readonly tries: Map<string, number>;
  readonly sent: Map<string, number>;
}

test.serial(
  'two services whose clocks differ by 20 minutes send each announcement once, and retry in time',
  async (t) => {
    const { counted, keys, done } = await sendAll(t, 'database', ({ sent }) => sent.size === 11);
    t.is(await done(), keys.length);
    t.deepEqual(
      keys.map((key) => [key, counted.tries.get(key), counted.sent.get(key)]),
      keys.map((key, place) => [key, place === 0 ? 1 : 2, 1]),
    );
  },
);

test.serial('control: by their own clocks they send one of them twice', async (t) => {
  const { counted } = await sendAll(t, 'given', ({ tries }) => (tries.get('t0') ?? 0) > 1);
  t.true((counted.tries.get('t0') ?? 0) > 1);
});

test.serial('a service on a computer whose clock is ahead writes due times of the database', async (t) => {
  const { url } = await schemaWithClock();
  const { config, log } = makeHome(t, { env: { LEDGER_URL: url } });
  const opened: Ledger[] = [];
  const openLedger: ServiceOptions['openLedger'] = async (place, options) => {
    const ledger = await openLedgerAt(place, options);
    opened.push(ledger);
    return ledger;
  };
  const now = Date.now;
  t.teardown(() => {
    Date.now = now;
  });
  Date.now = () => now() + HOUR;
  const service = await startService(config, { log, openLedger });
  t.teardown(() => service.stop());
  await opened[0]?.outbox.announce([ping('a')], Date.now());
  const [row] = await run('SELECT due FROM outbox', url);
  t.true(Math.abs(Number(row?.['due']) - now()) < 20 * MINUTE);
});

test.serial('a clock of an instance that is set back during a lease changes nothing', async (t) => {
  const { push, ahead, behind } = await instances(t);
  await announce(ahead, 'a', 'b');
  const [first, second] = await ahead.claim();
  ahead.skew.off = -3 * HOUR;
  t.deepEqual([await ahead.claim(), await behind.claim()], [[], []]);
  await ahead.send(first);
  await ahead.fail(second, 5 * SECOND);
  const next = (await ahead.ledger.outbox.nextDue(['webhook'], ahead.now())) ?? 0;
  t.true(next - ahead.now() <= 5 * SECOND, `${next - ahead.now()} ms`);
  await push(5 * SECOND);
  t.deepEqual(keysOf(await behind.claim()), keysOf(second ? [second] : []));
});

test.serial(
  'a clock of the database that is set back, as by a failover, delays what waits and has nothing sent twice',
  async (t) => {
    const { push, ahead, behind } = await instances(t);
    await announce(ahead, 'sending', 'killed');
    const [first, second] = await ahead.claim();
    await push(-HOUR);
    t.deepEqual([await ahead.claim(), await behind.claim()], [[], []]);
    await announce(behind, 'new');
    t.deepEqual(keysOf(await behind.claim()), ['new'], 'what is new goes out at once');
    await ahead.fail(first, 5 * SECOND);
    await push(6 * SECOND);
    const [again] = await behind.claim();
    t.is(again?.id, first?.id);
    await behind.send(again);
    await push(HOUR + LEASE);
    t.true(
      (await behind.claim()).some(({ id }) => id === second?.id),
      'nothing is stuck',
    );
  },
);

test.serial(
  'an instance that stood still for longer than its lease changes nothing that another one did meanwhile',
  async (t) => {
    const { push, ahead, behind } = await instances(t);
    await announce(ahead, 'a');
    const [old] = await ahead.claim();
    await push(LEASE + SECOND);
    const [fresh] = await behind.claim();
    t.is(fresh?.id, old?.id);
    await ahead.fail(old, 5 * SECOND);
    await ahead.ledger.outbox.release(old ? [old] : []);
    t.deepEqual(await ahead.claim(), [], 'the other one’s lease holds');
    await behind.send(fresh);
    t.is((await behind.ledger.outbox.show(fresh?.number ?? 0))?.announcement.state, 'sent');
  },
);

const JOB: Omit<BegunJob, 'beganAt'> = {
  ...{ kind: 'erase', what: 'one', mode: 'live', person: 'Ada', from: 'orders' },
};

test.serial('long work of one instance runs for the other one too, until it falls silent', async (t) => {
  const begin = ({ ledger, now }: Instance, run: string) =>
    ledger.jobs.begin({ ...JOB, beganAt: now() }, { run, isAlone: false, now: now() });
  const { push, ahead, behind } = await instances(t);
  const { number } = await begin(behind, 'one');
  t.deepEqual(await begin(ahead, 'two'), { number, isNew: false });
  const seen = (await ahead.ledger.jobs.find(number))?.seenAt ?? 0;
  t.true(Math.abs(ahead.now() - seen) < 20 * SECOND, 'told in the clock of who asks');
  await push(61 * SECOND);
  await ahead.claim();
  t.true((await begin(ahead, 'two')).isNew);
  const control = await instances(t, 'given');
  await begin(control.behind, 'one');
  t.true((await begin(control.ahead, 'two')).isNew, 'control: by their own clocks it is begun twice');
});

test.serial('a download in parts by two instances is one', async (t) => {
  const about = {
    license: new Uint8Array(16).fill(7),
    product: 'app',
    version: '1',
    file: 'App.zip',
    link: 1,
  };
  const count = async ({ ahead, behind }: Awaited<ReturnType<typeof instances>>) => {
    const range = (from: number, to: number) => ({ ...about, size: 9, range: [from, to] as const, from });
    await ahead.ledger.downloads.note({ ...range(0, 5), at: ahead.now() });
    await behind.ledger.downloads.note({ ...range(5, 9), at: behind.now() });
    return (await ahead.ledger.downloads.ofLicense(about.license, 9)).length;
  };
  t.is(await count(await instances(t)), 1);
  t.is(await count(await instances(t, 'given')), 2, 'control: by their own clocks');
});

test.serial(
  'a link into the console opens a session at the other instance, for as long as at its own',
  async (t) => {
    const digest = new Uint8Array(32).fill(1);
    const enter = async ({ ahead, behind }: Awaited<ReturnType<typeof instances>>) => {
      const entry = { at: behind.now(), person: 'Ada', what: 'a link' };
      await behind.ledger.consoleAccess.addLink({ digest, person: 'Ada', madeAt: behind.now() }, entry);
      const now = ahead.now();
      const session = { digest, openedAt: now, usedAt: now, provedAt: now };
      await ahead.ledger.consoleAccess.openByLink(digest, now - 10 * MINUTE, session);
      const found = await behind.ledger.consoleAccess.findSession(digest);
      return found && found.provedAt - behind.now();
    };
    const since = await enter(await instances(t));
    t.true(since !== undefined && Math.abs(since) < 20 * SECOND, `${since} ms`);
    t.is(await enter(await instances(t, 'given')), undefined, 'control: by their own clocks it is too old');
  },
);

test.serial('links that one instance withdraws are withdrawn at the other one at once', async (t) => {
  const { ahead, behind } = await instances(t);
  const { held } = await issueTo(ahead.ledger, issueOf({ order: 'L1' }));
  const { id } = held.licenses[0];
  await ahead.ledger.selfService.newLinks([id], ahead.now());
  t.is(await behind.ledger.selfService.generation(id), 1);
  t.is(await behind.ledger.selfService.generation(id, behind.now()), 0, 'control: by its own clock');
  const [mail] = await ahead.ledger.outbox.list({ channel: 'mail', limit: 1 });
  t.is(
    await behind.ledger.selfService.generation(id, mail?.at ?? 0),
    0,
    'what was announced before has the old links',
  );
});

test.serial('an erasure finds the event that an instance behind received meanwhile', async (t) => {
  const { url, ahead, behind } = await instances(t);
  const ada = { name: 'Ada', email: 'ada@example.com' };
  const sale = (id: string) =>
    eventOf(
      id,
      [factOf(`order:E1`, { kind: 'sold', product: 'app', quantity: 1, line: 'app' }, { key: id })],
      {
        people: [{ subject: 'order:E1', customer: ada }],
        payload: JSON.stringify({ id, ada }),
      },
    );
  await ahead.ledger.ingest(sale('before'));
  const client = await standStill(url, 'other', '0', ['- - outbox']);
  const erased = ahead.ledger.eraseCustomer({ email: ada.email });
  for (let waiting = 0; waiting === 0; ) {
    const [row] = await run(
      `SELECT count(*)::int AS waiting FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`,
      url,
    );
    waiting = Number(row?.['waiting']);
  }
  await behind.ledger.ingest(sale('meanwhile'));
  await client.end();
  t.is((await erased).events, 2);
  t.deepEqual(await ahead.ledger.findEventsAbout(ada.email), []);
});
