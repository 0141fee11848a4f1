/** The facts, and which of them concern an order. To be run inside a transaction. */
import type { Fact, FactBody, Subject } from '../../domain/fact.ts';
import type { Marketplace, Mode } from '../../domain/order.ts';
import type { Connection } from './open.ts';

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

export class Facts {
  readonly #insert;
  readonly #known;
  readonly #bySubject;
  readonly #otherNames;
  readonly #followers;
  readonly #aliases;
  readonly #any;

  constructor(connection: Connection) {
    this.#insert = connection.prepare(`
      INSERT INTO fact (subject, marketplace, mode, key, at, kind, body, cause, refers)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (subject, marketplace, mode, key) DO UPDATE SET at = min(at, excluded.at)`);
    this.#known = connection
      .prepare<[string, string, string, string], number>(
        'SELECT at FROM fact WHERE subject = ? AND marketplace = ? AND mode = ? AND key = ?',
      )
      .pluck();
    this.#bySubject = connection.prepare<[string, string, string], FactRow>(
      'SELECT subject, key, at, body, cause FROM fact WHERE subject = ? AND marketplace = ? AND mode = ?',
    );
    this.#otherNames = connection
      .prepare<[string, string, string], Subject>(
        "SELECT subject FROM fact WHERE refers = ? AND marketplace = ? AND mode = ? AND kind = 'alias'",
      )
      .pluck();
    this.#followers = connection
      .prepare<[string, string, string], Subject>(
        `SELECT DISTINCT subject FROM fact
         WHERE refers = ? AND marketplace = ? AND mode = ? AND kind IN ('linked', 'sold')`,
      )
      .pluck();
    this.#aliases = connection
      .prepare<[string, string, string], Subject>(
        "SELECT refers FROM fact WHERE subject = ? AND marketplace = ? AND mode = ? AND kind = 'alias'",
      )
      .pluck();
    this.#any = connection
      .prepare<[string, string, string], number>(
        'SELECT 1 FROM fact WHERE subject = ? AND marketplace = ? AND mode = ? LIMIT 1',
      )
      .pluck();
  }

  /** `new`, `earlier` (known, but not as early: the earliest time counts) or `known`. */
  add({ subject, marketplace, mode, key, at, body, cause }: Fact): 'new' | 'earlier' | 'known' {
    const known = this.#known.get(subject, marketplace, mode, key);
    if (known !== undefined && known <= at) return 'known';
    const text = JSON.stringify(body);
    this.#insert.run(subject, marketplace, mode, key, at, body.kind, text, cause, refersTo(body));
    return known === undefined ? 'new' : 'earlier';
  }

  hasAny(subject: Subject, { marketplace, mode }: Market): boolean {
    return this.#any.get(subject, marketplace, mode) !== undefined;
  }

  /** The facts told under a subject's own name and under its aliases. */
  about(subject: Subject, market: Market): Fact[] {
    const { marketplace, mode } = market;
    const names = [subject, ...this.#otherNames.all(subject, marketplace, mode)];
    return names.flatMap((name) =>
      this.#bySubject.all(name, marketplace, mode).map(({ body, ...row }) => ({
        ...row,
        marketplace,
        mode,
        body: JSON.parse(body) as FactBody,
      })),
    );
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

function refersTo(body: FactBody): string | null {
  if (body.kind === 'alias') return body.of;
  if (body.kind === 'linked') return `subscription:${body.subscription}`;
  return body.kind === 'sold' && body.subscription !== undefined ? `subscription:${body.subscription}` : null;
}
