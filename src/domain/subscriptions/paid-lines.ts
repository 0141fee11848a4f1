/** The lines that a paid charge covers, beside what the subscription was for and what was announced of it. */
import type { CoveredLine, FactBody } from '../facts/fact.ts';
import { AS_SOLD, type Covered } from './stated-lines.ts';

export type Announced = Extract<FactBody, { kind: 'announced' }>;
type Paid = Extract<FactBody, { kind: 'paid' }>;

/** What a subscription is known to be for. */
export interface Known {
  /** null: as sold. */
  readonly now: readonly Covered[] | null;
  /** The units of its first order by product. */
  readonly sold: ReadonlyMap<string, number>;
  /** What was announced of it first: what it began as, if no order is known. */
  readonly first: Announced | undefined;
}

/** Whether an announcement differs from what the subscription is for. The first word about an unknown one changes nothing. */
export function isEdit(announced: Announced, known: Known): boolean {
  return unitsOf(announced.product, known) !== announced.quantity;
}

/** undefined: it is not known to be for this product. */
function unitsOf(product: string | null, { now, sold, first }: Known): number | undefined {
  const ofSold = product === null ? undefined : sold.get(product);
  if (now === null) return sold.size === 0 && first?.product === product ? first.quantity : ofSold;
  const covered = now.find((line) => line.product === product);
  if (covered === undefined) return now.some(({ besideSold }) => besideSold) ? ofSold : undefined;
  const { quantity, atLeastSold } = covered;
  return quantity === AS_SOLD || atLeastSold !== undefined ? Math.max(quantity, ofSold ?? 0) : quantity;
}

/**
 * Whether a charge is of something beside the subscription's own product, such as an add-on: its lines are not what the
 * subscription was last announced as, nor what its event shows it as. A charge whose event shows no product is so only as a proration
 * or within a paid period: a rebill states all lines.
 */
export function isBeside(
  { covers, own, part }: Paid,
  announced: Announced | undefined,
  isWithin: boolean,
): boolean {
  if (covers === undefined || covers.length === 0) return false;
  if (own === undefined && part !== 'proration' && !isWithin) return false;
  const wares = [own, announced].filter((one) => one !== undefined);
  return wares.length > 0 && !covers.some((covered) => wares.some((ware) => isSameWare(covered, ware)));
}

/** Whether a charge names other products alone. What no product file names may be the product under another path. */
export function isForOthers({ covers }: Paid, of: string): boolean {
  return covers?.every(({ product }) => product !== null && product !== of) === true;
}

type Ware = Pick<CoveredLine, 'line' | 'product'>;

function isSameWare(a: Ware, b: Ware): boolean {
  return a.line === b.line || (a.product !== null && a.product === b.product);
}

/** The units of a product that are paid for; 0: none. */
export function unitsPaid(product: string, { now, sold }: Known): number {
  const lines = now?.filter((line) => line.product === product) ?? [];
  const ofSold = sold.get(product) ?? 0;
  if (lines.length === 0) return now === null || now.some(({ besideSold }) => besideSold) ? ofSold : 0;
  const sum = lines.reduce((units, { quantity }) => units + (quantity === AS_SOLD ? ofSold : quantity), 0);
  return lines.some(({ atLeastSold }) => atLeastSold !== undefined) ? Math.max(sum, ofSold) : sum;
}

/** A line that follows the subscription and is none of its first order's own: an add-on, or an order of its own. */
export interface SoldBeside {
  readonly product: string;
  readonly units: number;
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
}

/** What was sold beside counts as sold, where no charge has named it. */
export function withSales(known: Known, sales: readonly SoldBeside[]): Known {
  const sold = new Map(known.sold);
  for (const { product, units } of sales)
    if (!known.now?.some((line) => line.product === product))
      sold.set(product, (sold.get(product) ?? 0) + units);
  return { ...known, sold };
}

/** The lines with the units that were paid for before. */
export function withUnits(lines: readonly Covered[], known: Known): readonly Covered[] {
  const products = new Set<string>();
  return lines.map((line) => {
    const isFirst = products.size < products.add(line.product).size;
    return isFirst ? { ...line, quantity: line.quantity + unitsPaid(line.product, known) } : line;
  });
}

