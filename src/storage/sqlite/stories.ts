/** Finding licenses with all that is known of them, for the person who runs the service. */
import type { HistoryEntry, LedgerQuery, LicenseStory } from '../../domain/ledger.ts';
import {
  customerOf,
  firstAnswer,
  type LaterAnswer,
  type LoadedLicense,
  laterAnswer,
} from '../record/mapping.ts';
import type { HistoryRow, LicenseRow } from '../record/rows.ts';
import type { Connection } from './connection.ts';
import { LATER_ANSWERS, LICENSES } from './load.ts';
import { mentionsPart, type People } from './people.ts';

type StoryRow = LoadedLicense & Pick<LicenseRow, 'marketplace' | 'mode'>;

/** As many licenses as a search by a part of a name or an address finds. */
const MOST_FOUND = 100;

export class StoryFinder {
  readonly #people: People;
  readonly #byId;
  readonly #byOrder;
  readonly #bySubscription;
  readonly #byNumber;
  readonly #history;
  readonly #laterAnswers;

  constructor(connection: Connection, people: People) {
    this.#people = people;
    this.#byId = connection.prepare<[Uint8Array], StoryRow>(`${LICENSES} WHERE l.id = +?`);
    this.#byOrder = connection.prepare<[string], StoryRow>(
      `${LICENSES} WHERE l.order_id = +? ORDER BY l.number`,
    );
    this.#bySubscription = connection.prepare<[string], StoryRow>(
      `${LICENSES} WHERE l.subscription = +? ORDER BY l.number`,
    );
    this.#byNumber = connection.prepare<[string], StoryRow>(
      `${LICENSES} WHERE l.number IN (SELECT value FROM json_each(+?)) ORDER BY l.number`,
    );
    this.#history = connection.prepare<[string], HistoryRow>(`
      SELECT h.* FROM json_each(+?) n CROSS JOIN history h ON h.license = n.value
      ORDER BY h.license, h.sequence`);
    this.#laterAnswers = connection.prepare<[string], LaterAnswer>(LATER_ANSWERS);
  }

  async find(query: LedgerQuery): Promise<readonly LicenseStory[]> {
    switch (query.by) {
      case 'license':
        return this.#stories(this.#byId.all(query.id));
      case 'order':
        return this.#stories(this.#byOrder.all(query.order));
      case 'subscription':
        return this.#stories(this.#bySubscription.all(query.subscription));
      case 'email':
        return this.byNumbers(this.#people.licensesOf(await this.#people.byAddress(query.email)));
      case 'person': {
        const people = await this.#people.search(mentionsPart(query.part), MOST_FOUND);
        return this.byNumbers(this.#people.licensesOf(people).slice(0, MOST_FOUND));
      }
    }
  }

  byNumbers(numbers: readonly number[]): readonly LicenseStory[] {
    return this.#stories(this.#byNumber.all(JSON.stringify(numbers)));
  }

  #stories(rows: readonly StoryRow[]): readonly LicenseStory[] {
    const numbers = JSON.stringify(rows.map(({ number }) => number));
    const answers = new Map(this.#laterAnswers.all(numbers).map((answer) => [answer.license, answer]));
    const changes = Map.groupBy(this.#history.all(numbers), ({ license }) => license);
    return rows.map((row) => storyOf(row, answers.get(row.number), changes.get(row.number) ?? []));
  }
}

function storyOf(
  row: StoryRow,
  later: LaterAnswer | undefined,
  changes: readonly HistoryRow[],
): LicenseStory {
  const { name, email, erased } = row;
  const person = row.customer === null ? undefined : { name, email, erased: erased ?? 0 };
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
    customer: customerOf(person) ?? { name: undefined, email: undefined },
    history: [beginningOf(row, changes[0]), ...changes.map(historyEntry)],
  };
}

/** How the license came into the ledger: its first change tells the state that it had. */
function beginningOf(row: StoryRow, next: HistoryRow | undefined): HistoryEntry {
  const to = next?.from_state ?? row.state;
  return { at: row.issued_at, from: null, to, revision: row.first_revision, cause: row.cause };
}

function historyEntry({ at, from_state, to_state, revision, cause }: HistoryRow): HistoryEntry {
  return { at, from: from_state, to: to_state, revision, cause };
}
