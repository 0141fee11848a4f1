/** Records what a request is answered with. To be run inside a transaction. */
import type { HeldOrder, Issue } from '../../domain/ledger.ts';
import type { Issuing } from './issuing.ts';
import type { OrderReader } from './orders.ts';

export class Answering {
  readonly #orders: OrderReader;
  readonly #issuing: Issuing;

  constructor(orders: OrderReader, issuing: Issuing) {
    this.#orders = orders;
    this.#issuing = issuing;
  }

  /**
   * Records the licenses of an issue, or answers those that came into being by an event; true where it issued.
   */
  record({ order, licenses, whole, message, at, cause }: Issue): boolean {
    const [first] = licenses;
    if (first === undefined) throw new TypeError('an issue without licenses');
    const asked = {
      sequence: 1,
      quantity: order.quantity,
      message: Buffer.from(message, 'hex'),
      at,
      request: null,
      alone: whole ? 0 : 1,
    };
    if (this.#orders.licenseNumber(order, first.unit) === undefined) {
      const customer = this.#issuing.recordCustomer(order.customer);
      const origin = { customer, subscription: null, at, cause };
      for (const minted of licenses) {
        const license = this.#issuing.recordLicense(order, minted, origin);
        this.#issuing.recordAnswer(minted.id, { license, revision: minted.revision, ...asked }, cause);
      }
      return true;
    }
    const there = this.#orders.licenseNumbers(order);
    // Of another number of units: the caller sees it in what is held, and refuses.
    if (whole && there.length !== licenses.length) return false;
    const units = new Set(licenses.map(({ unit }) => unit));
    for (const { number, id, unit, revision, answered } of there) {
      if (answered || !units.has(unit)) continue;
      this.#issuing.recordAnswer(id, { license: number, revision, ...asked });
    }
    return false;
  }
}

/** What the ledger holds of an order when all of an issue was recorded just now, and nothing else is known of it. */
export function asIssued({ order, licenses, whole, message, at }: Issue): HeldOrder {
  const { quantity, customer } = order;
  // The fields in the order in which the ledger reads them: both are the same as text, too.
  const rest = { message, at, deliveredAt: null, alone: !whole };
  return {
    licenses: licenses.map(({ id, unit, revision, code }) => {
      return { id, unit, state: 'active', revision, code, answer: { quantity, revision, code, ...rest } };
    }),
    customer,
  };
}
