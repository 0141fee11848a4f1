/** The revocation lists as they were last published: their numbers and what they held. To be run inside a transaction. */
import { hash } from 'node:crypto';
import { dayOf } from '../../domain/day.ts';
import { type ListContent, numberList } from '../../domain/revocation-list.ts';
import { listingDay } from '../../domain/withdrawal.ts';
import type { ListRow } from '../record/rows.ts';
import type { Sealer } from '../record/sealer.ts';
import { sealList } from '../record/seals.ts';
import type { Connection } from './connection.ts';
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
      .prepare<[string], number>('SELECT seq FROM revocation_list WHERE product = +? AND changed = 0')
      .pluck();
    this.#row = connection.prepare<[string], ListRow>('SELECT * FROM revocation_list WHERE product = +?');
    this.#put = connection.prepare<[ListRow]>(`
      INSERT INTO revocation_list (product, seq, iat, nxt, key_id, day, digest, changed, seal)
      VALUES ($product, $seq, $iat, $nxt, $key_id, $day, $digest, $changed, $seal)
      ON CONFLICT (product) DO UPDATE SET seq = excluded.seq, iat = excluded.iat, nxt = excluded.nxt,
        key_id = excluded.key_id, day = excluded.day, digest = excluded.digest, changed = 0, seal = excluded.seal`);
  }

  seqOf(product: string): number | undefined {
    return this.#seq.get(product);
  }

  publish(product: string, keyId: number, at: number): ListContent {
    const row = this.#row.get(product);
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
