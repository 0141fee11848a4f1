/**
 * A sale keeps its product (docs/architecture.md, What always holds 9): a renamed product file, or a path
 * that another file lists now, affects new sales only. Facts that name a sold line are read with the product
 * that was sold.
 */
import type { Found, LedgerLicense } from '../changes.ts';
import type { CoveredLine, Fact, FactBody } from '../facts/fact.ts';
import type { Issue } from '../ledger.ts';
import type { Rules } from '../rules.ts';
import { orderSubject } from '../values/order-subject.ts';
import type { SaleLine } from './sale-lines.ts';

/** A line of an order of the subscription. */
type Sold = Pick<SaleLine, 'order' | 'path' | 'product'>;

/** What names a path. */
interface Named {
  readonly line?: string;
  readonly product: string | null;
}

/**
 * The facts of a subscription in the order of their times: `lines` are those of its orders, `mappings` what an operator
 * said of paths in them.
 */
export function factsAsSold(
  facts: readonly Fact[],
  lines: readonly Sold[],
  mappings: readonly Fact[],
): readonly Fact[] {
  const products = productsOf(facts, lines, mappings);
  return facts.map((fact) => ({ ...fact, body: bodyAsSold(fact.body, products) }));
}

/** The product of each path: as it was sold, else as an operator mapped it, else as it was told first. */
function productsOf(
  facts: readonly Fact[],
  lines: readonly Sold[],
  mappings: readonly Fact[],
): ReadonlyMap<string | undefined, string> {
  const products = new Map<string, string>();
  const put = (path: string, product: string | null) => {
    if (path !== '' && product !== null && !products.has(path)) products.set(path, product);
  };
  for (const { path, product } of lines) put(path, product);
  for (const { body } of facts) {
    if (body.kind !== 'paid' || body.part !== 'first') continue;
    // A Paddle order has one line, which only its first payment names.
    const sale = lines.find(({ order, path }) => path === '' && body.charge === orderSubject(order));
    for (const { line } of body.covers ?? []) put(line, sale?.product ?? null);
  }
  for (const { body } of [...facts, ...mappings]) if (body.kind === 'mapped') put(body.line, body.product);
  for (const { body } of facts) for (const { line, product } of namedIn(body)) put(line, product);
  return products;
}

/** What a charge or a change says that a subscription is for. */
export function namedIn(body: FactBody): readonly Pick<CoveredLine, 'line' | 'product'>[] {
  if (body.kind === 'paid') return body.covers ?? [];
  if (body.kind === 'covered') return body.lines;
  if (body.kind !== 'announced' && body.kind !== 'resized') return [];
  return [{ line: body.line ?? '', product: body.product }];
}

function bodyAsSold(body: FactBody, products: ReadonlyMap<string | undefined, string>): FactBody {
  // Without a product: no file names the path (any more), which the order was sold as.
  const sold = <T extends Named>(named: T): T => ({
    ...named,
    product: products.get(named.line) ?? named.product,
  });
  if (body.kind === 'announced' || body.kind === 'resized' || body.kind === 'asked') return sold(body);
  if (body.kind === 'covered') return { ...body, lines: body.lines.map(sold) };
  if (body.kind !== 'paid') return body;
  const { covers, own } = body;
  return { ...body, ...(covers && { covers: covers.map(sold) }), ...(own && { own: sold(own) }) };
}

/** Replaces the product of a request for a line that was sold as another product. */
export function issueAsSold<T extends Issue>(
  found: Pick<Found, 'licenses' | 'facts'>,
  issue: T,
  rules: Pick<Rules, 'findProduct'>,
): T {
  const { order, product, facts } = issue;
  const former = formerProduct(found, issue, rules);
  if (former === undefined) return issue;
  const renamed = facts.map((fact) =>
    (fact.body.kind === 'asked' || fact.body.kind === 'linked') && fact.body.product === product.id
      ? { ...fact, body: { ...fact.body, product: former } }
      : fact,
  );
  return {
    ...issue,
    order: { ...order, product: former },
    product: { ...product, id: former },
    facts: renamed,
  };
}

/**
 * The product that the requested line was sold as; without a known line, what a payment says that its item was sold as, else the only
 * sold product without a file.
 */
function formerProduct(
  { licenses, facts }: Pick<Found, 'licenses' | 'facts'>,
  { order: { line, product }, item }: Issue,
  { findProduct }: Pick<Rules, 'findProduct'>,
): string | undefined {
  if (licenses.some((license) => license.product === product)) return undefined;
  const named = facts.flatMap(({ body }): readonly Named[] =>
    body.kind === 'confirmed' ? [{ ...body, product: body.product ?? null }] : namedIn(body),
  );
  const isSold = ({ line: told, product: as }: Named) =>
    told === item && licenses.some((license) => license.product === as);
  const sold = item === undefined ? undefined : named.find(isSold)?.product;
  if (typeof sold === 'string') return sold;
  const isSame = (license: LedgerLicense) =>
    license.line !== '' && line !== '' ? license.line === line : findProduct(license.product) === undefined;
  const products = new Set(licenses.filter(isSame).map((license) => license.product));
  const [only] = products;
  return products.size === 1 ? only : undefined;
}
