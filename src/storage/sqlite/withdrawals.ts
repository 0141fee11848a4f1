/** The table `withdrawal`: the entries of the revocation lists, updated with each change of a license. */

import { isSameWithdrawal, type Withdrawal } from '../../domain/life/withdrawal.ts';
import type { Day } from '../../domain/values/day.ts';
import { revocationDigest } from '../../license-code/revocation-list.ts';
import { aggregate } from './aggregate.ts';
import { equal } from './conditions.ts';
import type { Connection } from './file/connection.ts';
import { prepareUpsert } from './insert.ts';

/** The key of a license's entry, before the digest. */
export interface Listable {
  readonly number: number;
  readonly id: Uint8Array;
  readonly product: string;
}

interface Key {
  readonly product: string;
  readonly digest: Uint8Array;
  readonly license: number;
}

const KEY = ['product', 'digest', 'license'] as const;
const COLUMNS = [...KEY, 'listed', 'since', 'until'] as const;

/** Writes inside a transaction. */
export class WithdrawalWriter {
  readonly #put;
  readonly #remove;
  readonly #mark;

  constructor(connection: Connection) {
    this.#put = prepareUpsert<Key & Withdrawal>(connection, 'withdrawal', COLUMNS, KEY);
    this.#remove = connection.prepare<[Key]>(`DELETE FROM withdrawal WHERE ${equal(...KEY)}`);
    this.#mark = connection.prepare<[Pick<Key, 'product'>]>(
      `UPDATE revocation_list SET changed = 1 WHERE ${equal('product')} AND changed = 0`,
    );
  }

  /** Updates the entry of a license whose withdrawal changed. Most changes are renewals, which write nothing here. */
  follow(
    { number, id, product }: Listable,
    before: Withdrawal | undefined,
    after: Withdrawal | undefined,
  ): void {
    if (isSameWithdrawal(before, after)) return;
    const key = { product, digest: revocationDigest(id), license: number };
    if (after === undefined) this.#remove.run(key);
    else this.#put.run({ ...key, ...after });
    this.#mark.run({ product });
  }
}

/** Reads the content of a product's list on a listing day (domain/life/withdrawal.ts). */
export class ListContents {
  readonly #content;

  constructor(connection: Connection) {
    // SQLite joins the digests: building a row of each in JavaScript would block the event loop longer.
    this.#content = connection.prepare<
      [{ product: string; day: Day }],
      { revoked: string | null; suspended: string | null }
    >(`
      SELECT group_concat(hex(digest), '') FILTER (WHERE listed = 'revoked') AS revoked,
        group_concat(hex(digest), '') FILTER (WHERE listed = 'suspended') AS suspended
      FROM (
        SELECT digest, listed FROM withdrawal
        WHERE ${equal('product')} AND (since IS NULL OR since < $day) AND (until IS NULL OR until >= $day)
        ORDER BY digest
      )`);
  }

  of(product: string, day: Day): { readonly revoked: Buffer; readonly suspended: Buffer } {
    const { revoked, suspended } = aggregate(this.#content, { product, day });
    return { revoked: Buffer.from(revoked ?? '', 'hex'), suspended: Buffer.from(suspended ?? '', 'hex') };
  }
}
