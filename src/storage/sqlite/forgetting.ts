/**
 * Forgetting payloads and erasing people. Both read and write a page at a time and let the event loop run in between, so
 * that no sale waits; each page's writes are an act of their own.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { normalizeAddress } from '../../domain/address.ts';
import type { KeptEvent } from '../../domain/event.ts';
import type { Erasure } from '../../domain/ledger.ts';
import { keptEvent } from '../record/mapping.ts';
import type { Connection } from './connection.ts';
import type { Customers } from './customers.ts';
import type { Events } from './events.ts';
import { emptyLog } from './log-file.ts';
import { breathe, pagesOf } from './pages.ts';
import type { People } from './people.ts';

/** Rows written in one act. */
const PAGE = 32;

/** Forgetting has no hurry: between two acts it rests so many times as long as the last one took. */
const REST = 19;

/** Events that SQLite looks at in one step: measured, less than a millisecond. */
const RANGE = 500;

/** How often the log is tried to be emptied while a reader holds it, and how long to wait in between. */
const TRIES = 10;
const WAIT_MILLISECONDS = 50;

/** Shorter texts occur in payloads by chance. */
const SHORTEST_NAME = 5;

export interface ForgetterParts {
  readonly events: Events;
  readonly people: People;
  readonly customers: Customers;
  /** Runs an act in a durable transaction. */
  readonly write: <T>(act: () => T) => Promise<T>;
}

export class Forgetter {
  readonly #connection: Connection;
  readonly #parts: ForgetterParts;
  readonly #last;
  readonly #old;
  readonly #forget;

  constructor(connection: Connection, parts: ForgetterParts) {
    this.#connection = connection;
    this.#parts = parts;
    this.#last = connection.prepare<[], number>('SELECT coalesce(max(number), 0) FROM event').pluck();
    this.#old = connection
      .prepare<[object], number>(`
        SELECT number FROM event
        WHERE number > $after AND number <= $after + ${RANGE} AND payload IS NOT NULL AND received_at < $moment`)
      .pluck();
    this.#forget = connection.prepare(
      'UPDATE event SET payload = NULL WHERE number IN (SELECT value FROM json_each(?)) AND payload IS NOT NULL',
    );
  }

  /** Payloads of events received before a moment; fewer where the ledger is closed meanwhile. */
  async forgetBefore(moment: number): Promise<{ readonly events: number; readonly clean: boolean }> {
    let events = 0;
    let took = 0;
    const last = this.#last.get() ?? 0;
    for (let after = 0; after < last; after += RANGE) {
      const old = this.#old.all({ after, moment });
      for (let place = 0; place < old.length; place += PAGE) {
        await wait(REST * took);
        if (!this.#connection.open) return { events, clean: false };
        const start = performance.now();
        events += await this.#forgetPayloads(old.slice(place, place + PAGE));
        took = performance.now() - start;
      }
      await breathe();
      if (!this.#connection.open) return { events, clean: false };
    }
    return { events, clean: events === 0 || (await this.#emptyLog()) };
  }

  /** Events whose payload mentions an address, however JSON or a form writes it. */
  async eventsAbout(email: string): Promise<readonly KeptEvent[]> {
    const found: KeptEvent[] = [];
    for await (const rows of pagesOf((after, limit) => this.#parts.events.page(after, limit))) {
      for (const row of rows) if (mentions(row.payload, [email])) found.push(keptEvent(row));
    }
    return found;
  }

  /**
   * Removes the people, and the payloads that mention them. `clean`: no byte of them is left in the files; false where
   * somebody who reads the ledger keeps its log from being emptied.
   */
  async erase(who: { readonly email: string } | { readonly order: string }): Promise<Erasure> {
    const { people, customers, write } = this.#parts;
    const address = 'email' in who ? normalizeAddress(who.email) : undefined;
    const found = 'email' in who ? await people.whoHad(who.email) : people.ofOrder(who.order);
    const named = 'email' in who ? [who.email] : [who.order, ...people.addressesOf(found)];
    const texts = [...named, ...people.tracesOf(found)];
    let licenses = 0;
    let others = 0;
    for (let place = 0; place < found.length; place += PAGE) {
      const page = found.slice(place, place + PAGE);
      licenses += await write(() => {
        const erased = page.filter((number) => customers.erase(number, address));
        others += people.licensesOf(erased.filter((number) => customers.isNamed(number))).length;
        return people.licensesOf(erased).length;
      });
    }
    const events = await this.#forgetMentions(texts.filter((text) => text.length >= SHORTEST_NAME));
    return { licenses, events, others, clean: await this.#emptyLog() };
  }

  async #forgetMentions(texts: readonly string[]): Promise<number> {
    let events = 0;
    if (texts.length === 0) return events;
    for await (const rows of pagesOf((after, limit) => this.#parts.events.page(after, limit))) {
      const page = rows.filter(({ payload }) => mentions(payload, texts)).map(({ number }) => number);
      if (page.length > 0) events += await this.#forgetPayloads(page);
    }
    return events;
  }

  #forgetPayloads(numbers: readonly number[]): Promise<number> {
    const list = JSON.stringify(numbers);
    return this.#parts.write(() => this.#forget.run(list).changes);
  }

  /** The write-ahead log still holds the pages of before. */
  async #emptyLog(): Promise<boolean> {
    for (let tries = 0; tries < TRIES; tries++) {
      if (emptyLog(this.#connection)) return true;
      await wait(WAIT_MILLISECONDS);
      if (!this.#connection.open) return false;
    }
    return false;
  }
}

/** A form escapes with % and JSON with backslashes: whatever was escaped is read back before it is compared. */
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

function withoutBackslashes(text: string): string {
  return text
    .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll('\\/', '/');
}

function percentDecoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}
