/** First sales: in one act, without a read before it, so that a sale is one group of acts and not two. */
import type { FirstIssued, HeldOrder, Issue, Ledger } from '../../domain/ledger.ts';
import { needOfFirst } from './act-needs.ts';
import type { GroupCommit } from './session/group-commit.ts';
import { isUnavailable } from './session/repeat.ts';

/**
 * How long a sale waits for its write before what is known is read beside it: longer than a group waits for a lock. A repeat
 * shares its lane with writes, which may wait for a pen or a standby for longer than a marketplace waits.
 */
const LATE_MILLISECONDS = 1500;

/** How long sales read before they write, once a write failed or was late: repeats then do not wait for it. */
const READS_FIRST_MILLISECONDS = 5000;

export class FirstSales {
  readonly #commits: GroupCommit;
  readonly #ledger: Pick<Ledger, 'findOrder' | 'issue'>;
  /** In time of `performance.now()`. */
  #readsFirstUntil = 0;

  constructor(commits: GroupCommit, ledger: Pick<Ledger, 'findOrder' | 'issue'>) {
    this.#commits = commits;
    this.#ledger = ledger;
  }

  /** What is known is read where the database takes no writes, too. A late sale that the read finds is known. */
  async issue(issue: Issue): Promise<FirstIssued> {
    if (performance.now() < this.#readsFirstUntil)
      return (await this.#known(issue)) ?? this.#ledger.issue(issue);
    const sale = this.#commits.run(
      needOfFirst(issue),
      ({ orders, acts }): FirstIssued => asKnown(orders.find(issue.order)) ?? acts.issue(issue),
    );
    const soon = await inTime(sale);
    if (soon !== undefined) return soon;
    this.#readsFirstUntil = performance.now() + READS_FIRST_MILLISECONDS;
    // The write goes on beside the read: of a sale that is known it changes nothing.
    const known = await this.#known(issue).catch(() => undefined);
    return known ?? sale;
  }

  async #known({ order }: Issue): Promise<FirstIssued | undefined> {
    return asKnown(await this.#ledger.findOrder(order));
  }
}

/** Undefined: the sale is late, or the database takes no writes. */
async function inTime(sale: Promise<FirstIssued>): Promise<FirstIssued | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, LATE_MILLISECONDS, undefined);
  });
  try {
    return await Promise.race([sale, late]);
  } catch (error) {
    if (isUnavailable(error)) return undefined;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function asKnown(held: HeldOrder | undefined): FirstIssued | undefined {
  return held && { outcome: 'known', held };
}
