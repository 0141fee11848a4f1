/** Writes announcements and their tries, inside a transaction. */

import type { Market } from '../../../domain/changes.ts';
import { type NewAnnouncement, willHaveCodesOf } from '../../../domain/values/announcement.ts';
import {
  OUTBOX_COLUMNS,
  type OutboxRow,
  sealAnnouncement,
  sealTry,
  TRY_COLUMNS,
  type TryRow,
} from '../../record/outbox-row.ts';
import type { Unsealed } from '../../record/sealer.ts';
import { uuidV7 } from '../../record/uuid-v7.ts';
import { aggregate } from '../aggregate.ts';
import { equal, IN_MARKET } from '../conditions.ts';
import type { Connection } from '../file/connection.ts';
import { prepareInsert } from '../insert.ts';
import type { Pen } from '../pens.ts';
import type { OutboxTargets } from './outbox-targets.ts';

type Once = Pick<
  OutboxRow,
  | 'order_id'
  | 'topic'
  | 'channel'
  | 'target'
  | 'license'
  | 'sequence'
  | 'key'
  | 'product'
  | 'marketplace'
  | 'mode'
>;

type Mailed = Pick<OutboxRow, 'order_id' | 'product' | 'channel' | 'target' | 'marketplace' | 'mode'>;

export interface OutboxSurroundings {
  /** Called when an inquiry is done. */
  readonly forgetTyped: (announcement: number) => void;
  /** Called before an announcement of an earlier act is changed. */
  readonly onWaiting?: (() => void) | undefined;
  /** The time by which announcements are due; `now`: the same by the writer's clock. */
  readonly timeOf: (now: number) => number;
}

export interface Added {
  readonly number: number;
  readonly id: string;
}

export class OutboxTable {
  readonly #pen: Pen;
  readonly #targets: OutboxTargets;
  readonly #surroundings: OutboxSurroundings;
  readonly #newest;
  readonly #waiting;
  readonly #insert;
  readonly #one;
  readonly #update;
  readonly #lastTry;
  readonly #insertTry;
  #listener: () => void = () => {};
  #hasNew = false;

