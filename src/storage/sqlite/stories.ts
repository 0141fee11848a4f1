/** Finds licenses with their whole history, for the operator. */
import type { HistoryEntry, LedgerQuery, LicenseStory, NumberedCode } from '../../domain/ledger.ts';
import { customerOf } from '../record/customer-row.ts';
import { type LaterAnswer, laterAnswer, rebillAnswer } from '../record/fulfillment-row.ts';
import type { HistoryRow } from '../record/history-row.ts';
import { firstAnswer, type LicenseRow, type LoadedLicense } from '../record/license-row.ts';
import { each, equal } from './conditions.ts';
import type { Connection } from './file/connection.ts';
import {
  NEWEST_CODE,
  prepareLaterAnswers,
  prepareLicenses,
  prepareRebillAnswers,
} from './license-queries.ts';
import { mentionsPart, type People } from './people.ts';

type StoryRow = LoadedLicense & Pick<LicenseRow, 'marketplace' | 'mode'>;

/** The most licenses that a search by a part of a name or an address finds. */
const MOST_FOUND = 100;

export class StoryFinder {
  readonly #people: People;
  readonly #byId;
  readonly #byOrder;
  readonly #bySubscription;
  readonly #byNumber;
  readonly #history;
  readonly #laterAnswers;
  readonly #rebills;
  readonly #codes;

  constructor(connection: Connection, people: People) {
    this.#people = people;
    const licenses = <Parameters extends object>(condition: string) =>
      prepareLicenses<Parameters, StoryRow>(connection, `WHERE ${condition} ORDER BY l.number`);
    this.#byId = licenses<{ readonly id: Uint8Array }>(equal('l.id'));
    this.#byOrder = licenses<{ readonly order: string }>('l.order_id = +$order');
    this.#bySubscription = licenses<{ readonly subscription: string }>(equal('l.subscription'));
    this.#byNumber = licenses<{ readonly numbers: string }>(
      `l.number IN (SELECT value FROM ${each('numbers')})`,
    );
    this.#history = connection.prepare<[{ readonly numbers: string }], HistoryRow>(`
      SELECT h.* FROM ${each('numbers')} n CROSS JOIN history h ON h.license = n.value
      ORDER BY h.license, h.sequence`);
    this.#laterAnswers = prepareLaterAnswers(connection);
    this.#rebills = prepareRebillAnswers<{ readonly numbers: string }>(
      connection,
      `WHERE f.license IN (SELECT value FROM ${each('numbers')}) AND f.request IS NOT NULL ORDER BY f.license, f.sequence`,
    );
    this.#codes = connection.prepare<[{ readonly after: number; readonly limit: number }], NumberedCode>(`
      SELECT l.number, l.id, l.mode, l.state, ${NEWEST_CODE} AS code
      FROM license l WHERE l.number > $after ORDER BY l.number LIMIT $limit`);
  }

  /** Queries that an index answers. */
  findNow(query: Exclude<LedgerQuery, { by: 'email' | 'person' }>): readonly LicenseStory[] {
    switch (query.by) {
      case 'license':
        return this.#stories(this.#byId.all({ id: query.id }));
      case 'order':
        return this.#stories(this.#byOrder.all({ order: query.order }));
      case 'subscription':
        return this.#stories(this.#bySubscription.all({ subscription: query.subscription }));
    }
  }

  async find(query: LedgerQuery): Promise<readonly LicenseStory[]> {
    switch (query.by) {
      case 'license':
      case 'order':
      case 'subscription':
        return this.findNow(query);
      case 'email':
        return this.byNumbers(this.#people.licensesOf(await this.#people.byAddress(query.email)));
      case 'person': {
        const people = await this.#people.search(mentionsPart(query.part), MOST_FOUND);
        return this.byNumbers(this.#people.licensesOf(people).slice(0, MOST_FOUND));
      }
    }
  }

  codesAfter(after: number, limit: number): readonly NumberedCode[] {
    return this.#codes.all({ after, limit });
  }

  byNumbers(numbers: readonly number[]): readonly LicenseStory[] {
    return this.#stories(this.#byNumber.all({ numbers: JSON.stringify(numbers) }));
  }

  #stories(rows: readonly StoryRow[]): readonly LicenseStory[] {
    const numbers = JSON.stringify(rows.map(({ number }) => number));
    const answers = new Map(this.#laterAnswers.all({ numbers }).map((answer) => [answer.license, answer]));
    const changes = Map.groupBy(this.#history.all({ numbers }), ({ license }) => license);
    const rebills = Map.groupBy(this.#rebills.all({ numbers }), ({ license }) => license);
    return rows.map((row) => ({
      ...storyOf(row, answers.get(row.number), changes.get(row.number) ?? []),
      rebills: (rebills.get(row.number) ?? []).map(rebillAnswer),
    }));
  }
}

function storyOf(
  row: StoryRow,
  later: LaterAnswer | undefined,
  changes: readonly HistoryRow[],
): Omit<LicenseStory, 'rebills'> {
  const { name, email, erased } = row;
  const customer = row.customer === null ? undefined : { name, email, erased: erased ?? 0 };
  return {
    marketplace: row.marketplace,
    mode: row.mode,
    order: row.order_id,
    line: row.line,
    product: row.product,
    unit: row.unit,
    reissue: row.reissue,
    id: row.id,
    state: row.state,
    revision: row.revision,
    code: row.code,
    answer: firstAnswer(row) ?? (later === undefined ? null : laterAnswer(later)),
    handed: row.handed,
    subscription: row.subscription,
    terms: row.terms?.toString('hex') ?? null,
    customer: customerOf(customer) ?? { name: undefined, email: undefined },
    history: [firstEntry(row, changes[0]), ...changes.map(historyEntry)],
  };
}

/** The entry of the license's creation. Its state is the state before the first change. */
function firstEntry(row: StoryRow, next: HistoryRow | undefined): HistoryEntry {
  const to = next?.from_state ?? row.state;
  return { at: row.issued_at, from: null, to, revision: row.first_revision, cause: row.cause };
}

function historyEntry({ at, from_state, to_state, revision, cause }: HistoryRow): HistoryEntry {
  return { at, from: from_state, to: to_state, revision, cause };
}
