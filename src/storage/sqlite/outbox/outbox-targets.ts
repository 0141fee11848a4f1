/** Reads and writes the targets of announcements. Writes need a transaction. */
import { newTarget, type OutboxTarget } from '../../../domain/ports/outbox-target.ts';
import type { ChannelName } from '../../../domain/values/announcement.ts';
import { sealTarget, TARGET_COLUMNS, type TargetRow, targetOf, targetRow } from '../../record/outbox-row.ts';
import { equal } from '../conditions.ts';
import type { Connection } from '../file/connection.ts';
import { prepareUpsert } from '../insert.ts';
import type { Pen } from '../pens.ts';

type Key = Pick<TargetRow, 'channel' | 'target'>;

export class OutboxTargets {
  readonly #pen: Pen;
  readonly #one;
  readonly #all;
  readonly #put;

  constructor(connection: Connection, pen: Pen) {
    this.#pen = pen;
    this.#one = connection.prepare<[Key], TargetRow>(
      `SELECT * FROM outbox_target WHERE ${equal('channel', 'target')}`,
    );
    this.#all = connection.prepare<[], TargetRow>('SELECT * FROM outbox_target ORDER BY channel, target');
    this.#put = prepareUpsert<TargetRow>(connection, 'outbox_target', TARGET_COLUMNS, ['channel', 'target']);
  }

  /** Without a row, no announcement to the target is claimed. */
  ensure(channel: ChannelName, target: string): void {
    if (this.#one.get({ channel, target }) === undefined) this.#save(newTarget(channel, target), undefined);
  }

  get(channel: ChannelName, target: string): OutboxTarget {
    const row = this.#one.get({ channel, target });
    return row === undefined ? newTarget(channel, target) : targetOf(row);
  }

  /** Returns false if nothing changed. */
  change(channel: ChannelName, target: string, by: (target: OutboxTarget) => OutboxTarget): boolean {
    const row = this.#one.get({ channel, target });
    const before = row === undefined ? newTarget(channel, target) : targetOf(row);
    const after = by(before);
    if (after === before) return false;
    this.#save(after, row);
    return true;
  }

  all(): readonly OutboxTarget[] {
    return this.#all.all().map(targetOf);
  }

  #save(target: OutboxTarget, before: TargetRow | undefined): void {
    const { sealer, counter } = this.#pen;
    const row = targetRow(target);
    const seal = sealTarget(sealer, row);
    this.#put.run({ ...row, seal });
    counter.count('outbox', before && sealTarget(sealer, before), seal);
  }
}
