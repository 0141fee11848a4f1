/** The entries of the revocation lists: kept with each change of a license. To be run inside a transaction. */
import type { Day } from '../../domain/day.ts';
import { isSameWithdrawal, type Withdrawal } from '../../domain/withdrawal.ts';
import { revocationDigest } from '../../license-code/revocation-list.ts';
import type { Connection } from './connection.ts';

/** A license by what its entry stands under. */
export interface Listable {
  readonly number: number;
  readonly id: Uint8Array;
  readonly product: string;
}

export class WithdrawalWriter {
  readonly #put;
  readonly #remove;
  readonly #mark;

  constructor(connection: Connection) {
    this.#put = connection.prepare(`
      INSERT INTO withdrawal (product, digest, license, listed, since, until)
      VALUES ($product, $digest, $license, $listed, $since, $until)
      ON CONFLICT (product, digest, license) DO UPDATE
        SET listed = excluded.listed, since = excluded.since, until = excluded.until`);
    this.#remove = connection.prepare(
      'DELETE FROM withdrawal WHERE product = +$product AND digest = +$digest AND license = +$license',
    );
    this.#mark = connection.prepare(
      'UPDATE revocation_list SET changed = 1 WHERE product = +? AND changed = 0',
    );
  }

  /** Renewals, by far the most changes, move no entry and cost nothing here. */
  follow(
    { number, id, product }: Listable,
    before: Withdrawal | undefined,
    after: Withdrawal | undefined,
  ): void {
    if (isSameWithdrawal(before, after)) return;
    const key = { product, digest: revocationDigest(id), license: number };
    if (after === undefined) this.#remove.run(key);
    else this.#put.run({ ...key, ...after });
    this.#mark.run(product);
  }
}

/** What a product's list holds on a listing day (domain/withdrawal.ts). */
export class ListContents {
  readonly #content;

  constructor(connection: Connection) {
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

  of(product: string, day: Day): { readonly revoked: Buffer; readonly suspended: Buffer } {
    const { revoked, suspended } = this.#content.get({ product, day }) ?? {};
    return { revoked: Buffer.from(revoked ?? '', 'hex'), suspended: Buffer.from(suspended ?? '', 'hex') };
  }
}