  constructor(connection: Connection, pen: Pen, targets: OutboxTargets, surroundings: OutboxSurroundings) {
    this.#surroundings = surroundings;
    this.#pen = pen;
    this.#targets = targets;
    // The expressions are those of the unique index.
    this.#newest = connection
      .prepare<[Once], number | null>(`
        SELECT max(again) FROM outbox
        WHERE ${equal('order_id', 'topic', 'channel', 'target', 'sequence', 'key')} AND ${IN_MARKET}
          AND ifnull(license, x'') = ifnull(+$license, x'') AND ifnull(product, '') = ifnull(+$product, '')`)
      .pluck();
    this.#waiting = connection.prepare<[Mailed], OutboxRow>(`
      SELECT * FROM outbox
      WHERE ${equal('order_id', 'product', 'channel', 'target')} AND ${IN_MARKET} AND state = 'waiting'
      ORDER BY number`);
    this.#insert = prepareInsert<OutboxRow>(connection, 'outbox', OUTBOX_COLUMNS);
    this.#one = connection.prepare<[{ readonly number: number }], OutboxRow>(
      `SELECT * FROM outbox WHERE ${equal('number')}`,
    );
    this.#update = connection.prepare<[OutboxRow]>(`
      UPDATE outbox SET state = $state, reason = $reason, round = $round, tries = $tries, due = $due, lease = $lease,
        done_at = $done_at, body = $body, seal = $seal
      WHERE ${equal('number')}`);
    this.#lastTry = connection
      .prepare<[{ readonly number: number }], number>(
        'SELECT coalesce(max(try), 0) FROM outbox_try WHERE announcement = +$number',
      )
      .pluck();
    this.#insertTry = prepareInsert<TryRow>(connection, 'outbox_try', TRY_COLUMNS);
  }

  /** Writes an announcement that is due now; undefined: it is known. */
  add(announcement: NewAnnouncement, customer: number | null, now: number): Added | undefined {
    const at = this.#surroundings.timeOf(now);
    const row = freshRow(announcement, customer, at);
    return this.#newest.get(row) === null ? this.#put(row, at) : undefined;
  }

  /**
   * Whether a mail waits that will hand out the codes of this one. Who is just sending it may have found them suspended: its
   * lease ends, so that it is made anew, and only its success counts.
   */
  waitsFor(
    announcement: Pick<NewAnnouncement, 'order' | 'product' | 'channel' | 'target' | 'topic' | 'license'>,
    { marketplace, mode }: Market,
  ): boolean {
    const { order: order_id, product, channel, target } = announcement;
    if (product === null) return false;
    const mails = this.#waiting.all({ order_id, product, channel, target, marketplace, mode });
    const row = mails.find((waiting) => willHaveCodesOf(waiting, announcement));
    if (row === undefined) return false;
    this.#surroundings.onWaiting?.();
    if (row.lease !== null) this.replace(row, { ...row, lease: null });
    return true;
  }

  /** Writes a sent announcement again, under a new id. */
  addAgain(sent: OutboxRow, now: number, reason: string): Added {
    const again = (this.#newest.get(sent) ?? 0) + 1;
    const { number: _, id: __, seal: ___, ...content } = sent;
    const open = { state: 'waiting', round: 1, tries: 0, due: now, lease: null } as const;
    return this.#put(
      { ...content, ...open, again, reason, at: now, first_tried_at: null, done_at: null },
      now,
    );
  }

  #put(content: Omit<OutboxRow, 'number' | 'id' | 'seal'>, now: number): Added {
    const { sealer, counter } = this.#pen;
    this.#targets.ensure(content.channel, content.target);
    const row = { ...content, number: counter.next('announcement'), id: uuidV7(now) };
    const seal = sealAnnouncement(sealer, row);
    this.#insert.run({ ...row, seal });
    counter.count('outbox', undefined, seal);
    this.#hasNew = true;
    return row;
  }

  get(number: number): OutboxRow | undefined {
    return this.#one.get({ number });
  }

  /** `before` is the row as it was read: the pen's sum then still differs if it was edited. */
  replace(before: OutboxRow, after: Unsealed<OutboxRow>): void {
    const { sealer, counter } = this.#pen;
    const seal = sealAnnouncement(sealer, after);
    this.#update.run({ ...after, seal });
    counter.count('outbox', sealAnnouncement(sealer, before), seal);
    if (after.due !== null) this.#hasNew = true;
    if (before.channel === 'inquiry' && after.state !== 'waiting')
      this.#surroundings.forgetTyped(before.number);
  }

  addTry(number: number, tried: Omit<TryRow, 'announcement' | 'try' | 'seal'>): void {
    const { sealer, counter } = this.#pen;
    const row = { announcement: number, try: aggregate(this.#lastTry, { number }) + 1, ...tried };
    const seal = sealTry(sealer, row);
    this.#insertTry.run({ ...row, seal });
    counter.count('outbox', undefined, seal);
  }

  /** Called after each commit with an announcement that waits. */
  listen(listener: () => void): void {
    this.#listener = listener;
  }

  afterCommit(): void {
    if (!this.#hasNew) return;
    this.#hasNew = false;
    this.#listener();
  }

  afterRollback(): void {
    this.#hasNew = false;
  }
}

function freshRow(
  announcement: NewAnnouncement,
  customer: number | null,
  now: number,
): Omit<OutboxRow, 'number' | 'id' | 'seal'> {
  const { channel, target, topic, marketplace, mode, order, product, sequence, key, revision } = announcement;
  const { license, text, body } = announcement;
  return {
    channel,
    target,
    topic,
    marketplace,
    mode,
    order_id: order,
    product,
    license: license && Buffer.from(license),
    sequence,
    key,
    again: 0,
    revision,
    customer,
    text: text === null ? null : Buffer.from(text, 'hex'),
    body: body && Buffer.from(body),
    at: now,
    state: 'waiting',
    reason: null,
    round: 1,
    tries: 0,
    due: now,
    lease: null,
    first_tried_at: null,
    done_at: null,
  };
}
