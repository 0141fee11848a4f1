/** Asks Gumroad's API whether what a ping claims is so: the sale, that it was paid, the charges of its subscription. */
import { addPeriod, dayOf } from '../../domain/values/day.ts';
import { type Loose, parseBody, recordOf, textOf } from '../loose.ts';
import type { Fetched } from '../marketplace.ts';
import { momentIn } from '../rfc3339.ts';
import { askList, askSale, type Failed, type GumroadApi, type Listed } from './api.ts';
import { is, keptOf } from './kept-sale.ts';
import { type Claim, idIn } from './ping.ts';

/** What is asked for, in words for `fetchLacking`. */
export function lackingOf(claim: Claim): string | undefined {
  switch (claim.about) {
    case 'sale':
      return JSON.stringify({ sale: claim.sale, gifter: claim.gifter });
    case 'subscription':
      return JSON.stringify({ subscription: claim.subscription, sales: claim.sales });
    case 'nothing':
      return undefined;
  }
}

/** Ten sales a page. */
const MOST_PAGES = 20;

/** What is on none of these pages may still be paid: nothing is decided. */
const CUT: Failed = {
  outcome: 'failed',
  answer: `The sale is not on the first ${MOST_PAGES} pages of Gumroad's list, and more follow: reconcile gumroad  reads all of them`,
};

/** Charges of a subscription that are looked up at either end of a ping's list: in which order it is, nobody says. */
const AT_EACH_END = 10;

export async function fetchLacking(lacking: string, api: GumroadApi, signal: AbortSignal): Promise<Fetched> {
  const { sale, gifter, subscription, sales } = recordOf(parseBody(lacking));
  const asking = new Asking(api, signal);
  const name = idIn(sale);
  const found =
    name === undefined
      ? await asking.subscription(textOf(subscription) ?? '', Array.isArray(sales) ? sales : [])
      : await asking.sale(name, textOf(gifter));
  return 'outcome' in found ? found : { outcome: 'fetched', text: JSON.stringify(found) };
}

/** What is kept beside the ping. */
interface FetchedSale {
  readonly sale: Loose;
  /** It is among what was paid. */
  readonly listed: boolean;
  /** The sale that paid for a gift. */
  readonly giver?: string;
}

interface FetchedSubscription extends FetchedSale {
  /** What was paid for it, the newest first. */
  readonly charges: readonly Loose[];
}

class Asking {
  readonly #api: GumroadApi;
  readonly #signal: AbortSignal;

  constructor(api: GumroadApi, signal: AbortSignal) {
    this.#api = api;
    this.#signal = signal;
  }

  async sale(id: string, gifter: string | undefined): Promise<FetchedSale | Failed> {
    const asked = await askSale(id, this.#api, this.#signal);
    if (asked.outcome !== 'found') return asked;
    const { sale } = asked;
    if (is(sale, 'is_gift_receiver_purchase')) return this.#gift(sale, gifter);
    const listed = await this.#paid(sale);
    if (listed.outcome !== 'listed') return listed;
    // The list is what was paid: its entry counts, where it is newer than the sale that was asked for before.
    const [entry] = listed.sales;
    return { sale: keptOf({ ...sale, ...entry }), listed: entry !== undefined };
  }

  /** The list has the giver's sale alone. */
  async #gift(sale: Loose, gifter: string | undefined): Promise<FetchedSale | Failed> {
    const receivers = [sale['purchase_email'], sale['email']].flatMap((email) => addressOf(email) ?? []);
    const isOfGift = (entry: Loose) =>
      is(entry, 'is_gift_sender_purchase') &&
      receivers.includes(addressOf(entry['giftee_email']) ?? '') &&
      textOf(entry['product_id']) === textOf(sale['product_id']);
    // What the ping says only shortens the search.
    const narrow = gifter === undefined ? {} : { email: gifter };
    const listed = await this.#list({ ...aroundOf(sale), ...narrow }, isOfGift, () => false);
    if (listed.outcome !== 'listed') return listed;
    if (listed.isCut && listed.sales.length === 0) return CUT;
    const [giver, other] = listed.sales.flatMap((entry) => textOf(entry['id']) ?? []);
    // Two gifts of one product for one person on one day: which is whose, nobody says.
    const isClear = giver !== undefined && other === undefined && !listed.isCut;
    return { sale: keptOf(sale), listed: giver !== undefined, ...(isClear && { giver }) };
  }

