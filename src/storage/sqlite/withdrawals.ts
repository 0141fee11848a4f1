/** The entries of the revocation lists: kept with each change of a license. To be run inside a transaction. */
import type { Day } from '../../domain/day.ts';
import type { LicenseState } from '../../domain/license.ts';
import { type Withdrawal, withdrawalOf } from '../../domain/withdrawal.ts';
import { unarmor } from '../../license-code/armor.ts';
import { dayText } from '../../license-code/day.ts';
import { decodeRecord } from '../../license-code/record.ts';
import { revocationDigest } from '../../license-code/revocation-list.ts';
import type { Connection } from './open.ts';

/** A license by what its entry stands under. */
export interface Listable {
  readonly number: number;
  readonly id: Uint8Array;
  readonly product: string;
}

export class Withdrawals {
  readonly #product;
  readonly #codes;
  readonly #entry;
  readonly #put;
  readonly #remove;
  readonly #mark;
  readonly #content;

  constructor(connection: Connection) {
    this.#product = connection
      .prepare<[number], string>('SELECT product FROM license WHERE number = +?')
      .pluck();
    this.#codes = connection
      .prepare<[number], string>('SELECT text FROM code WHERE license = +? ORDER BY revision')
      .pluck();
    this.#entry = connection.prepare<[string, Uint8Array, number], Withdrawal>(
      'SELECT listed, since, until FROM withdrawal WHERE product = +? AND digest = +? AND license = +?',
    );
    this.#put = connection.prepare(`
      INSERT INTO withdrawal (product, digest, license, listed, since, until) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (product, digest, license) DO UPDATE
        SET listed = excluded.listed, since = excluded.since, until = excluded.until`);
    this.#remove = connection.prepare(
      'DELETE FROM withdrawal WHERE product = +? AND digest = +? AND license = +?',
    );
    this.#mark = connection.prepare(
      'UPDATE revocation_list SET changed = 1 WHERE product = +? AND changed = 0',
    );
    // One statement, so one state of the ledger, and joined in it: rows made in JavaScript would hold the event loop longer.
    this.#content = connection.prepare<[object], { revoked: string | null; suspended: string | null }>(`
      SELECT group_concat(hex(digest), '') FILTER (WHERE listed = 'revoked') AS revoked,
        group_concat(hex(digest), '') FILTER (WHERE listed = 'suspended') AS suspended
      FROM (
        SELECT digest, listed FROM withdrawal
        WHERE product = +$product AND (since IS NULL OR since < $day) AND (until IS NULL OR until >= $day)
        ORDER BY digest
      )`);
  }

  /** Keeps the entry of a license whose change was just recorded; renewals, by far the most, cost nothing here. */
  follow(number: number, id: Uint8Array, before: string, state: LicenseState): void {
    if (before === 'active' && state === 'active') return;
    const product = this.#product.get(number);
    if (product === undefined) throw new TypeError(`license ${number} is not there`);
    const license = { number, id, product };
    const wanted = this.wanted(number, state);
    if (isSame(wanted, this.entry(license))) return;
    const digest = revocationDigest(id);
    if (wanted === undefined) this.#remove.run(product, digest, number);
    else this.#put.run(product, digest, number, wanted.listed, wanted.since, wanted.until);
    this.#mark.run(product);
  }

  /** The entry that a license must have. */
  wanted(number: number, state: LicenseState): Withdrawal | undefined {
    return withdrawalOf(state, this.#codes.all(number).map(lastValidDay));
  }

  /** The entry that it has. */
  entry({ number, id, product }: Listable): Withdrawal | undefined {
    return this.#entry.get(product, revocationDigest(id), number);
  }

  /** What the product's list holds on a listing day (domain/withdrawal.ts). */
  content(product: string, day: Day): { readonly revoked: Buffer; readonly suspended: Buffer } {
    const { revoked, suspended } = this.#content.get({ product, day }) ?? {};
    return { revoked: Buffer.from(revoked ?? '', 'hex'), suspended: Buffer.from(suspended ?? '', 'hex') };
  }
}

export function isSame(a: Withdrawal | undefined, b: Withdrawal | undefined): boolean {
  return a?.listed === b?.listed && a?.since === b?.since && a?.until === b?.until;
}

/** Of what is no code, as only an edited ledger holds it, none: the license stays listed, and the check finds it. */
export function lastValidDay(code: string): Day | null {
  try {
    const { lastValid } = decodeRecord(unarmor(code));
    return lastValid === null ? null : dayText(lastValid);
  } catch {
    return null;
  }
}
