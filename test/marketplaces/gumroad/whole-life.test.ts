/** A customer's whole life with Gumroad: pings in, confirmed by the API, codes by mail, the reader takes them. */
import test from 'ava';
import { fetchLacking } from '../../../src/marketplaces/gumroad/fetching.ts';
import { bodyOf, salePing, subscriptionPing } from '../../../src/marketplaces/gumroad/shapes.ts';
import type { Loose } from '../../../src/marketplaces/loose.ts';
import { bought, charged, GumroadSales, renewed } from '../../kit/gumroad.ts';
import { storeApi } from '../../kit/store-api.ts';
import { liveThrough } from '../../kit/store-life.ts';

const SECRET = 'the-secret-address-of-a-test';
const KEY = 'an access token of a test';

test('bought, renewed, refunded, ended: each code comes by mail once the API confirms it, and is valid', async (t) => {
  const sales = new GumroadSales();
  // It fails at first: the license waits, and comes.
  const { url, asked } = await storeApi(t, (call, place) =>
    place === 0 ? { status: 500, json: {} } : sales.answer(call),
  );
  const [plan, tool, renewal] = [charged('2026-01-10'), bought('2026-01-10'), renewed('2026-02-10')];
  const refund = { ...renewal, refunded: true };
  /** The API has what happened, and then the ping comes. */
  const told = (day: string, ping: Loose, happens: () => unknown) => ({
    day,
    get payload() {
      happens();
      return bodyOf(ping);
    },
  });
  const isOver = () => sales.state('M==', { cancelled: true, dead: true });
  const store = {
    marketplace: 'gumroad',
    path: `gumroad/${SECRET}`,
    mediaType: 'application/x-www-form-urlencoded',
    env: { GUMROAD_PING_SECRETS: SECRET, GUMROAD_ACCESS_TOKEN: KEY },
    app: 'product: app==',
    tool: 'product: tool==',
    fetch: (lacking: string, _: unknown, signal: AbortSignal) =>
      fetchLacking(lacking, { key: KEY, url }, signal),
  };
  await liveThrough(t, store, {
    order: 'M-2026-01-10',
    toolOrder: 'S1==',
    bought: [
      told('2026-01-10', salePing('sale', plan), () => sales.put(plan)),
      told('2026-01-10', salePing('sale', tool), () => sales.put(tool)),
    ],
    renewed: [told('2026-02-10', salePing('sale', renewal), () => sales.put(renewal))],
    refunded: [told('2026-02-12', salePing('refund', refund), () => sales.put(refund))],
    ended: [told('2026-02-20', subscriptionPing('subscription_ended', [renewal, plan]), isOver)],
  });
  t.true(asked.length > 8);
});
