/** The table of customers: the only one with personal data. Writes are to be run inside a transaction. */
import { normalizeAddress } from '../../domain/address.ts';
import type { Customer } from '../../domain/order.ts';
import { type CustomerRow, ERASED_BUYER, ERASED_HOLDER } from '../record/rows.ts';
import { SEAL_BYTES, type Sealer } from '../record/sealer.ts';
import { sealCustomer } from '../record/seals.ts';
import { CUSTOMER_COLUMNS, type KeptCustomer } from './columns.ts';
import type { Connection } from './connection.ts';
import { prepareInsert } from './insert.ts';
import type { Pen } from './pens.ts';

type Kept = Omit<CustomerRow, 'seal'>;

export class Customers {
  readonly #sealer: Sealer;
  readonly #pen: Pen;
  readonly #insert;
  readonly #one;
  readonly #update;

  constructor(connection: Connection, { sealer, pen }: { readonly sealer: Sealer; readonly pen: Pen }) {
    this.#sealer = sealer;
    this.#pen = pen;
    this.#insert = prepareInsert<KeptCustomer>(connection, 'customer', CUSTOMER_COLUMNS);
    this.#one = connection.prepare<[number], CustomerRow>('SELECT * FROM customer WHERE number = +?');
    this.#update = connection.prepare(`
      UPDATE customer SET name = $name, email = $email, email_norm = $email_norm, buyer_name = $buyer_name,
        buyer_email = $buyer_email, buyer_norm = $buyer_norm, erased = $erased, former = $former, seal = $seal
      WHERE number = +$number`);
  }

  /** The number of somebody new; null where nothing is known of a person. */
  add({ name, email }: Customer): number | null {
    if (name === undefined && email === undefined) return null;
    const number = this.#pen.strokes.next('customer');
    const buyer = { buyer_name: null, buyer_email: null };
    const row = { number, name: name ?? null, email: email ?? null, ...buyer, erased: 0, former: null };
    const seal = sealCustomer(this.#sealer, row);
    this.#insert({ ...row, ...normsOf(row), seal });
    this.#pen.strokes.count('customer', undefined, seal);
    return number;
  }

  /** Keeps somebody else of the same sale, the receiver or the buyer of a gift; who was erased stays so. */
  addOther(number: number, { name, email }: Customer): void {
    const row = this.#one.get(number);
    if (row === undefined || email === undefined) return;
    const address = normalizeAddress(email);
    const isKnown = [row.email, row.buyer_email].some(
      (known) => known !== null && normalizeAddress(known) === address,
    );
    // The marketplace goes on naming the address that was corrected here.
    if (isKnown || this.#isFormer(row, address) || row.buyer_email !== null || row.erased !== 0) return;
    this.#replace(row, { ...row, buyer_name: name ?? null, buyer_email: email });
  }

  /** Corrects the holder; one who was erased is not brought back. The address of before is known by its hash alone. */
  correct(number: number, { name, email }: Partial<Customer>): boolean {
    const row = this.#one.get(number);
    if (row === undefined || (row.erased & ERASED_HOLDER) !== 0) return false;
    const after = { ...row, name: name ?? row.name, email: email ?? row.email };
    this.#replace(row, email === undefined ? after : this.#withFormer(after, row.email, email));
    return true;
  }

  /** The hash by which an address that was corrected is known again. */
  hashOf(address: string): Buffer {
    return this.#sealer.seal('address', normalizeAddress(address));
  }

  #isFormer({ former }: Pick<CustomerRow, 'former'>, address: string | null): boolean {
    return address !== null && hashesIn(former).some((hash) => hash.equals(this.hashOf(address)));
  }

  #withFormer(row: Kept, before: string | null, now: string): Kept {
    const own = this.hashOf(now);
    const former = [...hashesIn(row.former), ...(before === null ? [] : [this.hashOf(before)])].filter(
      (hash) => !hash.equals(own),
    );
    // Whom the marketplace named beside the holder, by either address, is the holder.
    const corrected = { ...row, former: former.length === 0 ? null : Buffer.concat(former) };
    const isOwn = row.buyer_email !== null && this.hashOf(row.buyer_email).equals(own);
    const isSame = isOwn || this.#isFormer(corrected, row.buyer_email);
    return isSame ? { ...corrected, buyer_name: null, buyer_email: null } : corrected;
  }

  /** Erases those of a row who have this address, or had it; both without one. True where somebody was erased. */
  erase(number: number, address?: string): boolean {
    const row = this.#one.get(number);
    if (row === undefined) return false;
    const isTheirs = (email: string | null) =>
      address === undefined || (email !== null && normalizeAddress(email) === address);
    let erased = row.erased;
    let after: Kept = row;
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

  /** Somebody of the row is still known by name or address. */
  isNamed(number: number): boolean {
    const row = this.#one.get(number);
    return [row?.name, row?.email, row?.buyer_name, row?.buyer_email].some(
      (text) => typeof text === 'string',
    );
  }

  #replace(before: CustomerRow, after: Kept): void {
    const seal = sealCustomer(this.#sealer, after);
    this.#update.run({ ...after, ...normsOf(after), seal });
    // Of the row as it was read: one that was edited stays in the tally as a difference.
    this.#pen.strokes.count('customer', sealCustomer(this.#sealer, before), seal);
  }
}

function hashesIn(former: Buffer | null): readonly Buffer[] {
  const count = (former?.length ?? 0) / SEAL_BYTES;
  return Array.from({ length: count }, (_, place) =>
    (former ?? Buffer.alloc(0)).subarray(place * SEAL_BYTES, (place + 1) * SEAL_BYTES),
  );
}

/** Addresses as they are looked up. */
export function normsOf({ email, buyer_email }: Pick<CustomerRow, 'email' | 'buyer_email'>): {
  readonly email_norm: string | null;
  readonly buyer_norm: string | null;
} {
  return {
    email_norm: email === null ? null : normalizeAddress(email),
    buyer_norm: buyer_email === null ? null : normalizeAddress(buyer_email),
  };
}
