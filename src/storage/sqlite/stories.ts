/** Finding licenses with all that is known of them, for the person who runs the service. */
import type { HistoryEntry, LedgerQuery, LicenseStory } from '../../domain/ledger.ts';
import type { LicenseState } from '../../domain/license.ts';
import type { Marketplace, Mode } from '../../domain/order.ts';
import type { Connection } from './open.ts';
import { customerOf, heldLicense, LICENSE_ROW, type LicenseRow } from './orders.ts';

interface StoryRow extends LicenseRow {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly order_id: string;
  readonly product: string;
  readonly subscription: string | null;
}

interface HistoryEntryRow {
  readonly at: number;
  readonly from_state: LicenseState | null;
  readonly to_state: LicenseState;
  readonly revision: number;
  readonly cause: string;
}

const ORDER = 'ORDER BY l.number';

export class Stories {
  readonly #byId;
  readonly #byOrder;
  readonly #byEmail;
  readonly #history;

  constructor(connection: Connection) {
    this.#byId = connection.prepare<[Uint8Array], StoryRow>(`${LICENSE_ROW} WHERE l.id = +?`);
    this.#byOrder = connection.prepare<[string], StoryRow>(`${LICENSE_ROW} WHERE l.order_id = +? ${ORDER}`);
    // Reads the whole table: rare, and an index would cost every sale.
    this.#byEmail = connection.prepare<[string], StoryRow>(
      `${LICENSE_ROW} WHERE c.email = ? COLLATE NOCASE ${ORDER}`,
    );
    this.#history = connection.prepare<[number], HistoryEntryRow>(
      'SELECT at, from_state, to_state, revision, cause FROM history WHERE license = +? ORDER BY sequence',
    );
  }

  find(query: LedgerQuery): readonly LicenseStory[] {
    return this.#rows(query).map((row) => ({
      ...heldLicense(row),
      marketplace: row.marketplace,
      mode: row.mode,
      order: row.order_id,
      product: row.product,
      subscription: row.subscription,
      customer: customerOf(row) ?? { name: undefined, email: undefined },
      history: this.#history.all(row.number).map(historyEntry),
    }));
  }

  #rows(query: LedgerQuery): StoryRow[] {
    if (query.by === 'license') return this.#byId.all(query.id);
    return query.by === 'order' ? this.#byOrder.all(query.order) : this.#byEmail.all(query.email);
  }
}

function historyEntry({ at, from_state, to_state, revision, cause }: HistoryEntryRow): HistoryEntry {
  return { at, from: from_state, to: to_state, revision, cause };
}
