import test from 'ava';
import request from 'supertest';
import { goLive } from '../../src/console/go-live/route.ts';
import type { Visit } from '../../src/console/visit.ts';
import type { Check } from '../../src/doctor/checks.ts';
import { openShop, SHOP_PRODUCTS, sell } from '../kit/console.ts';
import { openDesk } from '../kit/console-desk.ts';
import { openMailbox } from '../kit/mailbox.ts';

/** The page's pieces, with these checks. */
async function piecesOf(checks: readonly Check[]): Promise<string[]> {
  const answer = await goLive.get?.({
    parts: { checks, marketplaces: [{ name: 'fastspring', title: 'FastSpring' }] },
    context: { querystring: '' },
    mode: 'live',
    now: 0,
  } as unknown as Visit);
  if (answer === undefined || !('pieces' in answer)) throw new Error('the page does not fill in');
  const pieces: string[] = [];
  for await (const piece of answer.pieces) pieces.push(String(piece));
  return pieces;
}

const good: Check = {
  name: 'good',
  part: 'here',
  run: async () => [{ check: 'good', level: 'ok', so: 'It is so.' }],
};

test('the checks are shown one by one; one that fails does not take the others along', async (t) => {
  const failing: Check = {
    name: 'failing',
    part: 'here',
    run: async () => {
      throw new Error('no disk');
    },
  };
  const pieces = await piecesOf([failing, good]);
  t.is(pieces.length, 3);
  t.regex(pieces[0] ?? '', /failing[\s\S]*It could not be checked: no disk[\s\S]*cannot be told from here/);
  t.regex(pieces[1] ?? '', /It is so\.[\s\S]*done/);
  t.regex(pieces[2] ?? '', /1 of 2 are done/);
});

test('a check that takes too long says its last answer, and when that was', async (t) => {
  t.timeout(30_000);
  let isSlow = false;
  const check: Check = {
    name: 'slow',
    part: 'here',
    run: () =>
      isSlow ? new Promise(() => {}) : Promise.resolve([{ check: 'slow', level: 'ok', so: 'It was fine.' }]),
  };
  t.regex((await piecesOf([check]))[0] ?? '', /It was fine/);
  isSlow = true;
  t.regex(
    (await piecesOf([check, good]))[0] ?? '',
    /longer than 5 seconds\. At 00:00 UTC it said: It was fine/,
  );
});

test('the page has the checks of the doctor and of the world outside, in its frame', async (t) => {
  t.timeout(60_000);
  const shop = await openShop(t);
  const cookie = await shop.enter();
  const { text } = await request(shop.url).get('/console/live/go-live').set('Cookie', cookie);
  for (const name of ['product files', 'public address', 'disk', 'clock', 'mail', 'outbox'])
    t.true(text.includes(`<h3>${name}</h3>`), name);
  t.regex(text, /<\/ul>[\s\S]*are done[\s\S]*<\/html>/);
  const told = await request(shop.url).get('/console/presence/abc');
  t.regex(told.text, /^[0-9a-f]{64}$/);
});

test('calls with another secret are on the page at once, until genuine ones come', async (t) => {
  t.timeout(60_000);
  const { shop, see } = await openDesk(t);
  const page = async () => (await see('/go-live')).text;
  t.regex(await page(), /No call with a wrong signature came within a day/);
  for (let call = 0; call < 3; call++) {
    const { status } = await request(shop.url)
      .post('/webhooks/fastspring')
      .set('Content-Type', 'application/json')
      .set('X-FS-Signature', Buffer.alloc(32, call).toString('base64'))
      .send('{"events":[]}');
    t.is(status, 401);
  }
  t.regex(await page(), /<h3>signatures of FastSpring<\/h3>[\s\S]*3 events came with another secret/);
  shop.home.clock.now += 1;
  await shop.deliver([shop.event('order.completed', { reference: 'NEW-1', id: 'NEW-1-id', items: [] })]);
  t.regex(await page(), /3 events came with another secret[\s\S]*Genuine events came since/);
});

test('what is set outside the page is told exactly: settings, addresses, and the start that takes them', async (t) => {
  t.timeout(60_000);
  const none = {
    PADDLE_CLASSIC_PUBLIC_KEY: undefined,
    PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY: undefined,
    FASTSPRING_LICENSE_KEYS: undefined,
    FASTSPRING_WEBHOOK_SECRETS: undefined,
    SIMULATOR: 'on',
  };
  const { shop, see } = await openDesk(t, { env: none, products: SHOP_PRODUCTS });
  const bare = (await see('/go-live')).text;
  t.regex(
    bare,
    /No marketplace is set up[\s\S]*How to connect one[\s\S]*<code>\.env<\/code>[\s\S]*Start the service again/,
  );
  for (const text of [
    'Set FASTSPRING_LICENSE_KEYS and FASTSPRING_WEBHOOK_SECRETS',
    'https://YOUR-ADDRESS/fulfillment/fastspring/lumen',
    'https://YOUR-ADDRESS/webhooks/fastspring',
    'https://YOUR-ADDRESS/webhooks/stripe',
  ])
    t.true(bare.includes(text), text);
  t.false(bare.includes('/fulfillment/stripe'), 'it only sends events');
  await shop.cli(['keys', 'new', '--mode', 'live', '--next']);
  await shop.cli(['keys', 'activate', '3']);
  const { text } = await see('/go-live');
  t.regex(
    text,
    /Key \d+ signs live orders from the next start of the service\.<br>Start the service again\./,
  );
});

test('a marketplace from which nothing came is told its addresses', async (t) => {
  t.timeout(60_000);
  const { see } = await openDesk(t, { env: { PUBLIC_URL: 'http://localhost:1' } });
  t.regex(
    (await see('/go-live')).text,
    /<h3>events of FastSpring<\/h3>[\s\S]*http:\/\/localhost:1\/webhooks\/fastspring/,
  );
});

test('what only the seller can see is said on the page: a test mail came, a code works', async (t) => {
  t.timeout(60_000);
  const mailbox = await openMailbox(t);
  const env = { SMTP_URL: `smtp://127.0.0.1:${mailbox.port}`, MAIL_FROM: 'licenses@example.com' };
  const { shop, see, post } = await openDesk(t, { products: SHOP_PRODUCTS, env });
  const page = async () => (await see('/go-live?did=tested')).text;
  t.regex(await page(), /Nobody has said yet that a mail arrived[\s\S]*No order came yet/);
  t.is((await post('/upkeep/mail', { address: 'no address' })).status, 422);
  const tested = await post('/upkeep/mail', { address: 'me@example.com' });
  t.regex(tested.get('Location') ?? '', /go-live\?did=tested$/);
  t.deepEqual(
    mailbox.mails.map(({ email }) => email.subject),
    ['A test mail of Mintmark'],
  );
  t.is((await post('/upkeep/seen/mail', {})).status, 303);
  await sell(shop, 1, { live: false });
  t.regex(await page(), /Whether its code reached you/);
  t.is((await post('/upkeep/seen/order', {})).status, 303);
  t.is((await post('/upkeep/seen/other', {})).status, 404);
  t.regex(
    await page(),
    /Ada said on [\d-]+ that a mail arrived[\s\S]*Ada said on [\d-]+ that a code came and works/,
  );
});
