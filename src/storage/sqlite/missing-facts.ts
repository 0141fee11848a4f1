/** Finds facts that the ledger does not have. */
import type { Fact } from '../../domain/fact.ts';
import { IN_MARKET } from './conditions.ts';
import type { Connection } from './connection.ts';

export class MissingFacts {
  readonly #isKnown;

  constructor(connection: Connection) {
    this.#isKnown = connection
      .prepare<[Pick<Fact, 'subject' | 'marketplace' | 'mode' | 'key'>], number>(
        `SELECT 1 FROM fact WHERE subject = $subject AND key = $key AND ${IN_MARKET}`,
      )
      .pluck();
  }

  among(facts: readonly Fact[]): readonly Fact[] {
    return facts.filter(
      ({ subject, marketplace, mode, key }) =>
        this.#isKnown.get({ subject, marketplace, mode, key }) === undefined,
    );
  }
}
