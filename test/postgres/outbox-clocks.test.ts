/**
 * The outbox of two instances, one whose clock is 10 minutes ahead and one 10 minutes behind: it goes by the database's clock.
 * The controls have the clock of each instance in its place.
 */
import test from 'ava';
import type { ClaimedAnnouncement } from '../../src/domain/ports/outbox-ledger.ts';
import { issueOf, issueTo } from '../kit/ledger-data.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';
import { ping } from '../kit/outbox.ts';
import { type Instance, instances, LEASE, MINUTE, SECOND } from './skewed.ts';

const HOUR = 60 * MINUTE;

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
      await announce(by, `s${place}`);
      const [first] = await by.claim();
      t.is(keysOf(first ? [first] : [])[0], `s${place}`);
      t.deepEqual(await other.claim(), []);
      await push(LEASE - 20 * SECOND);
      t.deepEqual(await other.claim(), []);
      await push(21 * SECOND);
      const [second] = await other.claim();
      t.is(second?.id, first?.id, 'its instance was killed');
      await other.send(second);
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
