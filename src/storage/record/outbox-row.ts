/** The tables of the outbox: announcements, their tries, their targets. */
import type { KeptAnnouncement, KeptTry } from '../../domain/ports/outbox-ledger.ts';
import type { OutboxTarget } from '../../domain/ports/outbox-target.ts';
import type { Announcement, AnnouncementState, ChannelName } from '../../domain/values/announcement.ts';
import type { Marketplace, Mode } from '../../domain/values/order.ts';
import type { Sealer, Unsealed } from './sealer.ts';

export interface OutboxRow {
  readonly number: number;
  readonly id: string;
  readonly channel: ChannelName;
  readonly target: string;
  readonly topic: string;
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly order_id: string;
  readonly product: string | null;
  readonly license: Buffer | null;
  readonly sequence: number;
  readonly key: string;
  readonly again: number;
  readonly revision: number;
  readonly customer: number | null;
  readonly text: Buffer | null;
  readonly body: Buffer | null;
  readonly at: number;
  readonly state: AnnouncementState;
  readonly reason: string | null;
  readonly round: number;
  readonly tries: number;
  readonly due: number | null;
  readonly lease: number | null;
  readonly first_tried_at: number | null;
  readonly done_at: number | null;
  readonly seal: Buffer;
}

export const OUTBOX_COLUMNS: readonly (keyof OutboxRow)[] = [
  'number',
  'id',
  'channel',
  'target',
  'topic',
  'marketplace',
  'mode',
  'order_id',
  'product',
  'license',
  'sequence',
  'key',
  'again',
  'revision',
  'customer',
  'text',
  'body',
  'at',
  'state',
  'reason',
  'round',
  'tries',
  'due',
  'lease',
  'first_tried_at',
  'done_at',
  'seal',
];

/** Columns that may change without a new seal: a lease is taken and lost without a word. */
const UNSEALED = new Set<keyof OutboxRow>(['lease', 'first_tried_at', 'seal']);
const SEALED = OUTBOX_COLUMNS.filter((column) => !UNSEALED.has(column)) as readonly Exclude<
  keyof OutboxRow,
  'seal'
>[];

export function sealAnnouncement(sealer: Sealer, row: Unsealed<OutboxRow>): Buffer {
  return sealer.seal('outbox', ...SEALED.map((column) => row[column]));
}

export function announcementOf(row: Unsealed<OutboxRow>): Announcement {
  const { number, id, channel, target, topic, marketplace, mode, product, license, sequence } = row;
  const { revision, customer, text, body, at, tries } = row;
  const about = { marketplace, mode, order: row.order_id, product, license, sequence, revision, customer };
  const made = { text: text === null ? null : text.toString('hex'), body, at };
  return { number, id, channel, target, topic, ...about, ...made, firstTriedAt: row.first_tried_at, tries };
}

export function keptAnnouncement(row: Unsealed<OutboxRow>): KeptAnnouncement {
  const { key, again, state, reason, round, due, lease } = row;
  return { ...announcementOf(row), key, again, state, reason, round, due, lease, doneAt: row.done_at };
}

export interface TryRow {
  readonly announcement: number;
  readonly try: number;
  readonly round: number;
  readonly at: number;
  readonly outcome: KeptTry['outcome'];
  readonly answer: string | null;
  readonly seal: Buffer;
}

export const TRY_COLUMNS: readonly (keyof TryRow)[] = [
  'announcement',
  'try',
  'round',
  'at',
  'outcome',
  'answer',
  'seal',
];

export function sealTry(sealer: Sealer, row: Unsealed<TryRow>): Buffer {
  const { announcement, round, at, outcome, answer } = row;
  return sealer.seal('outbox_try', announcement, row.try, round, at, outcome, answer);
}

export function keptTry({ round, at, outcome, answer, ...row }: Unsealed<TryRow>): KeptTry {
  return { try: row.try, round, at, outcome, answer };
}

export interface TargetRow {
  readonly channel: ChannelName;
  readonly target: string;
  readonly failures: number;
  readonly failing_since: number | null;
  readonly rests_until: number | null;
  readonly stopped_at: number | null;
  readonly paused_at: number | null;
  readonly reason: string | null;
  readonly seal: Buffer;
}

export const TARGET_COLUMNS: readonly (keyof TargetRow)[] = [
  'channel',
  'target',
  'failures',
  'failing_since',
  'rests_until',
  'stopped_at',
  'paused_at',
  'reason',
  'seal',
];

export function sealTarget(sealer: Sealer, row: Unsealed<TargetRow>): Buffer {
  const { channel, target, failures, failing_since, rests_until, stopped_at, paused_at, reason } = row;
  const state = [failures, failing_since, rests_until, stopped_at, paused_at] as const;
  return sealer.seal('outbox_target', channel, target, ...state, reason);
}

export function targetRow(target: OutboxTarget): Unsealed<TargetRow> {
  const { channel, failures, failingSince, restsUntil, stoppedAt, pausedAt, reason } = target;
  const state = { failing_since: failingSince, rests_until: restsUntil };
  const halted = { stopped_at: stoppedAt, paused_at: pausedAt, reason };
  return { channel, target: target.target, failures, ...state, ...halted };
}

export function targetOf(row: Unsealed<TargetRow>): OutboxTarget {
  const { channel, target, failures, reason } = row;
  const state = { failingSince: row.failing_since, restsUntil: row.rests_until };
  return { channel, target, failures, ...state, stoppedAt: row.stopped_at, pausedAt: row.paused_at, reason };
}
