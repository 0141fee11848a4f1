/** The page after the checkout: waits for the event, shows the codes a few times within an hour, works without script. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { AppError } from '../../src/errors.ts';
import { claimEndpoint } from '../../src/http/claim.ts';
import { findCodes } from '../../src/license-code/find-codes.ts';
import type { EventMarketplace } from '../../src/marketplaces/marketplace.ts';
import { signatureOf as signatureOfPaddle } from '../../src/marketplaces/paddle-billing/simulator.ts';
import { charge, expanded } from '../../src/marketplaces/stripe/shapes.ts';
import { signatureOf } from '../../src/marketplaces/stripe/simulator.ts';
import { openLedger } from '../../src/service/open.ts';
import { customerTextsOf } from '../../src/service/self-service.ts';
import { startService } from '../../src/service/service.ts';
import { issueOf } from '../kit/ledger-data.ts';
import { openWithMessage } from '../kit/ledger-file.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';
import { completed, once as onceAtPaddle } from '../kit/paddle-billing.ts';
import { makeHome } from '../kit/service.ts';
import { bought, event, once, type Told } from '../kit/stripe.ts';

const SECRET = 'whsec_of_a_test';
const STRIPE = { name: 'stripe', title: 'Stripe' } as EventMarketplace;
const NONCE = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';
const ID = 'cs_live_a1B2c3D4e5F6g7H8i9J0k1L2';
const TOOL =
  '---\nname: Tool & Co\nterm: perpetual\nmarketplaces: { stripe: { product: price_Tool }, paddle-billing: { product: pri_tool } }\n---\n{% for code in codes %}\n\n{{ code }}\n\n{% endfor %}\n';

const STORES = {
  stripe: {
    secrets: 'STRIPE_WEBHOOK_SECRETS',
    header: 'Stripe-Signature',
    sign: signatureOf,
    query: `session_id=${ID}`,
  },
  'paddle-billing': {
    secrets: 'PADDLE_BILLING_WEBHOOK_SECRETS',
    header: 'Paddle-Signature',
    sign: signatureOfPaddle,
    query: `claim=${NONCE}`,
  },
} as const;

async function openShop(
  t: ExecutionContext,
  name: keyof typeof STORES = 'stripe',
  texts: Readonly<Record<string, string>> = {},
) {
  const store = STORES[name];
  const home = makeHome(t, { products: { tool: TOOL }, env: { [store.secrets]: SECRET } });
  home.clock.now = Date.UTC(2026, 0, 10, 13);
  const folder = join(home.config.dataDir, 'texts');
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(texts)) writeFileSync(join(folder, file), text);
  const now = () => home.clock.now;
  const { url, stop } = await startService(home.config, { log: home.log, now });
  t.teardown(stop);
  const deliver = async ({ payload }: Told) => {
    const headers = {
      'Content-Type': 'application/json',
      [store.header]: store.sign(payload, SECRET, now()),
    };
    t.is((await fetch(`${url}/webhooks/${name}`, { method: 'POST', headers, body: payload })).status, 200);
  };
  const claim = async (query: string = store.query, language = 'en') => {
    const answer = await fetch(`${url}/claim/${name}?${query}`, { headers: { 'Accept-Language': language } });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
  const ledger = await openLedger(home.config);
  t.teardown(() => ledger.close());
  return { home, url, deliver, claim, ledger };
}

const sale = () =>
  event(
    'checkout.session.completed',
    '2026-01-10',
    expanded({ id: ID, items: [once('price_Tool', 2)], payment: 'pi_1' }),
  );

test('a page that is opened before the event comes waits for it, and shows valid codes', async (t) => {
  const { home, deliver, claim, ledger } = await openShop(t);
  const page = claim();
  await deliver(sale());
  const { status, text, headers } = await page;
  t.is(status, 200);
  const codes = findCodes(text);
  t.deepEqual(
    codes.map((code) => home.reader('tool', { today: '2026-01-10' }).read(code).verdict),
    ['valid', 'valid'],
  );
  t.true(text.includes('Tool &amp; Co'));
  t.false(/<script|http-equiv/.test(text));
  t.is(headers.get('cache-control'), 'no-store');
  t.regex(headers.get('content-security-policy') ?? '', /default-src 'none'; style-src 'sha256-/);
  const licenses = await ledger.find({ by: 'order', order: ID });
  t.deepEqual(
    licenses.map(({ handed }) => handed),
    [0, 0],
    'shown is delivered',
  );
});

test('without the event the page loads itself again, some twenty times', async (t) => {
  const { claim } = await openShop(t);
  const [first, last] = await Promise.all([claim(), claim(`session_id=${ID}&try=20`)]);
  t.true(
    first.text.includes(`<meta http-equiv="refresh" content="3;url=?session_id=${ID}&amp;try=1">`),
    first.text,
  );
  t.deepEqual([findCodes(first.text), findCodes(last.text)], [[], []]);
  t.false(last.text.includes('http-equiv'));
});

test('a sale whose lines are awaited shows no code yet', async (t) => {
  const { deliver, claim } = await openShop(t);
  await deliver(bought('2026-01-10', [once()], { id: ID }));
  const { text } = await claim();
  t.true(text.includes('is being made'));
});

test('codes are shown five times, and for an hour', async (t) => {
  const { home, deliver, claim } = await openShop(t);
  await deliver(sale());
  for (let count = 1; count <= 5; count++) t.is(findCodes((await claim()).text).length, 2, `${count}`);
  t.is(findCodes((await claim()).text).length, 0);
  const other = await openShop(t);
  await other.deliver(sale());
  other.home.clock.now += 3_600_000;
  t.is(findCodes((await other.claim()).text).length, 2);
  other.home.clock.now += 1000;
  t.is(findCodes((await other.claim()).text).length, 0);
  t.not(home, other.home);
});

test('codes of a test order are marked as such, and those of a live one are not', async (t) => {
  const { deliver, claim } = await openShop(t);
  const id = ID.replace('live', 'test');
  const session = expanded({ id, items: [once('price_Tool')], payment: 'pi_2' });
  await deliver(event('checkout.session.completed', '2026-01-10', session, { livemode: false }));
  await deliver(sale());
  const [test, live] = [await claim(`session_id=${id}`), await claim()];
  t.deepEqual([findCodes(test.text).length, findCodes(live.text).length], [1, 2]);
  t.deepEqual(
    [test, live].map(({ text }) => text.includes('This is a test order')),
    [true, false],
  );
});

test('while the ledger cannot be used the page asks again; codes that cannot be noted as shown are shown', async (t) => {
  const { ledger: real } = await openWithMessage(t);
  await real.issue(issueOf({ marketplace: 'stripe', order: ID }));
  const down = async () => {
    throw new AppError('ledger_unavailable', 'down');
  };
  const page = async (more: object) => {
    const ledger = { find: real.find.bind(real), showOrder: down, addFacts: down, ...more };
    const customerTexts = customerTextsOf({ shopFile: '/none/shop.yaml' });
    const around = { now: () => SOLD_AT, isStopping: () => true, findProduct: () => undefined };
    const service = { ...around, ledger, customerTexts };
    const port = { parameter: 'session_id', orderOf: (name: string) => name };
    const { handle } = claimEndpoint(STRIPE, port, service as never);
    const context = {
      ...{
        ip: '192.0.2.1',
        req: {},
        socket: {},
        state: {},
        app: {},
        headers: {},
        set: () => {},
        get: () => '',
        body: '',
      },
      URL: new URL(`http://here/claim/stripe?session_id=${ID}`),
    };
    await handle(context as never);
    return context.body;
  };
  t.is(findCodes(await page({})).length, 1);
  t.true((await page({ find: down })).includes('http-equiv="refresh"'));
  const damaged = async () => {
    throw new AppError('ledger_damaged', 'damaged');
  };
  await t.throwsAsync(page({ find: damaged }), { code: 'ledger_damaged' });
});

test('the page speaks the language of the browser: German, the seller’s own, else English', async (t) => {
  const { deliver, claim } = await openShop(t, 'stripe', {
    'fr.yaml': 'claim.over: Le code arrive par courriel.\n',
    'de.yaml': 'claim.keep: Bitte aufheben.\n',
  });
  const over = async (language: string) => (await claim('session_id=cs_1', language)).text;
  t.regex(await over('fr-CA, en;q=0.5'), /<html lang="fr".*Le code arrive par courriel\./s);
  t.regex(await over('ja, de;q=0.5'), /<html lang="de".*Danke für Ihre Bestellung/s);
  t.regex(await over('ja'), /<html lang="en".*Thank you for your order/s);
  await deliver(sale());
  const { text, headers } = await claim(undefined, 'de');
  t.regex(text, /<h1>Ihre Lizenzcodes<\/h1>.*Bitte aufheben\./s);
  t.is(headers.get('vary'), 'Accept-Language');
});

test('who opens too many pages is told so on a page, in the own language, with 429 and Retry-After', async (t) => {
  const { deliver, claim } = await openShop(t);
  await deliver(sale());
  for (let count = 1; count <= 300; count++) await claim('session_id=cs_1');
  const { status, headers, text } = await claim(undefined, 'de');
  t.deepEqual([status, findCodes(text), text.includes('http-equiv')], [429, [], false]);
  t.regex(text, /in einer Viertelstunde/);
  t.is(headers.get('content-type'), 'text/html; charset=utf-8');
  t.true(Number(headers.get('retry-after')) > 0);
});

test('what was refunded is not shown', async (t) => {
  const { deliver, claim } = await openShop(t);
  await deliver(sale());
  await deliver(event('charge.refunded', '2026-01-10', charge({ payment: 'pi_1', amount: 1, refunded: 1 })));
  t.is(findCodes((await claim()).text).length, 0);
});

test('what cannot be guessed is asked for: no other order, no short id, no HEAD', async (t) => {
  const { url, claim, deliver } = await openShop(t);
  await deliver(event('checkout.session.completed', '2026-01-10', expanded({ id: 'cs_1', items: [once()] })));
  for (const query of [
    '',
    'session_id=',
    'session_id=cs_1',
    'session_id=in_1234567890123456789012345',
    `order=${ID}`,
  ]) {
    const { status, text } = await claim(query);
    t.deepEqual([status, findCodes(text).length, text.includes('http-equiv')], [200, 0, false], query);
  }
  const head = await fetch(`${url}/claim/stripe?session_id=${ID}`, { method: 'HEAD' });
  t.is(head.status, 405);
  t.is((await fetch(`${url}/claim/paddle-billing?session_id=${ID}`)).status, 404);
});

/** A checkout at Paddle whose page put this into custom_data. */
function soldAtPaddle(custom_data: unknown, id = 'txn_1'): Told {
  const sold = completed('2026-01-10', [onceAtPaddle()], { id });
  const event = JSON.parse(sold.payload);
  return { ...sold, payload: JSON.stringify({ ...event, data: { ...event.data, custom_data } }) };
}

