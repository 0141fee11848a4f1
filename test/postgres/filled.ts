/** Rows of other sales in all tables that grow, as they are in a ledger that is in use: nothing of them is open or due. */
import { PENS } from '../../src/storage/postgres/schema/make-schema.ts';
import { NUMBERS_A_PEN } from '../../src/storage/record/pen.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';
import { run } from './server.ts';

/** The tables that have some rows for each pen, product, instance or person of the console, or for what is going on now. */
export const SMALL: readonly string[] = [
  ...['pen', 'identity', 'schema_version', 'signing_key', 'instance', 'note', 'refused_call'],
  ...['message', 'terms', 'sold_terms', 'revocation_list', 'published_list', 'outbox_target'],
  ...[
    'daily_position',
    'download_count',
    'console_count',
    'console_link',
    'console_passkey',
    'console_session',
  ],
];

const AT = `${SOLD_AT - 900_000_000} + n`;
/** No pen numbers these rows: not the highest of any. */
const NUMBER = `${PENS * NUMBERS_A_PEN} + n`;
const SEAL = `decode(repeat('01', 16), 'hex')`;
const ID = `decode(lpad(to_hex(n), 32, '0'), 'hex')`;
const DIGEST = `decode(repeat('02', 32), 'hex')`;
const MARKET = `'fastspring', 'live'`;
const CODE = `repeat('x', 160)`;

/** The values of a row, in the order of the table's columns. n: from 1 on. */
const VALUES: Readonly<Record<string, string>> = {
  customer: `${NUMBER}, 'Eve', 'eve' || n || '@example.com', 'eve' || n || '@example.com', NULL, NULL, NULL, 0, ${SEAL}, NULL`,
  license: `${NUMBER}, ${ID}, ${MARKET}, 'F' || n, 'app', 'app', 0, 0, 'active', 1, ${NUMBER}, 'S' || n, NULL, ${CODE}, 1, ${AT},
    'filled', 1, ${DIGEST}, 0, NULL, NULL, ${AT}, NULL, NULL, 1, NULL, ${SEAL}`,
  code: `${NUMBER}, 1, ${CODE}`,
  fulfillment: `${NUMBER}, 1, 1, 1, ${DIGEST}, ${AT}, ${AT}, 'G' || n, 0, ${SEAL}`,
  history: `${NUMBER}, 1, ${AT}, 'active', 'active', 1, 'filled', ${SEAL}`,
  fact: `'order:F' || n, ${MARKET}, 'termed ' || n, ${AT}, 'termed', '{"kind":"termed","product":"app"}', 'filled', 'order-id:I' || n,
    ${SEAL}`,
  event: `${NUMBER}, ${MARKET}, 'E' || n, 'filled', ${AT}, ${AT}, '{}', ${DIGEST}, 'done', NULL, 1`,
  flag: `${NUMBER}, ${MARKET}, 'key ' || n, 'drift', 'filled', 'F' || n, 'app', 'E' || n, ${AT}, ${AT}, 'ada', ${SEAL}`,
  owed: `${MARKET}, 'F' || n, 'app', 'app', 1, 0, ${AT}, NULL, ${SEAL}`,
  withdrawal: `'other', decode(lpad(to_hex(n), 16, '0'), 'hex'), ${NUMBER}, 'revoked', NULL, NULL`,
  outbox: `${NUMBER}, lpad(n::text, 36, '0'), 'mail', 'customer', 'issued', ${MARKET}, 'F' || n, 'app', ${ID}, 1, '', 0, 1, ${NUMBER},
    NULL, NULL, ${AT}, 'sent', NULL, 1, 1, NULL, NULL, ${AT}, ${AT}, ${SEAL}`,
  outbox_try: `${NUMBER}, 1, 1, ${AT}, 'sent', NULL, ${SEAL}`,
  inquiry: `${NUMBER}, NULL, NULL, ${ID}, ${ID}, 0, ${AT}`,
  address_change: `${NUMBER}, ${ID}, ${NUMBER}, 'F' || n, ${MARKET}, 'done', ${AT}, ${AT}, NULL, NULL, ${SEAL}`,
  link_generation: `${ID}, ${AT}`,
  unit_note: `${ID}, 'somebody'`,
  download: `${NUMBER}, ${ID}, 'app', '1', 'App.zip', 1, 9, 'whole', ${AT}, ${AT}, '', ${SEAL}`,
  daily: `to_char(date '1970-01-01' + n, 'YYYY-MM-DD'), 'live', 'app', 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0`,
  console_history: `${NUMBER}, ${AT}, 'ada', 'did something', ${SEAL}`,
  job: `${NUMBER}, 'check', 'ledger', NULL, 'ada', 'here', 'before', ${AT}, ${AT}, 1, 1, ${AT}, 1, 'done', '[]'`,
  done_act: `gen_random_uuid(), 0, ${AT}`,
  handout: `gen_random_uuid(), 'H' || n, 0, '-infinity'`,
  handout_turn: `'H' || n, gen_random_uuid(), '-infinity'`,
  request_limit: `'key ' || n, 1, ${AT}`,
};

/** The tables that grow. */
export const LARGE: readonly string[] = Object.keys(VALUES);

/** No automatic ANALYZE comes in between. */
export async function fill(url: string, rows: number): Promise<void> {
  const statements = Object.entries(VALUES).map(
    ([table, values]) =>
      `ALTER TABLE ${table} SET (autovacuum_enabled = off);
      INSERT INTO ${table} SELECT ${values} FROM generate_series(1, ${rows}) n`,
  );
  await run(statements.join(';\n'), url);
}
