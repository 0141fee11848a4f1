/** Reads the licenses of one product of an order with their answers, and notes deliveries. */
import { HANDED_BEFORE } from '../../domain/changes.ts';
import type { HeldLicense, HeldOrder } from '../../domain/ledger.ts';
import type { OrderKey } from '../../domain/values/order.ts';
import { customerOf } from '../record/customer-row.ts';
import { type LaterAnswer, laterAnswer } from '../record/fulfillment-row.ts';
import { firstAnswer, type LoadedLicense } from '../record/license-row.ts';
import { equal } from './conditions.ts';
import type { Connection } from './file/connection.ts';
import { NEWEST_CODE, prepareLaterAnswers } from './license-queries.ts';

type HeldRow = Pick<
  LoadedLicense,
  | 'number'
  | 'id'
  | 'line'
  | 'unit'
  | 'state'
  | 'revision'
  | 'code'
  | 'first_revision'
  | 'first_code'
  | 'quantity'
  | 'message'
  | 'issued_at'
  | 'delivered_at'
  | 'alone'
  | 'subscription'
  | 'handed'
  | 'customer'
  | 'name'
  | 'email'
  | 'erased'
>;

type ProductKey = Omit<OrderKey, 'line'>;

interface Delivery {
  readonly number: number;
  readonly at: number;
}

export class OrderReader {
  readonly #licenses;
  readonly #laterAnswers;
  readonly #unit;
  readonly #delivered;

  constructor(connection: Connection) {
    // Every request runs this query: it reads only the columns that it needs.
    this.#licenses = connection.prepare<[ProductKey], HeldRow>(`
      SELECT l.number, l.id, l.line, l.unit, l.state, l.revision, ${NEWEST_CODE} AS code, l.first_revision,
        l.first_code, l.quantity, l.message, l.issued_at, l.delivered_at, l.alone, l.subscription, l.handed,
        l.customer, c.name, c.email, c.erased
      FROM license l LEFT JOIN customer c ON c.number = l.customer
      WHERE l.order_id = +$order AND ${equal('l.product', 'l.marketplace', 'l.mode')}
      ORDER BY l.line, l.unit, l.reissue`);
    this.#laterAnswers = prepareLaterAnswers(connection);
    this.#unit = connection
      .prepare<[OrderKey & { readonly unit: number }], number>(`
        SELECT number FROM license
        WHERE order_id = +$order AND ${equal('line', 'product', 'unit', 'marketplace', 'mode')}
        ORDER BY reissue DESC LIMIT 1`)
      .pluck();
    this.#delivered = {
      first: connection.prepare<[Delivery]>(`
        UPDATE license SET delivered_at = $at
        WHERE ${equal('number')} AND quantity IS NOT NULL AND delivered_at IS NULL`),
      later: connection.prepare<[Delivery]>(`
        UPDATE fulfillment SET delivered_at = $at
        WHERE license = +$number AND sequence = 1 AND delivered_at IS NULL`),
      // A reissued unit: until now nobody got its code.
      code: connection.prepare<[Pick<Delivery, 'number'>]>(`
        UPDATE license SET handed = (SELECT revision FROM fulfillment WHERE license = +$number AND sequence = 1)
        WHERE ${equal('number')} AND handed = ${HANDED_BEFORE}
          AND EXISTS (SELECT 1 FROM fulfillment WHERE license = +$number AND sequence = 1)`),
    };
  }

  /** Notes, once, that the complete answer for a unit was sent. Inside a transaction. */
  noteDelivery({ order, line, product, marketplace, mode }: OrderKey, unit: number, at: number): void {
    const number = this.#unit.get({ order, line, product, marketplace, mode, unit });
    if (number === undefined) return;
    this.#delivered.first.run({ number, at });
    this.#delivered.later.run({ number, at });
    this.#delivered.code.run({ number });
  }

  /** The newest reissue of each unit; undefined if the ledger has no license of the product. */
  find({ order, product, marketplace, mode }: ProductKey): HeldOrder | undefined {
    const rows = this.#licenses.all({ order, product, marketplace, mode });
    const [oldest] = rows;
    if (oldest === undefined) return undefined;
    const later = this.#answersOf(rows);
    const newest = rows.length === 1 ? rows : rows.filter((row, place) => !isReplaced(row, rows[place + 1]));
    const [first = heldLicense(oldest, later), ...others] = newest.map((row) => heldLicense(row, later));
    const customer = oldest.customer === null ? undefined : { ...oldest, erased: oldest.erased ?? 0 };
    return { licenses: [first, ...others], customer: customerOf(customer) };
  }

  #answersOf(rows: readonly HeldRow[]): ReadonlyMap<number, LaterAnswer> {
    const unasked = rows.filter(({ quantity }) => quantity === null).map(({ number }) => number);
    if (unasked.length === 0) return NO_ANSWERS;
    const answers = this.#laterAnswers.all({ numbers: JSON.stringify(unasked) });
    return new Map(answers.map((answer) => [answer.license, answer]));
  }
}

const NO_ANSWERS: ReadonlyMap<number, LaterAnswer> = new Map();

/** Rows are ordered by line, unit and reissue: the next row of the same unit is a later reissue. */
function isReplaced({ line, unit }: HeldRow, next: HeldRow | undefined): boolean {
  return next !== undefined && next.line === line && next.unit === unit;
}

function heldLicense(row: HeldRow, later: ReadonlyMap<number, LaterAnswer>): HeldLicense {
  const { number, id, line, subscription, unit, state, revision, code, handed } = row;
  const answer = later.get(number);
  return {
    id,
    line,
    subscription,
    unit,
    state,
    revision,
    code,
    handed,
    answer: firstAnswer(row) ?? (answer === undefined ? null : laterAnswer(answer)),
  };
}
