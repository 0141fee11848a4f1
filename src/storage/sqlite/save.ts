/** Saves what a decision changes. To be run inside a transaction; nothing is read but what seals and numbers go on from. */
import type { Changes, LicenseTouch, Market, OwedLine } from '../../domain/changes.ts';
import type { Fact } from '../../domain/fact.ts';
import type { Customer } from '../../domain/order.ts';
import { factRow } from '../record/mapping.ts';
import type { FactRow, OwedRow } from '../record/rows.ts';
import type { Sealer } from '../record/sealer.ts';
import { sealFact, sealOwed } from '../record/seals.ts';
import { FACT_COLUMNS, OWED_COLUMNS } from './columns.ts';
import type { Connection } from './connection.ts';
import type { Customers } from './customers.ts';
import type { Flags } from './flags.ts';
import { prepareInsert } from './insert.ts';
import { LicenseWriter } from './license-writer.ts';
import type { Pen } from './pens.ts';
import type { SoldTerms } from './sold-terms.ts';

export interface SaverParts {
  readonly sealer: Sealer;
  readonly pen: Pen;
  readonly customers: Customers;
  readonly flags: Flags;
  readonly soldTerms: SoldTerms;
}

export class Saver {
  readonly #parts: SaverParts;
  readonly #licenses: LicenseWriter;
  readonly #fact;
  readonly #insertFact;
  readonly #updateFact;
  readonly #owed;
  readonly #putOwed;
  readonly #touch;

  constructor(connection: Connection, parts: SaverParts) {
    this.#parts = parts;
    this.#licenses = new LicenseWriter(connection, parts);
    this.#insertFact = prepareInsert<FactRow>(
      connection,
      'fact',
      FACT_COLUMNS,
      'ON CONFLICT (subject, marketplace, mode, key) DO NOTHING',
    );
    const sameFact = 'subject = +$subject AND marketplace = +$marketplace AND mode = +$mode AND key = +$key';
    this.#fact = connection.prepare<[Omit<FactRow, 'seal'>], FactRow>(`SELECT * FROM fact WHERE ${sameFact}`);
    this.#updateFact = connection.prepare<[FactRow]>(`
      UPDATE fact SET at = $at, kind = $kind, body = $body, cause = $cause, refers = $refers, seal = $seal
      WHERE ${sameFact}`);
    this.#owed = connection.prepare<[Omit<OwedRow, 'seal'>], OwedRow>(`
      SELECT * FROM owed
      WHERE order_id = +$order_id AND line = +$line AND marketplace = +$marketplace AND mode = +$mode`);
    this.#putOwed = prepareInsert<OwedRow>(
      connection,
      'owed',
      OWED_COLUMNS,
      `ON CONFLICT (order_id, line, marketplace, mode) DO UPDATE SET product = excluded.product,
        quantity = excluded.quantity, missing = excluded.missing, since = excluded.since, due = excluded.due,
        seal = excluded.seal`,
    );
    this.#touch = {
      subscription: connection.prepare('UPDATE license SET subscription = ? WHERE number = +?'),
      due: connection.prepare('UPDATE license SET due = ? WHERE number = +?'),
      customer: connection.prepare('UPDATE license SET customer = ? WHERE number = +?'),
      handed: connection.prepare('UPDATE license SET handed = max(coalesce(handed, 0), ?) WHERE number = +?'),
    };
  }

  /** Somebody new who holds several licenses is one object in `changes`, and becomes one row. */
  save(changes: Changes, market: Market): void {
    const people = new Map<Customer, number | null>();
    const numberOf = (customer: Customer | number | null): number | null => {
      if (customer === null || typeof customer === 'number') return customer;
      const known = people.get(customer);
      if (known !== undefined) return known;
      const number = this.#parts.customers.add(customer);
      people.set(customer, number);
      return number;
    };
    for (const fact of changes.facts) this.#putFact(fact);
    const touched = new Map(changes.touches.map((touch) => [touch.number, touch]));
    const numbers = changes.licenses.map((license, place) => {
      // What is touched in the same act as it comes is one row.
      const { number: _, handed, ...touch } = touched.get(-1 - place) ?? { number: 0 };
      const { customer, ...whole } = { ...license, ...touch };
      this.#parts.soldTerms.note(license.product, license.terms === '' ? null : license.terms);
      return this.#licenses.insert(whole, market, { customer: numberOf(customer), handed });
    });
    const own = <T extends { readonly number: number }>(list: readonly T[]) => withNumbers(list, numbers);
    this.#licenses.record({ changes: own(changes.changes), answers: own(changes.answers) });
    for (const touch of changes.touches) if (touch.number >= 0) this.#applyTouch(touch, numberOf);
    for (const line of changes.owed) this.#put(line, market);
    for (const flag of changes.raised) this.#parts.flags.raise(flag);
    for (const { id, at, reason } of changes.cleared) this.#parts.flags.settle(id, at, reason);
  }

  #putFact(fact: Fact): void {
    const { sealer, pen, soldTerms } = this.#parts;
    const { body } = fact;
    if (body.kind === 'termed') soldTerms.note(body.product, body.terms);
    const row = factRow(fact);
    const seal = sealFact(sealer, row);
    if (this.#insertFact({ ...row, seal }).changes === 1) {
      pen.strokes.count('fact', undefined, seal);
      return;
    }
    const known = this.#fact.get(row);
    if (known === undefined) throw new TypeError('a fact that is neither new nor known');
    this.#updateFact.run({ ...row, seal });
    // Of the row as it was read: one that was edited stays in the tally as a difference.
    pen.strokes.count('fact', sealFact(sealer, known), seal);
  }

  #applyTouch(touch: LicenseTouch, numberOf: (who: Customer | number) => number | null): void {
    const { number, subscription, due, customer, handed } = touch;
    if (subscription !== undefined) this.#touch.subscription.run(subscription, number);
    if (due !== undefined) this.#touch.due.run(due, number);
    if (customer !== undefined) this.#touch.customer.run(numberOf(customer), number);
    if (handed !== undefined) this.#touch.handed.run(handed, number);
  }

  #put({ order, ...line }: OwedLine, { marketplace, mode }: Market): void {
    const { sealer, pen } = this.#parts;
    const row = { ...line, marketplace, mode, order_id: order };
    const known = this.#owed.get(row);
    const seal = sealOwed(sealer, row);
    this.#putOwed({ ...row, seal });
    pen.strokes.count('owed', known && sealOwed(sealer, known), seal);
  }
}

/** A negative number is that of a license in the same changes: -1 the first, -2 the second. */
function withNumbers<T extends { readonly number: number }>(
  list: readonly T[],
  numbers: readonly number[],
): readonly T[] {
  return list.map((each) => {
    if (each.number >= 0) return each;
    const number = numbers[-1 - each.number];
    if (number === undefined) throw new TypeError('a change of a license that is not there');
    return { ...each, number };
  });
}
