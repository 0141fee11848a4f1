/** Sales whose lines nobody can fetch: kept, undelivered and flagged with what to set; a replay fetches them once a key is set. */
import test from 'ava';
import { replayEvents } from '../../../src/domain/desk/events.ts';
import { readAgain } from '../../../src/marketplaces/stripe/events.ts';
import { signatureOf } from '../../../src/marketplaces/stripe/simulator.ts';
import { openParts } from '../../../src/service/open.ts';
import { startService } from '../../../src/service/service.ts';
import { makeHome } from '../../kit/service.ts';
import { bought, once } from '../../kit/stripe.ts';

const SECRET = 'whsec_of_a_test';
const TOOL =
  '---\nname: Tool\nterm: perpetual\nmarketplaces: { stripe: { product: price_Tool } }\n---\n{% for code in codes %}\n\n{{ code }}\n\n{% endfor %}\n';

test('without an API key the order is kept, undelivered and flagged; with one, a replay asks for its lines', async (t) => {
  const home = makeHome(t, { products: { tool: TOOL }, env: { STRIPE_WEBHOOK_SECRETS: SECRET } });
  home.clock.now = Date.UTC(2026, 0, 10, 13);
  const { config, log, clock } = home;
  const now = () => clock.now;
  const service = await startService(config, { log, now });
  const { payload } = bought('2026-01-10', [once()], { payment: 'pi_1' });
  const headers = {
    'Content-Type': 'application/json',
    'Stripe-Signature': signatureOf(payload, SECRET, now()),
  };
  const { status } = await fetch(`${service.url}/webhooks/stripe`, {
    method: 'POST',
    headers,
    body: payload,
  });
  t.is(status, 200);
  await service.stop();

  const { ledger } = await openParts(config, { modesNeeded: ['live'], now });
  const [order] = await ledger.listOrders({ undelivered: true, limit: 10, now: now() + 7_200_000 });
  t.like(order, { order: 'cs_1', missing: 1 });
  t.is((await ledger.countUndelivered(now() + 7_200_000)).undelivered, 1);
  const [flag] = await ledger.findFlags({ settled: false, limit: 10 });
  t.regex(flag?.reason ?? '', /Order cs_1 is sold and has no license.* Set STRIPE_API_KEY/);
  t.deepEqual(await ledger.outbox.list({ channel: 'complete', limit: 10 }), []);
  await ledger.close();

  const again = makeHome(t, {
    products: { tool: TOOL },
    env: { STRIPE_WEBHOOK_SECRETS: SECRET, STRIPE_API_KEY: 'rk_live_of_a_test' },
  });
  const accounts = again.config.accounts;
  const keyed = await openParts({ ...config, accounts }, { modesNeeded: ['live'], now });
  t.teardown(() => keyed.ledger.close());
  await replayEvents(keyed, { id: JSON.parse(payload).id }, (event) =>
    readAgain(event.payload, event.mode, keyed.catalog.all()).read(),
  );
  t.is((await keyed.ledger.outbox.list({ channel: 'complete', limit: 10 })).length, 1);
});
