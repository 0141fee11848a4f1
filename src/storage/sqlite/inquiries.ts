/** Reads and writes what customers typed at the form for a lost code. Writes need a transaction. */
import { type AnsweredCounts, COUNTED_FOR, TYPED_FOR, type Typed } from '../../domain/ports/self-service.ts';
import { normalizeAddress } from '../../domain/values/address.ts';
import type { Sealer } from '../record/sealer.ts';
import { equal } from './conditions.ts';
import type { Connection } from './file/connection.ts';
import { prepareInsert } from './insert.ts';

interface InquiryRow {
  readonly announcement: number;
  readonly typed_order: string | null;
  readonly typed_email: string | null;
  readonly order_hash: Buffer;
  readonly email_hash: Buffer;
  readonly at: number;
  readonly answered_at: number | null;
}

const COLUMNS: readonly (keyof InquiryRow)[] = [
  'announcement',
  'typed_order',
  'typed_email',
  'order_hash',
  'email_hash',
  'at',
  'answered_at',
];

const HOUR = 3_600_000;

type Of = { readonly announcement: number };

/** The moments from which answers to inquiries are counted. */
export function countedSince(now: number): { readonly day: number; readonly hour: number } {
  return { day: now - COUNTED_FOR, hour: now - HOUR };
}

/** The moments before which inquiries are old. */
export function oldBefore(now: number): { readonly typed: number; readonly counted: number } {
  return { typed: now - TYPED_FOR, counted: now - COUNTED_FOR };
}

export class Inquiries {
  readonly #sealer: Sealer;
  readonly #insert;
  readonly #one;
  readonly #answered;
  readonly #count;
  readonly #forget;
  readonly #forgetOld;
  readonly #typed;
  readonly #old;
  readonly #drop;

  constructor(connection: Connection, sealer: Sealer) {
    this.#sealer = sealer;
    this.#insert = prepareInsert<InquiryRow>(connection, 'inquiry', COLUMNS);
    this.#one = connection.prepare<[Of], InquiryRow>(`SELECT * FROM inquiry WHERE ${equal('announcement')}`);
    this.#answered = connection.prepare<[Of & { readonly now: number }]>(
      `UPDATE inquiry SET answered_at = $now WHERE ${equal('announcement')}`,
    );
    this.#count = connection.prepare<
      [Pick<InquiryRow, 'order_hash' | 'email_hash'> & { readonly day: number; readonly hour: number }],
      AnsweredCounts
    >(`
      SELECT count(*) FILTER (WHERE order_hash = $order_hash) AS ofOrderInDay,
        count(*) FILTER (WHERE email_hash = $email_hash AND answered_at > $hour) AS ofAddressInHour,
        count(*) FILTER (WHERE answered_at > $hour) AS inHour
      FROM inquiry WHERE answered_at > $day`);
    this.#forget = connection.prepare<[Of]>(
      `UPDATE inquiry SET typed_order = NULL, typed_email = NULL WHERE ${equal('announcement')}`,
    );
    this.#forgetOld = connection.prepare<[{ readonly before: number }]>(`
      UPDATE inquiry SET typed_order = NULL, typed_email = NULL
      WHERE at < $before AND (typed_order IS NOT NULL OR typed_email IS NOT NULL)`);
    this.#typed = connection.prepare<[], Pick<InquiryRow, 'announcement' | 'typed_email'>>(
      'SELECT announcement, typed_email FROM inquiry WHERE typed_email IS NOT NULL',
    );
    this.#old = connection
      .prepare<[{ readonly typed: number; readonly counted: number }], number>(`
        SELECT EXISTS (SELECT 1 FROM inquiry
          WHERE at < $typed AND typed_email IS NOT NULL OR at < $counted AND coalesce(answered_at, at) < $counted)`)
      .pluck();
    this.#drop = connection.prepare<[{ readonly before: number }]>(
      'DELETE FROM inquiry WHERE at < $before AND coalesce(answered_at, at) < $before',
    );
  }

  add(announcement: number, { order, email }: Omit<Typed, 'at'>, at: number): void {
    this.#insert.run({
      announcement,
      typed_order: order,
      typed_email: email,
      order_hash: this.#sealer.seal('inquiry', 'order', normalizeAddress(order)),
      email_hash: this.#sealer.seal('inquiry', 'email', normalizeAddress(email)),
      at,
      answered_at: null,
    });
  }

  get(announcement: number): Typed | undefined {
    const row = this.#one.get({ announcement });
    const { typed_order: order, typed_email: email, at } = row ?? { typed_order: null, typed_email: null };
    return order === null || email === null || at === undefined ? undefined : { order, email, at };
  }

  isAnswered(announcement: number): boolean {
    return (this.#one.get({ announcement })?.answered_at ?? null) !== null;
  }

  answeredBefore(announcement: number, now: number): AnsweredCounts | undefined {
    const row = this.#one.get({ announcement });
    return row && this.#count.get({ ...row, ...countedSince(now) });
  }

  noteAnswered(announcement: number, now: number): void {
    this.#answered.run({ announcement, now });
  }

  /** The announcement is done. */
  forget(announcement: number): void {
    this.#forget.run({ announcement });
  }

  hasOld(now: number): boolean {
    return this.#old.get(oldBefore(now)) === 1;
  }

  forgetOld(now: number): void {
    const { typed, counted } = oldBefore(now);
    this.#forgetOld.run({ before: typed });
    this.#drop.run({ before: counted });
  }

  forgetOf(address: string): void {
    for (const { announcement, typed_email } of this.#typed.all())
      if (typed_email !== null && normalizeAddress(typed_email) === address) this.forget(announcement);
  }
}
