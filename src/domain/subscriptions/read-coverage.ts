/** Derives what a subscription covers from its own facts. */
import type { Fact, FactBody, Subject } from '../facts/fact.ts';
import { byTime } from '../facts/fact-order.ts';
import type { Names } from '../facts/names.ts';
import { type ChargeMoney, isChargeReturned } from '../money/money.ts';
import { productsAskedWith } from './asked-products.ts';
import { changesFirst } from './changes-first.ts';
import type { Coverage } from './coverage.ts';
import { CoverageReader } from './coverage-reader.ts';
import type { SoldBeside } from './paid-lines.ts';
import type { SoldPath } from './stated-features.ts';

type Paid = Extract<FactBody, { kind: 'paid' }>;

/**
 * Derives the coverage from a subscription's own facts, without returned charges. `sold`: the units of its first order by product.
 * `sales`: what other lines that follow it sold beside. `paths`: how each product of its first order was sold.
 */
export function readCoverage(
  facts: readonly Fact[],
  money: ReadonlyMap<Subject, ChargeMoney>,
  names: Names,
  keepsRefunds: (product: string) => boolean,
  sold: ReadonlyMap<string, number> = new Map(),
  sales: readonly SoldBeside[] = [],
  paths: ReadonlyMap<string, SoldPath> = new Map(),
): Coverage {
  const isBack = (charge: Paid) => isChargeReturned(charge, money, names, keepsRefunds);
  const reader = new CoverageReader({ names, sold, paths, isBack });
  const later = [...sales].sort((a, b) => a.at - b.at);
  const sellUntil = (at: number) => {
    for (const sale of later.splice(0, later.filter((one) => one.at <= at).length)) reader.sell(sale);
  };
  for (const fact of changesFirst([...facts].sort(byTime))) {
    sellUntil(fact.at);
    reader.read(fact);
  }
  sellUntil(Number.POSITIVE_INFINITY);
  const askedOnlyWith = (counts: (body: Paid) => boolean) => productsAskedWith(facts, names, counts);
  return {
    ...reader.coverage,
    undone: askedOnlyWith((body) => (body.part === 'proration' || reader.isBeside(body)) && isBack(body)),
    told: askedOnlyWith(({ covers }) => covers !== undefined),
  };
}
