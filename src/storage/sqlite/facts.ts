/** The facts, and which of them concern an order. To be run inside a transaction. */
import type { Fact, FactBody, Subject } from '../../domain/fact.ts';
import type { Marketplace, Mode } from '../../domain/order.ts';
import type { Connection } from './open.ts';
import type { Story } from './order-story.ts';
import type { Sealer } from './seal.ts';
import type { Tallies } from './tally.ts';

/** In which marketplace and mode subjects are looked for: ids of different ones have nothing to do with each other. */
export interface Market {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
}

/** Names of names that are followed: a case is an order's, an order is another's rebill; a circle ends here. */
const LONGEST_CHAIN = 4;

interface FactRow {
  readonly subject: Subject;
  readonly key: string;
  readonly at: number;
  readonly body: string;
  readonly cause: string;
}

/** What the seal of a fact covers: all of its row. */
export interface SealedFact {
  readonly subject: string;
  readonly marketplace: string;
  readonly mode: string;
  readonly key: string;
  readonly at: number;
  readonly kind: string;
  readonly body: string;
  readonly cause: string;
  readonly refers: string | null;
}

export function sealFact(sealer: Sealer, row: SealedFact): Buffer {
  const { subject, marketplace, mode, key, at, kind, body, cause, refers } = row;
  return sealer.seal('fact', subject, marketplace, mode, key, at, kind, body, cause, refers);
}

export class Facts {
  readonly #sealer: Sealer;
  readonly #tallies: Tallies;
  readonly #insert;
  readonly #known;
  readonly #bySubject;
  readonly #otherNames;
  readonly #followers;
  readonly #aliases;
  readonly #any;

  constructor(connection: Connection, sealer: Sealer, tallies: Tallies) {
    this.#sealer = sealer;
    this.#tallies = tallies;
    this.#insert = connection.prepare(`
      INSERT INTO fact (subject, marketplace, mode, key, at, kind, body, cause, refers, seal)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (subject, marketplace, mode, key) DO UPDATE
        SET at = excluded.at, kind = excluded.kind, body = excluded.body, cause = excluded.cause,
          refers = excluded.refers, seal = excluded.seal`);
    this.#known = connection.prepare<
      [string, string, string, string],
      { at: number; body: string; seal: Buffer }
    >('SELECT at, body, seal FROM fact WHERE subject = +? AND marketplace = +? AND mode = +? AND key = +?');
    this.#bySubject = connection.prepare<[string, string, string], FactRow>(
      'SELECT subject, key, at, body, cause FROM fact WHERE subject = +? AND marketplace = +? AND mode = +?',
    );
    this.#otherNames = connection
      .prepare<[string, string, string], Subject>(
        "SELECT subject FROM fact WHERE refers = +? AND marketplace = +? AND mode = +? AND kind = 'alias'",
      )
      .pluck();
    this.#followers = connection
      .prepare<[string, string, string], Subject>(
        `SELECT DISTINCT subject FROM fact
         WHERE refers = +? AND marketplace = +? AND mode = +? AND kind IN ('linked', 'sold')`,
      )
      .pluck();
    this.#aliases = connection
      .prepare<[string, string, string], Subject>(
        "SELECT refers FROM fact WHERE subject = +? AND marketplace = +? AND mode = +? AND kind = 'alias'",
      )
      .pluck();
    this.#any = connection
      .prepare<[string, string, string], number>(
        'SELECT 1 FROM fact WHERE subject = +? AND marketplace = +? AND mode = +? LIMIT 1',
      )
      .pluck();
  }

  /** `new`, `other` (known, but what was told now counts) or `known`. */
  add({ subject, marketplace, mode, key, at, body, cause }: Fact): 'new' | 'other' | 'known' {
    const known = this.#known.get(subject, marketplace, mode, key);
    const text = JSON.stringify(body);
    if (known !== undefined && !countsBefore({ at, body: text }, known)) return 'known';
    const refers = refersTo(body);
    const row = { subject, marketplace, mode, key, at, kind: body.kind, body: text, cause, refers };
    const seal = sealFact(this.#sealer, row);
    this.#insert.run(subject, marketplace, mode, key, at, body.kind, text, cause, refers, seal);
    this.#tallies.change('fact', known?.seal, seal);
    return known === undefined ? 'new' : 'other';
  }

  /** True where anything was told under a subject's own name or an alias of it. */
  hasAny(subject: Subject, { marketplace, mode }: Market): boolean {
    if (this.#any.get(subject, marketplace, mode) !== undefined) return true;
    return this.#otherNames.get(subject, marketplace, mode) !== undefined;
  }

  /** The facts told under a subject's own name and under its aliases, and theirs. */
  about(subject: Subject, market: Market): Fact[] {
    const { marketplace, mode } = market;
    const names = new Set<Subject>([subject]);
    for (const name of names) {
      for (const other of this.#otherNames.all(name, marketplace, mode)) names.add(other);
    }
    return [...names].flatMap((name) =>
      this.#bySubject.all(name, marketplace, mode).map(({ body, ...row }) => ({
        ...row,
        marketplace,
        mode,
        body: JSON.parse(body) as FactBody,
      })),
    );
  }

  /** All that is known of an order, and of the subscriptions that it follows. */
  storyOf(order: string, market: Market): Story {
    const own = this.about(`order:${order}`, market);
    const bySubscription = new Map<string, readonly Fact[]>();
    for (const { body } of own) {
      const subscription = 'subscription' in body ? body.subscription : undefined;
      if (subscription === undefined || bySubscription.has(subscription)) continue;
      bySubscription.set(subscription, this.about(`subscription:${subscription}`, market));
    }
    return { order, own, bySubscription };
  }

  /** The orders that a subject is about, by their references. */
  ordersOf(subject: Subject, market: Market, depth = LONGEST_CHAIN): string[] {
    if (depth === 0) return [];
    const { marketplace, mode } = market;
    const own = subject.startsWith('order:') ? [subject.slice('order:'.length)] : [];
    const others = [
      ...this.#followers.all(subject, marketplace, mode),
      ...this.#aliases.all(subject, marketplace, mode),
    ];
    return [...own, ...others.flatMap((name) => this.ordersOf(name, market, depth - 1))];
  }
}

/**
 * Of two tellings of one fact the earlier counts; of the same time one and the same, whichever came first. In JSON a
 * text sorts before null, so that of a charge told with and without its date the date is kept.
 */
export function countsBefore(a: { at: number; body: string }, b: { at: number; body: string }): boolean {
  return a.at < b.at || (a.at === b.at && a.body < b.body);
}

function refersTo(body: FactBody): string | null {
  if (body.kind === 'alias') return body.of;
  if (body.kind === 'linked') return `subscription:${body.subscription}`;
  return body.kind === 'sold' && body.subscription !== undefined ? `subscription:${body.subscription}` : null;
}
