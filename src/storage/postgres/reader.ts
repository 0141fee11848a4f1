/** The reads of the console on PostgreSQL, over a few connections of their own, so that no sale waits for them. */
import type {
  Attention,
  DailyFigures,
  DownloadedOften,
  EventPageQuery,
  LedgerReader,
  LicensePageQuery,
  ListedEvent,
  ListedLicense,
  ListedOrder,
  OftenQuery,
  OrderPageQuery,
} from '../../domain/ports/ledger-reader.ts';
import type { OutboxCount } from '../../domain/ports/outbox-ledger.ts';
import type { Mode } from '../../domain/values/order.ts';
import { COUNTED } from '../record/daily.ts';
import { openPostgresLedger } from './open-ledger.ts';
import { eventPage, licensePage, orderPage } from './pages.ts';
import type { PostgresLedger } from './postgres-ledger.ts';
import type { ReadLane } from './session/read-lane.ts';

/** Connections for lists, beside the one for single orders: the overview asks for several at a time. */
const LISTS = 2;

/** How long one read may take. */
const READER_MILLISECONDS = 5000;

/** The greatest character of Unicode. */
const LAST_CHARACTER = String.fromCodePoint(0x10ffff);

export interface PostgresReaderOptions {
  /** Milliseconds that one read may take. */
  readonly limit?: number;
}

export class PostgresReader implements LedgerReader {
  readonly #open: () => Promise<PostgresLedger>;
  #ledger: Promise<PostgresLedger> | undefined;

  /** Nothing is opened before the first read. */
  constructor(
    url: string,
    idSecret: Uint8Array,
    { limit = READER_MILLISECONDS }: PostgresReaderOptions = {},
  ) {
    const reads = { milliseconds: limit, lists: LISTS };
    this.#open = () => openPostgresLedger(url, { idSecret, lanes: 0, reads });
  }

  readonly find: LedgerReader['find'] = async (query) => (await this.#opened()).find(query);
  readonly findFlags: LedgerReader['findFlags'] = async (query) => (await this.#opened()).findFlags(query);
  readonly findEventsAbout: LedgerReader['findEventsAbout'] = async (email) =>
    (await this.#opened()).findEventsAbout(email);
  readonly countUndelivered: LedgerReader['countUndelivered'] = async (now) =>
    (await this.#opened()).countUndelivered(now);

  readonly countTerms: LedgerReader['countTerms'] = async () => (await this.#opened()).countTerms();
  readonly findOtherTerms: LedgerReader['findOtherTerms'] = async (product, digest, limit) =>
    (await this.#opened()).findOtherTerms(product, digest, limit);
  readonly codesAfter: LedgerReader['codesAfter'] = async (number, limit) =>
    (await this.#opened()).codesAfter(number, limit);
  readonly listAnnouncements: LedgerReader['listAnnouncements'] = async (query) =>
    (await this.#opened()).outbox.list(query);
  readonly listTargets: LedgerReader['listTargets'] = async () => (await this.#opened()).outbox.targets();

  async countAnnouncements(mode: Mode): Promise<readonly OutboxCount[]> {
    return this.#rows(
      `SELECT channel, state, count(*) AS announcements, min(at) AS oldest FROM outbox
      WHERE state IN ('waiting', 'held', 'given-up') AND mode = $1
      GROUP BY channel, state ORDER BY channel, state`,
      [mode],
    );
  }

  async figures(mode: Mode, until: string): Promise<readonly DailyFigures[]> {
    const sums = COUNTED.map((name) => `sum(${name})::bigint AS ${name}`);
    return this.#rows(
      `SELECT day, product, ${sums.join()} FROM daily WHERE mode = $1 AND day <= $2
      GROUP BY day, product ORDER BY day, product`,
      [mode, until],
    );
  }

  listOrderPage(query: OrderPageQuery): Promise<readonly ListedOrder[]> {
    return this.#read((reads) => orderPage(reads, query));
  }

  listLicensePage(query: LicensePageQuery): Promise<readonly ListedLicense[]> {
    return this.#read((reads) => licensePage(reads, query));
  }

  listEventPage(query: EventPageQuery): Promise<readonly ListedEvent[]> {
    return this.#read((reads) => eventPage(reads, query));
  }

  async attention(mode: Mode): Promise<Attention> {
    const [row] = await this.#rows<Attention>(
      `SELECT (SELECT count(*) FROM event WHERE outcome = 'failed' AND mode = $1) AS "failedEvents",
        (SELECT count(*) FROM flag WHERE settled_at IS NULL AND mode = $1) AS "openFlags",
        (SELECT count(*) FROM outbox WHERE state IN ('held', 'given-up') AND mode = $1) AS "stuckAnnouncements"`,
      [mode],
    );
    return row ?? { failedEvents: 0, openFlags: 0, stuckAnnouncements: 0 };
  }

  async listDownloadedOften({ mode, since, least, limit }: OftenQuery): Promise<readonly DownloadedOften[]> {
    return this.#rows(
      `SELECT l.marketplace, l.order_id AS "order", l.product, d.downloads
      FROM (
        SELECT license, count(*) AS downloads FROM download
        WHERE state <> 'begun' AND last_at > $2 GROUP BY license HAVING count(*) >= $3) d,
        LATERAL (SELECT * FROM license l WHERE l.id = d.license AND l.mode = $1 OFFSET 0) l
      ORDER BY d.downloads DESC, l.number DESC LIMIT $4`,
      [mode, since, least, limit],
    );
  }

  async findOrdersBeginning(mode: Mode, beginning: string, limit: number): Promise<readonly string[]> {
    const rows = await this.#rows<{ readonly order_id: string }>(
      `SELECT DISTINCT order_id FROM license
      WHERE order_id >= $2 AND order_id < $2 || $4 AND mode = $1 ORDER BY order_id LIMIT $3`,
      [mode, beginning, limit, LAST_CHARACTER],
    );
    return rows.map(({ order_id }) => order_id);
  }

  async close(): Promise<void> {
    await (await this.#ledger)?.close();
  }

  #opened(): Promise<PostgresLedger> {
    this.#ledger ??= this.#open().catch((error: unknown) => {
      this.#ledger = undefined;
      throw error;
    });
    return this.#ledger;
  }

  #rows<T>(text: string, values: readonly unknown[]): Promise<readonly T[]> {
    return this.#read(async (reads) => (await reads.searchList(text, values)) as unknown as readonly T[]);
  }

  async #read<T>(query: (reads: ReadLane) => Promise<T>): Promise<T> {
    const { reads } = await this.#opened();
    return query(reads);
  }
}
