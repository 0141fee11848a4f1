/** Decisions and lists of the console over HTTP: by the functions of the command line, with a reason. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import request from 'supertest';
import {
  openShop,
  postForm,
  reference,
  refundInPart,
  SHOP_NOW,
  SHOP_PRODUCTS,
  sell,
} from '../kit/console.ts';
import { openDesk } from '../kit/console-desk.ts';

const orderPath = (number: number) => `/orders/fastspring/${reference(number)}`;

test('renew, reinstate and reissue do what the command of that name does', async (t) => {
  const { shop, post, shownAt } = await openDesk(t);
  await sell(shop, 1);
  const [license] = await shop.find(reference(1));
  const decide = async (act: string, more: Readonly<Record<string, string>> = {}) => {
    const path = `/licenses/${license?.id}/${act}`;
    const { status } = await post(path, { reason: 'ticket 3', shown: await shownAt(path), ...more });
    return status;
  };
  t.is(await decide('renew', { until: '2028-06-30' }), 303);
  t.is((await shop.find(reference(1)))[0]?.lastValid, '2028-06-30');
  for (const until of ['soon', '2020-01-01', '9999-12-31'])
    t.is(await decide('renew', { until }), 422, until);
  t.is(await decide('suspend'), 303);
  t.is(await decide('reinstate'), 303);
  t.is(await decide('reissue'), 303);
  const states = (await shop.find(reference(1))).map(({ state }) => state);
  t.deepEqual([...states].sort(), ['active', 'revoked']);
  t.is(await decide('dance'), 404);
});

test('the customer is corrected and erased, and neither value stays in the history', async (t) => {
  const { shop, see, post, shownAt, ended } = await openDesk(t);
  await sell(shop, 2);
  const correct = `${orderPath(2)}/correct`;
  const slip = await post(correct, {
    reason: 'x',
    shown: await shownAt(correct),
    email: '<new@example.com>',
  });
  t.regex(slip.text, /Write one address, such as ada@example\.com\./);
  t.notRegex((await see(orderPath(2))).text, /new@example/);
  t.is(
    (await post(correct, { reason: 'typo', shown: await shownAt(correct), email: 'new@example.com' })).status,
    303,
  );
  t.regex((await see(orderPath(2))).text, /new@example\.com/);
  const erase = `${orderPath(2)}/erase`;
  const begun = await post(erase, { reason: 'asked for', shown: await shownAt(erase) });
  t.regex(await ended(begun), /Erased from one license and \w+ events?\./);
  t.notRegex((await see(orderPath(2))).text, /new@example\.com|李/);
  t.regex((await see('/settings')).text, /erased the customer of an order: asked for/);
});

test('a name of more than 200 characters is refused at the form, as by the command', async (t) => {
  const { shop, see, post, shownAt } = await openDesk(t);
  await sell(shop, 2);
  const correct = `${orderPath(2)}/correct`;
  const say = async (name: string) => post(correct, { reason: 'typo', shown: await shownAt(correct), name });
  t.regex((await say('n'.repeat(201))).text, /Write a name of 1 to 200 characters\./);
  t.false((await see(orderPath(2))).text.includes('nnn'));
  t.is((await say('n'.repeat(200))).status, 303);
  t.true((await see(orderPath(2))).text.includes('n'.repeat(200)));
});

test('the codes are mailed again, and all links end; a revoked license has no code to send', async (t) => {
  const env = {
    SMTP_URL: 'smtp://127.0.0.1:1',
    MAIL_FROM: 'a@example.com',
    PUBLIC_URL: 'http://localhost:1',
  };
  const { shop, see, post, shownAt } = await openDesk(t, { products: SHOP_PRODUCTS, env });
  await sell(shop, 2);
  const decide = async (word: string) => {
    const path = `${orderPath(2)}/${word}`;
    return post(path, { reason: 'asked for', shown: await shownAt(path) });
  };
  t.regex((await decide('resend')).get('Location') ?? '', /did=resent$/);
  const waiting = await shop.cli(['outbox', 'list', '--json']);
  t.deepEqual(
    (JSON.parse(waiting.out) as { announcements: { topic: string }[] }).announcements.map(
      ({ topic }) => topic,
    ),
    ['asked'],
  );
  t.regex((await decide('links')).get('Location') ?? '', /did=links$/);
  const text = (await see(orderPath(2))).text;
  t.regex(text, /no license changed: resend/);
  t.regex(text, /no license changed: new links/);
  t.regex((await see('/settings')).text, /ended the links of an order: asked for/);
  const [license] = await shop.find(reference(2));
  await shop.cli(['license', 'revoke', license?.id ?? '', '--reason', 'x', '--actor', 'Ada']);
  t.notRegex((await see(orderPath(2))).text, /Mail the codes again|I mailed the codes/);
  t.is((await decide('resend')).status, 422);
});

test('a form says whether the customer is mailed, as the product’s file has it', async (t) => {
  const env = { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'a@example.com' };
  const told = async (given: Parameters<typeof openDesk>[1]) => {
    const { shop, see } = await openDesk(t, { products: SHOP_PRODUCTS, ...given });
    await sell(shop, 2);
    const [license] = await shop.find(reference(2));
    const textOf = async (path: string) => (await see(path)).text;
    return {
      renew: await textOf(`/licenses/${license?.id}/renew`),
      reissue: await textOf(`/licenses/${license?.id}/reissue`),
      correct: await textOf(`${orderPath(2)}/correct`),
      suspend: await textOf(`/licenses/${license?.id}/suspend`),
    };
  };
  const silent = await told({});
  t.regex(silent.renew, /Nobody is written to/);
  t.regex(silent.reissue, /nobody mails it/);
  t.regex(silent.correct, /Nobody is written to/);
  const mailing = await told({ env });
  t.regex(mailing.renew, /Nobody is written to/, 'FastSpring mails renewals itself');
  t.regex(mailing.reissue, /The customer is mailed the new code/);
  t.regex(mailing.correct, /the newest codes are mailed to it/);
  for (const { suspend } of [silent, mailing]) t.regex(suspend, /the customer is not written to/);
});

test('a customer’s orders and page are a step from the order: the address is in no link', async (t) => {
  const { shop, see, post } = await openDesk(t);
  await sell(shop, 2);
  await sell(shop, 7);
  const { text } = await see(orderPath(2));
  t.regex(text, /<input type="hidden" name="q" value="li@example\.com">/);
  t.notRegex(text, /href="[^"]*li@|href="[^"]*li%40/);
  t.regex((await post('/search', { q: 'li@example.com' })).text, /Two licenses found/);
  t.is((await see(`${orderPath(2)}/page`)).status, 404, 'customers have no pages here');
  const env = {
    SMTP_URL: 'smtp://127.0.0.1:1',
    MAIL_FROM: 'a@example.com',
    PUBLIC_URL: 'http://localhost:1',
  };
  const files = { 'shop.yaml': 'name: Acme\nhelp: help@example.com\n' };
  const open = await openDesk(t, { env, files });
  await sell(open.shop, 2);
  t.regex((await open.see(orderPath(2))).text, /Customer page/);
  const led = await open.see(`${orderPath(2)}/page`);
  t.is(led.status, 303);
  const path = (led.get('Location') ?? '').replace('http://localhost:1', '');
  t.regex(path, /^\/license\/[\w-]+$/);
  const page = await request(open.shop.url).get(path);
  t.is(page.status, 200);
  t.regex(page.text, /Lumen/);
});

test('an order that is not in the ledger is answered with the events that name it', async (t) => {
  const { shop, see, post } = await openDesk(t);
  const data = { subscription: 'SUB-77', id: 'SUB-77', reference: 'LOST-4711' };
  await shop.tell(shop.event('subscription.payment.overdue', data, { created: SHOP_NOW }));
  const page = await see('/orders/fastspring/LOST-4711');
  t.is(page.status, 404);
  t.regex(page.text, /Events that name it[\s\S]*<code>subscription\.payment\.overdue<\/code>/);
  t.notRegex((await see('/orders/fastspring/LOST-9999')).text, /Events that name it/);
  t.regex((await post('/search', { q: 'nobody@example.com' })).text, /value="nobody@example\.com"/);
});

test('a decision about an order leaves the order of the same number in the other mode alone', async (t) => {
  const { shop, see, post, shownAt, ended } = await openDesk(t);
  await sell(shop, 2);
  await sell(shop, 2, { live: false });
  const correct = `${orderPath(2)}/correct`;
  const fields = { reason: 'typo', shown: await shownAt(correct), email: 'new@example.com' };
  t.is((await post(correct, fields)).status, 303);
  const erase = `${orderPath(2)}/erase`;
  await ended(await post(erase, { reason: 'x', shown: await shownAt(erase) }));
  t.notRegex((await see(orderPath(2))).text, /li@example\.com|new@example\.com/);
  const other = await see(orderPath(2), 'test');
  t.regex(other.text, /li@example\.com/);
  t.notRegex(other.text, /was corrected/);
});

test('a flag is settled once; a path without a product file is delivered', async (t) => {
  const { shop, see, post } = await openDesk(t);
  await sell(shop, 7, { quantity: 2 });
  await refundInPart(shop, 7);
  const items = [{ product: 'lumen-edu', quantity: 1 }];
  await shop.deliver([shop.event('order.completed', { reference: 'ODD-1', id: 'ODD-1-id', items })]);
  const ids = [...(await see('/')).text.matchAll(/\/console\/live\/flags\/(\d+)/g)].map(([, id]) => id);
  t.is(new Set(ids).size, 2);
  const partial = /partial|refund is not clear/i;
  for (const id of new Set(ids)) {
    const isPartial = partial.test((await see(`/flags/${id}`)).text);
    const fields = { reason: 'looked at', shown: 'open', ...(!isPartial && { product: 'lumen' }) };
    t.is((await post(`/flags/${id}`, fields)).status, 303);
    t.is((await post(`/flags/${id}`, fields)).status, 409, 'once');
  }
  t.is((await shop.find('ODD-1')).length, 1);
  t.regex((await see('/')).text, /Nothing needs you/);
});

test('an event is read again, and reading its payload is noted', async (t) => {
  const { shop, see, post, shownAt } = await openDesk(t);
  await sell(shop, 3);
  const [, path = ''] =
    /href="\/console\/live(\/events\/fastspring\/[^"/]+)"/.exec((await see('/events')).text) ?? [];
  const page = (await see(path)).text;
  t.regex(page, /It says<\/dt>[\s\S]*Charged: 49\.00 EUR\.[\s\S]*Sold: 1 of lumen\./);
  t.true(page.includes(`href="/console/live${orderPath(3)}"`), 'it leads to its order');
  t.is(
    (await post(`${path}/replay`, { reason: 'again', shown: await shownAt(`${path}/replay`) })).status,
    303,
  );
  t.regex((await see('/settings')).text, /applied event \S+ again: again/, 'with its reason');
  t.regex((await see(`${path}/payload`)).text, /Byte for byte/);
  t.regex((await see('/settings')).text, /read the payload of event/);
});

test('what is shown is a CSV, in which no cell runs as a formula; a filter that cannot be read is told', async (t) => {
  const { shop, see } = await openDesk(t);
  await sell(shop, 1);
  await sell(shop, 2, { product: 'atlas' });
  const csv = await see('/orders?as=csv&product=atlas');
  t.regex(csv.get('Content-Disposition') ?? '', /^attachment; filename="orders-live\.csv"$/);
  t.deepEqual(
    csv.text.split('\r\n').map((line) => line.split(',')[2]),
    ['order', reference(2), undefined],
  );
  t.regex((await see('/orders?state=happy')).text, /Left out, because it cannot be read: state\./);
  t.regex((await see('/orders?state=ended')).text, /No order fits/);
});

test('lists go on by key, and each order is in them once', async (t) => {
  const { shop, see } = await openDesk(t);
  for (let number = 1; number <= 55; number++) await sell(shop, number);
  const seen: string[] = [];
  let path: string | undefined = '/orders';
  while (path !== undefined) {
    const { text }: { text: string } = await see(path);
    seen.push(...[...text.matchAll(/>(EXA261126-7001-\d+)<\/a>/g)].map(([, order]) => order ?? ''));
    path = /href="\/console\/live(\/orders\?before=\d+)"/.exec(text)?.[1];
  }
  t.is(seen.length, 55);
  t.is(new Set(seen).size, 55);
});

test('a product’s mail is shown for each occasion; a newer file is told; its terms are applied by a job', async (t) => {
  const { shop, see, post, shownAt, ended } = await openDesk(t);
  await sell(shop, 1);
  t.regex((await see('/products/lumen?topic=renewed&units=3')).text, /sandbox src="[^"]*topic=renewed/);
  t.is((await see('/products/lumen/mail?topic=renewed&units=3')).status, 200);
  t.notRegex((await see('/products/lumen')).text, /newer file waits/, 'the control');
  const file = join(shop.home.config.productsDir, 'lumen.md');
  writeFileSync(file, readFileSync(file, 'utf8').replace('term: P1Y', 'term: P2Y'));
  t.regex((await see('/products/lumen')).text, /A newer file waits for a restart/);
  writeFileSync(file, 'no product');
  t.regex((await see('/products')).text, /lumen\.md:\d+: /);

  const path = '/products/lumen/apply';
  const begun = await post(path, { reason: 'as written', shown: await shownAt(path) });
  t.regex(await ended(begun), /All sold licenses have these terms already/);
  t.regex((await see('/jobs')).text, /Apply the file of Lumen/, 'found again');
  t.is((await post(path, { reason: 'as written', shown: 'before' })).status, 409);
});

test('a pasted mail with a damaged code shows whose it is, what is wrong, and the code as it was sent', async (t) => {
  const { shop, post } = await openDesk(t);
  await sell(shop, 1);
  const [license] = await shop.find(reference(1));
  const code = license?.code ?? '';
  // Two characters of the signature are lost, and nothing can put them back.
  const { text } = await post('/search', {
    q: `Dear shop, this fails: ${code.slice(0, 120)}${code.slice(122)}`,
  });
  t.regex(text, /A damaged code/);
  t.true(text.includes(`/licenses/${license?.id}"`));
  t.true(text.includes(`<code>${code}</code>`));
});

test('a code with a slip in its beginning, which a program repairs, shows whose it is', async (t) => {
  const { shop, post } = await openDesk(t);
  await sell(shop, 1);
  const [license] = await shop.find(reference(1));
  const code = license?.code ?? '';
  const slip = code[20] === 'X' ? 'Y' : 'X';
  const q = `Dear shop, this fails:\n${code.slice(0, 20)}${slip}${code.slice(21)}\nBest, Ada`;
  const { text } = await post('/search', { q });
  t.true(text.includes(`/licenses/${license?.id}"`), text);
  t.true(text.includes(`<code>${code}</code>`));
});

test('what a swapped license was replaced by is a step from its page, from the search, and from its damaged code', async (t) => {
  const { shop, see, post, shownAt } = await openDesk(t);
  await sell(shop, 2);
  await sell(shop, 7);
  const [before] = await shop.find(reference(2));
  t.notRegex((await see(`/licenses/${before?.id}`)).text, /Reissued as/, 'the control');
  const path = `/licenses/${before?.id}/reissue`;
  await post(path, { reason: 'leaked', shown: await shownAt(path) });
  const after = (await shop.find(reference(2))).find(({ id }) => id !== before?.id);
  const code = before?.code ?? '';
  const pages = [
    await see(`/licenses/${before?.id}`),
    await post('/search', { q: 'li@example.com' }),
    await post('/search', { q: code.slice(0, 120) + code.slice(122) }),
  ];
  for (const { text } of pages)
    t.regex(text, new RegExp(`Reissued as <a class="mono" href="/console/live/licenses/${after?.id}"`));
  t.notRegex((await see(`/licenses/${after?.id}`)).text, /Reissued as/);
});

test('on the first day a test order is made by a button, in test mode only', async (t) => {
  const shop = await openShop(t, { env: { SIMULATOR: 'on' } });
  const cookie = await shop.enter();
  const headers = { 'Sec-Fetch-Site': 'same-origin', Cookie: cookie };
  const first = await request(shop.url).get('/console/test/').set('Cookie', cookie);
  t.regex(first.text, /Make a test order<\/button>/);
  t.is((await postForm(shop.url, '/console/live/try', {}, headers)).status, 404);
  const made = await postForm(shop.url, '/console/test/try', {}, headers);
  t.is(made.status, 303);
  const story = await request(shop.url)
    .get(made.get('Location') ?? '')
    .set('Cookie', cookie);
  t.regex(story.text, /One license was minted/);
});
