/** Two services that send, one whose clock is 10 minutes ahead and one 10 minutes behind, on one database. */
import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { Ledger } from '../../src/domain/ledger.ts';
import { startService } from '../../src/service/service.ts';
import type { ServiceOptions } from '../../src/service/start-parts.ts';
import { openLedgerAt } from '../../src/storage/open-ledger.ts';
import type { ClockSource } from '../../src/storage/postgres/session/shared-clock.ts';
import { type KeptChannel, ping, workerOn } from '../kit/outbox.ts';
import { makeHome } from '../kit/service.ts';
import { run, schemaWithClock } from './server.ts';
import { instances, MINUTE } from './skewed.ts';

const HOUR = 60 * MINUTE;

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
