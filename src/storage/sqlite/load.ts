/** Loads all that the ledger holds of the orders, subscriptions and licenses with given names. */
import type { Found, LedgerLicense, Market } from '../../domain/changes.ts';
import type { Fact, Subject } from '../../domain/facts/fact.ts';
import { orderIdOf, orderOf, orderSubject, subscriptionOf } from '../../domain/values/order-subject.ts';
import { parseLicenseId } from '../../license-code/license-id.ts';
import { factOf, type LoadedFact } from '../record/fact-row.ts';
import { type FlagRow, flagOf } from '../record/flag-row.ts';
import { type LaterAnswer, rebillAnswer } from '../record/fulfillment-row.ts';
import { type LoadedLicense, licenseRecord } from '../record/license-row.ts';
import { type OwedRow, owedLine } from '../record/owed-row.ts';
import { each, equal, IN_MARKET } from './conditions.ts';
import type { Connection } from './file/connection.ts';
import { prepareLaterAnswers, prepareLicenses, prepareRebillAnswers } from './license-queries.ts';

/** Names as a JSON list, and the market that is searched. A list makes an order of 1,000 units one statement. */
interface Names extends Market {
  readonly names: string;
}

/** The subject of facts about a license l (domain/facts/license-subject.ts). */
const LICENSE_SUBJECT = `'license:' || lower(substr(hex(l.id), 1, 8) || '-' || substr(hex(l.id), 9, 4) || '-' ||
  substr(hex(l.id), 13, 4) || '-' || substr(hex(l.id), 17, 4) || '-' || substr(hex(l.id), 21))`;

/** The order of the licenses that a name may stand for; ordersIn does the same in TypeScript. */
const ORDER_OF_NAME = `CASE
  WHEN substr(name.name, 1, 6) = 'order:' THEN substr(name.name, 7)
  WHEN substr(name.name, 1, 9) = 'order-id:' THEN substr(name.name, 10)
  ELSE name.name END`;

/** A name with a fact whose subject it is, or without a fact. */
type NamedFact = { readonly name: Subject } & (LoadedFact | { readonly subject: null });

const NOTHING: Omit<Found, 'market'> = { facts: [], licenses: [], owed: [], rebills: [], flags: [] };

/** Bits of #keptOf: which of the two mostly empty tables has rows of the orders. */
const OWED = 1;
const FLAGS = 2;

const NAMED = `IN (SELECT value FROM ${each('names')})`;

export class Loader {
  readonly #isKnown;
  readonly #facts;
  readonly #licenses;
  readonly #laterAnswers;
  readonly #rebills;
  readonly #ordersOfLicenses;
  readonly #keptOf;
  readonly #owed;
  readonly #flags;
  readonly #onNames;

