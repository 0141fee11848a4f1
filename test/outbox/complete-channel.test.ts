/** Sales whose events lack the customer: the license at once, the customer by the outbox, and only then the mail. */
import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { noteMailed } from '../../src/domain/desk/mailed.ts';
import type { Ledger } from '../../src/domain/ledger.ts';
import { shownFacts } from '../../src/domain/requests/claim.ts';
import type { Announcement } from '../../src/domain/values/announcement.ts';
import type { Fetched } from '../../src/marketplaces/marketplace.ts';
import { paddleBilling } from '../../src/marketplaces/paddle-billing/paddle-billing.ts';
import { signatureOf } from '../../src/marketplaces/paddle-billing/simulator.ts';
import { createCompleteChannel } from '../../src/outbox/complete-channel.ts';
import { openLedger, openParts } from '../../src/service/open.ts';
import { startService } from '../../src/service/service.ts';
import { announcing } from '../kit/announcing.ts';
import { adjusted, completed, once, type Told } from '../kit/paddle-billing.ts';
import { makeHome } from '../kit/service.ts';

const SECRET = 'pdl_ntfset_of_a_test';
const ADA: Fetched = {
  outcome: 'fetched',
  text: JSON.stringify({ data: { id: 'ctm_1', name: 'Ada', email: 'ada@example.com' } }),
};
const TOOL =
  '---\nname: Tool\nterm: perpetual\nmarketplaces: { paddle-billing: { product: pri_tool } }\n---\n{% for code in codes %}\n\n{{ code }}\n\n{% endfor %}\n';

/** Paddle's own events have no customer. */
const without = ({ payload }: Told) => {
  const event = JSON.parse(payload);
  return JSON.stringify({ ...event, data: { ...event.data, customer: undefined } });
};

/** A service that is told of sales, and an outbox that a test empties by hand. */
async function openShop(t: ExecutionContext, env: Readonly<Record<string, string>> = {}) {
  const given = {
    PADDLE_BILLING_WEBHOOK_SECRETS: SECRET,
    PADDLE_BILLING_API_KEY: 'an API key of a test',
    ...env,
  };
  const home = makeHome(t, { products: { tool: TOOL }, env: given });
  home.clock.now = Date.UTC(2026, 0, 10, 13);
  const { config, log, clock } = home;
  const now = () => clock.now;
  const announce = announcing({ webhooks: [] });
  const service = await startService(config, { log, now, outbox: { announce, channels: [] } });
  const deliver = async (body: string) => {
    const headers = {
      'Content-Type': 'application/json',
      'Paddle-Signature': signatureOf(body, SECRET, now()),
    };
    const { status } = await fetch(`${service.url}/webhooks/paddle-billing`, {
      method: 'POST',
      headers,
      body,
    });
    return status;
  };
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= service.stop();
    return stopped;
  };
  t.teardown(stop);
  const products = (await loadCatalog(config.productsDir)).all();
  return { config, now, announce, deliver, stop, products };
}

type Shop = Awaited<ReturnType<typeof openShop>>;

/** The ledger of a shop whose service stopped, and the channel over it. */
async function openOutbox(t: ExecutionContext, shop: Shop, fetch: () => Promise<Fetched>) {
  await shop.stop();
  const { config, now, announce, products } = shop;
  const { ledger } = await openParts(config, { modesNeeded: ['live'], announce, now });
  t.teardown(() => ledger.close());
  const accounts = [{ marketplace: 'paddle-billing', fetch }];
  const channel = createCompleteChannel({ ledger, marketplaces: [paddleBilling], accounts, products, now });
  const list = async (name: 'complete' | 'mail') =>
    (await ledger.outbox.list({ channel: name, limit: 10 })).map(({ topic }) => topic).sort();
  const send = async () => {
    const [waiting] = await ledger.outbox.list({ channel: 'complete', limit: 10 });
    if (waiting === undefined) throw new Error('nothing waits');
    return channel.send(waiting satisfies Announcement, new AbortController().signal);
  };
  const customer = async () => {
    const [license] = await ledger.find({ by: 'order', order: 'txn_1' });
    return license?.customer.email;
  };
  return { ledger, list, send, customer };
}

const sale = () => without(completed('2026-01-10', [once()]));

test('a sale is licensed at once; the mail is announced once its customer is fetched', async (t) => {
  const shop = await openShop(t);
  const body = sale();
  t.is(await shop.deliver(body), 200);
  t.is(await shop.deliver(body), 200, 'a repeat announces nothing further');
  const { ledger, list, send, customer } = await openOutbox(t, shop, async () => ADA);
  t.is((await ledger.find({ by: 'order', order: 'txn_1' })).length, 1);
  t.deepEqual([await list('complete'), await list('mail')], [[JSON.parse(body).event_id], []]);
  t.like(await send(), { outcome: 'sent' });
  t.is(await customer(), 'ada@example.com');
  t.deepEqual(await list('mail'), ['sold']);
  t.like(await send(), { outcome: 'sent' }, 'once more after a crash');
  t.deepEqual(await list('mail'), ['sold']);
});

