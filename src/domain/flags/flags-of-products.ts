/** Flags about orders that were answered with another product than was paid for. */
import type { Market } from '../changes.ts';
import type { CoveredLine, Fact, FactBody } from '../facts/fact.ts';
import type { Evaluated } from '../life/evaluate.ts';
import type { Rules } from '../rules.ts';
import type { SaleLine } from '../sales/sale-lines.ts';
import { orderSubject } from '../values/order-subject.ts';
import type { View } from '../view.ts';
import type { WantedFlag } from './wanted-flag.ts';

/** Such as a custom pay link's, which names none. */
export function otherProductFlags(
  sale: SaleLine,
  { marketplace }: Market,
  view: View,
  evaluated: readonly Evaluated[],
  { findProduct }: Pick<Rules, 'findProduct'>,
): WantedFlag[] {
  const { order, product, line } = sale;
  if (product === null) return [];
  const isHeld = evaluated.some(({ license }) => license.order === order && license.product === product);
  if (!isHeld) return [];
  const ids = findProduct(product)?.marketplaces[marketplace]?.products ?? [];
  return paymentsOf(sale, view).flatMap(({ body, cause }) =>
    paidIn(body).flatMap((paid) => {
      if (paid.product === null || paid.product === product) return [];
      const isRenamed = findProduct(paid.product) === undefined && ids.includes(paid.line);
      if (isRenamed) return [];
      const reason = `Order ${order}: ${product} was answered, and ${paid.product} was paid for`;
      return [{ key: `product:${order}:${line}`, kind: 'differs' as const, reason, order, product, cause }];
    }),
  );
}

/** Facts of the order, and of an order whose one line has no name the first payment of its subscription (Paddle Classic). */
function paymentsOf({ order, path }: SaleLine, { facts, factsOf, names }: View): readonly Fact[] {
  const name = names.of(orderSubject(order));
  const isFirst = ({ body }: Fact) =>
    body.kind === 'paid' &&
    body.part === 'first' &&
    body.charge !== undefined &&
    names.of(body.charge) === name;
  return [...factsOf(name), ...(path === '' ? facts.filter(isFirst) : [])];
}

function paidIn(body: FactBody): readonly Pick<CoveredLine, 'line' | 'product'>[] {
  if (body.kind === 'confirmed') return [{ line: body.line ?? '', product: body.product ?? null }];
  return body.kind === 'paid' ? (body.covers ?? []) : [];
}