  /** `onNames` is called before anything is read of names. */
  constructor(connection: Connection, onNames?: (names: ReadonlySet<Subject>, market: Market) => void) {
    this.#onNames = onNames;
    // Most acts concern a new order: then this is the only read.
    this.#isKnown = connection
      .prepare<[Names], number>(`
        SELECT EXISTS (
          SELECT 1 FROM (SELECT value AS name FROM ${each('names')}) name
          WHERE EXISTS (SELECT 1 FROM fact WHERE subject = name.name AND ${IN_MARKET})
            OR EXISTS (SELECT 1 FROM fact WHERE refers = name.name AND ${IN_MARKET})
            OR EXISTS (SELECT 1 FROM license WHERE order_id = ${ORDER_OF_NAME} AND ${IN_MARKET})
            OR EXISTS (SELECT 1 FROM owed WHERE order_id = ${ORDER_OF_NAME} AND ${IN_MARKET})
            OR EXISTS (SELECT 1 FROM flag WHERE order_id = ${ORDER_OF_NAME} AND ${IN_MARKET}))`)
      .pluck();
    // All names that facts and licenses tie to the given names, with the facts about each.
    this.#facts = connection.prepare<[Names], NamedFact>(`
      WITH RECURSIVE name (name) AS (
        SELECT value FROM ${each('names')}
        UNION
        SELECT f.refers FROM name CROSS JOIN fact f
          ON f.subject = name.name AND ${IN_MARKET} AND f.refers IS NOT NULL
        UNION
        SELECT f.subject FROM name CROSS JOIN fact f ON f.refers = name.name AND ${IN_MARKET}
        UNION
        SELECT ${LICENSE_SUBJECT} FROM name CROSS JOIN license l
          ON l.order_id = ${ORDER_OF_NAME} AND ${IN_MARKET}
        UNION
        SELECT 'subscription:' || l.subscription FROM name CROSS JOIN license l
          ON l.order_id = ${ORDER_OF_NAME} AND ${IN_MARKET} AND l.subscription IS NOT NULL
      )
      SELECT name.name, f.subject, f.marketplace, f.mode, f.key, f.at, f.body, f.cause
      FROM name LEFT JOIN fact f ON f.subject = name.name AND ${IN_MARKET}`);
    this.#licenses = prepareLicenses<Names>(
      connection,
      `WHERE l.order_id ${NAMED} AND ${IN_MARKET} ORDER BY l.number`,
    );
    this.#laterAnswers = prepareLaterAnswers(connection);
    this.#rebills = prepareRebillAnswers<Market & { readonly request: string }>(
      connection,
      `WHERE ${equal('f.request', 'l.marketplace', 'l.mode')} ORDER BY f.license`,
    );
    this.#ordersOfLicenses = connection
      .prepare<[Names], string>(`
        SELECT order_id FROM license WHERE id IN (SELECT unhex(value) FROM ${each('names')}) AND ${IN_MARKET}`)
      .pluck();
    this.#keptOf = connection
      .prepare<[Names], number>(`
        SELECT EXISTS (SELECT 1 FROM owed WHERE order_id ${NAMED} AND ${IN_MARKET}) * ${OWED}
          + EXISTS (SELECT 1 FROM flag WHERE order_id ${NAMED} AND ${IN_MARKET}) * ${FLAGS}`)
      .pluck();
    this.#owed = connection.prepare<[Names], OwedRow>(
      `SELECT * FROM owed WHERE order_id ${NAMED} AND ${IN_MARKET}`,
    );
    this.#flags = connection.prepare<[Names], FlagRow>(
      `SELECT * FROM flag WHERE order_id ${NAMED} AND ${IN_MARKET} ORDER BY id`,
    );
  }

  loadOrder(order: string, market: Market, others: readonly Subject[] = []): Found {
    return this.load([orderSubject(order), ...others], market);
  }

  /** Loads all that is known of names and of the names that facts tie to them. Unknown names take one statement. */
  load(names: Iterable<Subject>, { marketplace, mode }: Market): Found {
    const market = { marketplace, mode };
    const asked = new Set<Subject>(names);
    for (const order of this.#ordersOf(asked, market)) asked.add(orderSubject(order));
    this.#onNames?.(asked, market);
    const given = { names: jsonOf(asked), ...market };
    if (this.#isKnown.get(given) === 0) return { market, ...NOTHING };
    const known = new Set<Subject>();
    const facts: Fact[] = [];
    for (const row of this.#facts.all(given)) {
      known.add(row.name);
      if (row.subject !== null) facts.push(factOf(row));
    }
    const orders = { names: jsonOf(ordersIn(known)), ...market };
    const licenses = this.#licenses.all(orders);
    const kept = this.#keptOf.get(orders) ?? 0;
    return {
      market,
      facts,
      licenses: this.#records(licenses),
      owed: (kept & OWED) === 0 ? [] : this.#owed.all(orders).map(owedLine),
      rebills: [],
      flags: (kept & FLAGS) === 0 ? [] : this.#flags.all(orders).map(flagOf),
    };
  }

  /** The same with the earlier answers to the request of a rebill. */
  loadRebill(order: string, market: Market, others: readonly Subject[]): Found {
    return this.withRebill(this.loadOrder(order, market, others), order);
  }

  withRebill(found: Found, order: string): Found {
    return { ...found, rebills: this.#rebills.all({ request: order, ...found.market }).map(rebillAnswer) };
  }

  #records(rows: readonly LoadedLicense[]): LedgerLicense[] {
    const later = new Map<number, LaterAnswer>();
    const unasked = rows.filter(({ quantity }) => quantity === null);
    if (unasked.length > 0) {
      const numbers = JSON.stringify(unasked.map(({ number }) => number));
      for (const answer of this.#laterAnswers.all({ numbers })) later.set(answer.license, answer);
    }
    return rows.map((row) => licenseRecord(row, later.get(row.number)));
  }

  #ordersOf(names: ReadonlySet<Subject>, market: Market): readonly string[] {
    const ids = [...names].filter((name) => name.startsWith('license:'));
    if (ids.length === 0) return [];
    const hex = ids.map((name) => Buffer.from(parseLicenseId(name.slice('license:'.length))).toString('hex'));
    return this.#ordersOfLicenses.all({ names: JSON.stringify(hex), ...market });
  }
}

/** The orders of the licenses that names may stand for. */
function ordersIn(names: Iterable<Subject>): string[] {
  return [...names].flatMap((name) => {
    // A request may have named the order by its internal id.
    const order = orderOf(name) ?? orderIdOf(name);
    if (order !== undefined) return [order];
    return subscriptionOf(name) === undefined ? [] : [name];
  });
}

function jsonOf(names: Iterable<string>): string {
  return JSON.stringify([...names]);
}
