/** Finds and erases people, and deletes payloads, on PostgreSQL. */
import type { KeptEvent } from '../../domain/facts/event.ts';
import type { Erasure } from '../../domain/ledger.ts';
import { normalizeAddress } from '../../domain/values/address.ts';
import type { OrderName } from '../../domain/values/order.ts';
import { keptEvent, type LoadedEvent } from '../record/event-row.ts';
import { NUMBERS_A_PEN } from '../record/pen.ts';
import type { Sealer } from '../record/sealer.ts';
import { erasePeople, mentions, SHORTEST_TEXT } from '../sqlite/forgetting.ts';
import { mentionsPart, type PersonRow } from '../sqlite/people.ts';
import { ADDRESS_LOCK, changesOfCustomer, notesOfCustomer, typedInquiries } from './customer-loads.ts';
import { customerOf, customerToRead, licensesOfCustomer } from './loads.ts';
import type { Load } from './needs.ts';
import { OUTBOX_LOCK, TARGETS, undoneOf } from './outbox-loads.ts';
import { vacuumPeople } from './schema/vacuum.ts';
import { ALL_OPEN } from './self-service.ts';
import type { GroupCommit } from './session/group-commit.ts';
import type { ReadLane } from './session/read-lane.ts';

/** Customers erased in one act. */
const PAGE = 32;

/** Rows read at a time. */
const READ_PAGE = 1000;

/** The last event of each pen. A pen numbers one event after the other, whatever clocks say. */
const NEWEST_EVENTS = `
  SELECT coalesce(json_agg(json_build_object('after', p.pen * ${NUMBERS_A_PEN} + p.last_event, 'to', (p.pen + 1) * ${NUMBERS_A_PEN})),
    '[]')::text AS newest
  FROM pen p`;

const eventPage = (events: string) => `
  SELECT e.*, (SELECT count(*) FROM flag f
    WHERE f.event_id = e.event_id AND f.marketplace = e.marketplace AND f.mode = e.mode
      AND f.settled_at IS NULL) AS flagged
  FROM ${events} e WHERE e.number > $1 AND e.payload IS NOT NULL
  ORDER BY e.number LIMIT ${READ_PAGE}`;

const ALL_EVENTS = eventPage('event');

/** $2: as NEWEST_EVENTS has it. */
const LATER_EVENTS = eventPage(`(
  SELECT t.* FROM json_to_recordset($2::json) AS k("after" bigint, "to" bigint), LATERAL (
    SELECT * FROM event t WHERE t.number > k."after" AND t.number < k."to" OFFSET 0) t)`);

export interface PeopleOptions {
  readonly commits: GroupCommit;
  readonly reads: ReadLane;
  readonly sealer: Sealer;
  readonly now: () => number;
}

export class People {
  readonly #commits: GroupCommit;
  readonly #reads: ReadLane;
  readonly #sealer: Sealer;
  readonly #now: () => number;

  constructor({ commits, reads, sealer, now }: PeopleOptions) {
    this.#commits = commits;
    this.#reads = reads;
    this.#sealer = sealer;
    this.#now = now;
  }

