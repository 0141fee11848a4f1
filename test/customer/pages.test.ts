/** The pages over HTTP: who sees what in each state, files, notes, new codes; and what every answer has. */
import test from 'ava';
import { readIdSecret } from '../../src/keyring/id-secret.ts';
import { readKeyring } from '../../src/keyring/keyring.ts';
import { createLinkTokens } from '../../src/keyring/link-token.ts';
import { createReader } from '../../src/license-code/reader.ts';
import { type CustomerShop, LUMEN, openCustomerShop, PUBLIC, pathIn } from '../kit/customer.ts';

const DAY = 86_400_000;

test('every page is kept nowhere, told to nobody, found by nobody, and runs no script of another', async (t) => {
  const shop = await openCustomerShop(t);
  const path = await shop.pageOf(await shop.sell());
  for (const [address, status] of [
    ['/license', 200],
    [path, 200],
    ['/license/nothing', 404],
    [`${path}/1.svg`, 200],
    [`${path}/1.license`, 200],
    [`${path}/codes.csv`, 200],
  ] as const) {
    const { headers, ...answer } = await shop.page(address);
    t.is(answer.status, status, address);
    t.is(headers['cache-control'], 'no-store', address);
    t.is(headers['referrer-policy'], 'no-referrer', address);
    t.is(headers['x-robots-tag'], 'noindex', address);
    t.is(headers['set-cookie'], undefined, address);
    t.regex(
      headers['content-security-policy'] ?? '',
      /^default-src 'none'; script-src 'self'; style-src 'self'/,
    );
  }
  const paths = shop.home.requestLines().map(({ endpoint }) => endpoint);
  t.true(paths.includes('/license'));
  const token = path.slice('/license/'.length);
  t.false(JSON.stringify(shop.home.lines).includes(token), 'no token is in the log');
});

test('the form is limited to ten questions an hour and address, and says so', async (t) => {
  const shop = await openCustomerShop(t);
  for (let count = 0; count < 10; count++)
    t.is((await shop.inquire(`A-${count}`, 'a@example.com')).status, 200);
  const busy = await shop.inquire('A-11', 'a@example.com');
  t.is(busy.status, 429);
  t.true(Number(busy.headers['retry-after']) > 0);
  t.true(busy.text.includes('Too many questions'));
  t.is((await shop.post('/license', { order: '', email: 'x' })).status, 429);
});

test('what cannot be a question is told, and the same for all', async (t) => {
  const shop = await openCustomerShop(t);
  for (const [order, email] of [
    ['', 'ada@example.com'],
    ['X-1', ''],
    ['X-1', 'no address'],
    ['X'.repeat(201), 'ada@example.com'],
  ] as const) {
    const { status, text } = await shop.inquire(order, email);
    t.is(status, 422);
    t.true(text.includes('Fill in both'));
  }
});

test('an order is answered five times a day and an address three times an hour, and nobody is told of the limit', async (t) => {
  const shop = await openCustomerShop(t, { env: { TRUST_PROXY: 'on' } });
  const order = await shop.sell();
  const other = await shop.sell({ email: 'ada@example.com' });
  let place = 0;
  const ask = async (which: string) => {
    place += 1;
    const answer = await shop.inquire(which, 'ada@example.com').set('X-Forwarded-For', `203.0.113.${place}`);
    t.is(answer.status, 200);
    const [row] = await waitForDone(shop, place);
    return row;
  };
  const first = await ask(order);
  for (const which of [order, other]) t.is(await ask(which), first);
  t.is(await ask(other), 'not answered: this order or address was answered often enough');
  shop.home.clock.now += 61 * 60_000;
  for (const which of [order, order, other]) t.is(await ask(which), first);
  shop.home.clock.now += 61 * 60_000;
  t.is(await ask(order), first);
  t.is(
    await ask(order),
    'not answered: this order or address was answered often enough',
    'the sixth in a day',
  );
  t.is(shop.mailbox.mails.length, 7);
});

