/**
 * The statements that load rows. Each search is LATERAL with OFFSET 0, so that it stays a search by index whatever the
 * planner estimates. Rows that several stories may share are locked when they are loaded to be changed.
 */
import type { Market } from '../../domain/changes.ts';
import type { Load } from './needs.ts';

/** Rows are read to be changed, or only to be read. */
export type Purpose = 'write' | 'read';

export const lockOf = (purpose: Purpose) => (purpose === 'write' ? 'FOR UPDATE' : '');

/** In place of a table: each row of the statement has the table in its column `table`, and the row as JSON in `row`. */
export const MANY = '';

/** Rows of several tables: `table` and `row`. */
export const rowsOf = (table: string, alias: string) =>
  `'${table}'::text AS "table", row_to_json(${alias}) AS "row"`;

/**
 * Whether a row is in a market, "marketplace mode". The two columns are compared as one expression, so that a search uses
 * none but the index for its other column. By a plan that was made while a table was empty, an index that has these columns
 * looks as good as any, and reads all rows of the ledger.
 */
export const inMarket = (alias: string, market: string) =>
  `${alias}.marketplace || ' ' || ${alias}.mode = ${market}`;

/** The market of an item. */
export const ITS_MARKET = "k.marketplace || ' ' || k.mode";

/**
 * The rows of licenses, which the statement `licenses` selects; `history`: how many rows of their history, the newest
 * first. Entries of lists are loaded only to be written: one that is not loaded could not be removed.
 */
export function licenseRows(licenses: string, purpose: Purpose, history: string): string {
  const own = (table: string, rest = '') => `
    UNION ALL SELECT ${rowsOf(table, 't')} FROM l, LATERAL (
      SELECT * FROM ${table} t WHERE t.license = l.number ${rest} OFFSET 0) t`;
  return `
    WITH l AS MATERIALIZED (${licenses})
    SELECT ${rowsOf('license', 'l')} FROM l
    UNION ALL SELECT ${rowsOf('customer', 'c')} FROM (SELECT DISTINCT customer FROM l) AS l, LATERAL (
      SELECT * FROM customer c WHERE c.number = l.customer OFFSET 0 ${lockOf(purpose)}) c
    ${own('code')} ${own('fulfillment')} ${own('history', `ORDER BY t.sequence DESC LIMIT ${history}`)}
    ${purpose === 'write' ? own('withdrawal', "AND t.listed <> 'none'") : ''}`;
}

/** The licenses that an item finds, with their rows. `condition`: on license l and item k; `columns`: of the item. */
const licensesBy = (columns: string, condition: string) => {
  const licenses = `
    SELECT l.* FROM json_to_recordset($1::json) AS k(${columns}), LATERAL (
      SELECT * FROM license l WHERE ${condition} OFFSET 0) l`;
  const short = licenseRows(licenses, 'read', '1');
  const whole = licenseRows(licenses, 'read', 'ALL');
  return (item: unknown, wholeHistory = false): readonly Load[] => [
    { table: MANY, text: wholeHistory ? whole : short, item },
  ];
};

/** Items: {"order": …, "marketplace": …, "mode": …}. */
export const orderLicenses = licensesBy(
  '"order" text, marketplace text, mode text',
  `l.order_id = k."order" AND ${inMarket('l', ITS_MARKET)}`,
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
  `t.event_id = k.id AND ${inMarket('t', ITS_MARKET)}`,
  'OFFSET 0 FOR UPDATE',
);
export const flagOfKey = loadBy(
  'flag',
  'key text, marketplace text, mode text',
  `t.key = k.key AND ${inMarket('t', ITS_MARKET)}`,
  'OFFSET 0 FOR UPDATE',
);
export const flagOfId = loadBy('flag', 'id bigint', 't.id = k.id', 'OFFSET 0 FOR UPDATE');
export const factOf = loadBy(
  'fact',
  'subject text, marketplace text, mode text, key text',
  `t.subject = k.subject AND ${inMarket('t', ITS_MARKET)} AND t.key = k.key`,
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
  `t.order_id = k."order" AND ${inMarket('t', ITS_MARKET)}`,
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
