/** The periods that were paid for, or promised by a trial: the last valid day is the end of the last one left. */
import { isBeyond, isNear } from './charge-days.ts';
import { addPeriod, type Day, dayOf } from './day.ts';
import type { Terms } from './terms.ts';

export interface Period {
  /** The charge that paid for it; '' where none is named. */
  readonly charge: string;
  readonly start: Day;
  /** The day of the next charge; null: not told, the first code's own day holds. */
  until: Day | null;
  /** As its payment told it; a date told later moves `until` alone. */
  paidUntil: Day | null;
  /** Its date is the product's term, until one is told. */
  assumed: boolean;
  /** It stands for a charge that a request foretold. */
  readonly asked: boolean;
  /** A trial, or a charge of nothing. */
  free: boolean;
  /** Further charges that were paid for it, and when: milliseconds since 1970-01-01. */
  readonly again: { readonly charge: string; readonly at: number }[];
}

/** A period of which only the date is told. */
const NO_CHARGE = { charge: '', paidUntil: null, assumed: false, asked: false, free: true } as const;

/** A paid charge as it was told. */
export interface Payment {
  readonly charge: string;
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
  readonly until: Day | null;
  readonly free: boolean;
  readonly beginsPeriod: boolean;
  /** It brought the license about: the period that runs is paid by it, and by no charge from before. */
  readonly isOwn?: boolean;
}

export class Periods {
  readonly #terms: Terms;
  /** The last day of the first code without grace, where no date is told. */
  readonly #firstUntil: Day | null;
  readonly #list: Period[] = [];

  constructor(terms: Terms, firstUntil: Day | null) {
    this.#terms = terms;
    this.#firstUntil = firstUntil;
  }

  get all(): readonly Period[] {
    return this.#list;
  }

  /** The latest told. */
  get current(): Period | undefined {
    return this.#list.at(-1);
  }

  /** The day of the next charge as known now. */
  get until(): Day | null {
    const { current } = this;
    return current === undefined ? null : (current.until ?? this.#firstUntil);
  }

  /** A date beyond the one that is known: of a period that was not known before. */
  isNew(until: Day): boolean {
    return this.until !== null && isBeyond(until, this.until);
  }

  begin(charge: string, start: Day, free: boolean): void {
    const open = { until: null, paidUntil: null, assumed: true, asked: false, again: [] };
    this.#list.push({ charge, start, free, ...open });
  }

  pay(payment: Payment): void {
    const { charge, until, free, isOwn } = payment;
    const reach = until ?? this.until;
    if (isOwn === true && reach !== null) {
      this.#list.length = 0;
      this.#push(payment, dayOf(payment.at), reach, false);
      return;
    }
    const same =
      charge === '' ? undefined : this.#list.find((period) => period.charge === charge && !period.asked);
    if (same !== undefined) {
      if (until !== null) Object.assign(same, { until, paidUntil: until, assumed: false });
      same.free = free;
      return;
    }
    this.#dropAsked(charge, dayOf(payment.at));
    const foretold = this.#dropForetold(payment);
    if (until === null) this.#payUndated(payment, foretold);
    else if (foretold !== null) this.#push(payment, dayOf(payment.at), until, false);
    else this.#payUntil(payment, until);
  }

  /** The date of a period whose charge was not told yet; it is told now. */
  #dropForetold({ beginsPeriod }: Payment): Day | null {
    const { current } = this;
    if (!beginsPeriod || current?.charge !== '' || current.paidUntil !== null) return null;
    this.#list.pop();
    return current.until;
  }

