/** What people see and decide of the outbox. Writes need a transaction. */

import type {
  AnnouncementStory,
  KeptAnnouncement,
  OutboxCount,
  OutboxQuery,
} from '../../../domain/ports/outbox-ledger.ts';
import { keptAnnouncement, keptTry, type OutboxRow, sealTry, type TryRow } from '../../record/outbox-row.ts';
import { prepareLast } from '../aggregate.ts';
import { each, equal } from '../conditions.ts';
import type { Connection } from '../file/connection.ts';
import type { Pen } from '../pens.ts';
import type { OutboxTable } from './outbox-table.ts';

/** Announcements that are read in one step to be forgotten. */
const RANGE = 500;

const UNDONE = "state IN ('waiting', 'held', 'given-up')";

export class OutboxDesk {
  readonly #table: OutboxTable;
  readonly #pen: Pen;
  readonly #list;
  readonly #ofOrder;
  readonly #tries;
  readonly #count;
  readonly #last;
  readonly #old;
  readonly #answers;
  readonly #forgetAnswer;
  readonly #ofCustomers;

  constructor(connection: Connection, table: OutboxTable, pen: Pen) {
    this.#table = table;
    this.#pen = pen;
    const list = (where: string) =>
      connection.prepare<[object], OutboxRow>(`
        SELECT * FROM outbox
        WHERE ${where} AND ($state IS NULL OR state = $state) AND ($channel IS NULL OR channel = $channel)
          AND ($target IS NULL OR target = $target) AND ($marketplace IS NULL OR marketplace = $marketplace)
          AND ($mode IS NULL OR mode = $mode) AND ($before IS NULL OR number < $before)
        ORDER BY number DESC LIMIT $limit`);
    // Of millions of announcements, few are undone, and few are of an order.
    this.#list = { all: list('TRUE'), undone: list(UNDONE) };
    this.#ofOrder = list('order_id = +$order');
    this.#tries = connection.prepare<[{ readonly number: number }], TryRow>(
      'SELECT * FROM outbox_try WHERE announcement = +$number ORDER BY try',
    );
    this.#count = connection.prepare<[], OutboxCount>(`
      SELECT channel, state, count(*) AS announcements, min(at) AS oldest FROM outbox
      WHERE ${UNDONE} GROUP BY channel, state ORDER BY channel, state`);
    this.#last = prepareLast(connection, 'outbox');
    this.#old = connection
      .prepare<[{ readonly after: number; readonly before: number }], number>(`
        SELECT number FROM outbox o
        WHERE number > $after AND number <= $after + ${RANGE} AND done_at < $before
          AND (body IS NOT NULL AND state <> 'given-up'
            OR EXISTS (SELECT 1 FROM outbox_try WHERE announcement = o.number AND answer IS NOT NULL))`)
      .pluck();
    this.#answers = connection.prepare<[{ readonly number: number }], TryRow>(
      'SELECT * FROM outbox_try WHERE announcement = +$number AND answer IS NOT NULL',
    );
    this.#forgetAnswer = connection.prepare<[TryRow]>(
      `UPDATE outbox_try SET answer = $answer, seal = $seal WHERE ${equal('announcement', 'try')}`,
    );
    this.#ofCustomers = connection.prepare<[{ readonly numbers: string }], OutboxRow>(`
      SELECT * FROM outbox
      WHERE customer IN (SELECT value FROM ${each('numbers')}) AND channel <> 'webhook' AND ${UNDONE}`);
  }

  list({
    state,
    channel,
    target,
    order,
    marketplace,
    mode,
    before,
    limit,
  }: OutboxQuery): readonly KeptAnnouncement[] {
    const isUndone = state !== undefined && state !== 'sent' && state !== 'dropped';
    const statement = order !== undefined ? this.#ofOrder : isUndone ? this.#list.undone : this.#list.all;
    const rows = statement.all({
      state: state ?? null,
      channel: channel ?? null,
      target: target ?? null,
      marketplace: marketplace ?? null,
      mode: mode ?? null,
      before: before ?? null,
      limit,
      ...(order !== undefined && { order }),
    });
    return rows.map(keptAnnouncement);
  }

  show(number: number): AnnouncementStory | undefined {
    const row = this.#table.get(number);
    if (row === undefined) return undefined;
    return { announcement: keptAnnouncement(row), tries: this.#tries.all({ number }).map(keptTry) };
  }

  sendAgain(number: number, now: number, reason: string): boolean {
    const row = this.#table.get(number);
    if (row === undefined || (row.state !== 'given-up' && row.state !== 'held')) return false;
    const round = row.state === 'held' ? row.round : row.round + 1;
    const open = { state: 'waiting', due: now, lease: null, done_at: null } as const;
    this.#table.replace(row, { ...row, ...open, round, tries: 0, reason });
    return true;
  }

  repeat(number: number, now: number, reason: string): number | undefined {
    const row = this.#table.get(number);
    return row?.state === 'sent' ? this.#table.addAgain(row, now, reason).number : undefined;
  }

  drop(number: number, now: number, reason: string): boolean {
    const row = this.#table.get(number);
    if (row === undefined || row.state === 'sent' || row.state === 'dropped') return false;
    this.#drop(row, now, reason);
    return true;
  }

  /** Nothing more is sent to erased customers. */
  dropOf(customers: readonly number[], now: number): void {
    for (const row of this.#ofCustomers.all({ numbers: JSON.stringify(customers) })) {
      this.#drop(row, now, 'erased');
    }
  }

  #drop(row: OutboxRow, now: number, reason: string): void {
    this.#table.replace(row, { ...row, state: 'dropped', due: null, lease: null, done_at: now, reason });
  }

  count(): readonly OutboxCount[] {
    return this.#count.all();
  }

  get last(): number {
    return this.#last();
  }

  /** The next range of old announcements after a number. */
  oldIn(after: number, before: number): { readonly numbers: readonly number[]; readonly next: number } {
    return { numbers: this.#old.all({ after, before }), next: after + RANGE };
  }

  /** A body that was given up stays, since it may be sent again. */
  forget(numbers: readonly number[]): number {
    for (const number of numbers) {
      const row = this.#table.get(number);
      if (row === undefined) continue;
      if (row.body !== null && row.state !== 'given-up') this.#table.replace(row, { ...row, body: null });
      for (const tried of this.#answers.all({ number })) this.#forget(tried);
    }
    return numbers.length;
  }

  #forget(tried: TryRow): void {
    const { sealer, counter } = this.#pen;
    const after = { ...tried, answer: null };
    const seal = sealTry(sealer, after);
    this.#forgetAnswer.run({ ...after, seal });
    counter.count('outbox', sealTry(sealer, tried), seal);
  }
}
