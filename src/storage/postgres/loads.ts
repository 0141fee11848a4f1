/**
 * The statements that load rows. Each search is LATERAL with OFFSET 0, so that it stays a search by index whatever the
 * planner estimates. Rows that several stories may share are locked when they are loaded to be changed.
 */
import type { Market } from '../../domain/changes.ts';
import type { Load } from './needs.ts';

/** Rows are read to be changed, or only to be read. */
export type Purpose = 'write' | 'read';

/** A statement with no parameter: it takes its names from the transaction. */
export interface HeldLoad {
  readonly table: string;
  readonly text: string;
}

const lockOf = (purpose: Purpose) => (purpose === 'write' ? 'FOR UPDATE' : '');

const HELD_LICENSES = `
  SELECT l.* FROM held_orders() h, LATERAL (
    SELECT * FROM license l
    WHERE l.order_id = h.order_id AND l.marketplace = h.marketplace AND l.mode = h.mode OFFSET 0) l`;

/** An entry that is not loaded could not be removed. */
const HELD_ENTRIES: HeldLoad = {
  table: 'withdrawal',
  text: `
    SELECT w.* FROM (${HELD_LICENSES}) l, LATERAL (
      SELECT * FROM withdrawal w WHERE w.license = l.number AND w.listed <> 'none' OFFSET 0) w`,
};

const ofHeldOrders = (table: string, lock: string) => `
  SELECT t.* FROM held_orders() h, LATERAL (
    SELECT * FROM ${table} t
    WHERE t.order_id = h.order_id AND t.marketplace = h.marketplace AND t.mode = h.mode OFFSET 0 ${lock}) t`;

/** The rows of licenses: `licenses` is a statement that selects them. */
function ofLicenses(licenses: string, purpose: Purpose, wholeHistory: boolean): readonly HeldLoad[] {
  const own = (table: string, rest = '') => `
    SELECT t.* FROM (${licenses}) l, LATERAL (
      SELECT * FROM ${table} t WHERE t.license = l.number ${rest} OFFSET 0) t`;
  return [
    { table: 'license', text: licenses },
    {
      table: 'customer',
      text: `
        SELECT c.* FROM (${licenses}) l, LATERAL (
          SELECT * FROM customer c WHERE c.number = l.customer OFFSET 0 ${lockOf(purpose)}) c`,
    },
    { table: 'code', text: own('code') },
    { table: 'fulfillment', text: own('fulfillment') },
    {
      table: 'history',
      text: wholeHistory
        ? own('history')
        : `
          SELECT t.* FROM (${licenses}) l, LATERAL (
            SELECT * FROM history t WHERE t.license = l.number ORDER BY t.sequence DESC LIMIT 1) t`,
    },
  ];
}

/** All that is known of the names of the transaction. */
export function heldLoads(
  purpose: Purpose,
  options: { readonly wholeHistory: boolean; readonly announces: boolean },
): readonly HeldLoad[] {
  return [
    {
      table: 'fact',
      text: `
        SELECT f.* FROM held() h, LATERAL (
          SELECT * FROM fact f
          WHERE f.subject = h.name AND f.marketplace = h.marketplace AND f.mode = h.mode OFFSET 0) f`,
    },
    ...ofLicenses(HELD_LICENSES, purpose, options.wholeHistory),
    ...(purpose === 'write' ? [HELD_ENTRIES] : []),
    { table: 'owed', text: ofHeldOrders('owed', '') },
    { table: 'flag', text: ofHeldOrders('flag', lockOf(purpose)) },
    ...(options.announces ? [{ table: 'outbox', text: ofHeldOrders('outbox', '') }] : []),
  ];
}

/** The licenses that an item finds, with their rows. `condition`: on license l and item k; `columns`: of the item. */
const licensesBy = (columns: string, condition: string) => {
  const licenses = `
    SELECT l.* FROM json_to_recordset($1::json) AS k(${columns}), LATERAL (
      SELECT * FROM license l WHERE ${condition} OFFSET 0) l`;
  const short = ofLicenses(licenses, 'read', false);
  const whole = ofLicenses(licenses, 'read', true);
  return (item: unknown, wholeHistory = false): readonly Load[] =>
    (wholeHistory ? whole : short).map((load) => ({ ...load, item }));
};

