/** Reading orders: the licenses of one product of an order, with their codes and what was answered. */
import type { HeldLicense, HeldOrder } from '../../domain/ledger.ts';
import type { LicenseState } from '../../domain/license.ts';
import type { OrderKey } from '../../domain/order.ts';
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
  readonly name: string | null;
  readonly email: string | null;
}

export const LICENSE_ROW = `
  SELECT l.number, l.id, l.unit, l.state, l.revision, newest.text AS code,
    f.quantity, f.revision AS answered_revision, answered.text AS answered_code, f.message,
    f.at AS answered_at, f.delivered_at, c.name, c.email,
    l.marketplace, l.mode, l.order_id, l.product, l.subscription
  FROM license l
  JOIN code newest ON newest.license = l.number AND newest.revision = l.revision
  LEFT JOIN fulfillment f ON f.license = l.number AND f.sequence = 1
  LEFT JOIN code answered ON answered.license = f.license AND answered.revision = f.revision
  LEFT JOIN customer c ON c.number = l.customer`;

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
        };
  return { id, unit, state, revision, code, answer };
}

export class OrderReader {
  readonly #rows;
  readonly #number;

  constructor(connection: Connection) {
    this.#rows = connection.prepare<[string, string, string, string], LicenseRow>(`${LICENSE_ROW}
      WHERE l.order_id = ? AND l.product = ? AND l.marketplace = ? AND l.mode = ? ORDER BY l.unit`);
    this.#number = connection
      .prepare<[string, string, number, string, string], number>(
        'SELECT number FROM license WHERE order_id = ? AND product = ? AND unit = ? AND marketplace = ? AND mode = ?',
      )
      .pluck();
  }

  find(key: OrderKey): HeldOrder | undefined {
    const rows = this.#rows.all(key.order, key.product, key.marketplace, key.mode);
    const [first] = rows;
    if (first === undefined) return undefined;
    const customer = { name: first.name ?? undefined, email: first.email ?? undefined };
    return { licenses: rows.map(heldLicense), customer };
  }

  licenseNumber(key: OrderKey, unit: number): number | undefined {
    return this.#number.get(key.order, key.product, unit, key.marketplace, key.mode);
  }
}
