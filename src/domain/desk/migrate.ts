/** Ties subscriptions that a seller moved to another marketplace to their former ones, by a list of pairs. */
import type { Fact } from '../facts/fact.ts';
import { movedFact, successorIn } from '../facts/moved.ts';
import type { Ledger } from '../ledger.ts';
import type { Marketplace, Mode } from '../values/order.ts';
import { subscriptionSubject } from '../values/order-subject.ts';

/** A line of the list. */
export interface MovedPair {
  readonly line: number;
  readonly former: string;
  readonly subscription: string;
}

export interface Migration {
  readonly from: Marketplace;
  readonly to: Marketplace;
  readonly mode: Mode;
  readonly pairs: readonly MovedPair[];
  readonly apply: boolean;
  /** Milliseconds since 1970-01-01. */
  readonly now: number;
}

export interface Migrated {
  /** Pairs that are tied now, or that would be. */
  readonly tied: readonly MovedPair[];
  /** Pairs that were tied before. */
  readonly known: number;
  readonly faults: readonly LineFault[];
}

export interface LineFault {
  readonly line: number;
  /** A sentence without a full stop. */
  readonly fault: string;
}

/** With a fault nothing is changed. */
export async function migrate(
  ledger: Pick<Ledger, 'find' | 'showOrder' | 'addFacts'>,
  migration: Migration,
): Promise<Migrated> {
  const { from, to, mode, pairs, apply, now } = migration;
  const tied: MovedPair[] = [];
  const faults = repeatedIn(pairs);
  let known = 0;
  for (const pair of pairs) {
    const standing = await standingOf(ledger, pair, migration);
    if (standing === 'known') known += 1;
    else if (standing === 'new') tied.push(pair);
    else faults.push({ line: pair.line, fault: standing.fault });
  }
  faults.sort((a, b) => a.line - b.line);
  if (!apply || faults.length > 0) return { tied, known, faults };
  for (const { line, former, subscription } of tied) {
    const cause = `migrate, line ${line}`;
    await ledger.addFacts([
      movedFact(
        { marketplace: to, mode, subscription },
        { marketplace: from, subscription: former },
        { at: now, cause },
      ),
    ]);
  }
  return { tied, known, faults };
}

/** Each subscription stands in the list once. */
function repeatedIn(pairs: readonly MovedPair[]): LineFault[] {
  const seen = new Map<string, number>();
  return pairs.flatMap(({ line, former, subscription }) =>
    [former, subscription].flatMap((name) => {
      const first = seen.get(name);
      seen.set(name, first ?? line);
      return first === undefined ? [] : [{ line, fault: `${name} stands in line ${first} too` }];
    }),
  );
}

async function standingOf(
  ledger: Pick<Ledger, 'find' | 'showOrder'>,
  { former, subscription }: MovedPair,
  { from, to, mode }: Migration,
): Promise<'new' | 'known' | { readonly fault: string }> {
  const isIn = (marketplace: Marketplace) => (row: Pick<Fact, 'marketplace' | 'mode'>) =>
    row.marketplace === marketplace && row.mode === mode;
  const followers = await ledger.find({ by: 'subscription', subscription: former });
  if (!followers.some(isIn(from))) return { fault: `no license follows ${former} of ${from}` };
  const there = (await ledger.showOrder(subscriptionSubject(subscription))).facts.filter(isIn(to));
  const [tied] = there.flatMap(({ body }) => (body.kind === 'moved' ? [body] : []));
  if (tied !== undefined) {
    return tied.subscription === former
      ? 'known'
      : { fault: `${subscription} is tied to ${tied.subscription} already` };
  }
  const sold = await ledger.find({ by: 'subscription', subscription });
  if (sold.some(isIn(to))) return { fault: `${subscription} has licenses of its own: it was sold at ${to}` };
  const before = (await ledger.showOrder(subscriptionSubject(former))).facts.filter(isIn(from));
  const successor = successorIn(before);
  if (successor !== undefined) return { fault: `${former} goes on as ${successor} already` };
  return 'new';
}
