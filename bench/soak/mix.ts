/** The requests of a soak: all kinds of calls in fixed shares, each reply checked. */
import type { Reply } from '../connection.ts';
import { deliveryOf, orderCompleted, orderReturned } from '../events.ts';
import { BENCH_PRODUCT, orderName } from '../orders.ts';
import type { Asked } from './pace.ts';
import type { OrderStock, SignedOrder } from './signer.ts';

export type Call = 'order' | 'repeat' | 'delivery' | 'refresh' | 'list';

/** Out of twenty requests, spread so that no two expensive requests follow each other. */
export const SHARES: Readonly<Record<Call, number>> = {
  order: 5,
  repeat: 6,
  delivery: 2,
  refresh: 5,
  list: 2,
};
const ROUND = 20;
/** Coprime to ROUND, so that it visits each place once. */
const STRIDE = 7;

/** Events per delivery, and deliveries per delivery that also refunds an order. */
export const EVENTS = 5;
const DELIVERIES_TO_A_RETURN = 50;
/** So many deliveries later a delivery is answered: fewer are under way at the same time. */
const ANSWERED = 100;

/** Programs refresh licenses from before the soak, from as many addresses: far below the limits of both. */
export const OLD_ORDERS = 2000;
const ADDRESSES = 4096;
/** The number of orders that the next repeats choose from: a marketplace retries soon. */
const RECENT_ORDERS = 1000;

const CODE = /^[0-9A-HJKMNP-TV-Z]{160}$/m;

interface Known {
  readonly request: Buffer;
  readonly body: string;
  readonly code: string;
}

export class Mix {
  readonly #stock: OrderStock;
  readonly #old: Known[] = [];
  readonly #recent: Known[] = [];
  readonly #calls = spread();
  /** The code of each order that got a 200. */
  readonly answered = new Map<string, string>();
  /** Events that got a 200. */
  events = 0;
  /** Orders whose money went back, by an event that got a 200. */
  returned = 0;
  /** Orders that could not be signed in time; a repeat was sent instead. */
  unsigned = 0;
  #requests = 0;
  #bought = 0;
  #deliveries = 0;
  #repeats = 0;
  #refreshes = 0;

  constructor(stock: OrderStock) {
    this.#stock = stock;
  }

  /** A new order, for licenses from before the soak. */
  nextOld(): Asked {
    const order = this.#stock.take();
    if (order === undefined) throw new TypeError('no order is signed');
    return this.#order(order, (known) => this.#old.push(known));
  }

  /** A large delivery, to make the ledger larger than the service's page cache. */
  nextFilling(count: number): Asked {
    return this.#delivery(count, true);
  }

  next(): Asked {
    switch (this.#calls[this.#requests++ % ROUND]) {
      case 'order':
        return this.#newOrder();
      case 'delivery':
        return this.#delivery(EVENTS, this.#deliveries % DELIVERIES_TO_A_RETURN === 0);
      case 'refresh':
        return this.#refresh();
      case 'list':
        return LIST;
      default:
        return this.#repeat();
    }
  }

  #newOrder(): Asked {
    const order = this.#stock.take();
    if (order !== undefined) return this.#order(order, (known) => this.#remember(known));
    this.unsigned++;
    return this.#repeat();
  }

  #order({ index, request }: SignedOrder, remember: (known: Known) => void): Asked {
    const check = (reply: Reply) => {
      const { body } = requireOk(reply);
      const code = CODE.exec(body)?.[0];
      if (code === undefined) throw new Error(`there is no code in the reply:\n${body}`);
      this.answered.set(orderName(index), code);
      remember({ request, body, code });
    };
    return { request, check };
  }

  #remember(known: Known): void {
    this.#recent[this.#bought++ % RECENT_ORDERS] = known;
  }

  #refresh(): Asked {
    const number = this.#refreshes++;
    return refreshOf(this.#pick(this.#old, number), number);
  }

  #repeat(): Asked {
    const number = this.#repeats++;
    const { request, body } = this.#pick(
      number % 2 === 0 || this.#recent.length === 0 ? this.#old : this.#recent,
      number,
    );
    const check = (reply: Reply) => {
      if (requireOk(reply).body !== body) throw new Error('a repeat got another reply');
    };
    return { request, check };
  }

  #delivery(count: number, returns: boolean): Asked {
    const number = this.#deliveries++;
    const events = Array.from({ length: count }, (_, place) => orderCompleted(`soak-${number}-${place}`));
    const isReturn = returns && number >= ANSWERED;
    if (isReturn) events.push(orderReturned(`soak-${number - ANSWERED}-0`));
    const check = (reply: Reply) => {
      if (requireOk(reply).body !== 'done\n') throw new Error(`the events are not all done:\n${reply.body}`);
      this.events += events.length;
      if (isReturn) this.returned += 1;
    };
    return { request: deliveryOf(events), check };
  }

  /** Far from the previous order, so that the ledger's cache does not have it. */
  #pick(list: readonly Known[], number: number): Known {
    const known = list[(number * 7919) % list.length];
    if (known === undefined) throw new TypeError('no order was answered yet');
    return known;
  }
}

const LIST: Asked = {
  request: Buffer.from(`GET /v1/revocations/${BENCH_PRODUCT} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`),
  check: (reply) => {
    if (requireOk(reply).body.split('.').length !== 3) throw new Error(`this is no list: ${reply.body}`);
  },
};

function refreshOf({ code }: Known, number: number): Asked {
  const address = number % ADDRESSES;
  const request = Buffer.from(
    `POST /v1/licenses/refresh HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n` +
      `X-Forwarded-For: 198.18.${address >> 8}.${address & 255}\r\nContent-Length: ${code.length}\r\n\r\n${code}`,
  );
  const check = (reply: Reply) => {
    const answer: { changed: boolean; code: string } = JSON.parse(requireOk(reply).body);
    if (answer.changed || answer.code !== code) throw new Error(`a refresh gave another code: ${reply.body}`);
  };
  return { request, check };
}

function requireOk(reply: Reply): Reply {
  if (reply.status !== 200) throw new Error(`the answer is ${reply.status}: ${reply.body}`);
  return reply;
}

function spread(): readonly Call[] {
  const calls = Object.entries(SHARES).flatMap(([call, share]) => Array<Call>(share).fill(call as Call));
  return calls.map((_, place) => calls[(place * STRIDE) % ROUND] ?? 'repeat');
}
