/**
 * What was paid at Gumroad, as its API lists it now (GET /v2/sales): tests and gifts' receivers are not in it. Old sales are
 * read again, because a refund or dispute changes them.
 */
import type { ListedSubscription } from '../../domain/desk/listed-subscription.ts';
import type { HistoryPage } from '../../domain/desk/reconcile.ts';
import { dayOf } from '../../domain/values/day.ts';
import { askPatiently } from '../api.ts';
import { booleanOf, type Loose, textOf } from '../loose.ts';
import type { WantedHistory } from '../marketplace.ts';
import { momentIn } from '../rfc3339.ts';
import { SeenPages } from '../seen-pages.ts';
import { callOf, type GumroadApi, pageOf } from './api.ts';
import { is, keptOf, optionsOf } from './kept-sale.ts';
import { endOf, isMembership, subscriptionOf } from './periods.ts';
import { idIn } from './ping.ts';
import { lineOf } from './product-keys.ts';

/** Within which a bank takes a payment back. */
const BACK_MILLISECONDS = 120 * 86_400_000;

/** A stop ends it: what was held back until then is told all the same. */
export async function* readHistory(api: GumroadApi, wanted: WantedHistory): AsyncGenerator<HistoryPage> {
  if (wanted.mode === 'test') return;
  const seen = new Set<string>();
  const held: Entry[] = [];
  for await (const sales of readSales(api, wanted)) {
    if ('outcome' in sales) {
      yield pageWith(held);
      return yield sales;
    }
    const entries = sales.map((sale) => entryOf(sale, seen, wanted));
    held.unshift(...entries.filter(({ isHeld }) => isHeld).toReversed());
    yield pageWith(entries.filter(({ isHeld }) => !isHeld));
  }
  yield pageWith(held);
}

async function* readSales(
  api: GumroadApi,
  wanted: WantedHistory,
): AsyncGenerator<readonly Loose[] | Stopped> {
  const after = dayOf(wanted.since - BACK_MILLISECONDS);
  const pages = new SeenPages();
  for (let key: string | undefined; ; ) {
    const query = { after, ...(key !== undefined && { page_key: key }) };
    const asked = await askPatiently(callOf(api, 'sales', query), wanted);
    if (asked.outcome === 'stopped') return yield asked;
    const page = pageOf(asked.json);
    if (page === undefined) return yield { outcome: 'stopped', answer: 'no list of sales came' };
    if (pages.isRepeat(page.sales)) return yield { outcome: 'stopped', answer: 'a page of sales came again' };
    yield page.sales.filter((sale) => idIn(sale['id']) !== undefined);
    if (page.next === undefined) return;
    if (page.next === key)
      return yield { outcome: 'stopped', answer: 'the list of sales names its own page as the next' };
    key = page.next;
  }
}

type Stopped = Extract<HistoryPage, { outcome: 'stopped' }>;

interface Entry {
  readonly payload: string;
  readonly subscriptions: readonly ListedSubscription[];
  /**
   * It is of a subscription. The list has the newest first, and a charge before the sale that began its subscription would
   * be taken for one from before there was Mintmark: so these come last, the oldest first.
   */
  readonly isHeld: boolean;
}

function entryOf(sale: Loose, seen: Set<string>, wanted: WantedHistory): Entry {
  return {
    payload: payloadOf({ listed: keptOf(sale) }, wanted),
    subscriptions: subscriptionIn(sale, seen, wanted),
    isHeld: subscriptionOf(sale) !== undefined,
  };
}

function pageWith(entries: readonly Entry[]): HistoryPage {
  return {
    outcome: 'read',
    payloads: entries.map(({ payload }) => payload),
    subscriptions: entries.flatMap(({ subscriptions }) => subscriptions),
  };
}

function payloadOf(told: object, { now }: WantedHistory): string {
  return JSON.stringify({ received: now, ...told });
}

/** Of the newest charge, which comes first: each shows what its subscription is now. */
function subscriptionIn(sale: Loose, seen: Set<string>, wanted: WantedHistory): ListedSubscription[] {
  const subscription = subscriptionOf(sale);
  const soldAt = momentIn(sale['created_at']);
  if (subscription === undefined || soldAt === undefined || !isMembership(sale)) return [];
  if (is(sale, 'is_gift_sender_purchase') || seen.size === seen.add(subscription).size) return [];
  const known = { subscription, at: soldAt, isSold: isSold(sale, wanted.products) };
  const payload = payloadOf({ listed: keptOf(sale), isState: true }, wanted);
  if (is(sale, 'dead') || is(sale, 'cancelled')) return [{ ...known, standing: 'ending', payload }];
  const isBack = ['refunded', 'disputed', 'chargedback'].some((name) => is(sale, name));
  const isStated = booleanOf(sale['dead']) === false && booleanOf(sale['cancelled']) === false;
  const until = endOf({ sale, soldAt });
  const isRunning = isStated && !isBack && until !== undefined && until >= dayOf(wanted.now);
  return isRunning ? [{ ...known, standing: 'running', until, payload }] : [];
}

function isSold(sale: Loose, products: readonly string[]): boolean {
  const names = [textOf(sale['product_id']), textOf(sale['product_permalink'])].filter(
    (name) => name !== undefined,
  );
  const options = optionsOf(sale);
  return names.some((name) =>
    [name, ...options.map((option) => lineOf(name, [option]))].some((one) => products.includes(one)),
  );
}