/** A rebill's lines, and those that were charged by themselves shortly before it, whose time goes on. */
export function withLate(
  lines: readonly Covered[],
  now: readonly Covered[] | null,
  late: ReadonlySet<string>,
): readonly Covered[] {
  const named = new Set(lines.map(({ product }) => product));
  const kept = (now ?? []).filter(({ product }) => late.has(product) && !named.has(product));
  return [...lines, ...kept.map(({ besideSold: _, ...line }) => line)];
}

/** Lines beside those that the subscription is for, which stay. */
export function linesBeside(lines: readonly Covered[], now: readonly Covered[] | null): readonly Covered[] {
  if (now === null) return lines.map((line) => ({ ...line, besideSold: true }));
  const isSold = now.some(({ besideSold }) => besideSold);
  const named = new Set(lines.map(({ product }) => product));
  const added = isSold ? lines.map((line) => ({ ...line, besideSold: true as const })) : lines;
  return [...added, ...now.filter(({ product }) => !named.has(product))];
}

/** The lines that a paid charge covers; undefined: no product is known. A proration may name the charged units alone. */
export function paidFor(
  { covers, part, own, total }: Paid,
  announced: Announced | undefined,
  known: Known,
): readonly Covered[] | undefined {
  if (covers === undefined) {
    if (announced === undefined || announced.product === null) return undefined;
    const { line, product, quantity, features } = announced;
    return [{ line, product, quantity, features }];
  }
  const { now } = known;
  const lines = covers.flatMap((covered) => {
    const { line, product, quantity } = covered;
    if (product === null || quantity < 1) return [];
    const change = announced?.line === line ? announced : undefined;
    const before = now?.find((one) => one.line === line);
    const features = change?.features ?? covered.features ?? (change ? undefined : before?.features);
    if (part !== 'proration') return [{ line, product, quantity, features }];
    if (change !== undefined && isEdit(change, known)) {
      // One of 0 pays for nothing beyond the edit.
      const isMore = total !== 0 && isForMore(covered, own, change, known);
      return [{ line, product, quantity: isMore ? quantity : change.quantity, features }];
    }
    // Without an edit no quantity is lowered.
    const most = Math.max(quantity, before?.quantity ?? change?.quantity ?? 0);
    const atLeastSold = now === null ? ('of product' as const) : before?.atLeastSold;
    return [{ line, product, quantity: most, features, ...(atLeastSold && { atLeastSold }) }];
  });
  return lines.length === 0 ? undefined : lines;
}

/**
 * Whether a proration is for more units than the known edit: another edit was not told. Its event may show the subscription as it was
 * before the edit, and its item names at most the units before or after it.
 */
function isForMore(covered: CoveredLine, own: Paid['own'], edit: Announced, known: Known): boolean {
  const before = unitsOf(covered.product, known) ?? 0;
  if (covered.quantity > Math.max(edit.quantity, before)) return true;
  const shown = own !== undefined && isSameWare(own, covered) ? own.quantity : undefined;
  return shown !== undefined && shown > edit.quantity && shown !== before;
}

/** Of a subscription with one line: another product takes its place, also where a rebill alone had told the line. */
export function replacesAll(
  lines: readonly Covered[],
  now: readonly Covered[] | null,
  own: readonly (Ware | undefined)[],
): boolean {
  const isOwn = lines.some(({ product }) => own.some((ware) => ware?.product === product));
  return isOwn && now?.length === 1 && now.every(({ besideSold }) => !besideSold);
}

/** Whether the charge names the change; a proration may name the charged units instead of the new quantity. */
export function isNamedBy(
  covers: readonly CoveredLine[],
  part: Paid['part'],
  { line, quantity }: Announced,
): boolean {
  return covers.some(
    (covered) =>
      covered.line === line &&
      (covered.quantity === quantity || (part === 'proration' && covered.quantity >= 1)),
  );
}
