/** A customer's whole life with Lemon Squeezy: events in, further items from the API, codes by mail, the reader takes them. */
import test from 'ava';
import { signatureOf } from '../../../src/marketplaces/lemon-squeezy/authenticity.ts';
import { fetchItems } from '../../../src/marketplaces/lemon-squeezy/fetch-items.ts';
import { orderItem } from '../../../src/marketplaces/lemon-squeezy/shapes.ts';
import { app, billed, ordered, stated, tool } from '../../kit/lemon-squeezy.ts';
import { storeApi } from '../../kit/store-api.ts';
import { liveThrough } from '../../kit/store-life.ts';

const SECRET = 'a signing secret of a test';
const KEY = 'an API key of a test';

test('bought, renewed, refunded, ended: each code comes by mail and is valid; further items come by the API', async (t) => {
  // It fails at first: what the event shows does not wait for it.
  const { url, asked } = await storeApi(t, (_, place) =>
    place === 0 ? { status: 500, json: {} } : { json: { data: [orderItem(app(), 1), orderItem(tool(), 1)] } },
  );
  const store = {
    marketplace: 'lemon-squeezy',
    env: { LEMON_SQUEEZY_WEBHOOK_SECRETS: SECRET, LEMON_SQUEEZY_API_KEY: KEY },
    app: 'variant: "101"',
    tool: 'variant: "301"',
    fetch: (order: string, _: unknown, signal: AbortSignal) => fetchItems(order, { key: KEY, url }, signal),
    headersOf: (payload: string) => ({ 'X-Signature': signatureOf(payload, SECRET) }),
  };
  await liveThrough(t, store, {
    order: '1',
    bought: [
      ordered('2026-01-10', { items: [app(), tool()] }),
      stated('created', '2026-01-10', { renews: '2026-02-10' }),
      billed('2026-01-10', { reason: 'initial' }),
    ],
    renewed: [billed('2026-02-10'), stated('updated', '2026-02-10', { renews: '2026-03-10' })],
    refunded: [billed('2026-02-10', { status: 'refunded', refunded: 2000 }, 'refunded')],
    ended: [stated('expired', '2026-02-20', { status: 'expired', ends: '2026-02-20' })],
  });
  t.is(asked.length, 2);
});
