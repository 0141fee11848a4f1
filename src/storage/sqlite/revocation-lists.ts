/** The revocation lists as they were last published: their numbers and what they held. To be run inside a transaction. */
import { createHash } from 'node:crypto';
import { type Day, dayOf } from '../../domain/day.ts';
import { type ListContent, type ListNumbers, numberList } from '../../domain/revocation-list.ts';
import { listingDay } from '../../domain/withdrawal.ts';
import type { Connection } from './open.ts';
import type { Sealer } from './seal.ts';
import type { Withdrawals } from './withdrawals.ts';

/** What the seal covers; that it changed since is marked by whoever changes an entry. */
export interface PublishedList {
  readonly product: string;
  readonly seq: number;
  readonly iat: number;
  readonly nxt: number;
  readonly key_id: number;
  /** On which UTC day it was last found to hold all that it must. */
  readonly day: Day;
  /** SHA-256 of what it held then. */
  readonly digest: Buffer;
}

export interface PublishedRow extends PublishedList {
  readonly changed: number;
  readonly seal: Buffer;
}

export function sealList(sealer: Sealer, list: PublishedList): Buffer {
  const { product, seq, iat, nxt, key_id, day, digest } = list;
  return sealer.seal('revocation_list', product, seq, iat, nxt, key_id, day, digest);
}

export function digestOf({ revoked, suspended }: Pick<ListContent, 'revoked' | 'suspended'>): Buffer {
  return createHash('sha256').update(`${revoked.length} `).update(revoked).update(suspended).digest();
}

export class RevocationLists {
  readonly #sealer: Sealer;
  readonly #withdrawals: Withdrawals;
  readonly #seq;
  readonly #row;
  readonly #put;

  constructor(connection: Connection, sealer: Sealer, withdrawals: Withdrawals) {
    this.#sealer = sealer;
    this.#withdrawals = withdrawals;
    this.#seq = connection
      .prepare<[string], number>('SELECT seq FROM revocation_list WHERE product = +? AND changed = 0')
      .pluck();
    this.#row = connection.prepare<[string], PublishedRow>(
      'SELECT * FROM revocation_list WHERE product = +?',
    );
    this.#put = connection.prepare(`
      INSERT INTO revocation_list (product, seq, iat, nxt, key_id, day, digest, changed, seal)
      VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)
      ON CONFLICT (product) DO UPDATE SET seq = excluded.seq, iat = excluded.iat, nxt = excluded.nxt,
        key_id = excluded.key_id, day = excluded.day, digest = excluded.digest, changed = 0, seal = excluded.seal`);
  }

  seqOf(product: string): number | undefined {
    return this.#seq.get(product);
  }

  publish(product: string, keyId: number, at: number): ListContent {
    const row = this.#row.get(product);
    const content = this.#withdrawals.content(product, listingDay(at));
    const digest = digestOf(content);
    const day = dayOf(at);
    const numbers = numberList(row && numbersOf(row), row?.digest.equals(digest) ?? false, keyId, at);
    if (numbers.seq !== row?.seq || row.changed === 1 || row.day !== day) {
      const { seq, iat, nxt } = numbers;
      const seal = sealList(this.#sealer, { product, seq, iat, nxt, key_id: numbers.keyId, day, digest });
      this.#put.run(product, seq, iat, nxt, numbers.keyId, day, digest, seal);
    }
    return { ...numbers, ...content };
  }
}

function numbersOf({ seq, iat, nxt, key_id }: PublishedRow): ListNumbers {
  return { seq, iat, nxt, keyId: key_id };
}
