/** Writes licenses, their codes, answers and history, inside a transaction. */
import type { Changes, LicenseChange, Market, NewAnswer, NewLicense } from '../../domain/changes.ts';
import { withdrawalOf } from '../../domain/life/withdrawal.ts';
import type { Mode } from '../../domain/values/order.ts';
import { CODE_COLUMNS, type CodeRow } from '../record/code-row.ts';
import { FULFILLMENT_COLUMNS, type FulfillmentRow, fulfillmentRow } from '../record/fulfillment-row.ts';
import { HISTORY_COLUMNS, type HistoryRow, historyRow } from '../record/history-row.ts';
import { LICENSE_COLUMNS, type LicenseRow, licenseRow } from '../record/license-row.ts';
import { each, equal } from './conditions.ts';
import type { DailyTable } from './daily.ts';
import type { Connection } from './file/connection.ts';
import { prepareInsert } from './insert.ts';
import type { Pen } from './pens.ts';
import { WithdrawalWriter } from './withdrawals.ts';

/** What the next change and the next answer of a license continue. */
interface LicenseTail extends Pick<LicenseRow, 'last_valid' | 'reach'> {
  readonly number: number;
  /** Sequence and seal of the newest change; 0 and the license's own seal if it has none. */
  readonly sequence: number;
  readonly seal: Buffer;
  /** Sequence of the newest answer; 0 if there is none. */
  readonly answers: number;
}

const NONE: readonly number[] = [];

export class LicenseWriter {
  readonly #pen: Pen;
  readonly #daily: DailyTable;
  readonly #withdrawals: WithdrawalWriter;
  readonly #insert;
  readonly #tails;
  readonly #update;
  readonly #code;
  readonly #history;
  readonly #fulfillment;
  readonly #handed;

  constructor(connection: Connection, pen: Pen, daily: DailyTable) {
    this.#pen = pen;
    this.#daily = daily;
    this.#withdrawals = new WithdrawalWriter(connection);
    this.#insert = prepareInsert<LicenseRow>(connection, 'license', LICENSE_COLUMNS);
    this.#tails = connection.prepare<[{ readonly numbers: string }], LicenseTail>(`
      SELECT l.number, l.last_valid, l.reach, coalesce(h.sequence, 0) AS sequence, coalesce(h.seal, l.seal) AS seal,
        coalesce((SELECT max(sequence) FROM fulfillment WHERE license = l.number), 0) AS answers
      FROM ${each('numbers')} n CROSS JOIN license l ON l.number = n.value
      LEFT JOIN history h ON h.license = l.number
        AND h.sequence = (SELECT max(sequence) FROM history WHERE license = l.number)`);
    this.#update = connection.prepare<
      [Pick<LicenseRow, 'number' | 'state' | 'revision' | 'last_valid' | 'reach'>]
    >(`
      UPDATE license SET state = $state, revision = $revision, last_valid = $last_valid, reach = $reach
      WHERE ${equal('number')}`);
    this.#code = prepareInsert<CodeRow>(connection, 'code', CODE_COLUMNS);
    this.#history = prepareInsert<HistoryRow>(connection, 'history', HISTORY_COLUMNS);
    this.#fulfillment = prepareInsert<FulfillmentRow>(connection, 'fulfillment', FULFILLMENT_COLUMNS);
    this.#handed = connection.prepare<[Pick<LicenseRow, 'number' | 'revision'>]>(`
      UPDATE license SET handed = max(coalesce(handed, 0), $revision) WHERE ${equal('number')}`);
  }

  /** Inserts a license with its first code, its first answer and the beginning of its history. Returns its number. */
  insert(
    license: Omit<NewLicense, 'customer'>,
    market: Market,
    { customer, handed }: { readonly customer: number | null; readonly handed: number | undefined },
  ): number {
    const { sealer, counter } = this.#pen;
    const number = counter.next('license');
    if (market.mode === 'test') counter.countTestLicense();
    this.#insert.run(licenseRow(license, { number, market, customer, handed }, sealer));
    const { minted, product, state, lastValid, at, reissue } = license;
    const { unit } = minted;
    this.#daily.license({ number, mode: market.mode, product, unit, reissue, state, at, lastValid });
    const wanted = withdrawalOf(state, lastValid, lastValid);
    this.#withdrawals.follow({ number, id: minted.id, product }, undefined, wanted);
    return number;
  }

  /** Saves changes of licenses and answers for them. Returns the sequence of each change. */
  saveChanges(
    { changes, answers }: Pick<Changes, 'changes' | 'answers'>,
    { mode }: Market,
  ): readonly number[] {
    if (changes.length === 0 && answers.length === 0) return NONE;
    const numbers = JSON.stringify([...new Set([...changes, ...answers].map(({ number }) => number))]);
    const tails = new Map(this.#tails.all({ numbers }).map((tail) => [tail.number, tail]));
    const tailOf = (number: number): LicenseTail => {
      const tail = tails.get(number);
      if (tail === undefined) throw new TypeError(`license ${number} is not in the ledger`);
      return tail;
    };
    const sequences = changes.map((change) => {
      const tail = this.#change(change, tailOf(change.number), mode);
      tails.set(change.number, tail);
      return tail.sequence;
    });
    for (const answer of answers) tails.set(answer.number, this.#answer(answer, tailOf(answer.number)));
    return sequences;
  }

  #change(change: LicenseChange, tail: LicenseTail, mode: Mode): LicenseTail {
    const { number, before, state, revision, code, lastValid, reach, product, at } = change;
    const lastValidBefore = tail.last_valid;
    this.#daily.change({ mode, product, at, before, state, lastValidBefore, lastValid });
    if (code !== undefined) this.#code.run({ license: number, revision, text: code });
    // Most events of an order that was already requested only add to its history.
    const isOther = state !== before || lastValid !== tail.last_valid || reach !== tail.reach;
    if (isOther || code !== undefined) {
      this.#update.run({ number, state, revision, last_valid: lastValid, reach });
    }
    this.#withdrawals.follow(
      change,
      withdrawalOf(before, tail.last_valid, tail.reach),
      withdrawalOf(state, lastValid, reach),
    );
    const { sealer, counter } = this.#pen;
    const row = historyRow(change, tail.sequence + 1, sealer, tail.seal);
    const { sequence, seal } = row;
    this.#history.run(row);
    counter.count('change', undefined, seal);
    this.#pen.noteChange({ license: number, sequence, seal });
    return { ...tail, sequence, seal, last_valid: lastValid, reach };
  }

  #answer(answer: NewAnswer, tail: LicenseTail): LicenseTail {
    const { number, revision, request } = answer;
    // Sequence 1 belongs to the order itself, even if nobody requests it.
    const sequence = request === null ? 1 : Math.max(tail.answers, 1) + 1;
    const { sealer, counter } = this.#pen;
    const row = fulfillmentRow(answer, sequence, sealer);
    this.#fulfillment.run(row);
    counter.count('answer', undefined, row.seal);
    if (answer.isAhead !== true) this.#handed.run({ number, revision });
    return { ...tail, answers: Math.max(tail.answers, sequence) };
  }
}
