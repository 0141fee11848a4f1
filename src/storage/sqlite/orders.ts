/**
 * Reading orders: the licenses of one product of an order, with their codes and what was answered. One that was issued
 * again later (reissue) is not what the order was answered with.
 */
import type { HeldLicense, HeldOrder } from '../../domain/ledger.ts';
import type { LicenseState } from '../../domain/license.ts';
import type { Customer, OrderKey } from '../../domain/order.ts';
import type { Connection } from './open.ts';

/** A license with its newest code, its answer to the order's request (all null where none) and its customer. */
export interface LicenseRow {
  readonly number: number;
  readonly id: Buffer;
  readonly unit: number;
  readonly state: LicenseState;
  readonly revision: number;
  readonly code: string;
  readonly quantity: number | null;
  readonly answered_revision: number;
  readonly answered_code: string;
  readonly message: Buffer;
  readonly answered_at: number;
  readonly delivered_at: number | null;
  readonly alone: number;
  readonly customer: number | null;
  readonly name: string | null;
  readonly email: string | null;
}

const FROM_LICENSE = `
  FROM license l
  JOIN code newest ON newest.license = l.number AND newest.revision = l.revision
  LEFT JOIN fulfillment f ON f.license = l.number AND f.sequence = 1
  LEFT JOIN code answered ON answered.license = f.license AND answered.revision = f.revision
  LEFT JOIN customer c ON c.number = l.customer`;

export const LICENSE_ROW = `
  SELECT l.number, l.id, l.unit, l.state, l.revision, newest.text AS code,
    f.quantity, f.revision AS answered_revision, answered.text AS answered_code, f.message,
    f.at AS answered_at, f.delivered_at, f.alone, l.customer, c.name, c.email,
    l.marketplace, l.mode, l.order_id, l.product, l.subscription
  ${FROM_LICENSE}`;

export function heldLicense(row: LicenseRow): HeldLicense {
  const { id, unit, state, revision, code } = row;
  const answer =
    row.quantity === null
      ? undefined
      : {
          quantity: row.quantity,
          revision: row.answered_revision,
          code: row.answered_code,
          message: row.message.toString('hex'),
          at: row.answered_at,
          deliveredAt: row.delivered_at,
          alone: row.alone === 1,
        };
  return { id, unit, state, revision, code, answer };
}

/** A license by its number in the ledger. */
export interface NumberedLicense {
  readonly number: number;
  readonly id: Buffer;
  readonly unit: number;
  readonly revision: number;
  /** 1 where the order's request was answered for it. */
  readonly answered: number;
}

/** Undefined for one who was erased: there is a row, and nothing is in it. */
export function customerOf({
  customer,
  name,
  email,
}: Pick<LicenseRow, 'customer' | 'name' | 'email'>): Customer | undefined {
  if (customer !== null && name === null && email === null) return undefined;
  return { name: name ?? undefined, email: email ?? undefined };
}

/**
 * The columns of findOrder by place: this query runs twice for every sale, and names and blobs cost more than the
 * search. Ids come as hex.
 */
type OrderRow = readonly [
  id: string,
  unit: number,
  state: LicenseState,
  revision: number,
  code: string,
  quantity: number | null,
  answeredRevision: number,
  answeredCode: string,
  message: string,
  answeredAt: number,
  deliveredAt: number | null,
  alone: number,
  customer: number | null,
  name: string | null,
  email: string | null,
];

export class OrderReader {
  readonly #rows;
  readonly #number;
  readonly #numbers;

  constructor(connection: Connection) {
    // The plus keeps the planner from looking at the values (SQLITE_ENABLE_STAT4): it would plan anew at each call.
    this.#rows = connection
      .prepare<[string, string, string, string], OrderRow>(`
        SELECT hex(l.id), l.unit, l.state, l.revision, newest.text,
          f.quantity, f.revision,
          CASE f.revision WHEN l.revision THEN newest.text ELSE answered.text END,
          lower(hex(f.message)), f.at, f.delivered_at, f.alone,
          l.customer, c.name, c.email ${FROM_LICENSE}
        WHERE l.order_id = +? AND l.product = +? AND l.marketplace = +? AND l.mode = +? AND l.reissue = 0
        ORDER BY l.unit`)
      .raw();
    this.#number = connection
      .prepare<[string, string, number, string, string], number>(
        `SELECT number FROM license
         WHERE order_id = +? AND product = +? AND unit = +? AND marketplace = +? AND mode = +? AND reissue = 0`,
      )
      .pluck();
    this.#numbers = connection.prepare<[string, string, string, string], NumberedLicense>(`
      SELECT number, id, unit, revision,
        EXISTS (SELECT 1 FROM fulfillment WHERE license = number AND sequence = 1) AS answered
      FROM license
      WHERE order_id = +? AND product = +? AND marketplace = +? AND mode = +? AND reissue = 0 ORDER BY unit`);
  }

  find(key: OrderKey): HeldOrder | undefined {
    const rows = this.#rows.all(key.order, key.product, key.marketplace, key.mode);
    const [first] = rows;
    if (first === undefined) return undefined;
    const [customer, name, email] = first.slice(-3) as [number | null, string | null, string | null];
    return { licenses: rows.map(licenseOf), customer: customerOf({ customer, name, email }) };
  }

  licenseNumbers(key: OrderKey): NumberedLicense[] {
    return this.#numbers.all(key.order, key.product, key.marketplace, key.mode);
  }

  licenseNumber(key: OrderKey, unit: number): number | undefined {
    return this.#number.get(key.order, key.product, unit, key.marketplace, key.mode);
  }
}

function licenseOf(row: OrderRow): HeldLicense {
  const [
    id,
    unit,
    state,
    revision,
    code,
    quantity,
    answeredRevision,
    answeredCode,
    message,
    at,
    deliveredAt,
    alone,
  ] = row;
  const answer =
    quantity === null
      ? undefined
      : {
          quantity,
          revision: answeredRevision,
          code: answeredCode,
          message,
          at,
          deliveredAt,
          alone: alone === 1,
        };
  return { id: Buffer.from(id, 'hex'), unit, state, revision, code, answer };
}
