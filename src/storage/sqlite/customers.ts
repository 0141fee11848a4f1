/** Writes the table of customers, inside a transaction. */
import { normalizeAddress } from '../../domain/values/address.ts';
import type { Customer } from '../../domain/values/order.ts';
import {
  CUSTOMER_COLUMNS,
  type CustomerRow,
  ERASED_BUYER,
  ERASED_HOLDER,
  type NormalizedAddresses,
  normalizedAddresses,
  sealCustomer,
} from '../record/customer-row.ts';
import { SEAL_BYTES, type Unsealed } from '../record/sealer.ts';
import { equal } from './conditions.ts';
import type { Connection } from './file/connection.ts';
import { prepareInsert } from './insert.ts';
import type { Pen } from './pens.ts';

export class Customers {
  readonly #pen: Pen;
  readonly #insert;
  readonly #one;
  readonly #update;

  constructor(connection: Connection, pen: Pen) {
    this.#pen = pen;
    this.#insert = prepareInsert<CustomerRow & NormalizedAddresses>(connection, 'customer', CUSTOMER_COLUMNS);
    this.#one = connection.prepare<[{ readonly number: number }], CustomerRow>(
      `SELECT * FROM customer WHERE ${equal('number')}`,
    );
    this.#update = connection.prepare<[CustomerRow & NormalizedAddresses]>(`
      UPDATE customer SET name = $name, email = $email, email_norm = $email_norm, buyer_name = $buyer_name,
        buyer_email = $buyer_email, buyer_norm = $buyer_norm, erased = $erased, former = $former, seal = $seal
      WHERE ${equal('number')}`);
  }

  /** Adds a customer and returns its number; null if neither name nor address is known. */
  add({ name, email }: Customer): number | null {
    if (name === undefined && email === undefined) return null;
    const { sealer, counter } = this.#pen;
    const number = counter.next('customer');
    const buyer = { buyer_name: null, buyer_email: null };
    const row = { number, name: name ?? null, email: email ?? null, ...buyer, erased: 0, former: null };
    const seal = sealCustomer(sealer, row);
    this.#insert.run({ ...row, ...normalizedAddresses(row), seal });
    counter.count('customer', undefined, seal);
    return number;
  }

  /** Adds the other person of a gift, receiver or buyer. A customer who was erased stays erased. */
  addOther(number: number, { name, email }: Customer): void {
    const row = this.#row(number);
    if (row === undefined || email === undefined) return;
    const address = normalizeAddress(email);
    const isKnown = [row.email, row.buyer_email].some(
      (known) => known !== null && normalizeAddress(known) === address,
    );
    // After a correction here the marketplace still sends the former address.
    if (isKnown || this.#isFormer(row, address) || row.buyer_email !== null || row.erased !== 0) return;
    this.#replace(row, { ...row, buyer_name: name ?? null, buyer_email: email });
  }

  /** Corrects the holder. Returns false if the holder was erased. Keeps only a hash of the former address. */
  correct(number: number, { name, email }: Partial<Customer>): boolean {
    const row = this.#row(number);
    if (row === undefined || (row.erased & ERASED_HOLDER) !== 0) return false;
    const after = { ...row, name: name ?? row.name, email: email ?? row.email };
    this.#replace(row, email === undefined ? after : this.#withFormer(after, row.email, email));
    return true;
  }

  /** The keyed hash that recognizes a former address. */
  hashOf(address: string): Buffer {
    return this.#pen.sealer.seal('address', normalizeAddress(address));
  }

  #row(number: number): CustomerRow | undefined {
    return this.#one.get({ number });
  }

  #isFormer({ former }: Pick<CustomerRow, 'former'>, address: string | null): boolean {
    return address !== null && hashesIn(former).some((hash) => hash.equals(this.hashOf(address)));
  }

  #withFormer(row: Unsealed<CustomerRow>, before: string | null, now: string): Unsealed<CustomerRow> {
    const own = this.hashOf(now);
    const former = [...hashesIn(row.former), ...(before === null ? [] : [this.hashOf(before)])].filter(
      (hash) => !hash.equals(own),
    );
    // A buyer with the holder's new or former address is the holder.
    const corrected = { ...row, former: former.length === 0 ? null : Buffer.concat(former) };
    const isOwn = row.buyer_email !== null && this.hashOf(row.buyer_email).equals(own);
    const isSame = isOwn || this.#isFormer(corrected, row.buyer_email);
    return isSame ? { ...corrected, buyer_name: null, buyer_email: null } : corrected;
  }

  /**
   * Erases the holder or the buyer who has or had this address; without an address, both. Returns true if somebody was
   * erased.
   */
  erase(number: number, address?: string): boolean {
    const row = this.#row(number);
    if (row === undefined) return false;
    const isTheirs = (email: string | null) =>
      address === undefined || (email !== null && normalizeAddress(email) === address);
    let erased = row.erased;
    let after: Unsealed<CustomerRow> = row;
    if (isTheirs(row.email) || (address !== undefined && this.#isFormer(row, address))) {
      erased |= ERASED_HOLDER;
      after = { ...after, name: null, email: null, former: null };
    }
    if (isTheirs(row.buyer_email) && (row.buyer_name !== null || row.buyer_email !== null)) {
      erased |= ERASED_BUYER;
      after = { ...after, buyer_name: null, buyer_email: null };
    }
    if (erased === row.erased) return false;
    this.#replace(row, { ...after, erased });
    return true;
  }

  /** True if the holder or the buyer was erased. */
  isErased(number: number): boolean {
    return (this.#row(number)?.erased ?? 0) !== 0;
  }

  /** True if the holder can still be mailed: of a gift the other person was erased. */
  isAddressed(number: number): boolean {
    return typeof this.#row(number)?.email === 'string';
  }

  /** True if the row still has a name or an address. */
  isNamed(number: number): boolean {
    const row = this.#row(number);
    return [row?.name, row?.email, row?.buyer_name, row?.buyer_email].some(
      (text) => typeof text === 'string',
    );
  }

  #replace(before: CustomerRow, after: Unsealed<CustomerRow>): void {
    const { sealer, counter } = this.#pen;
    const seal = sealCustomer(sealer, after);
    this.#update.run({ ...after, ...normalizedAddresses(after), seal });
    // The seal of the row as it was read: the pen's sum then still differs if the row was edited.
    counter.count('customer', sealCustomer(sealer, before), seal);
  }
}

function hashesIn(former: Buffer | null): readonly Buffer[] {
  const count = (former?.length ?? 0) / SEAL_BYTES;
  return Array.from({ length: count }, (_, place) =>
    (former ?? Buffer.alloc(0)).subarray(place * SEAL_BYTES, (place + 1) * SEAL_BYTES),
  );
}
