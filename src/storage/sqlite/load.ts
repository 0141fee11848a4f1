/** Loads stories: all that the ledger holds of the orders, subscriptions and licenses that some names concern. */

import type { Found, LedgerLicense, Market } from '../../domain/changes.ts';
import type { Fact, Subject } from '../../domain/fact.ts';
import type { Marketplace, Mode } from '../../domain/order.ts';
import { orderIdOf, orderOf, orderSubject, subscriptionOf } from '../../domain/order-subject.ts';
import { parseLicenseId } from '../../license-code/license-id.ts';
import {
  factOf,
  flagOf,
  type LaterAnswer,
  type LoadedLicense,
  licenseRecord,
  owedLine,
  rebillAnswer,
} from '../record/mapping.ts';
import type { FactRow, FlagRow, OwedRow } from '../record/rows.ts';
import type { Connection } from './connection.ts';

/** Names as a JSON list, and where they are looked for. */
interface Names {
  readonly names: string;
  readonly marketplace: Marketplace;
  readonly mode: Mode;
}

/** The newest code of a license l. */
export const NEWEST_CODE = `CASE l.revision WHEN l.first_revision THEN l.first_code
  ELSE (SELECT text FROM code WHERE license = l.number AND revision = l.revision) END`;

/** The code that a later answer f handed out of a license l. */
export const ANSWERED_CODE = `CASE f.revision WHEN l.first_revision THEN l.first_code
  ELSE (SELECT text FROM code WHERE license = l.number AND revision = f.revision) END`;

/** Answers to the requests of orders for licenses that were there before, by a JSON list of the licenses' numbers. */
export const LATER_ANSWERS = `
  SELECT f.license, f.revision, f.quantity, f.message, f.at, f.delivered_at, f.alone, ${ANSWERED_CODE} AS code
  FROM json_each(+?) n CROSS JOIN fulfillment f ON f.license = n.value AND f.sequence = 1
  CROSS JOIN license l ON l.number = f.license`;

/** The subject of facts about a license l (domain/license-subject.ts). */
const LICENSE_SUBJECT = `'license:' || lower(substr(hex(l.id), 1, 8) || '-' || substr(hex(l.id), 9, 4) || '-' ||
  substr(hex(l.id), 13, 4) || '-' || substr(hex(l.id), 17, 4) || '-' || substr(hex(l.id), 21))`;

/** The order of licenses that a name may stand for, as ordersIn reads it. */
const ORDER_OF_NAME = `CASE
  WHEN substr(name.name, 1, 6) = 'order:' THEN substr(name.name, 7)
  WHEN substr(name.name, 1, 9) = 'order-id:' THEN substr(name.name, 10)
  ELSE name.name END`;

/** A name, with a fact that was told under it if there is one. */
type NamedFact = { readonly name: Subject } & (
  | Omit<FactRow, 'seal' | 'kind' | 'refers'>
  | { readonly subject: null }
);

/** Licenses l with their newest code and their holder. */
export const LICENSES = `
  SELECT l.*, ${NEWEST_CODE} AS code, c.name, c.email, c.erased
  FROM license l LEFT JOIN customer c ON c.number = l.customer`;

const NOTHING: Omit<Found, 'market'> = { facts: [], licenses: [], owed: [], rebills: [], flags: [] };

/** Which of the tables that are mostly empty have something of an order. */
const OWED = 1;
const FLAGS = 2;

const IN_MARKET = 'AND marketplace = +$marketplace AND mode = +$mode';

/**
 * The plus before a parameter keeps SQLite's planner from looking at its value (SQLITE_ENABLE_STAT4), which would plan
 * the statement anew at each call. Lists come as JSON, so that an order of 1,000 units is one statement.
 */
export class StoryLoader {
  readonly #isKnown;
  readonly #facts;
  readonly #licenses;
  readonly #laterAnswers;
  readonly #rebills;
  readonly #ordersOfLicenses;
  readonly #keptOf;
  readonly #owed;
  readonly #flags;

