/** Reads the facts of a subscription one after the other, as far as they tell what it covers. */
import type { Fact, FactBody, Subject } from '../facts/fact.ts';
import type { Names } from '../facts/names.ts';
import { beginsPeriod } from './charge-days.ts';
import { ChargePeriods } from './charge-periods.ts';
import type { Coverage } from './coverage.ts';
import { CoveredLines } from './covered-lines.ts';
import {
  type Announced,
  isBeside,
  isEdit,
  isNamedBy,
  type Known,
  linesBeside,
  paidFor,
  replacesAll,
  type SoldBeside,
  withLate,
  withSales,
  withUnits,
} from './paid-lines.ts';
import { type SoldPath, StatedFeatures } from './stated-features.ts';
import { type Covered, resizedLines, statedLines, withOtherLines } from './stated-lines.ts';
import { type Unclear, unclearBeside, unclearOf } from './unclear-charges.ts';

type Paid = Extract<FactBody, { kind: 'paid' }>;

/** What is known of the subscription beside its own facts. */
export interface Given {
  readonly names: Names;
  /** The units of its first order by product. */
  readonly sold: ReadonlyMap<string, number>;
  /** By product. */
  readonly paths?: ReadonlyMap<string, SoldPath>;
  /** Whether the money of a charge went back. */
  readonly isBack: (charge: Paid) => boolean;
}

/** Reads the facts of one subscription, in the order in which they count. */
export class CoverageReader {
  readonly #given: Given;
  readonly #lines = new CoveredLines();
  readonly #periods = new ChargePeriods();
  readonly #features;
  /** Products that were announced, or that an event showed the subscription to be for. */
  readonly #ownProducts = new Set<string | null>();
  #first: Announced | undefined;
  #latest: Announced | undefined;
  /** What was announced since the last charge. */
  #pending: { readonly fact: Fact; readonly body: Announced; readonly isEdit: boolean } | undefined;
  /** Charges that were counted; one may be told twice. */
  readonly #counted = new Set<Subject>();
  readonly #beside = new Map<Paid, string>();
  readonly #addedAt = new Map<string, number>();
  /** What was charged beside the own product since the last rebill; and once its period was over, which a late rebill pays on. */
  readonly #besideNow = new Set<string | null>();
  readonly #late = new Set<string>();
  /** Since the last charge of all lines. */
  #sales: readonly SoldBeside[] = [];
  #unnamed: readonly Fact[] = [];
  #unclear: readonly Unclear[] = [];
  readonly #unmapped: Fact[] = [];

  constructor(given: Given) {
    this.#given = given;
    this.#features = new StatedFeatures(given.paths);
  }

  read(fact: Fact): void {
    const { body, at } = fact;
    if (body.kind === 'announced') this.#announce(fact, body);
    else if (body.kind === 'resized') this.#resize(fact, body);
    else if (body.kind === 'covered') this.#state(fact, body);
    else if (body.kind === 'paid' && body.part !== 'extra') this.#pay(fact, body);
    else if (body.kind === 'asked' && body.product === this.#latest?.product) this.#periods.begin(at);
    this.#periods.read(fact);
  }

  /** Units that charges of the same product within the period come on top of. */
  sell(sale: SoldBeside): void {
    const { stated } = this.#lines;
    const { product, units, at } = sale;
    const line = stated?.find((one) => one.besideSold && one.product === product);
    if (stated === null || line === undefined) this.#sales = [...this.#sales, sale];
    else
      this.#lines.add(
        stated.map((one) => (one === line ? { ...line, quantity: line.quantity + units } : one)),
        at,
      );
  }

  isBeside(charge: Paid): boolean {
    return this.#beside.has(charge);
  }

  get coverage(): Omit<Coverage, 'undone' | 'told'> {
    const { paid, stated, before, statedAt, unpaid } = this.#lines;
    return {
      now: paid,
      before,
      statedAt,
      pending: this.#edit,
      features: this.#features.byProduct,
      beside: new Set(this.#beside.values()),
      addedAt: this.#addedAt,
      unnamed: this.#unnamed,
      unmapped: this.#unmapped,
      unclear: this.#unclear,
      unpaid: unpaid.keysOf(stated ?? []),
    };
  }

  get #known(): Known {
    return { now: this.#lines.stated, sold: this.#given.sold, first: this.#first };
  }

  /** An announced change that no charge has followed. */
  get #edit(): Fact | undefined {
    return this.#pending?.isEdit ? this.#pending.fact : undefined;
  }

