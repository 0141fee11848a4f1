/** What an act can read: the names that it locks, and the rows that are loaded for it. */
import type { Market } from '../../domain/changes.ts';
import type { Subject } from '../../domain/facts/fact.ts';

/** Rows of one table. Loads with the same text are one statement for a whole group, with all their items. */
export interface Load {
  readonly table: string;
  /** One parameter, $1: the items as a JSON list. */
  readonly text: string;
  readonly item: unknown;
}

/** A product of an order, and the names that its first sale locks. */
export interface FirstSale extends Market {
  readonly order: string;
  readonly product: string;
  readonly names: readonly string[];
}

/** What shows that an act was done, so that its further runs change nothing more and its result need not be the first one. */
export type KnownBy = 'license' | 'event' | 'delivery' | 'digest' | 'due date';

export interface Need {
  /** Names to lock, together with all names tied to them. Their facts, licenses, flags and announcements are loaded. */
  readonly names?: readonly string[];
  /** Other names to lock. */
  readonly locks?: readonly string[];
  readonly loads?: readonly Load[];
  /** Names to lock only if no license of the product is known. */
  readonly first?: FirstSale;
  /** All rows of the history of the names' licenses; default: the newest of each. */
  readonly wholeHistory?: boolean;
  /** Undefined: nothing that the act writes. It is noted in a row of its own (done-acts.ts). */
  readonly knownBy?: KnownBy | undefined;
}

/** A name as it is locked and searched. */
export function nameIn({ marketplace, mode }: Market, subject: Subject): string {
  return `${marketplace} ${mode} ${subject}`;
}

export function namesIn(market: Market, subjects: Iterable<Subject>): readonly string[] {
  return [...subjects].map((subject) => nameIn(market, subject));
}

/** A read of rows that were not loaded: the act is run again with them. */
export class Miss extends Error {
  readonly need: Need;

  constructor(need: Need) {
    super('read what was not loaded');
    this.need = need;
  }
}

/** Statements with the items of all acts of a group. */
export interface GroupLoad {
  readonly table: string;
  readonly text: string;
  readonly items: readonly unknown[];
  /** The items as a JSON list. */
  readonly json: string;
}

export interface GroupNeed {
  readonly names: readonly string[];
  readonly locks: readonly string[];
  readonly firsts: readonly FirstSale[];
  /** No act needs anything but the names of its first sale, and so nothing if the sale is known. */
  readonly isOfFirsts: boolean;
  readonly loads: readonly GroupLoad[];
  readonly wholeHistory: boolean;
}

/** If a row is loaded twice, the first version is kept. So loads that lock come first: a version read before the lock may be out of date. */
function lockingFirst([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return Number(isLocking(other)) - Number(isLocking(one));
}

function isLocking(text: string): boolean {
  return text.includes('FOR UPDATE');
}

export function groupNeed(needs: readonly Need[]): GroupNeed {
  const names = new Set<string>();
  const locks = new Set<string>();
  const loads = new Map<string, { readonly table: string; readonly items: Map<string, unknown> }>();
  for (const need of needs) {
    for (const name of need.names ?? []) names.add(name);
    for (const lock of need.locks ?? []) locks.add(lock);
    for (const { table, text, item } of need.loads ?? []) {
      const load = loads.get(text) ?? { table, items: new Map() };
      load.items.set(JSON.stringify(item), item);
      loads.set(text, load);
    }
  }
  return {
    names: [...names],
    locks: [...locks],
    firsts: needs.flatMap(({ first }) => first ?? []),
    isOfFirsts: needs.every(({ first }) => first !== undefined),
    loads: [...loads].sort(lockingFirst).map(([text, { table, items }]) => ({
      table,
      text,
      items: [...items.values()],
      json: `[${[...items.keys()].join()}]`,
    })),
    wholeHistory: needs.some(({ wholeHistory }) => wholeHistory === true),
  };
}

/** What a group holds in this try: its names and other locks, and the digests of the terms that were searched for it. */
export interface Holding {
  readonly names: ReadonlySet<string>;
  readonly locks: ReadonlySet<string>;
  readonly terms: ReadonlySet<string>;
}

export const NOTHING_HELD: Holding = { names: new Set(), locks: new Set(), terms: new Set() };

export function holding(
  names: readonly string[],
  loads: readonly Omit<GroupLoad, 'json'>[],
  locks: readonly string[] = [],
): Holding {
  const searched = loads.filter(({ table }) => table === 'terms').flatMap(({ items }) => items);
  return {
    names: new Set(names),
    locks: new Set(locks),
    terms: new Set(searched.map((item) => String(Object(item).digest))),
  };
}
