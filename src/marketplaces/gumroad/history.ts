/**
 * What was paid at Gumroad, as its API lists it now (GET /v2/sales): tests and gifts' receivers are not in it. Old sales are
 * read again, because a refund or dispute changes them.
 */
import { dayOf } from '../../domain/day.ts';
import type { ListedSubscription } from '../../domain/desk/listed-subscription.ts';
import type { HistoryPage } from '../../domain/desk/reconcile.ts';
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

export async function* readHistory(api: GumroadApi, wanted: WantedHistory): AsyncGenerator<HistoryPage> {
  if (wanted.mode === 'test') return;
  const after = dayOf(wanted.since - BACK_MILLISECONDS);
  const seen = new Set<string>();
  const pages = new SeenPages();
  for (let key: string | undefined; ; ) {
    const query = { after, ...(key !== undefined && { page_key: key }) };
    const asked = await askPatiently(callOf(api, 'sales', query), wanted);
    if (asked.outcome === 'stopped') return yield asked;
    const page = pageOf(asked.json);
    if (page === undefined) return yield { outcome: 'stopped', answer: 'no list of sales came' };
    if (pages.isRepeat(page.sales)) return yield { outcome: 'stopped', answer: 'a page of sales came again' };
    const sales = page.sales.filter((sale) => idIn(sale['id']) !== undefined);
    yield {
      outcome: 'read',
      payloads: sales.map((sale) => payloadOf({ listed: keptOf(sale) }, wanted)),
      subscriptions: sales.flatMap((sale) => subscriptionIn(sale, seen, wanted)),
    };
    if (page.next === undefined) return;
    if (page.next === key)
      return yield { outcome: 'stopped', answer: 'the list of sales names its own page as the next' };
    key = page.next;
  }
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
