/** Periods that were paid for or promised by a trial. The last valid day is the end of the last remaining period. */
import { isBeyond, isNear } from '../subscriptions/charge-days.ts';
import { addPeriod, type Day, dayAfter, dayOf } from '../values/day.ts';
import type { Terms } from '../values/terms.ts';
import type { LicensePeriod, Payment, PeriodsLeft } from './period.ts';

/** A period of which only the date is known. */
const NO_CHARGE = { charge: '', paidUntil: null, assumed: false, asked: false, free: true } as const;

export class Periods {
  readonly #terms: Terms;
  /** The last day of the first code without grace, used where no date is stated. */
  readonly #firstUntil: Day | null;
  readonly #list: LicensePeriod[] = [];

  constructor(terms: Terms, firstUntil: Day | null) {
    this.#terms = terms;
    this.#firstUntil = firstUntil;
  }

  get all(): readonly LicensePeriod[] {
    return this.#list;
  }

  /** The latest period. */
  get current(): LicensePeriod | undefined {
    return this.#list.at(-1);
  }

  /** The day of the next charge as known now. */
  get until(): Day | null {
    const { current } = this;
    return current === undefined ? null : (current.until ?? this.#firstUntil);
  }

  /** Whether the date belongs to a later period than the last known period. */
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
      const { payers = [] } = payment;
      for (const payer of payers.length > 0 ? payers : [charge])
        this.#push({ ...payment, charge: payer }, dayOf(payment.at), reach, false);
      return;
    }
    const same =
      charge === '' ? undefined : this.#list.find((period) => period.charge === charge && !period.asked);
    if (same !== undefined) {
      if (until !== null) Object.assign(same, { until, paidUntil: until, assumed: false });
      same.free = free;
      return;
    }
    if (payment.isBeside === true && reach !== null) {
      const known = payment.atLeast === true ? this.until : null;
      this.#push(payment, dayOf(payment.at), known !== null && known > reach ? known : reach, false);
      return;
    }
    if (payment.isForOthers !== true) this.#dropAsked(charge, dayOf(payment.at));
    const foretold = this.#dropForetold(payment);
    if (until === null) this.#payUndated(payment, foretold);
    else if (foretold !== null) this.#push(payment, dayOf(payment.at), until, false);
    else this.#payUntil(payment, until);
  }

  /** Removes a period whose charge was not known yet and returns its date, since this payment is the charge. */
  #dropForetold({ beginsPeriod }: Payment): Day | null {
    const { current } = this;
    if (!beginsPeriod || current?.charge !== '' || current.paidUntil !== null) return null;
    this.#list.pop();
    return current.until;
  }

  /** Pays up to a stated date. A charge that arrives late does not move the date of a later charge. */
  #payUntil(payment: Payment, until: Day): void {
    const { current } = this;
    if (payment.beginsPeriod) this.#endOnDue(until);
    const isOwn = this.#hasOwnDate(payment);
    const known = (isOwn ? current?.until : undefined) ?? current?.paidUntil ?? current?.until ?? null;
    if (payment.atLeast === true && known !== null && !isBeyond(until, known)) {
      if (isBeyond(known, until)) this.#insert(payment, until);
      return;
    }
    const moves = known === null || isBeyond(until, known) || this.#shortens(payment, until);
    if (current !== undefined && !moves) {
      if (payment.beginsPeriod) current.again.push(payment);
      const dated = current.until === null || current.assumed ? { paidUntil: until, assumed: false } : {};
      Object.assign(current, { until, ...dated });
      return;
    }
    this.#push(payment, this.#startOf(payment, known), until, false);
  }

  /** After a payment that came nearly a term late: the next charge shows that its term was not paid to the assumed end. */
  #endOnDue(until: Day): void {
    const { current } = this;
    const { term } = this.#terms;
    if (current?.due === undefined || term === 'perpetual') return;
    const { due } = current;
    if (isBeyond(until, due) && !isBeyond(until, addPeriod(due, term)))
      Object.assign(current, { until: due, paidUntil: due, assumed: false, due: undefined });
  }

  /**
   * Whether the stated date is the period's own, such as one that the seller put off: a payment for something else moves none, and one
   * within the period none that was told more than a day before it.
   */
  #hasOwnDate({ beginsPeriod, isForOthers, atLeast, at }: Payment): boolean {
    if (beginsPeriod) return false;
    const movedOn = this.current?.movedOn;
    const isBefore = movedOn !== undefined && dayAfter(movedOn) < dayOf(at);
    return isForOthers === true || (atLeast !== true && isBefore);
  }

  /** A change from yearly to monthly: charged at once, for a period that ends before the current one would. */
  #shortens({ beginsPeriod, at }: Payment, until: Day): boolean {
    const { current } = this;
    if (!beginsPeriod || current === undefined || current.until === null || current.assumed) return false;
    return isBeyond(until, dayOf(at)) && isBeyond(current.until, until);
  }

  /** A payment without a date pays for the product's term, unless it falls clearly within a known period, and not by hand. */
  #payUndated(payment: Payment, foretold: Day | null): void {
    const { term } = this.#terms;
    if (!payment.beginsPeriod) return;
    const { current } = this;
    const { isAhead = false, byHand = false } = payment;
    const stated = current === undefined || current.assumed ? null : current.until;
    const known = foretold ?? (isAhead ? this.until : stated);
    const day = dayOf(payment.at);
    const isLonger = byHand && term !== 'perpetual' && (isAhead || addPeriod(day, term) > (known ?? ''));
    const isWithin = known !== null && isBeyond(known, day) && !isLonger;
    if (foretold !== null && (isWithin || term === 'perpetual')) this.#push(payment, day, foretold, false);
    else if (isWithin) current?.again.push(payment);
    else if (term !== 'perpetual') {
      const start = this.#startOf(payment, known);
      const due = known === null ? undefined : addPeriod(known, term);
      this.#push(payment, start, addPeriod(start, term), true);
      if (due !== undefined && due > start && !isBeyond(due, start))
        Object.assign(this.current ?? {}, { due });
    }
  }

  /** A charge that comes a day or two early, or is paid ahead, belongs to the period that begins on the known day. */
  #startOf({ at, isAhead = false }: Payment, known: Day | null): Day {
    const day = dayOf(at);
    return known !== null && known > day && (isAhead || !isBeyond(known, day)) ? known : day;
  }

  /** A paid period that ends before the current one: it is left where that is returned. */
  #insert({ charge, free, at }: Payment, until: Day): void {
    const period = { charge, free, start: dayOf(at), until, paidUntil: until, again: [] };
    this.#list.splice(-1, 0, { ...period, assumed: false, asked: false });
  }

  #push(payment: Payment, start: Day, until: Day, assumed: boolean): void {
    const { charge, free, at } = payment;
    const { current } = this;
    const day = dayOf(at);
    // The date was stated shortly before its charge: the previous period was not paid that far.
    if (current !== undefined && current.until !== null && current.until > day && !this.#hasOwnDate(payment))
      current.until = current.paidUntil !== null && current.paidUntil > day ? current.paidUntil : day;
    this.#list.push({ charge, start, until, paidUntil: until, assumed, asked: false, free, again: [] });
  }

  /**
   * Assumes a period for a requested charge of unknown kind: from 3 days before the next charge on, once per
   * period.
   */
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

  /** Sets a date stated without a payment: of the current period, or of a period whose charge follows. */
  date(until: Day, day: Day): void {
    const { current } = this;
    if (current === undefined) {
      this.#list.push({ ...NO_CHARGE, start: day, until, again: [] });
      return;
    }
    // The date of the period before: the subscription's object may be older than the charge.
    const isLater = current.asked || this.#list.length > 1;
    if (isLater && until <= current.start) return;
    const isShorter = current.assumed && !current.asked && until > current.start;
    if (isShorter && current.paidUntil !== null && until < current.paidUntil) current.paidUntil = until;
    if (current.until !== until) current.movedOn = day;
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

  /** The first day of the last remaining period, if another charge than `own` paid for it. */
  paidBeside(own: string | undefined, returnedAt: (charge: string) => number | undefined): Day | undefined {
    const { last } = this.left(returnedAt);
    return last === undefined || last.free || last.charge === own ? undefined : last.start;
  }

  /**
   * The last period that remains when charges are returned: each return takes its own period only. A later
   * charge for the same period keeps it. Periods are in order of payment.
   */
  left(returnedAt: (charge: string) => number | undefined): PeriodsLeft {
    const kept = this.#list.filter(({ charge, again }) => {
      const at = charge === '' ? undefined : returnedAt(charge);
      const isPaidSince = (other: LicensePeriod['again'][number]) =>
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
