/** What the outbox's worker does with the ledger: claims, notes tries, holds. Writes need a transaction. */

import type { ClaimedAnnouncement, HandedCode, NotedTry } from '../../../domain/ports/outbox-ledger.ts';
import {
  afterTry,
  isHalted,
  mayTry,
  type OutboxTarget,
  restEnd,
  resumed,
} from '../../../domain/ports/outbox-target.ts';
import type { ChannelName } from '../../../domain/values/announcement.ts';
import { announcementOf, type OutboxRow } from '../../record/outbox-row.ts';
import { aggregate } from '../aggregate.ts';
import { equal } from '../conditions.ts';
import type { Connection } from '../file/connection.ts';
import type { OutboxTable } from './outbox-table.ts';
import type { OutboxTargets } from './outbox-targets.ts';

type Target = Pick<OutboxTarget, 'channel' | 'target'>;
type Due = Target & { readonly now: number };

export class OutboxQueue {
  readonly #table: OutboxTable;
  readonly #targets: OutboxTargets;
  readonly #claim;
  readonly #leased;
  readonly #soonest;
  readonly #release;
  readonly #overdue;
  readonly #handed;

  constructor(connection: Connection, table: OutboxTable, targets: OutboxTargets) {
    this.#table = table;
    this.#targets = targets;
    this.#claim = connection.prepare<[Due & { readonly lease: number; readonly most: number }], OutboxRow>(`
      UPDATE outbox SET lease = $lease, first_tried_at = coalesce(first_tried_at, $now)
      WHERE number IN (
        SELECT number FROM outbox
        WHERE ${equal('channel', 'target')} AND due <= $now AND (lease IS NULL OR lease <= $now)
        ORDER BY due LIMIT $most)
      RETURNING *`);
    this.#leased = connection.prepare<[Due], { readonly leased: number; readonly until: number | null }>(`
      SELECT count(*) AS leased, min(lease) AS until FROM outbox
      WHERE ${equal('channel', 'target')} AND lease > $now`);
    this.#soonest = connection
      .prepare<[Due], number | null>(`
        SELECT min(due) FROM outbox
        WHERE ${equal('channel', 'target')} AND due IS NOT NULL AND (lease IS NULL OR lease <= $now)`)
      .pluck();
    this.#release = connection.prepare<[{ readonly number: number; readonly lease: number }]>(
      `UPDATE outbox SET lease = NULL WHERE ${equal('number', 'lease')}`,
    );
    this.#overdue = connection.prepare<
      [Target & { readonly before: number; readonly most: number }],
      OutboxRow
    >(`SELECT * FROM outbox WHERE ${equal('channel', 'target')} AND due < $before ORDER BY due LIMIT $most`);
    this.#handed = connection.prepare<[HandedCode]>(`
      UPDATE license SET handed = $revision
      WHERE id = +$license AND revision >= $revision AND coalesce(handed, -1) < $revision`);
  }

  claim({
    channels,
    now,
    lease,
    most,
  }: {
    readonly channels: readonly ChannelName[];
    readonly now: number;
    readonly lease: number;
    readonly most: number;
  }): readonly ClaimedAnnouncement[] {
    const claimed: ClaimedAnnouncement[] = [];
    for (const target of this.#open(channels)) {
      const due = { channel: target.channel, target: target.target, now };
      const may = Math.min(mayTry(target, aggregate(this.#leased, due).leased, now), most - claimed.length);
      if (may === 0) continue;
      for (const row of this.#claim.all({ ...due, lease, most: may })) {
        claimed.push({ ...announcementOf(row), lease });
      }
    }
    return claimed;
  }

  nextDue(channels: readonly ChannelName[], now: number): number | undefined {
    const times = this.#open(channels).flatMap((target) => {
      const due = { channel: target.channel, target: target.target, now };
      const { leased, until } = aggregate(this.#leased, due);
      const soonest = this.#soonest.get(due) ?? null;
      const from = Math.max(soonest ?? 0, restEnd(target, now) ?? 0);
      const isFull = mayTry(target, leased, Math.max(now, from)) === 0;
      return [soonest === null || isFull ? null : from, until].filter((time) => time !== null);
    });
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Targets that are neither paused nor stopped, of channels that are not paused. */
  #open(channels: readonly ChannelName[]): readonly OutboxTarget[] {
    const all = this.#targets.all();
    const isShut = ({ pausedAt, stoppedAt }: OutboxTarget) => pausedAt !== null || stoppedAt !== null;
    const shut = new Set(all.filter((one) => one.target === '' && isShut(one)).map(({ channel }) => channel));
    return all.filter(
      (one) => one.target !== '' && channels.includes(one.channel) && !shut.has(one.channel) && !isShut(one),
    );
  }

  /** Returns the target if it rested and works again: what waited for it is to be made due. */
  note(tried: NotedTry): Target | undefined {
    const { number, lease, at, outcome, answer } = tried;
    const row = this.#table.get(number);
    const isLate = row?.lease !== lease;
    if (row === undefined || (isLate && outcome !== 'sent')) return undefined;
    const { round, channel, target } = row;
    const isResting = () => this.#targets.get(channel, target).restsUntil !== null;
    const rested = isResting();
    this.#table.addTry(number, { round, at, outcome, answer });
    this.#targets.change(channel, target, (of) => afterTry(of, tried.target, at, answer));
    this.#noteRow(row, tried);
    return rested && tried.target === 'works' && !isResting() ? { channel, target } : undefined;
  }

  #noteRow(row: OutboxRow, { at, outcome, answer, next, counts, handed = [] }: NotedTry): void {
    for (const code of handed) this.#handed.run(code);
    // Dropped meanwhile, for example for an erased customer: it stays dropped.
    if (row.state === 'dropped' || row.state === 'sent') return;
    const tried = { ...row, tries: row.tries + (counts ? 1 : 0), lease: null };
    const done = { due: null, done_at: at };
    if (outcome === 'sent') this.#table.replace(row, { ...tried, ...done, state: 'sent' });
    else if (outcome === 'dropped') {
      this.#table.replace(row, { ...tried, ...done, state: 'dropped', reason: answer });
    } else if (outcome === 'refused' || next === undefined) {
      this.#table.replace(row, { ...tried, ...done, state: 'given-up', reason: answer });
    } else if (row.state === 'waiting') this.#table.replace(row, { ...tried, due: next });
  }

  release(claimed: readonly { readonly number: number; readonly lease: number }[]): void {
    for (const { number, lease } of claimed) this.#release.run({ number, lease });
  }

  isHalted(channel: ChannelName, target: string): boolean {
    return isHalted(this.#targets.get(channel, target));
  }

  /**
   * What waited for the target, or channel, is due now, so that the next start does not hold it. Changes at most some rows,
   * and returns how many.
   */
  makeDue(channel: ChannelName, target: string, now: number, most: number): number {
    let changed = 0;
    for (const one of this.#targets.all()) {
      if (one.channel !== channel || (target !== '' && one.target !== target)) continue;
      const overdue = { channel, target: one.target, before: now, most: most - changed };
      for (const row of this.#overdue.all(overdue)) {
        this.#table.replace(row, { ...row, due: now });
        changed += 1;
      }
    }
    return changed;
  }

  /** Returns false if nothing changed. */
  resume(channel: ChannelName, target: string): boolean {
    return this.#targets.change(channel, target, (of) => (isHalted(of) ? resumed(of) : of));
  }

  /** Holds at most some rows, and returns how many. */
  hold(before: number, most: number): number {
    const all = this.#targets.all();
    const halted = new Set(
      all.filter((one) => one.target === '' && isHalted(one)).map(({ channel }) => channel),
    );
    let held = 0;
    for (const target of all) {
      if (isHalted(target) || halted.has(target.channel)) continue;
      const overdue = { channel: target.channel, target: target.target, before, most: most - held };
      for (const row of this.#overdue.all(overdue)) {
        this.#table.replace(row, { ...row, state: 'held', due: null, lease: null });
        held += 1;
      }
    }
    return held;
  }
}
