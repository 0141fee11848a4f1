/** Writes licenses, their changes and their answers: the rows of promises. To be run inside a transaction. */
import type { Changes, LicenseChange, Market, NewAnswer, NewLicense } from '../../domain/changes.ts';
import { withdrawalOf } from '../../domain/withdrawal.ts';
import type { CodeRow, FulfillmentRow, HistoryRow, LicenseRow } from '../record/rows.ts';
import type { Sealer } from '../record/sealer.ts';
import { sealFulfillment, sealHistory, sealLicense } from '../record/seals.ts';
import { CODE_COLUMNS, FULFILLMENT_COLUMNS, HISTORY_COLUMNS, LICENSE_COLUMNS } from './columns.ts';
import type { Connection } from './connection.ts';
import { prepareInsert } from './insert.ts';
import type { Pen } from './pens.ts';
import { WithdrawalWriter } from './withdrawals.ts';

/** What the next change and the next answer of a license go on from. */
interface Ends extends Pick<LicenseRow, 'last_valid' | 'reach'> {
  readonly number: number;
  /** Of the newest change; 0 and the license's own seal where there is none. */
  readonly sequence: number;
  readonly seal: Buffer;
  readonly answers: number;
}

export interface LicenseWriterParts {
  readonly sealer: Sealer;
  readonly pen: Pen;
}

export class LicenseWriter {
  readonly #parts: LicenseWriterParts;
  readonly #withdrawals: WithdrawalWriter;
  readonly #insert;
  readonly #ends;
  readonly #update;
  readonly #code;
  readonly #history;
  readonly #fulfillment;
  readonly #handed;

  constructor(connection: Connection, parts: LicenseWriterParts) {
    this.#parts = parts;
    this.#withdrawals = new WithdrawalWriter(connection);
    this.#insert = prepareInsert<LicenseRow>(connection, 'license', LICENSE_COLUMNS);
    this.#ends = connection.prepare<[string], Ends>(`
      SELECT l.number, l.last_valid, l.reach, coalesce(h.sequence, 0) AS sequence, coalesce(h.seal, l.seal) AS seal,
        coalesce((SELECT max(sequence) FROM fulfillment WHERE license = l.number), 0) AS answers
      FROM json_each(+?) n CROSS JOIN license l ON l.number = n.value
      LEFT JOIN history h ON h.license = l.number
        AND h.sequence = (SELECT max(sequence) FROM history WHERE license = l.number)`);
    this.#update = connection.prepare(`
      UPDATE license SET state = ?, revision = ?, last_valid = ?, reach = ? WHERE number = +?`);
    this.#code = prepareInsert<CodeRow>(connection, 'code', CODE_COLUMNS);
    this.#history = prepareInsert<HistoryRow>(connection, 'history', HISTORY_COLUMNS);
    this.#fulfillment = prepareInsert<FulfillmentRow>(connection, 'fulfillment', FULFILLMENT_COLUMNS);
    this.#handed = connection.prepare(
      'UPDATE license SET handed = max(coalesce(handed, 0), $revision) WHERE number = +$number',
    );
  }

  /** A license with its first code, the answer that hands it out and the beginning of its history: one row. */
  insert(
    license: Omit<NewLicense, 'customer'>,
    { marketplace, mode }: Market,
    { customer, handed }: { readonly customer: number | null; readonly handed: number | undefined },
  ): number {
    const { sealer, pen } = this.#parts;
    const { id, unit, revision, code } = license.minted;
    const { answer, lastValid, state } = license;
    const origin = {
      id: asBuffer(id),
      line: license.line,
      issued_at: license.at,
      cause: license.cause,
      state,
      first_revision: revision,
      quantity: answer?.quantity ?? null,
      message: answer === null ? null : Buffer.from(answer.message, 'hex'),
      alone: answer?.byUnit ? (1 as const) : (0 as const),
      total: license.charged?.total ?? null,
      currency: license.charged?.currency ?? null,
      terms: license.terms === '' ? null : Buffer.from(license.terms, 'hex'),
    };
    const number = pen.strokes.next('license');
    if (mode === 'test') pen.strokes.countTestLicense();
    this.#insert({
      ...origin,
      number,
      marketplace,
      mode,
      order_id: license.order,
      product: license.product,
      unit,
      reissue: license.reissue,
      revision,
      customer,
      subscription: license.subscription,
      first_code: code,
      delivered_at: null,
      last_valid: lastValid,
      reach: lastValid,
      handed: handed ?? (answer === null ? null : revision),
      due: license.due,
      seal: sealLicense(sealer, origin),
    });
    const wanted = withdrawalOf(state, lastValid, lastValid);
    this.#withdrawals.follow({ number, id, product: license.product }, undefined, wanted);
    return number;
  }

  /** What becomes of licenses that are there, and the answers for them. */
  record({ changes, answers }: Pick<Changes, 'changes' | 'answers'>): void {
    if (changes.length === 0 && answers.length === 0) return;
    const numbers = new Set([...changes, ...answers].map(({ number }) => number));
    const ends = new Map(this.#ends.all(JSON.stringify([...numbers])).map((end) => [end.number, end]));
    const endOf = (number: number): Ends => {
      const end = ends.get(number);
      if (end === undefined) throw new TypeError(`license ${number} is not there`);
      return end;
    };
    for (const change of changes) ends.set(change.number, this.#change(change, endOf(change.number)));
    for (const answer of answers) ends.set(answer.number, this.#answer(answer, endOf(answer.number)));
  }

  #change(change: LicenseChange, end: Ends): Ends {
    const { number, id, before, state, revision, code, lastValid, reach, at, cause } = change;
    if (code !== undefined) this.#code({ license: number, revision, text: code });
    // Most events of an order that was asked for only add to its history.
    const isOther = state !== before || lastValid !== end.last_valid || reach !== end.reach;
    if (isOther || code !== undefined) this.#update.run(state, revision, lastValid, reach, number);
    this.#withdrawals.follow(
      change,
      withdrawalOf(before, end.last_valid, end.reach),
      withdrawalOf(state, lastValid, reach),
    );
    const sequence = end.sequence + 1;
    const row = { license: number, sequence, at, from_state: before, to_state: state, revision, cause };
    const seal = sealHistory(this.#parts.sealer, id, row, end.seal);
    this.#history({ ...row, seal });
    this.#parts.pen.strokes.count('change', undefined, seal);
    this.#parts.pen.noteChange({ license: number, sequence, seal });
    return { ...end, sequence, seal, last_valid: lastValid, reach };
  }

  #answer({ number, id, revision, quantity, message, at, request, byUnit }: NewAnswer, end: Ends): Ends {
    // 1 is the order itself, asked for or not.
    const sequence = request === null ? 1 : Math.max(end.answers, 1) + 1;
    const row = {
      license: number,
      sequence,
      revision,
      quantity,
      message: Buffer.from(message, 'hex'),
      at,
      request,
      alone: byUnit ? (1 as const) : (0 as const),
    };
    const seal = sealFulfillment(this.#parts.sealer, id, row);
    this.#fulfillment({ ...row, delivered_at: null, seal });
    this.#parts.pen.strokes.count('answer', undefined, seal);
    this.#handed.run({ number, revision });
    return { ...end, answers: Math.max(end.answers, sequence) };
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
