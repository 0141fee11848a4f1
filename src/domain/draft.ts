/** A decision in progress: the loaded data, the changes so far, and the data with the changes applied. */
import type {
  Changes,
  Found,
  LedgerAnswer,
  LedgerLicense,
  LicenseChange,
  LicenseTouch,
  NewAnswer,
  NewLicense,
  OwedLine,
  RebillAnswer,
} from './changes.ts';
import type { Fact } from './facts/fact.ts';
import { countsBefore } from './facts/fact-order.ts';
import type { RaisedFlag } from './values/flag.ts';

export class Draft {
  readonly found: Found;
  readonly #facts = new Map<string, Fact>();
  readonly #newFacts = new Map<string, Fact>();
  readonly #records: Map<number, LedgerLicense>;
  readonly #licenses: NewLicense[] = [];
  readonly #changes: LicenseChange[] = [];
  readonly #touches = new Map<number, LicenseTouch>();
  readonly #answers: NewAnswer[] = [];
  readonly #owed: Map<string, OwedLine>;
  readonly #newOwed = new Map<string, OwedLine>();
  readonly #raised = new Map<string, RaisedFlag>();
  readonly #rebills: RebillAnswer[];
  #factList: readonly Fact[] | undefined;
  #licenseList: readonly LedgerLicense[] | undefined;
  readonly #cleared: { id: number; at: number; reason: string }[] = [];

  constructor(found: Found) {
    this.found = found;
    for (const fact of found.facts) this.#facts.set(keyOf(fact), fact);
    this.#rebills = [...found.rebills];
    this.#owed = new Map(found.owed.map((line) => [owedKey(line), line]));
    this.#records = new Map(found.licenses.map((license) => [license.number, license]));
  }

  get facts(): readonly Fact[] {
    this.#factList ??= [...this.#facts.values()];
    return this.#factList;
  }

  get licenses(): readonly LedgerLicense[] {
    this.#licenseList ??= [...this.#records.values()];
    return this.#licenseList;
  }

  /** The version of a fact that counts so far. */
  known(fact: Fact): Fact | undefined {
    return this.#facts.get(keyOf(fact));
  }

  /** Adds facts and returns the new ones. Of two versions of one fact the earlier counts (`countsBefore`). */
  addFacts(facts: readonly Fact[]): readonly Fact[] {
    return facts.filter((fact) => {
      const key = keyOf(fact);
      const known = this.#facts.get(key);
      if (known !== undefined && !countsBefore(fact, known)) return false;
      this.#facts.set(key, fact);
      this.#factList = undefined;
      this.#newFacts.set(key, fact);
      return known === undefined;
    });
  }

  /** Adds a license. Its number is negative, so that further changes of the same act can refer to it. */
  issue(license: NewLicense): LedgerLicense {
    const number = -1 - this.#licenses.length;
    this.#licenses.push(license);
    const { order, line, product, reissue, minted, state, subscription, terms, lastValid, at, cause, due } =
      license;
    const answer = license.answer && answerOf(license.answer, minted, at);
    const record: LedgerLicense = {
      number,
      id: minted.id,
      order,
      line,
      product,
      unit: minted.unit,
      reissue,
      state,
      revision: minted.revision,
      customer: typeof license.customer === 'number' ? license.customer : null,
      holder:
        typeof license.customer === 'number' || license.customer === null ? undefined : license.customer,
      subscription,
      terms,
      at,
      cause,
      charged: license.charged,
      firstCode: minted.code,
      code: minted.code,
      reach: lastValid,
      answer,
      handed: answer === null ? null : minted.revision,
      due,
    };
    this.#replace(record);
    return record;
  }

  /** Adds a history row, with a new code or a new state. */
  change(
    record: LedgerLicense,
    change: Omit<LicenseChange, 'number' | 'id' | 'product' | 'before' | 'reach'>,
  ): void {
    const { number, id, product, state: before } = record;
    const reach = change.code === undefined ? record.reach : later(record.reach, change.lastValid);
    this.#changes.push({ number, id, product, before, reach, ...change });
    const { state, revision, code = record.code } = change;
    this.#replace({ ...record, state, revision, code, reach });
  }

  /** Updates the current version of the license, so earlier changes of the same act are kept. */
  touch({ number }: Pick<LedgerLicense, 'number'>, touch: Omit<LicenseTouch, 'number'>): void {
    const record = this.license(number);
    this.#touches.set(number, { ...this.#touches.get(number), number, ...touch });
    const { subscription = record.subscription, due = record.due, handed = record.handed, customer } = touch;
    const holder = typeof customer === 'object' ? customer : record.holder;
    this.#replace({ ...record, subscription, due, handed, holder });
  }

  /** Records the answer to a request for an existing license, with its current code. */
  answer(record: LedgerLicense, answer: Omit<NewAnswer, 'number' | 'id' | 'revision'>): void {
    const { number, id, revision, code } = record;
    this.#answers.push({ number, id, revision, ...answer });
    const { quantity, message, at, byUnit, request } = answer;
    const given = { quantity, revision, code, message, at, deliveredAt: null, byUnit };
    if (request !== null) this.#rebills.push({ number, request, ...given });
    this.#replace({
      ...record,
      ...(answer.isAhead !== true && { handed: Math.max(record.handed ?? 0, revision) }),
      ...(request === null && { answer: given }),
    });
  }

  /** The answer that a rebill got for a license. */
  rebill(number: number, request: string): LedgerAnswer | undefined {
    return this.#rebills.find((answer) => answer.number === number && answer.request === request);
  }

  /** The owed lines so far: an act may derive twice. */
  get owed(): readonly OwedLine[] {
    return [...this.#owed.values()];
  }

  /** The version of an owed line that counts so far. */
  knownOwed(line: OwedLine): OwedLine | undefined {
    return this.#owed.get(owedKey(line));
  }

  owe(line: OwedLine): void {
    this.#owed.set(owedKey(line), line);
    this.#newOwed.set(owedKey(line), line);
  }

  raise(flag: RaisedFlag): void {
    if (this.found.flags.some(({ key }) => key === flag.key)) return;
    this.#raised.set(flag.key, flag);
  }

  clear(id: number, at: number, reason: string): void {
    this.#cleared.push({ id, at, reason });
  }

  license(number: number): LedgerLicense {
    const record = this.#records.get(number);
    if (record === undefined) throw new TypeError(`license ${number} was not loaded`);
    return record;
  }

  get changes(): Changes {
    return {
      facts: [...this.#newFacts.values()],
      licenses: this.#licenses,
      changes: this.#changes,
      touches: [...this.#touches.values()],
      answers: this.#answers,
      owed: [...this.#newOwed.values()],
      raised: [...this.#raised.values()],
      cleared: this.#cleared,
      outgoing: [],
    };
  }

  #replace(record: LedgerLicense): void {
    this.#records.set(record.number, record);
    this.#licenseList = undefined;
  }
}

function owedKey({ order, line }: OwedLine): string {
  return `${order}\n${line}`;
}

function keyOf({ subject, key }: Fact): string {
  return `${subject}\n${key}`;
}

function answerOf(
  { quantity, message, byUnit }: NonNullable<NewLicense['answer']>,
  { revision, code }: NewLicense['minted'],
  at: number,
): LedgerAnswer {
  return { quantity, revision, code, message, at, deliveredAt: null, byUnit };
}

/** The later of two last valid days; null is perpetual. */
function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return null;
  return a > b ? a : b;
}
