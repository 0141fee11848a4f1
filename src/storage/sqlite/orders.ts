/** Reading orders: the licenses of one product of an order with what was answered for them. */
import type { HeldLicense, HeldOrder } from '../../domain/ledger.ts';
import type { LicenseState } from '../../domain/license.ts';
import type { OrderKey } from '../../domain/order.ts';
import { customerOf, type LaterAnswer, laterAnswer } from '../record/mapping.ts';
import type { Connection } from './connection.ts';
import { LATER_ANSWERS, NEWEST_CODE } from './load.ts';

/**
 * The columns of findOrder by place: this query runs for every sale and every repeat, and names and blobs cost more
 * than the search. Ids and digests come as hex.
 */
type OrderRow = readonly [
  number: number,
  id: string,
  line: string,
  unit: number,
  state: LicenseState,
  revision: number,
  code: string,
  firstRevision: number,
  firstCode: string,
  quantity: number | null,
  message: string,
  issuedAt: number,
  deliveredAt: number | null,
  alone: 0 | 1,
  subscription: string | null,
  customer: number | null,
  name: string | null,
  email: string | null,
  erased: number | null,
];

export class OrderReader {
  readonly #rows;
  readonly #laterAnswers;
  readonly #unit;
  readonly #delivered;

  constructor(connection: Connection) {
    this.#rows = connection
      .prepare<[string, string, string, string], OrderRow>(`
        SELECT l.number, hex(l.id), l.line, l.unit, l.state, l.revision, ${NEWEST_CODE}, l.first_revision, l.first_code,
          l.quantity, lower(hex(l.message)), l.issued_at, l.delivered_at, l.alone, l.subscription, l.customer, c.name, c.email, c.erased
        FROM license l LEFT JOIN customer c ON c.number = l.customer
        WHERE l.order_id = +? AND l.product = +? AND l.marketplace = +? AND l.mode = +?
        ORDER BY l.line, l.unit, l.reissue`)
      .raw();
    this.#laterAnswers = connection.prepare<[string], LaterAnswer>(LATER_ANSWERS);
    this.#unit = connection
      .prepare<[object], number>(`
        SELECT number FROM license
        WHERE order_id = +$order AND line = +$line AND product = +$product AND unit = +$unit
          AND marketplace = +$marketplace AND mode = +$mode
        ORDER BY reissue DESC LIMIT 1`)
      .pluck();
    this.#delivered = {
      first: connection.prepare(`
        UPDATE license SET delivered_at = $at
        WHERE number = +$number AND quantity IS NOT NULL AND delivered_at IS NULL`),
      later: connection.prepare(`
        UPDATE fulfillment SET delivered_at = $at
        WHERE license = +$number AND sequence = 1 AND delivered_at IS NULL`),
    };
  }
  /** Notes when the answer for a unit went out whole, once. Inside a transaction. */
  noteDelivery({ order, line, product, marketplace, mode }: OrderKey, unit: number, at: number): void {
    const number = this.#unit.get({ order, line, product, marketplace, mode, unit });
    if (number === undefined) return;
    this.#delivered.first.run({ number, at });
    this.#delivered.later.run({ number, at });
  }

  /** Of each unit the newest reissue; undefined where the ledger has no license of the product. */
  find({ order, product, marketplace, mode }: Omit<OrderKey, 'line'>): HeldOrder | undefined {
    const rows = this.#rows.all(order, product, marketplace, mode);
    const [only] = rows;
    if (only === undefined) return undefined;
    const later = this.#answersOf(rows);
    const newest = rows.length === 1 ? rows : rows.filter((row, place) => !isReplaced(row, rows[place + 1]));
    const [first = heldLicense(only, later), ...others] = newest.map((row) => heldLicense(row, later));
    const [customer, name, email, erased] = only.slice(-4) as [
      number | null,
      string | null,
      string | null,
      number | null,
    ];
    const person = customer === null ? undefined : { name, email, erased: erased ?? 0 };
    return { licenses: [first, ...others], customer: customerOf(person) };
  }

  #answersOf(rows: readonly OrderRow[]): ReadonlyMap<number, LaterAnswer> {
    const unasked = rows.filter((row) => quantityOf(row) === null).map(numberOf);
    if (unasked.length === 0) return NO_ANSWERS;
    const answers = this.#laterAnswers.all(JSON.stringify(unasked));
    return new Map(answers.map((answer) => [answer.license, answer]));
  }
}

const NO_ANSWERS: ReadonlyMap<number, LaterAnswer> = new Map();

const numberOf = ([number]: OrderRow): number => number;
const quantityOf = (row: OrderRow): number | null => row[9];

/** Rows come by line, unit and reissue: a unit's next row is its later reissue. */
function isReplaced([, , line, unit]: OrderRow, next: OrderRow | undefined): boolean {
  return next !== undefined && next[2] === line && next[3] === unit;
}

function heldLicense(row: OrderRow, later: ReadonlyMap<number, LaterAnswer>): HeldLicense {
  const [number, id, line, unit, state, revision, code, firstRevision, firstCode] = row;
  const [, , , , , , , , , quantity, message, at, deliveredAt, alone, subscription] = row;
  const answer = later.get(number);
  return {
    id: Buffer.from(id, 'hex'),
    line,
    subscription,
    unit,
    state,
    revision,
    code,
    answer:
      quantity !== null
        ? {
            quantity,
            revision: firstRevision,
            code: firstCode,
            message,
            at,
            deliveredAt,
            byUnit: alone === 1,
          }
        : answer === undefined
          ? null
          : laterAnswer(answer),
  };
}