  constructor(connection: Connection) {
    // Most stories begin with the act that asks for them: then this is all that is read.
    this.#isKnown = connection
      .prepare<[Names], number>(`
        SELECT EXISTS (
          SELECT 1 FROM (SELECT value AS name FROM json_each(+$names)) name
          WHERE EXISTS (SELECT 1 FROM fact WHERE subject = name.name ${IN_MARKET})
            OR EXISTS (SELECT 1 FROM fact WHERE refers = name.name ${IN_MARKET})
            OR EXISTS (SELECT 1 FROM license WHERE order_id = ${ORDER_OF_NAME} ${IN_MARKET})
            OR EXISTS (SELECT 1 FROM owed WHERE order_id = ${ORDER_OF_NAME} ${IN_MARKET})
            OR EXISTS (SELECT 1 FROM flag WHERE order_id = ${ORDER_OF_NAME} ${IN_MARKET}))`)
      .pluck();
    // All names that facts and licenses tie to each other, and all that was told under them.
    this.#facts = connection.prepare<[Names], NamedFact>(`
      WITH RECURSIVE name (name) AS (
        SELECT value FROM json_each(+$names)
        UNION
        SELECT f.refers FROM name CROSS JOIN fact f ON f.subject = name.name ${IN_MARKET} AND f.refers IS NOT NULL
        UNION
        SELECT f.subject FROM name CROSS JOIN fact f ON f.refers = name.name ${IN_MARKET}
        UNION
        SELECT ${LICENSE_SUBJECT} FROM name CROSS JOIN license l ON l.order_id = ${ORDER_OF_NAME} ${IN_MARKET}
        UNION
        SELECT 'subscription:' || l.subscription FROM name CROSS JOIN license l ON l.order_id = ${ORDER_OF_NAME} ${IN_MARKET}
          AND l.subscription IS NOT NULL
      )
      SELECT name.name, f.subject, f.marketplace, f.mode, f.key, f.at, f.body, f.cause
      FROM name LEFT JOIN fact f ON f.subject = name.name ${IN_MARKET}`);
    this.#licenses = connection.prepare<[Names], LoadedLicense>(`
      ${LICENSES} WHERE l.order_id IN (SELECT value FROM json_each(+$names)) ${IN_MARKET} ORDER BY l.number`);
    this.#laterAnswers = connection.prepare<[string], LaterAnswer>(LATER_ANSWERS);
    this.#rebills = connection.prepare<[object], LaterAnswer & { readonly request: string }>(`
      SELECT f.license, f.revision, f.quantity, f.message, f.at, f.delivered_at, f.alone, f.request,
        ${ANSWERED_CODE} AS code
      FROM fulfillment f JOIN license l ON l.number = f.license
      WHERE f.request = +$request AND l.marketplace = +$marketplace AND l.mode = +$mode ORDER BY f.license`);
    this.#ordersOfLicenses = connection
      .prepare<[Names], string>(`
        SELECT order_id FROM license WHERE id IN (SELECT unhex(value) FROM json_each(+$names)) ${IN_MARKET}`)
      .pluck();
    this.#keptOf = connection
      .prepare<[Names], number>(`
        SELECT EXISTS (SELECT 1 FROM owed WHERE order_id IN (SELECT value FROM json_each(+$names)) ${IN_MARKET}) * ${OWED}
          + EXISTS (SELECT 1 FROM flag WHERE order_id IN (SELECT value FROM json_each(+$names)) ${IN_MARKET}) * ${FLAGS}`)
      .pluck();
    this.#owed = connection.prepare<[Names], OwedRow>(`
      SELECT * FROM owed WHERE order_id IN (SELECT value FROM json_each(+$names)) ${IN_MARKET}`);
    this.#flags = connection.prepare<[Names], FlagRow>(`
      SELECT * FROM flag WHERE order_id IN (SELECT value FROM json_each(+$names)) ${IN_MARKET} ORDER BY id`);
  }

  loadOrder(order: string, market: Market, others: readonly Subject[] = []): Found {
    return this.load([orderSubject(order), ...others], market);
  }

  /** All that is known of names, and of whatever facts tie them to. Where nothing is known, it takes one statement. */
  load(names: Iterable<Subject>, { marketplace, mode }: Market): Found {
    const market = { marketplace, mode };
    const asked = new Set<Subject>(names);
    for (const order of this.#ordersOf(asked, market)) asked.add(orderSubject(order));
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

  /** The same with what the request of a rebill was answered before. */
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
      for (const answer of this.#laterAnswers.all(numbers)) later.set(answer.license, answer);
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

/** The orders of licenses that names may stand for. */
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
