/** What stands beside a license for its holder: its people, when its links were withdrawn, to whom it was handed. */
import { MOST_GENERATIONS } from '../../keyring/link-token.ts';
import type { CustomerRow } from '../record/customer-row.ts';
import type { LicenseRow } from '../record/license-row.ts';
import { each, equal } from './conditions.ts';
import type { Connection } from './file/connection.ts';

export type PaperRow = Pick<LicenseRow, 'customer' | 'order_id' | 'marketplace' | 'mode'> & {
  readonly email: CustomerRow['email'];
  readonly buyer_email: CustomerRow['buyer_email'];
};

type Id = { readonly id: Uint8Array };

export class LicensePapers {
  readonly #one;
  readonly #ofCustomer;
  readonly #generation;
  readonly #raise;
  readonly #notes;
  readonly #note;
  readonly #dropNote;
  readonly #dropNotes;

  constructor(connection: Connection) {
    this.#one = connection.prepare<[Id], PaperRow>(`
      SELECT l.customer, l.order_id, l.marketplace, l.mode, c.email, c.buyer_email
      FROM license l LEFT JOIN customer c ON c.number = l.customer WHERE ${equal('l.id')}`);
    this.#ofCustomer = connection
      .prepare<[{ readonly customer: number }], Buffer>(`SELECT id FROM license WHERE ${equal('customer')}`)
      .pluck();
    this.#generation = connection
      .prepare<[Id & { readonly at: number }], number>(
        'SELECT count(*) FROM link_generation WHERE license = +$id AND since <= $at',
      )
      .pluck();
    this.#raise = connection.prepare<[Id & { readonly since: number; readonly most: number }]>(`
      INSERT INTO link_generation (license, since) SELECT $id, $since
      WHERE (SELECT count(*) FROM link_generation WHERE license = $id) < $most
      ON CONFLICT (license, since) DO NOTHING`);
    this.#notes = connection.prepare<
      [{ readonly ids: string }],
      { readonly id: string; readonly handed_to: string }
    >(`
      SELECT lower(hex(license)) AS id, handed_to FROM unit_note
      WHERE license IN (SELECT unhex(value) FROM ${each('ids')})`);
    this.#note = connection.prepare<[Id & { readonly note: string }]>(`
      INSERT INTO unit_note (license, handed_to) VALUES ($id, $note)
      ON CONFLICT (license) DO UPDATE SET handed_to = excluded.handed_to`);
    this.#dropNote = connection.prepare<[Id]>('DELETE FROM unit_note WHERE license = +$id');
    this.#dropNotes = connection.prepare<[{ readonly customers: string }]>(`
      DELETE FROM unit_note WHERE license IN
        (SELECT id FROM license WHERE customer IN (SELECT value FROM ${each('customers')}))`);
  }

  get(id: Uint8Array): PaperRow | undefined {
    return this.#one.get({ id });
  }

  customerOf(id: Uint8Array | null): number | null {
    return id === null ? null : (this.get(id)?.customer ?? null);
  }

  licensesOf(customer: number): readonly Uint8Array[] {
    return this.#ofCustomer.all({ customer });
  }

  generation(id: Uint8Array, at = Number.MAX_SAFE_INTEGER): number {
    return this.#generation.get({ id, at }) ?? 0;
  }

  raise(id: Uint8Array, since: number): void {
    this.#raise.run({ id, since, most: MOST_GENERATIONS });
  }

  notes(ids: readonly Uint8Array[]): ReadonlyMap<string, string> {
    const list = JSON.stringify(ids.map((id) => Buffer.from(id).toString('hex')));
    return new Map(this.#notes.all({ ids: list }).map(({ id, handed_to }) => [id, handed_to]));
  }

  note(id: Uint8Array, note: string): void {
    if (note === '') this.#dropNote.run({ id });
    else this.#note.run({ id, note });
  }

  forgetOf(customers: readonly number[]): void {
    this.#dropNotes.run({ customers: JSON.stringify(customers) });
  }
}
