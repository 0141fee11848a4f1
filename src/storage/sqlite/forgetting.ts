/**
 * Deletes payloads and erases people. Both read and write in pages and let the event loop run between pages, so that no
 * sale waits. The writes of each page are one act.
 */

import { setTimeout as wait } from 'node:timers/promises';
import type { KeptEvent } from '../../domain/facts/event.ts';
import type { Erasure } from '../../domain/ledger.ts';
import { normalizeAddress } from '../../domain/values/address.ts';
import type { OrderName } from '../../domain/values/order.ts';
import { keptEvent, type LoadedEvent } from '../record/event-row.ts';
import { prepareLast } from './aggregate.ts';
import { each } from './conditions.ts';
import type { Customers } from './customers.ts';
import type { Events } from './events.ts';
import type { Connection } from './file/connection.ts';
import { emptyLog } from './file/log-file.ts';
import type { Outbox } from './outbox/outbox.ts';
import { pagesOf, yieldToEventLoop } from './pages.ts';
import type { People } from './people.ts';
import type { SelfServiceActs } from './self-service.ts';

/** Rows written in one act. */
const PAGE = 32;

/** After an act that deletes payloads, the pause is this many times as long as the act took. */
const REST = 19;

/** Events that SQLite reads in one step: less than a millisecond. */
const RANGE = 500;

/** Tries to empty the log while a reader holds it, and the time between two tries. */
const TRIES = 10;
const WAIT_MILLISECONDS = 50;

/** Shorter texts occur in payloads by chance. */
export const SHORTEST_TEXT = 5;

/** Runs an act in a durable transaction. */
type Write = <T>(act: () => T) => Promise<T>;

export class Forgetter {
  readonly #connection: Connection;
  readonly #events: Events;
  readonly #people: People;
  readonly #customers: Customers;
  readonly #outbox: Outbox;
  readonly #selfService: SelfServiceActs;
  readonly #write: Write;
  readonly #now: () => number;
  readonly #last;
  readonly #old;
  readonly #forget;

