/** The coverage of the subscription S, one fact a month: for tests of what it covers. */
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import { readNames } from '../../../src/domain/facts/names.ts';
import { readMoney } from '../../../src/domain/money/money.ts';
import type { Coverage } from '../../../src/domain/subscriptions/coverage.ts';
import { readCoverage } from '../../../src/domain/subscriptions/read-coverage.ts';
import type { SoldPath } from '../../../src/domain/subscriptions/stated-features.ts';
import { told } from '../../kit/telling.ts';

const DAYS = ['2027-01-01', '2027-02-01', '2027-03-01', '2027-04-01', '2027-05-01'] as const;

export function coverageOf(
  facts: readonly Fact[],
  keepsRefunds: (product: string) => boolean = () => false,
  sold?: ReadonlyMap<string, number>,
  paths?: ReadonlyMap<string, SoldPath>,
): Coverage {
  const names = readNames(facts, new Set());
  const own = facts.filter(({ subject }) => subject === 'subscription:S');
  return readCoverage(own, readMoney(facts, names), names, keepsRefunds, sold, [], paths);
}

/** One fact a month, of the subscription. */
export const monthly = (...bodies: readonly FactBody[]) =>
  bodies.map((body, place) => told(DAYS[place] ?? '', 'subscription:S', body));
/** The coverage at the end, in short: line:product*quantity. */
export const forNow = ({ now }: Coverage) =>
  now?.map(({ line, product, quantity }) => `${line}:${product}*${quantity}`).join(' ') ?? 'as sold';
export const after = (...bodies: readonly FactBody[]) => forNow(coverageOf(monthly(...bodies)));
export const keysOf = (facts: readonly Fact[]) => facts.map(({ key }) => key);

export const resized = (product: string | null, quantity: number | null, more = {}): FactBody => ({
  kind: 'resized',
  product,
  quantity,
  line: product ?? 'else',
  ...more,
});
export const announced = (product: string | null, quantity = 1, more = {}): FactBody => ({
  kind: 'announced',
  product,
  quantity,
  line: product ?? 'else',
  ...more,
});
