/** What a subscription is for: as it was sold, and as the marketplace has changed it since. */
import type { Fact, FactBody, Subject } from './fact.ts';
import { byTime } from './fact-order.ts';
import type { ChargeMoney } from './money.ts';
import type { Names } from './names.ts';

/** A product that a subscription is for, and since when. */
export interface Covered {
  readonly line: string;
  readonly product: string;
  readonly quantity: number;
  readonly features: readonly string[] | undefined;
}

export interface Coverage {
  /** null: as it was sold. */
  readonly now: readonly Covered[] | null;
  /** What it was for before, the latest last, and until when: milliseconds since 1970-01-01. */
  readonly before: readonly { readonly lines: readonly Covered[] | null; readonly until: number }[];
  /** When a quantity was stated last, milliseconds since 1970-01-01; -1: never. */
  readonly statedAt: number;
  /** A change that no paid charge has named yet. */
  readonly pending: Fact | undefined;
  /** The features that were told last, by product: they hold at once. */
  readonly features: ReadonlyMap<string, readonly string[]>;
  /** Changes of which a charge was paid that did not name them; and what no product file names. */
  readonly unnamed: readonly Fact[];
  readonly unmapped: readonly Fact[];
}

/** The coverage that a subscription's own facts tell, without charges that were returned. */
export function readCoverage(
  facts: readonly Fact[],
  money: ReadonlyMap<Subject, ChargeMoney>,
  names: Names,
  keepsRefunds: (product: string) => boolean = () => false,
): Coverage {
  let now: readonly Covered[] | null = null;
  const announcedProducts = new Set<string | null>();
  let pending: Fact | undefined;
  const before: { lines: readonly Covered[] | null; until: number }[] = [];
  const features = new Map<string, readonly string[]>();
  const unnamed: Fact[] = [];
  const unmapped: Fact[] = [];
  let statedAt = -1;
  const become = (lines: readonly Covered[], at: number) => {
    if (lines.every(({ quantity }) => quantity !== AS_SOLD)) statedAt = at;
    if (isSame(now, lines)) return;
    before.push({ lines: now, until: at });
    now = lines;
  };
  for (const fact of [...facts].sort(byTime)) {
    const { body, at } = fact;
    if (
      (body.kind === 'announced' || body.kind === 'resized') &&
      body.product !== null &&
      body.features !== undefined
    )
      features.set(body.product, body.features);
    if (body.kind === 'announced') {
      announcedProducts.add(body.product);
      if (body.product === null) unmapped.push(fact);
      pending = fact;
    } else if (body.kind === 'resized') {
      const lines = resized(body, now);
      if (lines === undefined) unmapped.push(fact);
      else become(lines, at);
    } else if (
      body.kind === 'paid' &&
      body.part !== 'extra' &&
      !isReturned(body, money, names, keepsRefunds)
    ) {
      if (body.covers?.some(({ product }) => product === null)) unmapped.push(fact);
      const announced = pending?.body.kind === 'announced' ? pending.body : undefined;
      const lines = paidFor(body, announced, now);
      if (lines !== undefined)
        become(body.part === 'proration' ? besides(lines, now, announcedProducts) : lines, at);
      if (pending !== undefined && announced !== undefined) {
        if (announced.product !== null && body.covers !== undefined && !isNamed(body, announced))
          unnamed.push(pending);
        pending = undefined;
      }
    }
  }
  return { now, before, statedAt, pending, features, unnamed, unmapped };
}

type Announced = Extract<FactBody, { kind: 'announced' }>;
type Paid = Extract<FactBody, { kind: 'paid' }>;
type Resized = Extract<FactBody, { kind: 'resized' }>;

/** With `refund: keep` only what the bank took back is no longer paid for. */
function isReturned(
  { charge, covers }: Paid,
  money: ReadonlyMap<Subject, ChargeMoney>,
  names: Names,
  keepsRefunds: (product: string) => boolean,
): boolean {
  const of = charge === undefined ? undefined : money.get(names.of(charge));
  if (of?.fullAt === undefined) return false;
  return of.lost || !covers?.every(({ product }) => product !== null && keepsRefunds(product));
}

/** undefined: it cannot be mapped, and the subscription stays what it was. */
function resized(body: Resized, now: readonly Covered[] | null): readonly Covered[] | undefined {
  const { product, line = '', features } = body;
  if (product === null) return undefined;
  const quantity =
    body.quantity ?? now?.find((covered) => covered.product === product)?.quantity ?? now?.[0]?.quantity;
  // Of the quantity as sold nothing is known here: it stays (units.ts fills it in).
  return [{ line, product, quantity: quantity ?? AS_SOLD, features }];
}

/** Stands for the quantity that was sold. */
export const AS_SOLD = -1;

/** What a paid charge was for. A proration names what it charges for: the quantity is the one that was announced. */
function paidFor(
  { covers, part }: Paid,
  announced: Announced | undefined,
  now: readonly Covered[] | null,
): readonly Covered[] | undefined {
  if (covers === undefined) {
    if (announced === undefined || announced.product === null) return undefined;
    const { line, product, quantity, features } = announced;
    return [{ line, product, quantity, features }];
  }
  const lines = covers.flatMap(({ line, product, quantity }) => {
    if (product === null || quantity < 1) return [];
    const isAnnounced = announced !== undefined && announced.line === line;
    const features = isAnnounced ? announced.features : now?.find((known) => known.line === line)?.features;
    const counted = isAnnounced && part === 'proration' ? announced.quantity : quantity;
    return [{ line, product, quantity: counted, features }];
  });
  return lines.length === 0 ? undefined : lines;
}

/** A proration names the line that it changes: what else the subscription is for stays. */
function besides(
  lines: readonly Covered[],
  now: readonly Covered[] | null,
  announced: ReadonlySet<string | null>,
): readonly Covered[] {
  const named = new Set(lines.map(({ product }) => product));
  const others = (now ?? []).filter(({ product }) => !named.has(product) && !announced.has(product));
  return [...lines, ...others];
}

/** A proration may name the units that it is charged for rather than those that there are now (`paidFor`). */
function isNamed({ covers = [], part }: Paid, { line, quantity }: Announced): boolean {
  return covers.some(
    (covered) =>
      covered.line === line &&
      (covered.quantity === quantity || (part === 'proration' && covered.quantity >= 1)),
  );
}

function isSame(a: readonly Covered[] | null, b: readonly Covered[]): boolean {
  return a !== null && JSON.stringify(a) === JSON.stringify(b);
}
