/** Saves the changes of a decision, inside a transaction. Reads only the seals and numbers that new rows continue. */
import type { Changes, LicenseTouch, Market, OwedLine } from '../../domain/changes.ts';
import type { Fact } from '../../domain/facts/fact.ts';
import type { Outgoing } from '../../domain/values/announcement.ts';
import type { Customer } from '../../domain/values/order.ts';
import { FACT_COLUMNS, type FactRow, factRow, sealFact } from '../record/fact-row.ts';
import { OWED_COLUMNS, type OwedRow, owedRow, sealOwed } from '../record/owed-row.ts';
import type { Unsealed } from '../record/sealer.ts';
import { equal } from './conditions.ts';
import type { Customers } from './customers.ts';
import type { DailyTable } from './daily.ts';
import type { Connection } from './file/connection.ts';
import type { Flags } from './flags.ts';
import { prepareInsert, prepareUpsert } from './insert.ts';
import { LicenseWriter } from './license-writer.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { Pen } from './pens.ts';
import type { SoldTerms } from './sold-terms.ts';

const FACT_KEY = ['subject', 'marketplace', 'mode', 'key'] as const;
const OWED_KEY = ['order_id', 'line', 'marketplace', 'mode'] as const;

type NumberOf = (customer: Customer | number) => number | null;

export class Saver {
  readonly #pen: Pen;
  readonly #customers: Customers;
  readonly #flags: Flags;
  readonly #soldTerms: SoldTerms;
  readonly #outbox: Outbox;
  readonly #now: () => number;
  readonly #licenses: LicenseWriter;
  readonly #fact;
  readonly #insertFact;
  readonly #updateFact;
  readonly #owed;
  readonly #putOwed;
  readonly #touch;