test('Paddle: the secret of the seller’s page finds the order, and only its digest is kept', async (t) => {
  const { deliver, claim, ledger } = await openShop(t, 'paddle-billing');
  const page = claim();
  await deliver(soldAtPaddle({ mintmark_claim: NONCE, other: 1 }));
  const { text } = await page;
  t.is(findCodes(text).length, 1);
  const [license] = await ledger.find({ by: 'order', order: 'txn_1' });
  t.is(license?.handed, 0, 'shown is delivered');
  const { facts } = await ledger.showOrder('txn_1');
  t.false(JSON.stringify(facts).includes(NONCE));
  for (let count = 2; count <= 5; count++) t.is(findCodes((await claim()).text).length, 1, `${count}`);
  t.is(findCodes((await claim()).text).length, 0);
});

test('Paddle: a transaction’s id, another secret and a short one find nothing', async (t) => {
  const { deliver, claim } = await openShop(t, 'paddle-billing');
  await deliver(soldAtPaddle({ mintmark_claim: NONCE }));
  const other = NONCE.replace('0f', 'f0');
  for (const query of [
    'claim=txn_1',
    `claim=${other}&try=20`,
    'claim=0f1e2d3c',
    '',
    `claim=${NONCE.toUpperCase()}`,
  ]) {
    t.is(findCodes((await claim(query)).text).length, 0, query);
  }
  t.is(findCodes((await claim()).text).length, 1, 'the control');
});

test('Paddle: a secret that two checkouts told is none, and their orders stay apart', async (t) => {
  const { deliver, claim, ledger } = await openShop(t, 'paddle-billing');
  await deliver(soldAtPaddle({ mintmark_claim: NONCE }));
  await deliver(soldAtPaddle({ mintmark_claim: NONCE }, 'txn_2'));
  t.is(findCodes((await claim()).text).length, 0);
  for (const order of ['txn_1', 'txn_2']) t.is((await ledger.find({ by: 'order', order })).length, 1, order);
});
