/** Finds facts that the ledger does not have. */
import type { Fact } from '../../domain/facts/fact.ts';
import { notesOf, notesOfUnits } from '../../domain/flags/stated-units.ts';
import { factOf, type LoadedFact } from '../record/fact-row.ts';
import { IN_MARKET } from './conditions.ts';
import type { Connection } from './file/connection.ts';

type FactName = Pick<Fact, 'subject' | 'marketplace' | 'mode' | 'key'>;

export class MissingFacts {
  readonly #find;

  constructor(connection: Connection) {
    const find = connection.prepare<[FactName], LoadedFact>(`
      SELECT subject, marketplace, mode, key, at, cause, body FROM fact
      WHERE subject = $subject AND key = $key AND ${IN_MARKET}`);
    this.#find = ({ subject, marketplace, mode, key }: FactName): Fact | undefined => {
      const row = find.get({ subject, marketplace, mode, key });
      return row && factOf(row);
    };
  }

  among(facts: readonly Fact[]): readonly Fact[] {
    return facts.filter((fact) => {
      const known = this.#find(fact);
      if (known === undefined) return true;
      const differs = notesOfUnits([fact], () => known).length > 0;
      return differs && notesOf(fact).some((note) => this.#find(note) === undefined);
    });
  }
}

/** The facts that `among` looks for. */
export function lookedFor(facts: readonly Fact[]): readonly Fact[] {
  return facts.flatMap((fact) => [fact, ...notesOf(fact)]);
}