  /** Numbers of the customers with this address, in any spelling that normalizes to it. */
  byAddress(email: string): Promise<readonly number[]> {
    return this.#numbers('SELECT number FROM customer WHERE email_norm = $1 OR buyer_norm = $1', [
      normalizeAddress(email),
    ]);
  }

  /** Numbers of at most `most` customers whose name or address contains a text. */
  async mentioning(part: string, most: number): Promise<readonly number[]> {
    const matches = mentionsPart(part);
    const found: number[] = [];
    for await (const rows of this.#pages<PersonRow>(`
      SELECT number, name, email, buyer_name, buyer_email, erased FROM customer
      WHERE number > $1 ORDER BY number LIMIT ${READ_PAGE}`)) {
      found.push(...rows.filter(matches).map(({ number }) => number));
      if (found.length >= most) break;
    }
    return found.slice(0, most);
  }

  /** Events whose payload mentions one of the texts. `newest`: only those that came after these (NEWEST_EVENTS). */
  async *eventsAbout(texts: readonly string[], newest?: string): AsyncGenerator<LoadedEvent> {
    const pages =
      newest === undefined
        ? this.#pages<LoadedEvent>(ALL_EVENTS)
        : this.#pages<LoadedEvent>(LATER_EVENTS, [newest]);
    for await (const rows of pages) {
      for (const row of rows) if (mentions(row.payload, texts)) yield row;
    }
  }

  async keptEventsAbout(email: string): Promise<readonly KeptEvent[]> {
    const found: KeptEvent[] = [];
    for await (const row of this.eventsAbout([email])) found.push(keptEvent(row));
    return found;
  }

  /**
   * Erases people and deletes the payloads that mention them. `clean`: VACUUM has removed the old rows from the tables;
   * the archive of the write-ahead log and backups keep them until they are deleted.
   */
  async erase(who: { readonly email: string } | OrderName): Promise<Erasure> {
    const address = 'email' in who ? normalizeAddress(who.email) : undefined;
    const found = 'email' in who ? await this.#whoHad(who.email) : await this.#ofOrder(who);
    const named = 'email' in who ? [who.email] : await this.#addressesOf(found);
    const order = 'email' in who ? undefined : who;
    const traces = [...named, ...(await this.#tracesOf(found))];
    const texts = traces.filter((text) => text.length >= SHORTEST_TEXT);
    const [known] = await this.#reads.rows(NEWEST_EVENTS);
    // Payloads first: an erasure of an order that was cut off finds them again by the addresses, which go after them.
    let events = await this.#forgetMentions(texts, order);
    let licenses = 0;
    let others = 0;
    for (let place = 0; place < found.length; place += PAGE) {
      const page = found.slice(place, place + PAGE);
      const loads = page.flatMap((number) => [
        customerOf({ number }),
        ...licensesOfCustomer({ customer: number }),
        undoneOf({ customer: number }),
        changesOfCustomer({ customer: number }),
        notesOfCustomer({ customer: number }),
      ]);
      const need = {
        locks: [OUTBOX_LOCK, ADDRESS_LOCK],
        loads: [TARGETS, ...this.#typed(address), ...loads],
      };
      const erased = await this.#commits.run(need, (tables) =>
        erasePeople(tables, page, address, this.#now()),
      );
      licenses += erased.licenses;
      others += erased.others;
    }
    if (address !== undefined) {
      const need = { locks: [ADDRESS_LOCK], loads: this.#typed(address) };
      await this.#commits.run(need, ({ selfService }) => selfService.forgetOf([], address));
    }
    // What came meanwhile.
    events += await this.#forgetMentions(texts, order, String(known?.['newest']));
    return { licenses, events, others, clean: await vacuumPeople(this.#reads) };
  }

  /** Deletes the payloads of events received before a moment, unless another instance is doing it. */
  async forgetBefore(moment: number): Promise<number> {
    let events = 0;
    for (;;) {
      const rows = await this.#reads.run(
        `WITH mine AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(hashtextextended('retention', $2::bigint)) AS ok),
          old AS (
            SELECT number FROM event
            WHERE (SELECT ok FROM mine) AND payload IS NOT NULL AND received_at < $1
            LIMIT ${READ_PAGE} FOR UPDATE SKIP LOCKED)
        UPDATE event SET payload = NULL FROM old WHERE event.number = old.number RETURNING event.number`,
        [moment, this.#sealer.idSecretCheck.readBigInt64BE().toString()],
      );
      events += rows.length;
      if (rows.length === 0) return events;
    }
  }

  /** Where an address may have been typed. Text of inquiries is kept for an hour. */
  #typed(address: string | undefined): readonly Load[] {
    return address === undefined ? [] : [ALL_OPEN, typedInquiries({ since: 0 })];
  }

  async #whoHad(email: string): Promise<readonly number[]> {
    const hash = this.#sealer.seal('address', normalizeAddress(email));
    return this.#numbers(
      `SELECT number FROM customer
      WHERE email_norm = $1 OR buyer_norm = $1 OR (former IS NOT NULL AND position($2::bytea IN former) > 0)`,
      [normalizeAddress(email), hash],
    );
  }

  #ofOrder({ order, marketplace, mode }: OrderName): Promise<readonly number[]> {
    return this.#numbers(
      `SELECT DISTINCT customer AS number FROM license
      WHERE order_id = $1 AND marketplace = $2 AND mode = $3 AND customer IS NOT NULL`,
      [order, marketplace, mode],
    );
  }

  #addressesOf(customers: readonly number[]): Promise<readonly string[]> {
    const loads = customers.map((number) => customerToRead({ number }));
    return this.#reads.read({ loads }, ({ people }) => people.addressesOf(customers));
  }

  #tracesOf(customers: readonly number[]): Promise<readonly string[]> {
    const loads = customers.flatMap((number) => [
      customerToRead({ number }),
      ...licensesOfCustomer({ customer: number }),
    ]);
    return this.#reads.read({ loads }, ({ people }) => people.tracesOf(customers));
  }

  /** `order`: its id counts only in events of its own market. `newest`: as for `eventsAbout`. */
  async #forgetMentions(
    texts: readonly string[],
    order: OrderName | undefined,
    newest?: string,
  ): Promise<number> {
    let events = 0;
    const ids = order !== undefined && order.order.length >= SHORTEST_TEXT ? [order.order] : [];
    if (texts.length + ids.length === 0) return events;
    for await (const { number, payload, marketplace, mode } of this.eventsAbout([...texts, ...ids], newest)) {
      const isOfMarket = marketplace === order?.marketplace && mode === order.mode;
      if (!isOfMarket && !mentions(payload, texts)) continue;
      const forgotten = await this.#reads.run(
        'UPDATE event SET payload = NULL WHERE number = $1 AND payload IS NOT NULL RETURNING number',
        [number],
      );
      events += forgotten.length;
    }
    return events;
  }

  async #numbers(text: string, values: readonly unknown[]): Promise<readonly number[]> {
    const rows = await this.#reads.rows(text, values);
    return rows.map(({ number }) => Number(number)).sort((a, b) => a - b);
  }

  /** `text`: rows above the number $1, in ascending order. */
  async *#pages<Row extends { readonly number: number }>(
    text: string,
    values: readonly unknown[] = [],
  ): AsyncGenerator<readonly Row[]> {
    for (let after = -1; ; ) {
      const rows = (await this.#reads.rows(text, [after, ...values])) as unknown as readonly Row[];
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows;
      after = last.number;
    }
  }
}