  /** The charges' order is told by their days: one that comes late does not move the date of a later one. */
  #payUntil(payment: Payment, until: Day): void {
    const { current } = this;
    const known = current === undefined ? null : (current.paidUntil ?? current.until);
    const moves = known === null || isBeyond(until, known) || this.#shortens(payment, until);
    if (current !== undefined && !moves) {
      if (payment.beginsPeriod) current.again.push(payment);
      const told = current.until === null || current.assumed ? { paidUntil: until, assumed: false } : {};
      Object.assign(current, { until, ...told });
      return;
    }
    this.#push(payment, this.#startOf(payment, known), until, false);
  }

  /** From yearly to monthly: billed at once, for a period that ends before the running one would have. */
  #shortens({ beginsPeriod, at }: Payment, until: Day): boolean {
    const { current } = this;
    if (!beginsPeriod || current === undefined || current.until === null || current.assumed) return false;
    return isBeyond(until, dayOf(at)) && isBeyond(current.until, until);
  }

  /** Without a date a payment is assumed to reach the product's term, unless it lies clearly within a known period. */
  #payUndated(payment: Payment, foretold: Day | null): void {
    const { term } = this.#terms;
    if (!payment.beginsPeriod) return;
    const { current } = this;
    const known = foretold ?? (current === undefined || current.assumed ? null : current.until);
    const isWithin = known !== null && isBeyond(known, dayOf(payment.at));
    if (foretold !== null && (isWithin || term === 'perpetual'))
      this.#push(payment, dayOf(payment.at), foretold, false);
    else if (isWithin) current?.again.push(payment);
    else if (term !== 'perpetual') {
      const start = this.#startOf(payment, known);
      this.#push(payment, start, addPeriod(start, term), true);
    }
  }

  /** A charge that comes a day or two early is of the period that begins on the known day. */
  #startOf({ at }: Payment, known: Day | null): Day {
    const day = dayOf(at);
    return known !== null && known > day && !isBeyond(known, day) ? known : day;
  }

  #push({ charge, free, at }: Payment, start: Day, until: Day, assumed: boolean): void {
    const { current } = this;
    const day = dayOf(at);
    // A date that was told shortly before its charge: the period before was not paid that far.
    if (current !== undefined && current.until !== null && current.until > day)
      current.until = current.paidUntil !== null && current.paidUntil > day ? current.paidUntil : day;
    this.#list.push({ charge, start, until, paidUntil: until, assumed, asked: false, free, again: [] });
  }

  /** A request for a charge of unknown kind: from 3 days before the next charge on, once a period (fault 77). */
  ask(charge: string, day: Day): boolean {
    const { term } = this.#terms;
    const { until } = this;
    if (term === 'perpetual' || this.#list.some((period) => period.charge === charge)) return false;
    if (until !== null && isBeyond(until, day)) return false;
    const from = until !== null && until > day ? until : day;
    const reach = addPeriod(from, term);
    this.#list.push({
      charge,
      start: day,
      until: reach,
      paidUntil: reach,
      assumed: true,
      asked: true,
      free: false,
      again: [],
    });
    return true;
  }

  /** A date told without a payment: of the period that runs, or of one whose charge is told later. */
  date(until: Day, day: Day): void {
    const { current } = this;
    if (current === undefined) {
      this.#list.push({ ...NO_CHARGE, start: day, until, again: [] });
      return;
    }
    if (current.asked && until <= current.start) return;
    current.until = until;
    current.assumed = false;
    current.paidUntil ??= until;
  }

  #dropAsked(charge: string, day: Day): void {
    for (const period of this.#list.filter(({ asked }) => asked)) {
      if (period.charge === charge || isNear(period.start, day))
        this.#list.splice(this.#list.indexOf(period), 1);
    }
  }

  /** The day on which the last period that is left begins, where money other than this charge was paid for it. */
  paidBeside(own: string | undefined, returnedAt: (charge: string) => number | undefined): Day | undefined {
    const { last } = this.left(returnedAt);
    return last === undefined || last.free || last.charge === own ? undefined : last.start;
  }

  /**
   * The last period that is left when some charges were returned: each takes its own period and no other. A charge that
   * was paid since pays for the period again. Periods come in the order in which they were paid.
   */
  left(returnedAt: (charge: string) => number | undefined): PeriodsLeft {
    const kept = this.#list.filter(({ charge, again }) => {
      const at = charge === '' ? undefined : returnedAt(charge);
      const isPaidSince = (other: Period['again'][number]) =>
        other.at > (at ?? 0) && (other.charge === '' || returnedAt(other.charge) === undefined);
      return at === undefined || again.some(isPaidSince);
    });
    const last = kept.at(-1);
    return {
      last,
      end: last?.until ?? null,
      cut: last !== undefined && this.#list.at(-1) !== last,
      hasReturned: kept.length < this.#list.length,
      paid: kept.filter(({ free }) => !free).at(-1),
    };
  }
}

export interface PeriodsLeft {
  readonly last: Period | undefined;
  /** null: not told, the first code's own day holds. */
  readonly end: Day | null;
  /** A later period was returned. */
  readonly cut: boolean;
  readonly hasReturned: boolean;
  /** The last one that money was paid for. */
  readonly paid: Period | undefined;
}