  constructor(
    connection: Connection,
    components: {
      readonly events: Events;
      readonly people: People;
      readonly customers: Customers;
      readonly outbox: Outbox;
      readonly selfService: SelfServiceActs;
      readonly write: Write;
      readonly now: () => number;
    },
  ) {
    this.#connection = connection;
    this.#events = components.events;
    this.#people = components.people;
    this.#customers = components.customers;
    this.#outbox = components.outbox;
    this.#selfService = components.selfService;
    this.#write = components.write;
    this.#now = components.now;
    this.#last = prepareLast(connection, 'event');
    this.#old = connection
      .prepare<[{ readonly after: number; readonly moment: number }], number>(`
        SELECT number FROM event
        WHERE number > $after AND number <= $after + ${RANGE} AND payload IS NOT NULL AND received_at < $moment`)
      .pluck();
    this.#forget = connection.prepare<[{ readonly numbers: string }]>(`
      UPDATE event SET payload = NULL
      WHERE number IN (SELECT value FROM ${each('numbers')}) AND payload IS NOT NULL`);
  }

  /** Deletes the payloads of events received before a moment; fewer if the ledger is closed meanwhile. */
  async forgetBefore(moment: number): Promise<{ readonly events: number; readonly clean: boolean }> {
    let events = 0;
    let took = 0;
    const last = this.#last();
    for (let after = 0; after < last; after += RANGE) {
      const old = this.#old.all({ after, moment });
      for (let place = 0; place < old.length; place += PAGE) {
        await wait(REST * took);
        if (!this.#connection.open) return { events, clean: false };
        const start = performance.now();
        events += await this.#forgetPayloads(old.slice(place, place + PAGE));
        took = performance.now() - start;
      }
      await yieldToEventLoop();
      if (!this.#connection.open) return { events, clean: false };
    }
    return { events, clean: events === 0 || (await this.#emptyLog()) };
  }

  /** Events whose payload mentions an address, escaped as in JSON or in a form. */
  async eventsAbout(email: string): Promise<readonly KeptEvent[]> {
    const found: KeptEvent[] = [];
    for await (const rows of pagesOf((page) => this.#events.page(page))) {
      for (const row of rows) if (mentions(row.payload, [email])) found.push(keptEvent(row));
    }
    return found;
  }

  /**
   * Erases people and deletes the payloads that mention them. `clean`: no byte of them is left in the files; false if a
   * reader keeps the log from being emptied.
   */
  async erase(who: { readonly email: string } | OrderName): Promise<Erasure> {
    const people = this.#people;
    const address = 'email' in who ? normalizeAddress(who.email) : undefined;
    const found = 'email' in who ? await people.whoHad(who.email) : people.ofOrder(who);
    const named = 'email' in who ? [who.email] : people.addressesOf(found);
    const texts = [...named, ...people.tracesOf(found)].filter((text) => text.length >= SHORTEST_TEXT);
    const order = 'email' in who ? undefined : who;
    const last = this.#last();
    // Payloads first: an erasure of an order that was cut off finds them again by the addresses, which go after them.
    let events = await this.#forgetMentions(texts, order, -1);
    let licenses = 0;
    let others = 0;
    for (let place = 0; place < found.length; place += PAGE) {
      const page = found.slice(place, place + PAGE);
      const selfService = this.#selfService;
      const tables = { people, customers: this.#customers, outbox: this.#outbox, selfService };
      const erased = await this.#write(() => erasePeople(tables, page, address, this.#now()));
      licenses += erased.licenses;
      others += erased.others;
    }
    if (address !== undefined) await this.#write(() => this.#selfService.forgetOf([], address));
    // What came meanwhile.
    events += await this.#forgetMentions(texts, order, last);
    return { licenses, events, others, clean: await this.#emptyLog() };
  }

  /** Of events after a number. `order`: its id counts only in events of its own market. */
  async #forgetMentions(
    texts: readonly string[],
    order: OrderName | undefined,
    after: number,
  ): Promise<number> {
    let events = 0;
    const ids = order !== undefined && order.order.length >= SHORTEST_TEXT ? [order.order] : [];
    if (texts.length + ids.length === 0) return events;
    const isMentioned = ({ payload, marketplace, mode }: LoadedEvent) =>
      mentions(payload, texts) ||
      (marketplace === order?.marketplace && mode === order.mode && mentions(payload, ids));
    for await (const rows of pagesOf((page) => this.#events.page(page), after)) {
      const page = rows.filter(isMentioned).map(({ number }) => number);
      if (page.length > 0) events += await this.#forgetPayloads(page);
    }
    return events;
  }

  #forgetPayloads(numbers: readonly number[]): Promise<number> {
    const list = { numbers: JSON.stringify(numbers) };
    return this.#write(() => this.#forget.run(list).changes);
  }

  /** The write-ahead log still holds the old pages. */
  async #emptyLog(): Promise<boolean> {
    for (let tries = 0; tries < TRIES; tries++) {
      if (emptyLog(this.#connection)) return true;
      await wait(WAIT_MILLISECONDS);
      if (!this.#connection.open) return false;
    }
    return false;
  }
}

/** The tables from which people are erased. */
export interface PeopleTables {
  readonly people: People;
  readonly customers: Customers;
  readonly outbox: Outbox;
  readonly selfService: SelfServiceActs;
}

/**
 * Erases customers, of an address or altogether, what they gave by themselves, and what waits to be sent to them. Inside a
 * transaction. `others`: licenses that still name another person.
 */
export function erasePeople(
  { people, customers, outbox, selfService }: PeopleTables,
  numbers: readonly number[],
  address: string | undefined,
  now: number,
): Pick<Erasure, 'licenses' | 'others'> {
  const erased = numbers.filter((number) => customers.erase(number, address));
  outbox.desk.dropOf(
    erased.filter((number) => !customers.isAddressed(number)),
    now,
  );
  selfService.forgetOf(erased, address);
  const others = people.licensesOf(erased.filter((number) => customers.isNamed(number))).length;
  return { licenses: people.licensesOf(erased).length, others };
}

/** Compares the payload after it undid the escapes of JSON (backslashes) and of forms (%). */
export function mentions(payload: string | null, texts: readonly string[]): boolean {
  if (payload === null) return false;
  const wanted = texts.map(normalizeAddress);
  const holds = (text: string) => {
    const normal = normalizeAddress(text);
    return wanted.some((each) => normal.includes(each));
  };
  const unescaped = payload.includes('\\') ? withoutBackslashes(payload) : payload;
  return holds(unescaped) || (unescaped.includes('%') && holds(percentDecoded(unescaped)));
}

/** As it was read: loose.ts stores no lone surrogate and no NUL. */
function withoutBackslashes(text: string): string {
  return text
    .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll('\\/', '/')
    .toWellFormed()
    .replaceAll('\0', '\uFFFD');
}

function percentDecoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}
