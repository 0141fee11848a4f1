/** The periods that were paid for, or promised by a trial: the last valid day is the end of the last one left. */
import { addPeriod, type Day } from './day.ts';
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
}

/** A payment that moves the date by no more than this begins no period: charges come a day or two early. */
const TOLERANCE = 'P3D';

/** How long before or after its request a charge replaces what the request assumed. */
const ASSUMED_DAYS = 'P10D';

/** A period of which only the date is told. */
const NO_CHARGE = { charge: '', paidUntil: null, assumed: false, asked: false, free: true } as const;

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

  begin(charge: string, start: Day, free: boolean): void {
    this.#list.push({ charge, start, until: null, paidUntil: null, assumed: true, asked: false, free });
  }

  /** A paid charge. */
  pay(charge: string, day: Day, told: { until: Day | null; free: boolean; beginsPeriod: boolean }): void {
    const same =
      charge === '' ? undefined : this.#list.find((period) => period.charge === charge && !period.asked);
    if (same !== undefined) {
      if (told.until !== null)
        Object.assign(same, { until: told.until, paidUntil: told.until, assumed: false });
      same.free = told.free;
      return;
    }
    this.#dropAsked(charge, day);
    const foretold = this.#dropForetold(told.beginsPeriod);
    if (foretold !== null) this.#payForetold(charge, day, foretold, told);
    else if (told.until === null) this.#payUndated(charge, day, told);
    else this.#payUntil(charge, day, told.until, told.free);
  }

  /** The date of a period whose charge was not told yet; it is told now. */
  #dropForetold(beginsPeriod: boolean): Day | null {
    const { current } = this;
    if (!beginsPeriod || current?.charge !== '' || current.paidUntil !== null) return null;
    this.#list.pop();
    return current.until;
  }

  #payForetold(charge: string, day: Day, foretold: Day, told: { until: Day | null; free: boolean }): void {
    const { term } = this.#terms;
    const isWithin = term === 'perpetual' || addPeriod(day, TOLERANCE) < foretold;
    const until = told.until ?? (isWithin ? foretold : addPeriod(day, term));
    this.#list.push({
      charge,
      start: day,
      until,
      paidUntil: until,
      assumed: told.until === null && !isWithin,
      asked: false,
      free: told.free,
    });
  }

  /** The charges' order is told by their days: one that comes late does not move the date of a later one. */
  #payUntil(charge: string, day: Day, until: Day, free: boolean): void {
    const { current } = this;
    const known = current === undefined ? null : (current.paidUntil ?? current.until);
    const moves = known === null || until > addPeriod(known, TOLERANCE);
    if (current !== undefined && !moves) {
      if (current.until === null || current.assumed) {
        Object.assign(current, { until, paidUntil: until, assumed: false });
      } else current.until = until;
      return;
    }
    // Its date was told shortly before it was paid: until then the period before it was not paid that far.
    if (current !== undefined && current.until === until) current.until = current.paidUntil;
    this.#list.push({ charge, start: day, until, paidUntil: until, assumed: false, asked: false, free });
  }

  /** Without a date a payment is assumed to reach the product's term, unless it lies clearly within a known period. */
  #payUndated(
    charge: string,
    day: Day,
    { free, beginsPeriod }: { free: boolean; beginsPeriod: boolean },
  ): void {
    const { term } = this.#terms;
    if (term === 'perpetual' || !beginsPeriod) return;
    const { current } = this;
    if (
      current !== undefined &&
      current.until !== null &&
      !current.assumed &&
      addPeriod(day, TOLERANCE) < current.until
    )
      return;
    const until = addPeriod(day, term);
    this.#list.push({ charge, start: day, until, paidUntil: until, assumed: true, asked: false, free });
  }

  /** A request for a charge of unknown kind: from 3 days before the next charge on, once a period (fault 77). */
  ask(charge: string, day: Day): boolean {
    const { term } = this.#terms;
    const { until } = this;
    if (term === 'perpetual' || this.#list.some((period) => period.charge === charge)) return false;
    if (until !== null && addPeriod(day, TOLERANCE) < until) return false;
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
    });
    return true;
  }

  /** A date told without a payment: of the period that runs, or of one whose charge is told later. */
  date(until: Day, day: Day): void {
    const { current } = this;
    if (current === undefined) {
      this.#list.push({ ...NO_CHARGE, start: day, until });
      return;
    }
    if (current.asked && until <= current.start) return;
    current.until = until;
    current.assumed = false;
    current.paidUntil ??= until;
  }

  #dropAsked(charge: string, day: Day): void {
    for (const period of this.#list.filter(({ asked }) => asked)) {
      const isNear =
        addPeriod(period.start, ASSUMED_DAYS) >= day && addPeriod(day, ASSUMED_DAYS) >= period.start;
      if (period.charge === charge || isNear) this.#list.splice(this.#list.indexOf(period), 1);
    }
  }

  /**
   * The last period that is left when some charges were returned: each takes its own period and no other. Periods come in
   * the order in which they were paid.
   */
  left(isReturned: (charge: string) => boolean): PeriodsLeft {
    const kept = this.#list.filter(({ charge }) => charge === '' || !isReturned(charge));
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
