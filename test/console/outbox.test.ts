/** The outbox in the console: what was not sent is seen, corrected and sent again; a channel is paused and goes on. */
import test, { type ExecutionContext } from 'ava';
import request from 'supertest';
import { openShop, postForm, reference, SHOP_NOW, sell } from '../kit/console.ts';
import { openMailbox } from '../kit/mailbox.ts';
import { productFile } from '../kit/products.ts';

/** A shop whose relay refuses one customer for good. */
async function openMailingShop(t: ExecutionContext) {
  const mailbox = await openMailbox(t, {
    onRcptTo: ({ address }, _, done) =>
      address === 'li@example.com'
        ? done(Object.assign(new Error('5.1.1 no such user'), { responseCode: 550 }))
        : done(),
  });
  const shop = await openShop(t, {
    products: {
      lumen: productFile(
        'name: Lumen\nterm: P1Y\nfeatures: [export]\ngrants: [export]\nmarketplaces: { fastspring: {} }\nmail: { sold: on }',
      ),
    },
    env: {
      SMTP_URL: `smtp://127.0.0.1:${mailbox.port}`,
      MAIL_FROM: 'licenses@example.com',
      SELLER_EMAIL: 'seller@example.com',
    },
  });
  const cookie = await shop.enter();
  const see = (path: string, mode = 'live') =>
    request(shop.url).get(`/console/${mode}${path}`).set('Cookie', cookie);
  const post = async (path: string, fields: Readonly<Record<string, string>> = {}) => {
    const shown = /name="shown" value="([^"]*)"/.exec((await see(path)).text)?.[1] ?? '';
    const [address = ''] = path.split('?');
    const headers = { 'Sec-Fetch-Site': 'same-origin', Cookie: cookie };
    return postForm(shop.url, `/console/live${address}`, { reason: 'ticket 9', shown, ...fields }, headers);
  };
  return { shop, mailbox, see, post, cookie };
}

/** Waits for the worker. */
async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 25_000; Date.now() < end; ) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`it did not happen: ${what}`);
}

test('a mail that was refused is seen everywhere, and after a correction it is sent again', async (t) => {
  t.timeout(120_000);
  const { shop, mailbox, see, post } = await openMailingShop(t);
  await sell(shop, 2);
  const order = `/orders/fastspring/${reference(2)}`;
  await until('given up', async () => /A mail to the customer was given up/.test((await see(order)).text));
  const list = (await see('/outbox?state=given-up')).text;
  const [, number = ''] = /href="\/console\/live\/outbox\/(\d+)"/.exec(list) ?? [];
  t.regex(list, /Given up \(1\)/);
  t.regex((await see('/')).text, /A mail was given up/);
  t.regex((await see('/')).text, /1<span class="hidden"> not sent/);
  t.regex((await see(`/outbox/${number}`)).text, /Try 1: Refused for good[\s\S]*5\.1\.1 no such user/);
  t.is((await see(`/outbox/${number}`, 'test')).status, 404, 'only in its own mode');
  t.notRegex((await see('/outbox', 'test')).text, /Given up \(/);

  t.is((await post(`${order}/correct`, { email: 'right@example.com' })).status, 303);
  t.is((await post(`/outbox/${number}/send`)).status, 303);
  const toRight = () => mailbox.mails.filter(({ to }) => to.includes('right@example.com'));
  await until('sent', async () =>
    /<span class="state active">Sent/.test((await see(`/outbox/${number}`)).text),
  );
  t.true(toRight().length >= 1);
  t.regex((await see(order)).text, /A mail to the customer was taken by the relay[\s\S]*2 tries/);
  t.is((await post(`/outbox/${number}/drop`)).status, 409, 'what was sent cannot be dropped');
});

test('a paused channel sends nothing and says so in one line; what waits goes out when it goes on', async (t) => {
  t.timeout(120_000);
  const { shop, mailbox, see, post } = await openMailingShop(t);
  const customers = () => mailbox.mails.filter(({ to }) => !to.includes('seller@example.com')).length;
  t.is((await post('/channels/mail/pause?target=', { target: '' })).status, 303);
  await sell(shop, 1);
  t.regex((await see('/outbox')).text, /All of mail<\/strong> is paused since/);
  t.regex((await see('/outbox?state=waiting')).text, /Mail: the codes of a sale/);
  t.regex((await see('/')).text, /All of mail<\/strong> is paused/);
  t.is(customers(), 0);
  t.is((await post('/channels/mail/resume?target=', { target: '' })).status, 303);
  await until('sent', async () => customers() === 1);
  t.regex((await see('/settings')).text, /resumed All of mail: ticket 9[\s\S]*paused All of mail: ticket 9/);
  t.is((await post('/channels/pigeon/pause')).status, 404);
});

test('what waits is dropped with a reason, and stale forms are refused', async (t) => {
  t.timeout(120_000);
  const { shop, see, post } = await openMailingShop(t);
  await post('/channels/mail/pause?target=', { target: '' });
  await sell(shop, 1);
  const [, number = ''] = /\/outbox\/(\d+)"/.exec((await see('/outbox?state=waiting')).text) ?? [];
  t.is((await post(`/outbox/${number}/drop`, { shown: 'sent.0.1' })).status, 409);
  t.is((await post(`/outbox/${number}/drop`, { reason: '' })).status, 422);
  t.is((await post(`/outbox/${number}/drop`)).status, 303);
  t.regex((await see(`/outbox/${number}`)).text, /Dropped[\s\S]*Ada: ticket 9/);
});

test('the seller gets a mail for a new person, once, without a name', async (t) => {
  t.timeout(120_000);
  const { shop, mailbox } = await openMailingShop(t);
  const told = () => mailbox.mails.filter(({ email }) => /new person/.test(email.subject ?? ''));
  await until('told', async () => told().length === 1);
  t.deepEqual(told()[0]?.to, ['seller@example.com']);
  t.notRegex(told()[0]?.email.text ?? '', /Ada/);
  shop.home.clock.now = SHOP_NOW + 60_000;
  await shop.enter();
  await shop.cli(['outbox', 'run', '--once']);
  t.is(told().length, 1, 'the same person again is nothing new');
});
