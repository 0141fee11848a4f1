/** First sales: in one act, without a read before it, so that a sale is one group of acts and not two. */
import type { FirstIssued, HeldOrder, Issue, Ledger } from '../../domain/ledger.ts';
import { needOfFirst } from './act-needs.ts';
import type { GroupCommit } from './group-commit.ts';
import { isUnavailable } from './repeat.ts';

/** How long sales read before they write, once a write could not be made: repeats then do not wait for its failure. */
const READS_FIRST_MILLISECONDS = 5000;

/** A failed write may have taken this long for a read to follow: both end before the 10 seconds of a marketplace. */
const LONGEST_MILLISECONDS = 4500;

export class FirstSales {
  readonly #commits: GroupCommit;
  readonly #ledger: Pick<Ledger, 'findOrder' | 'issue'>;
  /** In time of `performance.now()`. */
  #readsFirstUntil = 0;

  constructor(commits: GroupCommit, ledger: Pick<Ledger, 'findOrder' | 'issue'>) {
    this.#commits = commits;
    this.#ledger = ledger;
  }

  /** What is known is read where the database takes no writes, too. */
  async issue(issue: Issue): Promise<FirstIssued> {
    const start = performance.now();
    if (start < this.#readsFirstUntil) return (await this.#known(issue)) ?? this.#ledger.issue(issue);
    try {
      return await this.#commits.run(
        needOfFirst(issue),
        ({ orders, acts }): FirstIssued => asKnown(orders.find(issue.order)) ?? acts.issue(issue),
      );
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      const end = performance.now();
      this.#readsFirstUntil = end + READS_FIRST_MILLISECONDS;
      const known = end - start < LONGEST_MILLISECONDS ? await this.#known(issue) : undefined;
      if (known === undefined) throw error;
      return known;
    }
  }

  async #known({ order }: Issue): Promise<FirstIssued | undefined> {
    return asKnown(await this.#ledger.findOrder(order));
  }
}

function asKnown(held: HeldOrder | undefined): FirstIssued | undefined {
  return held && { outcome: 'known', held };
}
