/** Answers to the requests of further billing periods. To be run inside a transaction. */
import type { HeldOrder, Renewal } from '../../domain/ledger.ts';
import type { Market } from './facts.ts';
import type { Issuing } from './issuing.ts';
import type { Connection } from './open.ts';
import { customerOf, heldLicense, LICENSE_ROW, type LicenseRow } from './orders.ts';

interface Renewed {
  readonly number: number;
  readonly id: Buffer;
  readonly revision: number;
  readonly last: number | null;
}

export class Renewing {
  readonly #issuing: Issuing;
  readonly #orders;
  readonly #answered;
  readonly #licenses;

  constructor(connection: Connection, issuing: Issuing) {
    this.#issuing = issuing;
    this.#orders = connection
      .prepare<[string, string, string, string], string>(
        `SELECT DISTINCT order_id FROM license
         WHERE subscription = +? AND marketplace = +? AND mode = +? AND product = +? ORDER BY order_id`,
      )
      .pluck();
    this.#answered = connection.prepare<[string, string, string, string, string], LicenseRow>(`
      ${LICENSE_ROW.replace('f.sequence = 1', 'f.request = ?')}
      WHERE l.subscription = +? AND l.marketplace = +? AND l.mode = +? AND l.product = +? AND f.license IS NOT NULL
      ORDER BY l.number`);
    this.#licenses = connection.prepare<[string, string, string, string], Renewed>(`
      SELECT number, id, revision, (SELECT max(sequence) FROM fulfillment WHERE license = number) AS last
      FROM license l WHERE subscription = +? AND marketplace = +? AND mode = +? AND product = +? AND state <> 'ended'
        AND reissue = (
          SELECT max(reissue) FROM license
          WHERE order_id = l.order_id AND product = l.product AND unit = l.unit
            AND marketplace = l.marketplace AND mode = l.mode
        )
      ORDER BY number`);
  }

  ordersOf({ marketplace, mode }: Market, subscription: string, product: string): string[] {
    return this.#orders.all(subscription, marketplace, mode, product);
  }

  /** The answer that this renewal was given before. */
  find({ order, subscription, marketplace, mode, product }: Renewal): HeldOrder | undefined {
    const rows = this.#answered.all(order, subscription, marketplace, mode, product);
    const [first] = rows;
    if (first === undefined) return undefined;
    return { licenses: rows.map(heldLicense), customer: customerOf(first) };
  }

  /** Records that the licenses of the subscription were asked for again, and answers with their codes of now. */
  answer(renewal: Renewal): HeldOrder | undefined {
    const { subscription, marketplace, mode, product, order, quantity, message, at } = renewal;
    const digest = Buffer.from(message, 'hex');
    for (const { number, id, revision, last } of this.#licenses.all(
      subscription,
      marketplace,
      mode,
      product,
    )) {
      // 1 is the order itself, asked for or not.
      const sequence = (last ?? 1) + 1;
      const row = {
        license: number,
        sequence,
        revision,
        quantity,
        message: digest,
        at,
        request: order,
        alone: 0,
      };
      this.#issuing.recordAnswer(id, row);
    }
    return this.find(renewal);
  }
}
