/** Contract: announcements are claimed once, noted, held, dropped and sent again. */
import { setImmediate } from 'node:timers/promises';
import type { TestFn } from 'ava';
import type { FactBody } from '../../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import type { ClaimedAnnouncement, NotedTry } from '../../../src/domain/ports/outbox-ledger.ts';
import type { NewAnnouncement } from '../../../src/domain/values/announcement.ts';
import { announcing, MAILS_ONLY } from '../../kit/announcing.ts';
import { eventOf, factOf, issueOf, nameOf, soldEvent } from '../../kit/ledger-data.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';
import { type MakeDatabase, openEmpty } from './database.ts';

const NOW = SOLD_AT + 60_000;
const LEASE = 120_000;
const MINUTE = 60_000;
/** Announcements that take many pages: a busy machine must see the first of them before the last. */
const MANY = 600;

function ping(key: string, target = 'crm'): NewAnnouncement {
  return {
    channel: 'webhook',
    target,
    topic: 'ping',
    marketplace: 'manual',
    mode: 'live',
    order: '',
    product: null,
    license: null,
    sequence: 0,
    key,
    revision: 0,
    text: null,
    body: Buffer.from(`{"n":"${key}"}`),
  };
}

const claimAt = (now: number, most = 8) => ({
  channels: ['webhook'] as const,
  now,
  lease: now + LEASE,
  most,
});

function failed({ number, lease }: ClaimedAnnouncement, at: number, next: number | undefined): NotedTry {
  return { number, lease, at, outcome: 'failed', answer: '503', next, counts: true, target: 'failed' };
}

function sent({ number, lease }: ClaimedAnnouncement, at: number): NotedTry {
  return { number, lease, at, outcome: 'sent', answer: '204', counts: true, target: 'works' };
}

