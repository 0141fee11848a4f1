/** The ledger's port of the outbox, on SQLite. */
import type { Market } from '../../../domain/changes.ts';
import type { OutboxLedger } from '../../../domain/ports/outbox-ledger.ts';
import { paused } from '../../../domain/ports/outbox-target.ts';
import type { ChannelName, NewAnnouncement, Outgoing } from '../../../domain/values/announcement.ts';
import { webhookBody } from '../../../domain/values/announcement.ts';
import type { Access } from '../access.ts';
import { equal } from '../conditions.ts';
import type { Connection } from '../file/connection.ts';
import { yieldToEventLoop } from '../pages.ts';
import type { Pen } from '../pens.ts';
import { OutboxDesk } from './outbox-desk.ts';
import { OutboxQueue } from './outbox-queue.ts';
import { type OutboxSurroundings, OutboxTable } from './outbox-table.ts';
import { OutboxTargets } from './outbox-targets.ts';

/** Rows forgotten, held or made due in one act: a sale waits for no more. */
export const PAGE = 32;

/** Repeats an act on at most PAGE rows, which resolves to how many it changed, until none is left. Resolves to all. */
export async function inPages(act: () => Promise<number>): Promise<number> {
  let all = 0;
  for (;;) {
    const changed = await act();
    all += changed;
    if (changed < PAGE) return all;
    await yieldToEventLoop();
  }
}

/** What a row of a license needs beside its announcement. */
interface Anchor {
  readonly customer: number | null;
  /** The newest change in the table `history`; 0: none. */
  readonly newest: number;
}

export class Outbox {
  readonly table: OutboxTable;
  readonly desk: OutboxDesk;
  readonly targets: OutboxTargets;
  readonly queue: OutboxQueue;
  readonly #anchor;
  readonly #customer;

  constructor(connection: Connection, pen: Pen, surroundings: OutboxSurroundings) {
    this.targets = new OutboxTargets(connection, pen);
    this.table = new OutboxTable(connection, pen, this.targets, surroundings);
    this.desk = new OutboxDesk(connection, this.table, pen);
    this.queue = new OutboxQueue(connection, this.table, this.targets);
    this.#anchor = connection.prepare<[{ readonly number: number }], Anchor>(`
      SELECT customer, (SELECT coalesce(max(sequence), 0) FROM history WHERE license = l.number) AS newest
      FROM license l WHERE ${equal('number')}`);
    this.#customer = connection
      .prepare<[{ readonly id: Uint8Array }], number | null>(
        `SELECT customer FROM license WHERE ${equal('id')}`,
      )
      .pluck();
  }

  /** Writes what saved changes announce. `sequenceOf`: of a change of the same changes, in the table `history`. */
  write(
    outgoing: readonly Outgoing[],
    market: Market,
    now: number,
    sequenceOf: (change: number) => number,
  ): void {
    for (const { number, of, told, unlessWaiting, ...announcement } of outgoing) {
      if (unlessWaiting === true && this.table.waitsFor(announcement, market)) continue;
      const anchor = number === null ? undefined : this.#anchor.get({ number });
      // The license's own row is the first of its history, and has sequence 0 in the table.
      const newest = anchor?.newest ?? 0;
      const inTable = of === 'issue' ? 0 : of === 'newest' ? newest : sequenceOf(of);
      const sequence = number === null ? 0 : inTable + 1;
      const body = told && webhookBody(announcement.topic, market.mode, told, sequence);
      this.table.add({ ...announcement, ...market, sequence, body }, anchor?.customer ?? null, now);
    }
  }

  /** Returns the ids of the announcements that were not known. */
  announce(announcements: readonly NewAnnouncement[], now: number): readonly string[] {
    return announcements.flatMap((each) => {
      const customer = each.license === null ? null : (this.#customer.get({ id: each.license }) ?? null);
      return this.table.add(each, customer, now)?.id ?? [];
    });
  }

  port(access: Access): OutboxLedger {
    const { queue } = this;
    const { desk, targets } = this;
    const makeDue = (channel: ChannelName, target: string, now: number) =>
      inPages(() => access.write(() => queue.makeDue(channel, target, now, PAGE)));
    return {
      announce: (announcements, now) => access.write(() => this.announce(announcements, now)),
      claim: (query) => access.write(() => queue.claim(query)),
      async note(tried) {
        const back = await access.write(() => queue.note(tried));
        if (back !== undefined) await makeDue(back.channel, back.target, tried.at);
      },
      release: (claimed) => access.write(() => queue.release(claimed)),
      nextDue: (channels, now) => access.read(() => queue.nextDue(channels, now)),
      hold: (before) => inPages(() => access.write(() => queue.hold(before, PAGE))),
      sendAgain: (number, now, reason) => access.write(() => desk.sendAgain(number, now, reason)),
      repeat: (number, now, reason) => access.write(() => desk.repeat(number, now, reason)),
      drop: (number, now, reason) => access.write(() => desk.drop(number, now, reason)),
      list: (query) => access.read(() => desk.list(query)),
      show: (number) => access.read(() => desk.show(number)),
      pause: (channel, target, now, reason) =>
        access.write(() => targets.change(channel, target, (of) => paused(of, now, reason))),
      async resume(channel, target, now) {
        if (!(await access.read(() => queue.isHalted(channel, target)))) return false;
        await makeDue(channel, target, now);
        return access.write(() => queue.resume(channel, target));
      },
      targets: () => access.read(() => targets.all()),
      count: () => access.read(() => desk.count()),
      forget: (before) => access.readPages(() => this.#forget(access, before)),
    };
  }

  async #forget(access: Access, before: number): Promise<number> {
    let forgotten = 0;
    const { last } = this.desk;
    for (let after = 0; after < last; ) {
      const { numbers, next } = this.desk.oldIn(after, before);
      for (let place = 0; place < numbers.length; place += PAGE) {
        forgotten += await access.write(() => this.desk.forget(numbers.slice(place, place + PAGE)));
      }
      after = next;
      await yieldToEventLoop();
    }
    return forgotten;
  }
}
