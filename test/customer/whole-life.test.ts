/** Mail lost, code found: from the form to the page, with a real SMTP server; then another address, and back. */
import test from 'ava';
import { findCodes } from '../../src/license-code/find-codes.ts';
import { openCustomerShop, pathIn } from '../kit/customer.ts';

test('a lost code is found: the same page out for everybody, a mail to the address in the ledger, a page with the code', async (t) => {
  t.timeout(120_000);
  const shop = await openCustomerShop(t);
  const order = await shop.sell({ quantity: 1 });
  const [license] = await shop.find(order);
  const known = await shop.inquire(`#${order.toLowerCase()}`, ' Ada@Example.COM ');
  const unknown = await shop.inquire('LUM-NOBODY', 'eve@example.com');
  t.is(known.status, 200, known.text);
  t.is(known.text, unknown.text);
  const mail = await shop.mailbox.next('ada@example.com');
  t.deepEqual(findCodes(mail.email.text ?? ''), [license?.code]);

  const page = await shop.page(pathIn(mail));
  t.is(page.status, 200);
  t.true(page.text.includes(license?.code ?? '-'));
  t.true(page.text.includes('Your license is active'));
  t.is(page.headers['set-cookie'], undefined);
  t.false(page.text.includes('ada@example.com'), 'the address is masked');
  t.true(page.text.includes('a•••@example.com'));

  // Nobody else was mailed.
  t.deepEqual(
    shop.mailbox.mails.map(({ to }) => to),
    [['ada@example.com']],
  );
  const lines = JSON.stringify(shop.home.lines);
  for (const typed of [order.toLowerCase(), 'Ada@Example.COM', 'eve@example.com', 'LUM-NOBODY'])
    t.false(lines.includes(typed), `${typed} is in the log`);
});

test('another address: the new one confirms, the old one is told and undoes it, and links made since are dead', async (t) => {
  t.timeout(120_000);
  const shop = await openCustomerShop(t);
  const order = await shop.sell();
  await shop.inquire(order, 'ada@example.com');
  const first = pathIn(await shop.mailbox.next('ada@example.com'));

  const asked = await shop.post(`${first}/address`, { email: 'ada@new.example' });
  t.is(asked.headers['location'], `${first}?said=address.asked`);
  const confirm = await shop.mailbox.next('ada@new.example');
  t.false((confirm.email.text ?? '').includes('ada@example.com'));

  // A mail scanner opens the link: nothing happens.
  const question = await shop.page(pathIn(confirm));
  t.is(question.status, 200);
  t.true(question.text.includes('Use this address from now on?'));
  t.true((await shop.page(first)).text.includes('a•••@example.com'));

  t.is((await shop.post(pathIn(confirm))).status, 200);
  t.is((await shop.post(pathIn(confirm))).status, 410, 'good once');
  const told = await shop.mailbox.next('ada@example.com');
  t.true(told.email.subject?.includes('was changed'));
  t.false((told.email.text ?? '').includes('new.example'));

  // The new address has the codes from now on.
  const corrected = await shop.mailbox.next('ada@new.example');
  t.is(findCodes(corrected.email.text ?? '').length, 1);
  await shop.inquire(order, 'ada@new.example');
  const since = pathIn(await shop.mailbox.next('ada@new.example'));
  t.is((await shop.page(since)).status, 200);

  t.is((await shop.page(pathIn(told))).status, 200);
  t.is((await shop.page(since)).status, 200, 'asking changes nothing');
  shop.home.clock.now += 60_000;
  t.is((await shop.post(pathIn(told))).status, 200);
  t.is((await shop.page(since)).status, 410, 'withdrawn');
  t.is((await shop.page(first)).status, 410, 'withdrawn');
  const { out } = await shop.cli(['order', 'show', order]);
  t.true(out.includes('the customer gave another address'), out);
  t.false(out.includes('new.example'));
});