  /** The newest of the named sales that was paid; where none was, as in a test, the newest. */
  async subscription(id: string, sales: readonly unknown[]): Promise<FetchedSubscription | Failed> {
    const found: Loose[] = [];
    let failed: Failed = { outcome: 'refused', answer: 'the ping names no sale of the subscription' };
    for (const name of endsOf(sales.flatMap((one) => idIn(one) ?? []))) {
      const asked = await askSale(name, this.#api, this.#signal);
      if (asked.outcome === 'failed' || asked.outcome === 'target failed') return asked;
      if (asked.outcome !== 'found') failed = asked;
      else if (textOf(asked.sale['subscription_id']) === id) found.push(asked.sale);
    }
    found.sort((a, b) => (momentIn(b['created_at']) ?? 0) - (momentIn(a['created_at']) ?? 0));
    for (const sale of found) {
      const paid = await this.#paid(sale);
      if (paid.outcome !== 'listed') return paid;
      if (paid.sales.length > 0) return this.#charges(id, sale);
    }
    const [unpaid] = found;
    return unpaid === undefined ? failed : { sale: keptOf(unpaid), listed: false, charges: [] };
  }

  /** Charges under another address of the buyer may be missing; the newest one is there. */
  async #charges(id: string, sale: Loose): Promise<FetchedSubscription | Failed> {
    const email = textOf(sale['purchase_email']) ?? textOf(sale['email']);
    const product = textOf(sale['product_id']);
    const query = {
      ...(email !== undefined && { email }),
      ...(product !== undefined && { product_id: product }),
    };
    const isOfIt = (entry: Loose) =>
      textOf(entry['subscription_id']) === id && !is(entry, 'is_gift_sender_purchase');
    const listed = await this.#list(query, isOfIt, () => false);
    if (listed.outcome !== 'listed') return listed;
    const isOwn = (entry: Loose) => entry['id'] === sale['id'];
    const charges = [...listed.sales, ...(listed.sales.some(isOwn) ? [] : [sale])];
    return { sale: keptOf(sale), listed: true, charges: charges.map(keptOf) };
  }

  /** The sale, if it is among what was paid. */
  async #paid(sale: Loose): Promise<Listed | Failed> {
    const order = textOf(sale['order_id']);
    const listed = await this.#list(
      order === undefined ? aroundOf(sale) : { order_id: order },
      (entry) => textOf(entry['id']) === textOf(sale['id']),
      (found) => found.length > 0,
    );
    return listed.outcome === 'listed' && listed.isCut ? CUT : listed;
  }

  #list(
    query: Parameters<typeof askList>[0],
    isMeant: (sale: Loose) => boolean,
    isEnough: (found: readonly Loose[]) => boolean,
  ) {
    return askList(query, { api: this.#api, signal: this.#signal, pages: MOST_PAGES }, isMeant, isEnough);
  }
}

function endsOf(names: readonly string[]): readonly string[] {
  return [...new Set([...names.slice(0, AT_EACH_END), ...names.slice(-AT_EACH_END)])];
}

/** The sales of its product on its day and the days beside: in which zone a filter has its days is not documented. */
function aroundOf(sale: Loose): Readonly<Record<string, string>> {
  const product = textOf(sale['product_id']);
  const at = momentIn(sale['created_at']);
  return {
    ...(product !== undefined && { product_id: product }),
    ...(at !== undefined && {
      after: dayOf(at - 86_400_000),
      before: addPeriod(dayOf(at), 'P2D'),
    }),
  };
}

function addressOf(value: unknown): string | undefined {
  return textOf(value)?.toLowerCase();
}
