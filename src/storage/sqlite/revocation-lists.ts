/** Publishes revocation lists: numbers them, and records their numbers and the digest of their content. Inside a transaction. */
import { hash } from 'node:crypto';
import { listingDay } from '../../domain/life/withdrawal.ts';
import { type ListContent, numberList } from '../../domain/ports/revocation-list.ts';
import { dayOf } from '../../domain/values/day.ts';
import { LIST_COLUMNS, type ListRow, sealList } from '../record/list-row.ts';
import type { Sealer } from '../record/sealer.ts';
import { equal } from './conditions.ts';
import type { Connection } from './file/connection.ts';
import { prepareUpsert } from './insert.ts';
import { ListContents } from './withdrawals.ts';

export function digestOf({ revoked, suspended }: Pick<ListContent, 'revoked' | 'suspended'>): Buffer {
  const text = Buffer.concat([Buffer.from(`${revoked.length} `), revoked, suspended]);
  return Buffer.from(hash('sha256', text, 'hex'), 'hex');
}

export class RevocationLists {
  readonly #sealer: Sealer;
  readonly #contents: ListContents;
  readonly #seq;
  readonly #row;
  readonly #put;

  constructor(connection: Connection, sealer: Sealer) {
    this.#sealer = sealer;
    this.#contents = new ListContents(connection);
    this.#seq = connection
      .prepare<[Pick<ListRow, 'product'>], number>(
        `SELECT seq FROM revocation_list WHERE ${equal('product')} AND changed = 0`,
      )
      .pluck();
    this.#row = connection.prepare<[Pick<ListRow, 'product'>], ListRow>(
      `SELECT * FROM revocation_list WHERE ${equal('product')}`,
    );
    this.#put = prepareUpsert<ListRow>(connection, 'revocation_list', LIST_COLUMNS, ['product']);
  }

  seqOf(product: string): number | undefined {
    return this.#seq.get({ product });
  }

  publish(product: string, keyId: number, at: number): ListContent {
    const row = this.#row.get({ product });
    const content = this.#contents.of(product, listingDay(at));
    const digest = digestOf(content);
    const day = dayOf(at);
    const last = row && { seq: row.seq, iat: row.iat, nxt: row.nxt, keyId: row.key_id };
    const numbers = numberList(last, row?.digest.equals(digest) ?? false, keyId, at);
    if (numbers.seq !== row?.seq || row.changed === 1 || row.day !== day) {
      const { seq, iat, nxt } = numbers;
      const list = { product, seq, iat, nxt, key_id: numbers.keyId, day, digest };
      this.#put.run({ ...list, changed: 0, seal: sealList(this.#sealer, list) });
    }
    return { ...numbers, ...content };
  }
}