export function outboxContract(test: TestFn, makeDatabase: MakeDatabase): void {
  test('an announcement is written once, however often it is asked for', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    t.is((await ledger.outbox.announce([ping('a'), ping('b'), ping('a')], NOW)).length, 2);
    t.deepEqual(await ledger.outbox.announce([ping('a')], NOW), []);
    t.is((await ledger.outbox.announce([ping('a', 'shop')], NOW)).length, 1, 'another target');
  });

  test('ids are of version 7 and ascend with time', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const [first = ''] = await ledger.outbox.announce([ping('a')], NOW);
    const [second = ''] = await ledger.outbox.announce([ping('b')], NOW + 5);
    t.regex(first, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    t.true(first < second);
    t.is(Number.parseInt(first.replace('-', '').slice(0, 12), 16), NOW);
  });

  test('two workers never have the same announcement, until the lease runs out', async (t) => {
    const { ledger, open } = await openEmpty(t, makeDatabase);
    const other = await open();
    await ledger.outbox.announce([ping('a'), ping('b'), ping('c')], NOW);
    const [mine, theirs] = await Promise.all([
      ledger.outbox.claim(claimAt(NOW, 2)),
      other.outbox.claim(claimAt(NOW, 2)),
    ]);
    t.is(mine.length + theirs.length, 3);
    t.is(new Set([...mine, ...theirs].map(({ id }) => id)).size, 3);
    t.deepEqual(await ledger.outbox.claim(claimAt(NOW + LEASE - 1)), []);
    const later = await other.outbox.claim(claimAt(NOW + LEASE));
    t.deepEqual(later.map(({ id }) => id).sort(), [...mine, ...theirs].map(({ id }) => id).sort());
    t.true(
      later.every(({ firstTriedAt }) => firstTriedAt === NOW),
      'the first try stays the first',
    );
  });

  test('at most four at a time for one target; other targets go on', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.outbox.announce([...'abcdef'].map((key) => ping(key)).concat(ping('g', 'shop')), NOW);
    const claimed = await ledger.outbox.claim(claimAt(NOW));
    t.deepEqual(claimed.map(({ target }) => target).sort(), ['crm', 'crm', 'crm', 'crm', 'shop']);
    t.deepEqual(await ledger.outbox.claim(claimAt(NOW)), []);
    await ledger.outbox.note(sent(claimed.find(({ target }) => target === 'crm')!, NOW));
    t.is((await ledger.outbox.claim(claimAt(NOW))).length, 1);
  });

  test('only the asked channels are claimed', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.outbox.announce([ping('a')], NOW);
    t.deepEqual(await ledger.outbox.claim({ ...claimAt(NOW), channels: ['mail'] }), []);
    t.is(await ledger.outbox.nextDue(['mail'], NOW), undefined);
    t.is(await ledger.outbox.nextDue(['webhook'], NOW), NOW);
  });

  test('each try is kept with its answer; a failed one is due again', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.outbox.announce([ping('a')], NOW);
    const [first] = await ledger.outbox.claim(claimAt(NOW));
    await ledger.outbox.note(failed(first!, NOW + 10, NOW + 5000));
    t.is(await ledger.outbox.nextDue(['webhook'], NOW), NOW + 5000);
    t.deepEqual(await ledger.outbox.claim(claimAt(NOW + 4999)), []);
    const [second] = await ledger.outbox.claim(claimAt(NOW + 5000));
    t.is(second?.id, first?.id);
    t.is(second?.tries, 1);
    await ledger.outbox.note(sent(second!, NOW + 5001));
    const story = await ledger.outbox.show(first!.number);
    t.is(story?.announcement.state, 'sent');
    t.is(story?.announcement.doneAt, NOW + 5001);
    t.deepEqual(
      story?.tries.map(({ try: number, at, outcome, answer }) => [number, at, outcome, answer]),
      [
        [1, NOW + 10, 'failed', '503'],
        [2, NOW + 5001, 'sent', '204'],
      ],
    );
    t.is(await ledger.outbox.nextDue(['webhook'], NOW), undefined);
  });

  test('a try whose lease ran out counts only if it was sent', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.outbox.announce([ping('a')], NOW);
    const [old] = await ledger.outbox.claim(claimAt(NOW));
    const [fresh] = await ledger.outbox.claim(claimAt(NOW + LEASE));
    await ledger.outbox.note(failed(old!, NOW + LEASE, undefined));
    t.is((await ledger.outbox.show(old!.number))?.announcement.state, 'waiting');
    await ledger.outbox.note(sent(old!, NOW + LEASE + 1));
    t.is((await ledger.outbox.show(old!.number))?.announcement.state, 'sent');
    await ledger.outbox.note(failed(fresh!, NOW + LEASE + 2, NOW + LEASE + 9));
    t.is((await ledger.outbox.show(old!.number))?.announcement.state, 'sent');
  });

  test('given up is sent again with the same id, sent with another one, each with its reason', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.outbox.announce([ping('a')], NOW);
    const [first] = await ledger.outbox.claim(claimAt(NOW));
    const { number } = first!;
    t.false(await ledger.outbox.sendAgain(number, NOW, 'ada: too early'), 'it still waits');
    await ledger.outbox.note(failed(first!, NOW, undefined));
    t.deepEqual(await ledger.outbox.count(), [
      { channel: 'webhook', state: 'given-up', announcements: 1, oldest: NOW },
    ]);
    t.true(await ledger.outbox.sendAgain(number, NOW + 1, 'ada: it is up again'));
    const [again] = await ledger.outbox.claim(claimAt(NOW + 1));
    t.is(again?.id, first?.id);
    t.is(again?.tries, 0);
    t.is(await ledger.outbox.repeat(number, NOW + 2, 'ada: x'), undefined, 'it was not sent');
    await ledger.outbox.note(sent(again!, NOW + 2));
    const story = await ledger.outbox.show(number);
    t.deepEqual([story?.announcement.round, story?.announcement.reason], [2, 'ada: it is up again']);
    t.deepEqual(
      story?.tries.map(({ round }) => round),
      [1, 2],
    );
    const repeated = await ledger.outbox.repeat(number, NOW + 3, 'ada: the receiver lost it');
    const copy = await ledger.outbox.show(repeated!);
    t.not(copy?.announcement.id, first?.id);
    t.is(copy?.announcement.again, 1);
    t.deepEqual(copy?.announcement.body, story?.announcement.body);
    t.false(await ledger.outbox.drop(number, NOW, 'ada: no'), 'it was sent');
    t.true(await ledger.outbox.drop(repeated!, NOW + 4, 'ada: no need'));
    t.deepEqual(await ledger.outbox.claim(claimAt(NOW + 9)), []);
  });

  test('five failures in a row rest a target, which is then tried with one until that goes through', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.outbox.announce(
      [...'abcdefgh'].map((key) => ping(key)),
      NOW,
    );
    await ledger.outbox.announce([ping('z', 'shop')], NOW + 1);
    for (const now of [NOW, NOW + 1]) {
      for (const one of await ledger.outbox.claim(claimAt(now, 4))) {
        if (one.target === 'crm') await ledger.outbox.note(failed(one, now, now + 60 * MINUTE));
      }
    }
    const [crm] = await ledger.outbox.targets();
    t.is(crm?.restsUntil, NOW + 1 + 40 * MINUTE, 'after the fifth 5 minutes, after the eighth 40');
    const meanwhile = await ledger.outbox.claim(claimAt(NOW + MINUTE));
    t.deepEqual(
      meanwhile.map(({ target }) => target),
      ['shop'],
      'another target is not concerned',
    );
    await ledger.outbox.note(sent(meanwhile[0]!, NOW + MINUTE));
    const from = crm?.restsUntil ?? 0;
    await ledger.outbox.announce([ping('i'), ping('j')], NOW + MINUTE);
    t.is(await ledger.outbox.nextDue(['webhook'], NOW + 2 * MINUTE), from);
    const probe = await ledger.outbox.claim(claimAt(from));
    t.deepEqual(probe.filter(({ target }) => target === 'crm').length, 1);
    const waiting = await ledger.outbox.list({ state: 'waiting', target: 'crm', limit: 99 });
    t.deepEqual([...new Set(waiting.map(({ tries }) => tries))].sort(), [0, 1], 'the others used up no try');
    await ledger.outbox.note(sent(probe.find(({ target }) => target === 'crm')!, from));
    const [open] = await ledger.outbox.targets();
    t.deepEqual([open?.failures, open?.restsUntil], [0, null]);
    t.true((await ledger.outbox.claim(claimAt(from + 60 * MINUTE))).length >= 4);
  });

  test('a paused channel or target sends nothing, in every process, until it is resumed', async (t) => {
    const { ledger, open } = await openEmpty(t, makeDatabase);
    const other = await open();
    await ledger.outbox.announce([ping('a')], NOW);
    for (const target of ['', 'crm']) {
      t.true(await ledger.outbox.pause('webhook', target, NOW, 'ada: moving'));
      t.false(await ledger.outbox.pause('webhook', target, NOW, 'ada: moving'));
      t.deepEqual(await other.outbox.claim(claimAt(NOW)), []);
      t.is(await other.outbox.nextDue(['webhook'], NOW), undefined);
      t.true(await other.outbox.resume('webhook', target, NOW));
      t.false(await other.outbox.resume('webhook', target, NOW));
    }
    t.is((await ledger.outbox.claim(claimAt(NOW))).length, 1);
  });

  test('what is long overdue at a start is held and sent only by decision; a paused target’s is not held', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.outbox.announce([ping('a'), ping('b', 'shop')], NOW);
    await ledger.outbox.pause('webhook', 'shop', NOW, 'ada: moving');
    t.is(await ledger.outbox.hold(NOW), 0, 'the moment itself is not overdue');
    t.is(await ledger.outbox.hold(NOW + 1), 1);
    t.deepEqual(await ledger.outbox.claim(claimAt(NOW + 2)), []);
    const [held] = await ledger.outbox.list({ state: 'held', limit: 9 });
    t.is(held?.key, 'a');
    t.true(await ledger.outbox.sendAgain(held!.number, NOW + 3, 'ada: not sent before'));
    const [claimed] = await ledger.outbox.claim(claimAt(NOW + 3));
    t.is(claimed?.id, held?.id);
  });

  test('what waited for a resumed target or channel is due then, and a start does not hold it', async (t) => {
    for (const target of ['', 'crm']) {
      const { ledger } = await openEmpty(t, makeDatabase);
      await ledger.outbox.announce([ping('a'), ping('b', 'shop')], NOW);
      await ledger.outbox.pause('webhook', target, NOW, 'ada: moving');
      const later = NOW + 3 * 24 * 60 * MINUTE;
      t.true(await ledger.outbox.resume('webhook', target, later));
      t.is(await ledger.outbox.hold(later - MINUTE), target === '' ? 0 : 1, 'another target’s is held');
      t.true((await ledger.outbox.claim(claimAt(later))).some(({ target: to }) => to === 'crm'));
    }
  });

  test('what waited for a target that works again by itself is due then, and a start does not hold it', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const { outbox } = ledger;
    await outbox.announce(
      [...'abcdefgh'].map((key) => ping(key)),
      NOW,
    );
    await outbox.announce([ping('other', 'shop')], NOW);
    for (const now of [NOW, NOW + 1])
      for (const one of await outbox.claim(claimAt(now, 4)))
        if (one.target === 'crm') await outbox.note(failed(one, now, now + MINUTE));
    const later = NOW + 3 * 24 * 60 * MINUTE;
    const [probe, ...others] = (await outbox.claim(claimAt(later))).filter(({ target }) => target === 'crm');
    t.deepEqual(others, [], 'it rests, and is tried with one');
    await outbox.note(sent(probe!, later));
    t.is(await outbox.hold(later - 24 * 60 * MINUTE), 1, 'another target’s is held');
    const waiting = await outbox.list({ state: 'waiting', target: 'crm', limit: 99 });
    t.deepEqual([waiting.length, waiting.every(({ due }) => due === later)], [7, true]);
  });

  test('what waits in great number is made due, and held, in pages: other acts go on between them', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const { outbox } = ledger;
    const many = Array.from({ length: MANY }, (_, place) => ping(`k${place}`));
    await outbox.announce([...many, ping('other', 'shop')], NOW);
    await outbox.pause('webhook', 'crm', NOW, 'ada: moving');
    const later = NOW + 3 * 24 * 60 * MINUTE;
    const ends: string[] = [];
    /** An act that begins when the first page is written. */
    const sale = async (name: string, hasBegun: () => Promise<boolean>) => {
      while (!(await hasBegun())) await setImmediate();
      await outbox.announce([ping(name, 'new')], later + 1);
      ends.push(name);
    };
    const isResumed = outbox.resume('webhook', 'crm', later).finally(() => ends.push('resumed'));
    await sale('a sale', async () =>
      (await outbox.list({ channel: 'webhook', target: 'crm', limit: MANY })).some(
        ({ due }) => due === later,
      ),
    );
    t.true(await isResumed);
    const waiting = await outbox.list({ state: 'waiting', target: 'crm', limit: MANY });
    t.is(waiting.length, MANY);
    t.true(waiting.every(({ due }) => due === later));
    const held = outbox.hold(later + 1).finally(() => ends.push('held'));
    await sale('another', async () => (await outbox.list({ state: 'held', limit: 1 })).length > 0);
    t.is(await held, MANY + 1, 'with the one of the other target');
    t.deepEqual(ends, ['a sale', 'resumed', 'another', 'held']);
  });

  test('an erased customer gets no more mails, and the row says so', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase, { announce: announcing() });
    await ledger.issue(issueOf());
    await ledger.eraseCustomer(nameOf('573252'));
    const [webhook, mail] = await ledger.outbox.list({ limit: 9 });
    t.deepEqual([mail?.topic, mail?.state, mail?.reason], ['sold', 'dropped', 'erased']);
    t.is(webhook?.state, 'waiting', 'a webhook names nobody');
  });

  test('a mail to the receiver of a gift goes out, also where its buyer is erased meanwhile', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase, { announce: announcing({ webhooks: [] }) });
    const [holder, buyer] = [
      { name: 'Rita', email: 'rita@example.org' },
      { name: 'Ada', email: 'ada@example.com' },
    ];
    const gift = { marketplace: 'fastspring', order: 'R1', line: 'app' } as const;
    await ledger.issue(issueOf({ ...gift, customer: holder }));
    const people = [holder, buyer].map((customer) => ({ subject: 'order:R1' as const, customer }));
    await ledger.ingest(eventOf('the gift', [], { people }));
    const state = async () => (await ledger.outbox.list({ limit: 1 }))[0]?.state;
    t.is((await ledger.eraseCustomer({ email: buyer.email })).others, 1);
    t.is(await state(), 'waiting');
    await ledger.eraseCustomer({ email: holder.email });
    t.is(await state(), 'dropped', 'control: the receiver was erased');
  });

  test('the codes of a sent mail count as delivered, and no others: not of other units, not newer ones', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase, { announce: announcing({ webhooks: [] }) });
    await ledger.issue(issueOf({ quantity: 2 }));
    const unitsNow = () => ledger.find({ by: 'order', order: '573252' });
    const renew = async (until: string) => {
      const fact = { kind: 'set-until', until } as const;
      const facts = (await unitsNow()).map(({ id }) =>
        factOf(licenseSubject(id), fact, { marketplace: 'paddle-classic', key: `until ${until}` }),
      );
      await ledger.addFacts(facts);
    };
    await renew('2030-01-01');
    t.is((await ledger.countUndelivered(NOW)).unmailed, 2);
    const [first, second] = await unitsNow();
    const due = (await ledger.outbox.nextDue(['mail'], NOW)) ?? 0;
    const claimed = await ledger.outbox.claim({ ...claimAt(due + MINUTE), channels: ['mail'] });
    const mail = claimed.find(({ topic }) => topic === 'renewed');
    const codeOf = ({ id, revision }: { id: Uint8Array; revision: number }) => ({ license: id, revision });
    await ledger.outbox.note({ ...sent(mail!, NOW), handed: [codeOf(first!)] });
    t.is((await ledger.countUndelivered(NOW)).unmailed, 1);
    await ledger.outbox.note({ ...sent(mail!, NOW), handed: [codeOf(second!)] });
    t.is((await ledger.countUndelivered(NOW)).unmailed, 0);
    await renew('2031-01-01');
    await ledger.outbox.note({ ...sent(mail!, NOW), handed: [codeOf(first!), codeOf(second!)] });
    t.is((await ledger.countUndelivered(NOW)).unmailed, 2, 'the mail had the codes before');
    const later = await unitsNow();
    t.deepEqual(
      later.map(({ handed, revision }) => revision - (handed ?? 0)),
      [1, 1],
    );
  });

  test('a mail that waits through a suspension goes out once, also if it is just being made', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase, { announce: MAILS_ONLY });
    const day = (number: number) => SOLD_AT + number * 86_400_000;
    const mails = async (order: string) =>
      (await ledger.outbox.list({ limit: 9 }))
        .filter((mail) => mail.order === order)
        .map(({ topic, state }) => `${topic} ${state}`);
    const suspension = async (order: string, from: number, meanwhile = async () => {}) => {
      const [license] = await ledger.find({ by: 'order', order });
      const say = (kind: 'stopped' | 'reinstated', at: number) =>
        ledger.addFacts([factOf(licenseSubject(license!.id), { kind }, { at: day(from) + at })]);
      await say('stopped', 1);
      await meanwhile();
      await say('reinstated', 2);
    };
    const claim = async (now: number, order: string) => {
      const claimed = await ledger.outbox.claim({ ...claimAt(now), channels: ['mail'] });
      const mail = claimed.find((one) => one.order === order);
      await ledger.outbox.release(claimed.filter((one) => one !== mail));
      return mail;
    };
    await ledger.ingest(soldEvent('R1'));
    await suspension('R1', 1);
    t.deepEqual(await mails('R1'), ['sold waiting']);

    await ledger.ingest(soldEvent('R2'));
    const now = (await ledger.outbox.nextDue(['mail'], day(400)))! + MINUTE;
    const late = await claim(now, 'R2');
    await suspension('R2', 1);
    t.deepEqual(await mails('R2'), ['sold waiting']);
    const none = { ...sent(late!, now), outcome: 'dropped', answer: 'no license of it is active' } as const;
    await ledger.outbox.note(none);
    t.deepEqual(await mails('R2'), ['sold waiting'], 'it was made while the license was suspended');
    t.is((await claim(now, 'R2'))?.id, late?.id, 'the same mail');

    await ledger.ingest(soldEvent('R3'));
    await suspension('R3', 1, async () => {
      const mail = await claim(now + MINUTE, 'R3');
      await ledger.outbox.note({ ...sent(mail!, now), outcome: 'dropped', answer: none.answer });
    });
    t.deepEqual([...(await mails('R3'))].sort(), ['sold dropped', 'sold waiting'], 'control: none waits');
  });

  test('a mail that waits for another product, unit or occasion takes the place of none', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase, { announce: MAILS_ONLY });
    const topics = async () => (await ledger.outbox.list({ limit: 9 })).map(({ topic }) => topic).sort();
    await ledger.issue(issueOf({ marketplace: 'fastspring', line: 'app', order: 'R1', quantity: 2 }));
    for (const { number } of await ledger.outbox.list({ limit: 9 }))
      await ledger.outbox.drop(number, NOW, 'a test');
    const [first, second] = await ledger.find({ by: 'order', order: 'R1' });
    const say = (id: Uint8Array, body: FactBody, at: number) =>
      ledger.addFacts([factOf(licenseSubject(id), body, { at: SOLD_AT + at })]);
    const withdrawn = factOf(licenseSubject(first!.id), { kind: 'withdrawn' });
    await ledger.reissue(first!.id, withdrawn);
    t.deepEqual(await topics(), ['reissued', 'sold']);
    await say(second!.id, { kind: 'stopped' }, 1);
    await say(second!.id, { kind: 'set-until', until: '2031-01-01' }, 2);
    await say(second!.id, { kind: 'reinstated' }, 3);
    t.deepEqual(await topics(), ['reissued', 'renewed', 'sold'], 'the reissue is of the other unit');
  });

  test('old bodies and answers are deleted; rows, tries and what was given up stay', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.outbox.announce([ping('a'), ping('b')], NOW);
    const [a, b] = await ledger.outbox.claim(claimAt(NOW));
    await ledger.outbox.note(sent(a!, NOW));
    await ledger.outbox.note(failed(b!, NOW, undefined));
    t.is(await ledger.outbox.forget(NOW), 0);
    t.is(await ledger.outbox.forget(NOW + 1), 2);
    t.is(await ledger.outbox.forget(NOW + 1), 0);
    const [first, second] = [await ledger.outbox.show(a!.number), await ledger.outbox.show(b!.number)];
    t.deepEqual(
      [first?.announcement.body, first?.tries[0]?.answer, first?.tries[0]?.outcome],
      [null, null, 'sent'],
    );
    t.not(second?.announcement.body, null, 'it may be sent again');
  });

  test('a list goes back from a number, newest first', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.outbox.announce([ping('a'), ping('b'), ping('c')], NOW);
    const [c, b] = await ledger.outbox.list({ limit: 2 });
    t.deepEqual([c?.key, b?.key], ['c', 'b']);
    t.deepEqual(
      (await ledger.outbox.list({ before: b!.number, limit: 2 })).map(({ key }) => key),
      ['a'],
    );
    t.deepEqual(await ledger.outbox.list({ order: 'x', limit: 2 }), []);
  });
}