/** The answers of the questions that are done, the newest first, once there are as many. */
async function waitForDone(shop: CustomerShop, count: number): Promise<readonly string[]> {
  for (;;) {
    const { out } = await shop.cli(['outbox', 'list', '--limit', '99', '--json']);
    const { announcements } = JSON.parse(out) as { announcements: readonly Listed[] };
    const questions = announcements.filter(({ channel }) => channel === 'inquiry');
    if (questions.length === count && announcements.every(({ state }) => state !== 'waiting')) {
      const shown = await shop.cli(['outbox', 'show', String(questions[0]?.number), '--json']);
      const { tries } = JSON.parse(shown.out) as { tries: { answer: string }[] };
      return tries.map(({ answer }) => answer).reverse();
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

interface Listed {
  readonly number: number;
  readonly channel: string;
  readonly state: string;
}

test('an order is found by each of its names in any case, and only by the address of one of its people', async (t) => {
  const shop = await openCustomerShop(t);
  const order = await shop.sell({ email: 'ada@example.com' });
  await shop.sell({ email: 'grace@example.com' });
  const [, number = ''] = /0*(\d+)$/.exec(order) ?? [];
  let asked = 0;
  const answerTo = async (name: string, email: string) => {
    asked += 1;
    await shop.inquire(name, email);
    return (await waitForDone(shop, asked))[0];
  };
  for (const name of [order, `# ${order.toLowerCase()} `, `QWE${number}-ID`])
    t.is(await answerTo(name, 'Ada@Example.com'), 'answered by mail', name);
  const nobody = 'no order has this number and this address';
  t.is(await answerTo(order, 'grace@example.com'), nobody, 'a customer, of another order');
  t.is(await answerTo(`${order}0`, 'ada@example.com'), nobody);
  t.is(await answerTo('subscription:x', 'ada@example.com'), nobody);
  t.is(shop.mailbox.mails.length, 3);
});

test('an expired link says that it is too old, with the form; a forged or cut one is the one page of nothing', async (t) => {
  const shop = await openCustomerShop(t);
  const path = await shop.pageOf(await shop.sell());
  const nothing = await shop.page('/license/nothing');
  t.is(nothing.status, 404);
  for (const wrong of [path.slice(0, -1), `${path}A`, `${path}/x`, `${path}/2.license`, '/license/a/b/c/d'])
    t.is((await shop.page(wrong)).text, nothing.text, wrong);
  const token = path.slice('/license/'.length);
  const tokens = createLinkTokens(readIdSecret(shop.home.config.keysDir));
  const link = tokens.read(token);
  if (link === undefined) return t.fail('no link');
  const file = tokens.write({ ...link, purpose: 'file' });
  t.is((await shop.page(`/license/${file}`)).text, nothing.text, 'a link to a file is no page');
  const stranger = tokens.write({ ...link, license: new Uint8Array(16) });
  t.is((await shop.page(`/license/${stranger}`)).text, nothing.text, 'a license that is not here');

  shop.home.clock.now += 30 * DAY;
  t.is((await shop.page(path)).status, 200, 'its last day');
  shop.home.clock.now += DAY;
  const old = await shop.page(path);
  t.is(old.status, 410);
  t.true(old.text.includes('This link is too old') && old.text.includes('name="order"'));
  t.false(/[0-9A-Z]{160}/.test(old.text));
  for (const act of ['/address', '/handed', '/reissue']) t.is((await shop.post(path + act)).status, 410, act);
});

test('a suspended license shows why and whom to ask, and neither code nor file; a revoked one says what that means', async (t) => {
  const shop = await openCustomerShop(t);
  const order = await shop.sell();
  const path = await shop.pageOf(order);
  const [license] = await shop.find(order);
  const code = license?.code ?? '-';
  const decide = (act: string) => shop.cli(['license', act, license?.id ?? '', '--reason', 'ticket 1']);
  for (const [act, title] of [
    ['suspend', 'Your license is suspended'],
    ['revoke', 'Your license was withdrawn'],
  ] as const) {
    t.true((await shop.page(path)).text.includes(code), 'control');
    await decide(act);
    const { text, status } = await shop.page(path);
    t.is(status, 200);
    t.true(text.includes(title) && text.includes('help@lumen.example'));
    t.false(text.includes(code));
    for (const file of ['/1.license', '/1.svg']) t.is((await shop.page(path + file)).status, 404, file);
    t.false((await shop.page(`${path}/codes.csv`)).text.includes(code));
    await shop.inquire(order, 'ada@example.com');
    const { email } = await shop.mailbox.next('ada@example.com');
    t.is(
      email.subject,
      act === 'suspend' ? 'Your license for Lumen is suspended' : 'Your license for Lumen was withdrawn',
    );
    t.false((email.text ?? '').includes(code));
    t.true((email.text ?? '').includes('help@lumen.example'));
    await decide('reinstate');
  }
});

test('the seller ends all links of an order, and new ones work', async (t) => {
  const shop = await openCustomerShop(t);
  const order = await shop.sell({ quantity: 2 });
  const path = await shop.pageOf(order);
  const [, second] = await shop.find(order);
  t.is((await shop.page(path)).status, 200, 'control');
  shop.home.clock.now += 1000;
  const { status, out } = await shop.cli(['license', 'new-links', second?.id ?? '', '--reason', 'ticket 1']);
  t.is(status, 0, out);
  t.is((await shop.page(path)).status, 410);
  t.is((await shop.page(`${path}/1.license`)).status, 410);
  shop.home.clock.now += 1000;
  t.is((await shop.page(await shop.pageOf(order))).status, 200);
  t.true((await shop.cli(['order', 'show', order])).out.includes('new links by'));
});

test('a subscription renews the license until it is canceled, and the page says which', async (t) => {
  const shop = await openCustomerShop(t);
  const order = await shop.sell({ subscription: 'sub-7' });
  const path = await shop.pageOf(order);
  t.true((await shop.page(path)).text.includes('Your subscription renews it'));
  const data = { subscription: 'sub-7', id: 'sub-7', live: true, state: 'canceled', active: true };
  const canceled = {
    ...data,
    deactivationDate: Date.UTC(2027, 10, 20),
    initialOrderReference: order,
    product: 'lumen',
  };
  await shop.tell(shop.event('subscription.canceled', canceled, { created: shop.home.clock.now + 5000 }));
  const { text } = await shop.page(path);
  t.true(text.includes('was canceled and does not renew it'));
});

test('a license that ran out says so, and the newest code is still there', async (t) => {
  const shop = await openCustomerShop(t);
  const order = await shop.sell();
  shop.home.clock.now += 400 * DAY;
  const { text } = await shop.page(await shop.pageOf(order));
  t.true(text.includes('Your license has run out'));
  t.true(text.includes((await shop.find(order))[0]?.code ?? '-'));
});

test('volume: the buyer sees each unit with its note and a link of its own, which shows that unit and nothing of the order', async (t) => {
  const shop = await openCustomerShop(t);
  const order = await shop.sell({ quantity: 3 });
  const path = await shop.pageOf(order);
  const codes = (await shop.find(order)).map(({ code }) => code);
  const saved = await shop.post(`${path}/handed`, { unit: '2', note: '=Grace <b>H.</b>' });
  t.is(saved.headers['location'], `${path}?said=hand.saved`);
  const { text } = await shop.page(path);
  for (const code of codes) t.true(text.includes(code));
  t.true(text.includes('Handed to: =Grace &lt;b&gt;H.&lt;/b&gt;'));
  const links = [...text.matchAll(new RegExp(`${PUBLIC}(/license/[\\w-]{59})`, 'g'))].map(
    ([, link]) => link ?? '',
  );
  t.is(links.length, 3);

  const csv = await shop.page(`${path}/codes.csv`);
  t.regex(csv.headers['content-disposition'] ?? '', /attachment; filename="lumen-codes\.csv"/);
  const rows = csv.text.trim().split('\r\n');
  t.is(rows.length, 4);
  t.true(rows[2]?.includes(`'=Grace <b>H.</b>,${codes[1]}`), 'a note is no formula');

  const holders = await shop.page(links[1] ?? '');
  t.is(holders.status, 200);
  t.true(holders.text.includes(codes[1] ?? '-'));
  for (const other of [codes[0], codes[2], order, 'Grace', 'example.com', '/address', '/reissue'])
    t.false(holders.text.includes(other ?? '-'), other);
  t.is((await shop.page(`${links[1]}/codes.csv`)).status, 404);
  t.is((await shop.page(`${links[1]}/2.license`)).status, 404, 'its own is the first');
  t.false((await shop.page(`${links[1]}/1.license`)).text.includes(order));
  for (const [act, fields] of [
    ['/address', { email: 'eve@example.com' }],
    ['/handed', { unit: '1', note: 'x' }],
    ['/reissue', { unit: '1', sure: 'yes' }],
  ] as const) {
    const answer = await shop.post(`${links[1]}${act}`, fields);
    t.true(answer.status === 404 || answer.headers['location']?.endsWith('leak.no'), act);
  }
  t.is((await shop.find(order)).length, 3, 'nothing was reissued');
});

test('a gift: the receiver and the buyer each get a page of their own by their own address', async (t) => {
  const shop = await openCustomerShop(t);
  const order = await shop.sell({ email: 'ada@example.com', receiver: 'rita@example.org' });
  await shop.inquire(order, 'rita@example.org');
  const toRita = await shop.mailbox.next('rita@example.org');
  await shop.inquire(order, 'ada@example.com');
  const toAda = await shop.mailbox.next('ada@example.com');
  const [license] = await shop.find(order);
  t.false((toAda.email.text ?? '').includes(license?.code ?? '-'), 'the code is on the page alone');

  const ritas = await shop.page(pathIn(toRita));
  t.true(ritas.text.includes(license?.code ?? '-') && ritas.text.includes('r•••@example.org'));
  t.false(ritas.text.includes(order));
  const adas = await shop.page(pathIn(toAda));
  t.true(adas.text.includes(order));
  for (const address of ['example.org', 'a•••@example.com', '/address']) t.false(adas.text.includes(address));
});

test('a new code after a leak, as often as the product file allows, and only when that is sure', async (t) => {
  const shop = await openCustomerShop(t);
  const order = await shop.sell();
  const path = await shop.pageOf(order);
  const said = async (fields: Readonly<Record<string, string>>) =>
    (await shop.post(`${path}/reissue`, fields)).headers['location']?.split('said=')[1];
  const [first] = await shop.find(order);
  t.true((await shop.page(path)).text.includes('2 more times'));
  t.is(await said({ unit: '1' }), 'leak.unsure');
  t.is(await said({ unit: '1', sure: 'yes' }), 'leak.done');
  const { text } = await shop.page(path);
  t.false(text.includes(first?.code ?? '-'));
  const [code = ''] = /\b2[0-9A-Z]{159}\b/.exec(text) ?? [];
  const { keysDir } = shop.home.config;
  const reader = createReader({ product: 'lumen', keyring: readKeyring(keysDir), today: '2026-11-21' });
  t.is(reader.read(code).verdict, 'valid');
  shop.home.clock.now += DAY;
  t.is(await said({ unit: '1', sure: 'yes' }), 'leak.done');
  shop.home.clock.now += DAY;
  t.is(await said({ unit: '1', sure: 'yes' }), 'leak.no', 'the third within a year');
  const states = (await shop.find(order)).map(({ state }) => state).sort();
  t.deepEqual(states, ['active', 'revoked', 'revoked']);
});

test('a page is in the language of the browser, and a mail in that of the order, not of another market’s', async (t) => {
  const germanText =
    '---\nsubject: Ihre Lizenz\n---\n{% for code in codes %}\n```\n{{ code }}\n```\n{% endfor %}\n';
  const shop = await openCustomerShop(t, { products: { ...LUMEN, 'lumen.de': germanText } });
  const order = await shop.sell({ language: 'de', email: 'emil@example.com' });
  await shop.inquire(order, 'emil@example.com');
  const mailed = await shop.mailbox.next('emil@example.com');
  t.true((mailed.email.text ?? '').includes('Ihre Lizenzseite: '), mailed.email.text);
  const [license] = await shop.find(order);
  await shop.cli(['license', 'revoke', license?.id ?? '', '--reason', 'ticket 1']);
  await shop.inquire(order, 'emil@example.com');
  t.is(
    (await shop.mailbox.next('emil@example.com')).email.subject,
    'Ihre Lizenz für Lumen wurde zurückgenommen',
  );

  const sameNumber = ['issue', 'lumen', '--order', order, '--email', 'erna@example.com'];
  await shop.cli(sameNumber);
  for (const isActive of [true, false]) {
    await shop.inquire(order, 'erna@example.com');
    const { email } = await shop.mailbox.next('erna@example.com');
    t.regex(email.subject ?? '', /license/i);
    const [, own] = await shop.find(order);
    if (isActive) await shop.cli(['license', 'revoke', own?.id ?? '', '--reason', 'ticket 2']);
  }

  const path = await shop.pageOf(await shop.sell());
  const german = await shop.page(path, { 'Accept-Language': 'fr;q=0.9, de-AT, en;q=0.5' });
  t.true(german.text.includes('<html lang="de">') && german.text.includes('Ihre Lizenz ist aktiv'));
  t.is(german.headers['vary'], 'Accept-Language');
  const other = await shop.page(path, { 'Accept-Language': 'ja' });
  t.true(other.text.includes('<html lang="en">'));
});

test('the link of a change of address is no longer valid once a person corrected the address', async (t) => {
  const shop = await openCustomerShop(t);
  const order = await shop.sell();
  const path = await shop.pageOf(order);
  await shop.post(`${path}/address`, { email: 'a1@example.net' });
  const confirm = pathIn(await shop.mailbox.next('a1@example.net'));
  t.is((await shop.page(confirm)).status, 200, 'control');
  await shop.cli(['customer', 'correct', order, '--email', 'right@example.com', '--reason', 'ticket 17']);
  const { status, text } = await shop.post(confirm);
  t.is(status, 410);
  t.regex(text, /no longer works.*address was corrected meanwhile/s);
  t.is((await shop.find(order))[0]?.state, 'active');
  const { out } = await shop.cli(['ledger', 'find', 'right@example.com']);
  t.regex(out, new RegExp(order));
});

test('an address is no address, the same, or the fourth in a month: each is said, and nobody is mailed', async (t) => {
  const shop = await openCustomerShop(t);
  const path = await shop.pageOf(await shop.sell());
  const said = async (email: string) =>
    (await shop.post(`${path}/address`, { email })).headers['location']?.split('said=')[1];
  t.is(await said('nothing'), 'address.unfit');
  t.is(await said('ADA@example.com'), 'address.same');
  const first = await said('a1@example.net');
  t.is(first, 'address.asked');
  const confirm = pathIn(await shop.mailbox.next('a1@example.net'));
  await said('a2@example.net');
  t.is((await shop.post(confirm)).status, 410, 'one waits at a time');
  await said('a3@example.net');
  t.is(await said('a4@example.net'), 'address.too_many');
  const last = pathIn(await shop.mailbox.next('a3@example.net'));
  t.false(shop.mailbox.mails.some(({ to }) => to[0] === 'a4@example.net'));
  shop.home.clock.now += DAY;
  t.is((await shop.post(last)).status, 410, 'a day is over');
});
