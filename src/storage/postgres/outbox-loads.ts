/** The statements that load rows of the outbox. */
import { inquiryOf } from './customer-loads.ts';
import { wholeTable } from './loads.ts';
import type { Load, Need } from './needs.ts';
import { timeOr } from './session/shared-clock.ts';

/** Whoever changes a row that is there, or a target, holds this name: leases are counted by target. */
export const OUTBOX_LOCK = '- - outbox';

export const TARGETS: Load = wholeTable('outbox_target');

export const UNDONE = "o.state IN ('waiting', 'held', 'given-up')";

function load(table: string, columns: string, text: string) {
  const from = `SELECT t.* FROM json_to_recordset($1::json) AS k(${columns}), LATERAL (${text}) t`;
  return (item: unknown): Load => ({ table, text: from, item });
}

const ofTargets = (condition: string, rest: string) => `
  SELECT o.* FROM outbox_target g, LATERAL (
    SELECT * FROM outbox o WHERE o.channel = g.channel AND o.target = g.target AND ${condition} ${rest}) o`;

/** Those that another instance is just writing are left out. */
export const dueAt = load(
  'outbox',
  'now bigint, most integer',
  ofTargets(
    `o.due <= ${timeOr('k.now')} AND (o.lease IS NULL OR o.lease <= ${timeOr('k.now')})`,
    'ORDER BY o.due LIMIT k.most FOR UPDATE SKIP LOCKED',
  ),
);
/** Also those whose lease is over: what is over is decided by the time that the act reads. */
export const LEASED = load('outbox', 'leased boolean', ofTargets('o.lease IS NOT NULL', 'OFFSET 0'))({});
export const soonestAt = load(
  'outbox',
  'now bigint',
  ofTargets(
    `o.due IS NOT NULL AND (o.lease IS NULL OR o.lease <= ${timeOr('k.now')})`,
    'ORDER BY o.due LIMIT 1',
  ),
);
export const overdueAt = load(
  'outbox',
  'before bigint, most integer',
  ofTargets('o.due < k.before', 'ORDER BY o.due LIMIT k.most FOR UPDATE'),
);
/** The same of one target, or with target '' of a channel. */
export const overdueOf = load(
  'outbox',
  'before bigint, most integer, channel text, target text',
  ofTargets(
    `o.due < k.before AND o.channel = k.channel AND (k.target = '' OR o.target = k.target)`,
    'ORDER BY o.due LIMIT k.most FOR UPDATE',
  ),
);

export const announcement = load(
  'outbox',
  'number bigint',
  'SELECT * FROM outbox o WHERE o.number = k.number OFFSET 0',
);
export const triesOf = load(
  'outbox_try',
  'number bigint',
  'SELECT * FROM outbox_try y WHERE y.announcement = k.number OFFSET 0',
);
/** The same announcement, each time that it was written. */
export const sameAs = load(
  'outbox',
  'number bigint',
  `SELECT o.* FROM outbox a JOIN outbox o ON o.order_id = a.order_id AND o.topic = a.topic AND o.channel = a.channel
    AND o.target = a.target AND o.key = a.key AND o.marketplace = a.marketplace AND o.mode = a.mode
  WHERE a.number = k.number OFFSET 0`,
);
/** What was written with these columns. */
export const writtenAs = load(
  'outbox',
  '"order" text, topic text, channel text, target text, key text, marketplace text, mode text',
  `SELECT * FROM outbox o WHERE o.order_id = k."order" AND o.topic = k.topic AND o.channel = k.channel
    AND o.target = k.target AND o.key = k.key AND o.marketplace = k.marketplace AND o.mode = k.mode OFFSET 0`,
);
export const undoneOf = load(
  'outbox',
  'customer bigint',
  `SELECT * FROM outbox o WHERE o.customer = k.customer AND ${UNDONE} OFFSET 0 FOR UPDATE`,
);

/** An act on one announcement, and on what was typed for it. */
export function needOf(number: number, ...others: readonly Load[]): Need {
  return {
    locks: [OUTBOX_LOCK],
    loads: [announcement({ number }), inquiryOf({ number }), TARGETS, ...others],
  };
}