  #announce(fact: Fact, body: Announced): void {
    this.#features.announce(body);
    this.#ownProducts.add(body.product);
    this.#lines.unpaid.announce(body, this.#given.sold);
    this.#first ??= body;
    if (body.product === null) this.#unmapped.push(fact);
    // A charge of it came before, and may have been for this change.
    if (this.#latest?.product !== body.product && this.#besideNow.has(body.product))
      this.#doubt([{ fact, why: 'change' }]);
    this.#pending = { fact, body, isEdit: isEdit(body, this.#known) };
    this.#latest = body;
    // The subscription is told as what its charges paid for.
    if (!this.#pending.isEdit) this.#unnamed = [];
  }

  #resize(fact: Fact, body: Extract<FactBody, { kind: 'resized' }>): void {
    this.#features.resize(body);
    const { paidTo } = body;
    const isWithin = paidTo !== undefined && !beginsPeriod(paidTo, this.#periods.next);
    const lines = resizedLines(body, this.#lines.stated, isWithin);
    if (lines === undefined) this.#unmapped.push(fact);
    else this.#lines.state(lines, fact.at);
  }

  #state(fact: Fact, body: Extract<FactBody, { kind: 'covered' }>): void {
    if (body.lines.some(({ product }) => product === null)) this.#unmapped.push(fact);
    const lines = statedLines(body.lines, this.#lines.stated);
    if (lines !== undefined) this.#lines.state(lines, fact.at);
  }

  #pay(fact: Fact, body: Paid): void {
    const { at, key } = fact;
    const isBack = this.#given.isBack(body);
    if (isBeside(body, this.#latest, this.#periods.isWithin(at))) {
      this.#beside.set(body, key);
      if (!isBack) this.#payBeside(fact, body);
      return;
    }
    if (body.part === 'proration') this.#prorate(fact, body, isBack);
    if (!isBack) this.#payOwn(fact, body);
    this.#periods.charge(at, body.part);
  }

  /** A charge of something beside the subscription's own product. */
  #payBeside(fact: Fact, body: Paid): void {
    const { at } = fact;
    const lines = this.#paidLines(fact, body);
    if (lines === undefined || !this.#isNew(body)) return;
    const known = this.#known;
    this.#doubt(unclearBeside(fact, lines, known, this.#periods.isOverdue));
    const isLate = this.#periods.isOver(at);
    for (const { product } of lines) {
      this.#besideNow.add(product);
      if (isLate) this.#late.add(product);
    }
    this.#noteAdded(lines, at);
    const isFurther = body.part === undefined && this.#periods.isWellWithin(at);
    const before = withSales(known, this.#sales);
    this.#lines.add(linesBeside(isFurther ? withUnits(lines, before) : lines, known.now), at);
  }

  /** Which units a proration pays for, or has paid back. */
  #prorate({ key }: Fact, body: Paid, isBack: boolean): void {
    const lines = paidFor(body, this.#pending?.body, this.#known) ?? [];
    const charge = body.charge && this.#given.names.of(body.charge);
    const isPaid = body.total !== 0;
    this.#lines.unpaid.prorate(lines, { key, charge, isBack, isPaid }, this.#given.sold);
  }

  #payOwn(fact: Fact, body: Paid): void {
    const { covers, part, own, total } = body;
    const { at } = fact;
    const lines = this.#paidLines(fact, body);
    this.#features.pay(lines ?? [], own?.line ?? this.#latest?.line);
    const known = this.#known;
    if (covers !== undefined && part === undefined) {
      this.#unclear = [];
      this.#sales = [];
    }
    if (part === undefined && (covers !== undefined || !this.#periods.isWellWithin(at))) {
      this.#lines.unpaid.clear();
      // Of a charge that states no lines, those that are known are paid anew.
      if (lines === undefined && known.now !== null) this.#lines.add(known.now, at);
    }
    if (part === 'proration' && this.#isNew(body)) {
      this.#doubt(unclearOf(fact, lines, this.#edit, known, this.#latest));
    }
    if (lines !== undefined && part === 'proration') {
      // A request may have issued what it pays for with the money of its period.
      if (total === 0) this.#noteAdded(lines, at);
      const isWhole = replacesAll(lines, known.now, [this.#pending?.body, own]);
      this.#lines.state(isWhole ? lines : withOtherLines(lines, known.now, this.#ownProducts), at);
    } else if (lines !== undefined) {
      this.#lines.state(part === undefined ? withLate(lines, known.now, this.#late) : lines, at);
    }
    if (part === undefined) {
      this.#late.clear();
      this.#besideNow.clear();
    }
    const edit = this.#pending;
    if (edit?.isEdit && edit.body.product !== null && covers !== undefined)
      if (!isNamedBy(covers, part, edit.body)) this.#unnamed = [...this.#unnamed, edit.fact];
    this.#pending = undefined;
  }

  /** undefined: no product is known. */
  #paidLines(fact: Fact, body: Paid): readonly Covered[] | undefined {
    if (body.covers?.some(({ product }) => product === null)) this.#unmapped.push(fact);
    if (body.own !== undefined) this.#ownProducts.add(body.own.product);
    return paidFor(this.#features.asSold(body), this.#pending?.body, this.#known);
  }

  #isNew({ charge }: Paid): boolean {
    return charge === undefined || this.#counted.size < this.#counted.add(this.#given.names.of(charge)).size;
  }

  #doubt(unclear: readonly Unclear[]): void {
    this.#unclear = [...this.#unclear, ...unclear];
  }

  /** When the subscription first paid for what it did not cover. */
  #noteAdded(lines: readonly Covered[], at: number): void {
    const { now, sold } = this.#known;
    for (const { product } of lines) {
      const isCovered = now?.some((line) => line.product === product) || sold.has(product);
      if (!isCovered && !this.#addedAt.has(product)) this.#addedAt.set(product, at);
    }
  }
}