test('an API that fails only delays the mail', async (t) => {
  const shop = await openShop(t);
  await shop.deliver(sale());
  const answers: Fetched[] = [{ outcome: 'failed', answer: '503', pause: 5000 }, ADA];
  const { list, send, customer } = await openOutbox(t, shop, async () => answers.shift() ?? ADA);
  t.deepEqual(await send(), { outcome: 'failed', answer: '503', notBefore: shop.now() + 5000 });
  t.deepEqual([await customer(), await list('mail')], [undefined, []]);
  t.like(await send(), { outcome: 'sent' });
  t.deepEqual([await customer(), await list('mail')], ['ada@example.com', ['sold']]);
});

test('a sale that was refunded meanwhile is not mailed', async (t) => {
  const shop = await openShop(t);
  await shop.deliver(sale());
  await shop.deliver(adjusted('2026-01-10').payload);
  const { list, send } = await openOutbox(t, shop, async () => ADA);
  t.like(await send(), { outcome: 'sent' });
  t.deepEqual(await list('mail'), []);
});

test('codes that the page after the checkout showed are mailed all the same; those that a person mailed are not', async (t) => {
  const outboxOf = async (hand: (ledger: Ledger) => Promise<unknown>) => {
    const shop = await openShop(t);
    await shop.deliver(sale());
    const { ledger, list, send } = await openOutbox(t, shop, async () => ADA);
    await hand(ledger);
    t.is((await ledger.find({ by: 'order', order: 'txn_1' }))[0]?.handed, 0);
    t.like(await send(), { outcome: 'sent' });
    return list('mail');
  };
  const licensesOf = (ledger: Ledger) => ledger.find({ by: 'order', order: 'txn_1' });
  const show = async (ledger: Ledger) => ledger.addFacts(shownFacts(await licensesOf(ledger), 1));
  const order = { marketplace: 'paddle-billing', mode: 'live', order: 'txn_1' } as const;
  const mailByHand = (ledger: Ledger) => noteMailed({ ledger }, order, { actor: 'me', reason: 'asked' }, 1);
  t.deepEqual(await outboxOf(show), ['sold']);
  t.deepEqual(await outboxOf(mailByHand), []);
});

test('what was fetched is used by a replay, and erased with the person', async (t) => {
  const shop = await openShop(t);
  const body = sale();
  await shop.deliver(body);
  const { ledger, send } = await openOutbox(t, shop, async () => ADA);
  await send();
  const id = `${JSON.parse(body).event_id}:completed`;
  const [kept] = await ledger.findEvents({ id, limit: 1 });
  const { readAgain } = await paddleBilling.loadStoredEvents();
  const again = readAgain(kept!.payload!, 'live', shop.products).read();
  t.is(again.people[0]?.customer.email, 'ada@example.com');
  await ledger.eraseCustomer({ email: 'ada@example.com' });
  t.is((await ledger.findEvents({ id, limit: 1 }))[0]?.payload, null);
});

test('a customer who was erased meanwhile is not fetched again', async (t) => {
  const shop = await openShop(t);
  await shop.deliver(sale());
  const { ledger, send, customer } = await openOutbox(t, shop, async () => ADA);
  await ledger.eraseCustomer({ marketplace: 'paddle-billing', mode: 'live', order: 'txn_1' });
  await send();
  t.is(await customer(), undefined);
});

test('without an API key nothing waits', async (t) => {
  const shop = await openShop(t, { PADDLE_BILLING_API_KEY: undefined as never });
  await shop.deliver(sale());
  const { list } = await openOutbox(t, shop, async () => ADA);
  t.deepEqual(await list('complete'), []);
});

test('a running service fetches by itself what a sale lacks', async (t) => {
  const env = { PADDLE_BILLING_WEBHOOK_SECRETS: SECRET, PADDLE_BILLING_API_KEY: 'an API key of a test' };
  const home = makeHome(t, { products: { tool: TOOL }, env });
  home.clock.now = Date.UTC(2026, 0, 10, 13);
  const asked: string[] = [];
  const fetch = async (customer: string): Promise<Fetched> => {
    asked.push(customer);
    return ADA;
  };
  const accounts = home.config.accounts.map((account) =>
    account.marketplace === 'paddle-billing' ? { ...account, fetch } : account,
  );
  const config = { ...home.config, accounts };
  const { url, stop } = await startService(config, { log: home.log, now: () => home.clock.now });
  t.teardown(stop);
  const body = sale();
  const headers = {
    'Content-Type': 'application/json',
    'Paddle-Signature': signatureOf(body, SECRET, home.clock.now),
  };
  await globalThis.fetch(`${url}/webhooks/paddle-billing`, { method: 'POST', headers, body });
  const ledger = await openLedger(config);
  t.teardown(() => ledger.close());
  const email = async () => (await ledger.find({ by: 'order', order: 'txn_1' }))[0]?.customer.email;
  for (let tries = 0; tries < 200 && (await email()) === undefined; tries++) await wait(50);
  t.is(await email(), 'ada@example.com');
  t.deepEqual(asked, ['ctm_simulated']);
});