const inMarket = 'l.marketplace = k.marketplace AND l.mode = k.mode';

/** Items: {"order": …, "marketplace": …, "mode": …}. */
export const orderLicenses = licensesBy(
  '"order" text, marketplace text, mode text',
  `l.order_id = k."order" AND ${inMarket}`,
);
/** Items: {"order": …}, in every market. */
export const licensesOfOrder = licensesBy('"order" text', 'l.order_id = k."order"');
/** Items: {"id": hexadecimal digits}. */
export const licensesById = licensesBy('id text', "l.id = decode(k.id, 'hex')");
/** Items: {"subscription": …}. */
export const licensesOfSubscription = licensesBy('subscription text', 'l.subscription = k.subscription');
/** Items: {"number": …, "limit": …}: the next licenses above a number. */
export const licensesAfter = licensesBy(
  'number bigint, "limit" integer',
  'l.number > k.number ORDER BY l.number LIMIT k."limit"',
);
/** Items: {"customer": number}. */
export const licensesOfCustomer = licensesBy('customer bigint', 'l.customer = k.customer');

export function loadBy(table: string, columns: string, condition: string, rest = '') {
  const text = `
    SELECT t.* FROM json_to_recordset($1::json) AS k(${columns}), LATERAL (
      SELECT * FROM ${table} t WHERE ${condition} ${rest}) t`;
  return (item: unknown): Load => ({ table, text, item });
}

/** Several items may find the same row, in the order of their keys, so that groups lock them in the same order. */
export const eventOf = loadBy(
  'event',
  'id text, marketplace text, mode text',
  't.event_id = k.id AND t.marketplace = k.marketplace AND t.mode = k.mode',
  'OFFSET 0 FOR UPDATE',
);
export const flagOfKey = loadBy(
  'flag',
  'key text, marketplace text, mode text',
  't.key = k.key AND t.marketplace = k.marketplace AND t.mode = k.mode',
  'OFFSET 0 FOR UPDATE',
);
export const flagOfId = loadBy('flag', 'id bigint', 't.id = k.id', 'OFFSET 0 FOR UPDATE');
export const factOf = loadBy(
  'fact',
  'subject text, marketplace text, mode text, key text',
  't.subject = k.subject AND t.marketplace = k.marketplace AND t.mode = k.mode AND t.key = k.key',
  'OFFSET 0',
);
export const termsOf = loadBy('terms', 'digest text', "t.digest = decode(k.digest, 'hex')", 'OFFSET 0');
export const customerOf = loadBy('customer', 'number bigint', 't.number = k.number', 'OFFSET 0 FOR UPDATE');
export const listOf = loadBy('revocation_list', 'product text', 't.product = k.product', 'OFFSET 0');
export const entriesOf = loadBy(
  'withdrawal',
  'product text',
  "t.product = k.product AND t.listed <> 'none'",
  'OFFSET 0',
);
export const owedOf = loadBy(
  'owed',
  '"order" text, marketplace text, mode text',
  't.order_id = k."order" AND t.marketplace = k.marketplace AND t.mode = k.mode',
  'OFFSET 0',
);

/** All rows of a table that are not removed. */
export function wholeTable(table: string, condition = 'TRUE', rest = ''): Load {
  return {
    table,
    text: `SELECT * FROM ${table} WHERE $1::json IS NOT NULL AND ${condition} ${rest}`,
    item: null,
  };
}

export const orderItem = (order: string, { marketplace, mode }: Market) => ({ order, marketplace, mode });

export const customerToRead = loadBy('customer', 'number bigint', 't.number = k.number', 'OFFSET 0');

/** The name that whoever writes a row of the console's tables locks. */
export const CONSOLE_LOCK = '- - console';

/** The tables of the console, which are small, and the newest entry of its history. */
export const CONSOLE: readonly Load[] = [
  ...['console_link', 'console_passkey', 'console_session'].map((table) =>
    wholeTable(table, `seal <> '\\x00000000000000000000000000000000'`),
  ),
  wholeTable('console_count'),
  wholeTable('console_history', 'TRUE', 'ORDER BY number DESC LIMIT 1'),
];
