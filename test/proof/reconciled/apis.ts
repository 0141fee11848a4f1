/** The marketplaces' APIs as one local server: what the shop told by a moment, in pages, with limits in between. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Event } from '../../shop/call.ts';
import type { Told } from '../../shop/story-check.ts';
import type { ShopName } from '../../shop/truth.ts';

/** Every so many requests one is refused, as each marketplace does for too many. */
const BUSY_EVERY = 5;
const PAGE_SIZE = 3;

type Json = Readonly<Record<string, unknown>>;
type Answer = (url: URL, body: string) => Json;

interface Content {
  readonly wire: Told['wire'];
  /** All events so far, the oldest first. */
  readonly events: readonly Event[];
  /** Those that did not arrive. */
  readonly lost: readonly Event[];
}

export class Apis {
  readonly #server;
  #answer: Answer = () => ({});
  #busy = 429;
  #asked = 0;

  constructor() {
    this.#server = createServer(async (request, response: ServerResponse) => {
      const body = await text(request);
      this.#asked += 1;
      const isBusy = this.#asked % BUSY_EVERY === 0;
      const json = isBusy ? {} : this.#answer(new URL(request.url ?? '', 'http://api'), body);
      response
        .writeHead(isBusy ? this.#busy : 200, { 'Content-Type': 'application/json' })
        .end(JSON.stringify(json));
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What is answered from now on. */
  has(shop: ShopName, content: Content): void {
    // FastSpring says 404.
    this.#busy = shop === 'fastspring' ? 404 : 429;
    this.#answer = ANSWERS[shop](content);
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

const ANSWERS: Readonly<Record<ShopName, (content: Content) => Answer>> = {
  fastspring: undelivered,
  'paddle-classic': alerts,
  'paddle-billing': (content) => {
    const newest = bodiesOf(content).reverse();
    return ({ searchParams }) => {
      const { data, more } = pageAfter(newest, 'event_id', searchParams.get('after'));
      return { data, meta: { pagination: { has_more: more, next: 'always there' } } };
    };
  },
  stripe: (content) => {
    const newest = bodiesOf(content).reverse();
    return ({ searchParams }) => {
      const { data, more } = pageAfter(newest, 'id', searchParams.get('starting_after'));
      return { object: 'list', data, has_more: more };
    };
  },
  'lemon-squeezy': objects,
  gumroad: sales,
};

/** The events as they were posted, one by one. */
function bodiesOf({ wire, events }: Content): Json[] {
  return events.map((event) => JSON.parse(wire.tell([event], new Map(), event.at).body) as Json);
}

function pageAfter(list: readonly Json[], id: string, after: string | null) {
  const start = after === null ? 0 : list.findIndex((entry) => entry[id] === after) + 1;
  return { data: list.slice(start, start + PAGE_SIZE), more: start + PAGE_SIZE < list.length };
}

/** What is marked as processed leaves the list. */
function undelivered({ wire, lost }: Content): Answer {
  const waiting = new Map(
    lost.map((event) => {
      const { events } = JSON.parse(wire.tell([event], new Map(), event.at).body) as { events: Json[] };
      return [event.id, events[0]] as const;
    }),
  );
  return ({ pathname }, body) => {
    if (pathname.startsWith('/orders')) return { orders: [] };
    if (pathname.startsWith('/subscriptions')) return { subscriptions: [] };
    const id = /^\/events\/(?!unprocessed)(.+)$/.exec(pathname)?.[1];
    if (id !== undefined && body !== '') waiting.delete(decodeURIComponent(id));
    const events = [...waiting.values()].slice(0, PAGE_SIZE);
    return { events, more: waiting.size > PAGE_SIZE };
  };
}

function alerts({ wire, events }: Content): Answer {
  const all = events.map((event) => {
    const { p_signature, alert_id, alert_name, ...fields } = Object.fromEntries(
      new URLSearchParams(wire.tell([event], new Map(), event.at).body),
    );
    return { id: alert_id, alert_name, created_at: fields['event_time'] ?? '', status: 'success', fields };
  });
  return ({ pathname }, body) => {
    if (pathname.endsWith('/transactions')) return { success: true, response: [] };
    const form = new URLSearchParams(body);
    const [head, tail] = [form.get('query_head') ?? '', form.get('query_tail') ?? ''];
    const within = all.filter(({ created_at }) => created_at > tail && created_at < head);
    const start = (Number(form.get('page')) - 1) * PAGE_SIZE;
    const total_pages = Math.max(1, Math.ceil(within.length / PAGE_SIZE));
    return { success: true, response: { total_pages, data: within.slice(start, start + PAGE_SIZE) } };
  };
}

/** Each object as it was told last: its history is not kept. */
function objects(content: Content): Answer {
  const known = new Map<string, Json & { readonly type: string }>();
  for (const { data } of bodiesOf(content) as unknown as { data: Json & { type: string } }[]) {
    known.set(`${data.type} ${data['id']}`, data);
  }
  return ({ pathname, searchParams }) => {
    const all = [...known.values()].filter(({ type }) => pathname === `/${type}`);
    const page = Number(searchParams.get('page[number]'));
    const data = all.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
    return { data, meta: { page: { currentPage: page, lastPage: Math.ceil(all.length / PAGE_SIZE) } } };
  };
}

/** Each sale as it was listed last, the newest first. */
function sales({ events }: Content): Answer {
  const known = new Map<unknown, Json>();
  for (const { data } of events) for (const sale of data['listed'] as Json[]) known.set(sale['id'], sale);
  const newest = [...known.values()].sort((a, b) =>
    String(a['created_at']) < String(b['created_at']) ? 1 : -1,
  );
  return ({ searchParams }) => {
    const { data, more } = pageAfter(newest, 'id', searchParams.get('page_key'));
    return { success: true, sales: data, ...(more && { next_page_key: data.at(-1)?.['id'] }) };
  };
}