  constructor(
    connection: Connection,
    pen: Pen,
    tables: {
      readonly customers: Customers;
      readonly flags: Flags;
      readonly soldTerms: SoldTerms;
      readonly daily: DailyTable;
      readonly outbox: Outbox;
    },
    now: () => number,
  ) {
    this.#pen = pen;
    this.#customers = tables.customers;
    this.#flags = tables.flags;
    this.#soldTerms = tables.soldTerms;
    this.#outbox = tables.outbox;
    this.#now = now;
    this.#licenses = new LicenseWriter(connection, pen, tables.daily);
    this.#insertFact = prepareInsert<FactRow>(
      connection,
      'fact',
      FACT_COLUMNS,
      `ON CONFLICT (${FACT_KEY.join()}) DO NOTHING`,
    );
    this.#fact = connection.prepare<[Unsealed<FactRow>], FactRow>(
      `SELECT * FROM fact WHERE ${equal(...FACT_KEY)}`,
    );
    this.#updateFact = connection.prepare<[FactRow]>(`
      UPDATE fact SET at = $at, kind = $kind, body = $body, cause = $cause, refers = $refers, seal = $seal
      WHERE ${equal(...FACT_KEY)}`);
    this.#owed = connection.prepare<[Unsealed<OwedRow>], OwedRow>(
      `SELECT * FROM owed WHERE ${equal(...OWED_KEY)}`,
    );
    this.#putOwed = prepareUpsert<OwedRow>(connection, 'owed', OWED_COLUMNS, OWED_KEY);
    const update = (assignment: string) =>
      connection.prepare<[{ readonly number: number; readonly value: string | number | null }]>(
        `UPDATE license SET ${assignment} WHERE ${equal('number')}`,
      );
    this.#touch = {
      subscription: update('subscription = $value'),
      due: update('due = $value'),
      customer: update('customer = $value'),
      handed: update('handed = max(coalesce(handed, 0), $value)'),
    };
  }

  /** A new customer of several licenses is one object in `changes`, and becomes one row. */
  save(changes: Changes, market: Market): void {
    const numbers = new Map<Customer, number | null>();
    const numberOf: NumberOf = (customer) => {
      if (typeof customer === 'number') return customer;
      const known = numbers.get(customer);
      if (known !== undefined) return known;
      const number = this.#customers.add(customer);
      numbers.set(customer, number);
      return number;
    };
    for (const fact of changes.facts) this.#putFact(fact);
    const inserted = this.#insertLicenses(changes, market, numberOf);
    const numbered = {
      changes: withNumbers(changes.changes, inserted),
      answers: withNumbers(changes.answers, inserted),
    };
    const sequences = this.#licenses.saveChanges(numbered, market);
    for (const touch of changes.touches) if (touch.number >= 0) this.#applyTouch(touch, numberOf);
    for (const line of changes.owed) this.#put(line, market);
    for (const flag of changes.raised) this.#flags.raise(flag);
    for (const { id, at, reason } of changes.cleared) this.#flags.settle(id, at, reason);
    if (changes.outgoing.length > 0) {
      this.announce(withNumbers(changes.outgoing, inserted), market, (change) => sequences[change] ?? 0);
    }
  }

  /** Writes announcements of saved licenses. */
  announce(
    outgoing: readonly Outgoing[],
    market: Market,
    sequenceOf: (change: number) => number = () => 0,
  ): void {
    this.#outbox.write(outgoing, market, this.#now(), sequenceOf);
  }

  /** The numbers of the new licenses. */
  #insertLicenses({ licenses, touches }: Changes, market: Market, numberOf: NumberOf): readonly number[] {
    const touched = new Map(touches.map((touch) => [touch.number, touch]));
    return licenses.map((license, place) => {
      // A new license that is touched in the same act is written once.
      const { number: _, handed, ...touch } = touched.get(-1 - place) ?? { number: 0 };
      const { customer, ...content } = { ...license, ...touch };
      this.#soldTerms.note(license.product, license.terms === '' ? null : license.terms);
      const holder = customer === null ? null : numberOf(customer);
      return this.#licenses.insert(content, market, { customer: holder, handed });
    });
  }

  #putFact(fact: Fact): void {
    const { body } = fact;
    if (body.kind === 'termed') this.#soldTerms.note(body.product, body.terms);
    const row = factRow(fact);
    const seal = sealFact(this.#pen.sealer, row);
    if (this.#insertFact.run({ ...row, seal }).changes === 1) {
      this.#pen.counter.count('fact', undefined, seal);
      return;
    }
    const known = this.#fact.get(row);
    if (known === undefined) throw new TypeError('a fact that is neither new nor known');
    this.#updateFact.run({ ...row, seal });
    // The seal of the row as it was read: the pen's sum then still differs if the row was edited.
    this.#pen.counter.count('fact', sealFact(this.#pen.sealer, known), seal);
  }

  #applyTouch({ number, subscription, due, customer, handed }: LicenseTouch, numberOf: NumberOf): void {
    if (subscription !== undefined) this.#touch.subscription.run({ number, value: subscription });
    if (due !== undefined) this.#touch.due.run({ number, value: due });
    if (customer !== undefined) this.#touch.customer.run({ number, value: numberOf(customer) });
    if (handed !== undefined) this.#touch.handed.run({ number, value: handed });
  }

  #put(line: OwedLine, market: Market): void {
    const { sealer, counter } = this.#pen;
    const row = owedRow(line, market);
    const known = this.#owed.get(row);
    const seal = sealOwed(sealer, row);
    this.#putOwed.run({ ...row, seal });
    counter.count('owed', known && sealOwed(sealer, known), seal);
  }
}

/** Replaces negative numbers by the numbers of the licenses in the same changes: -1 the first, -2 the second. */
function withNumbers<T extends { readonly number: number | null }>(
  list: readonly T[],
  inserted: readonly number[],
): readonly T[] {
  return list.map((each) => {
    if (each.number === null || each.number >= 0) return each;
    const number = inserted[-1 - each.number];
    if (number === undefined) throw new TypeError('a change of a license that is not in the changes');
    return { ...each, number };
  });
}
