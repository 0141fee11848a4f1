/** A customer's whole life with a license, read out of a real mailbox: every code comes by mail, and the reader takes it. */
import test from 'ava';
import request from 'supertest';
import { findCodes } from '../../../src/license-code/find-codes.ts';
import type { Reader } from '../../../src/license-code/reader.ts';
import { cliOf } from '../../kit/cli.ts';
import { openMailbox, type Received } from '../../kit/mailbox.ts';
import { alertsTo } from '../../kit/paddle-alerts.ts';
import { rsaKey } from '../../kit/rsa-keys.ts';
import { codesIn, FORM, pathOf, signed } from '../../kit/sale.ts';
import { makeHome, startHome } from '../../kit/service.ts';
import { waitFor } from '../../kit/wait-for.ts';

const TEXT = (name: string, plan: string) => `---
name: ${name}
marketplaces: { paddle-classic: { product: "${plan}" } }
term: P1Y
grace: P14D
mail: { sold: on, withdrawn: on, subject: "{{ mail.reason }}: {{ product.name }}" }
---
Hello {{ customer.name }}, {{ mail.reason }}.

{% if mail.reason != "withdrawn" %}{% for code in codes %}
\`\`\`
{{ code }}
\`\`\`
{% endfor %}{% endif %}
`;
const GERMAN = `---
subject: "Lizenz {{ mail.reason }}"
---
Hallo {{ customer.name }}, {{ mail.reason }}.

{% if mail.reason != "withdrawn" %}{% for code in codes %}
\`\`\`
{{ code }}
\`\`\`
{% endfor %}

Gültig bis {{ license.last_valid_day | date }}.{% endif %}
`;

/** What commands write, the service finds when it looks again. */
const SOON = { outbox: { poll: 50 } };

test('bought, renewed, plan changed, address corrected, reissued, refunded: each is a mail to whom it concerns', async (t) => {
  t.timeout(120_000);
  const mailbox = await openMailbox(t);
  const home = makeHome(t, {
    products: { lumen: TEXT('Lumen', '47023'), pro: TEXT('Lumen Pro', '5520'), 'lumen.de': GERMAN },
    env: { SMTP_URL: `smtp://127.0.0.1:${mailbox.port}`, MAIL_FROM: 'Lumen <licenses@example.com>' },
  });
  const { url } = await startHome(t, home, SOON);
  const cli = cliOf(home);
  const tell = alertsTo(url);
  const readOn = (today: string, product: string, { email }: Received) => {
    const [code = ''] = findCodes(email.text ?? '');
    return home.reader(product, { today }).read(code);
  };
  const topics: string[] = [];
  const next = async () => {
    const mail = await waitFor(() => mailbox.mails[topics.length]);
    topics.push(mail.email.subject ?? '');
    return mail;
  };

  const subscription = {
    subscription_id: '77',
    status: 'active',
    subscription_plan_id: '47023',
    quantity: '1',
  };
  const form = signed({ p_order_id: '573252', p_country: 'US' }, rsaKey('live'));
  const reply = await request(url)
    .post(pathOf('lumen'))
    .set('Content-Type', FORM)
    .serialize((body) => body)
    .send(form);
  t.is(reply.status, 200, reply.text);
  const bought = await next();
  t.deepEqual(findCodes(bought.email.text ?? ''), codesIn(reply.text));
  t.is(readOn('2026-11-21', 'lumen', bought).verdict, 'valid');
  t.deepEqual(bought.to, ['grace@example.com']);

  const first = { ...subscription, order_id: '573252', initial_payment: '1', next_bill_date: '2027-11-20' };
  await tell('subscription_payment_succeeded', first);
  home.clock.now = Date.UTC(2027, 10, 20, 13);
  const second = {
    ...subscription,
    order_id: '573252-2',
    initial_payment: '0',
    next_bill_date: '2028-11-20',
  };
  await tell('subscription_payment_succeeded', { ...second, event_time: '2027-11-20 12:30:00' });
  const renewed = await next();
  t.is(readOn('2028-11-30', 'lumen', renewed).verdict, 'valid');
  t.is(readOn('2028-11-30', 'lumen', bought).verdict, 'expired', 'control: the code of the first year');

  await tell('subscription_updated', {
    ...{ subscription_id: '77', status: 'active', old_status: 'active' },
    ...{ old_subscription_plan_id: '47023', subscription_plan_id: '5520' },
    ...{
      old_quantity: '1',
      new_quantity: '1',
      old_next_bill_date: '2028-11-20',
      next_bill_date: '2028-11-20',
    },
    event_time: '2027-11-20 12:40:00',
  });
  const changed = await next();
  t.is(readOn('2027-11-30', 'pro', changed).verdict, 'valid');
  t.is(readOn('2027-11-30', 'lumen', changed).verdict, 'wrong-product', 'control');

  const corrected = async (address: string) => {
    const said = await cli(['customer', 'correct', '573252', '--email', address, '--reason', 'a typo']);
    t.is(said.status, 0, said.err);
    return next();
  };
  const again = await corrected('grace@example.org');
  t.deepEqual(again.to, ['grace@example.org']);
  t.is(readOn('2027-11-30', 'pro', again).verdict, 'valid');

  const { license } = licenseIn(home.reader('pro', { today: '2027-11-30' }).read(codeOf(again)));
  const said = await cli(['license', 'reissue', license, '--reason', 'a leak', '--json']);
  t.is(said.status, 0, said.err);
  const reissued = await next();
  t.is(readOn('2027-11-30', 'pro', reissued).verdict, 'valid');
  t.not(codeOf(reissued), codeOf(again));

  await tell('payment_refunded', {
    ...{ order_id: '573252-2', refund_type: 'full', quantity: '1', event_time: '2027-11-20 12:50:00' },
    ...{ gross_refund: '5.82', currency: 'USD' },
  });
  // The second year is off again: nobody is mailed a code that ends earlier, and whoever asks gets it.
  const unmailed = await cli(['orders', 'list', '--unmailed', '--json']);
  t.deepEqual(JSON.parse(unmailed.out).orders, []);
  const { license: kept } = licenseIn(home.reader('pro', { today: '2027-11-30' }).read(codeOf(reissued)));
  t.is((await cli(['license', 'resend', kept])).status, 0);
  t.is(readOn('2027-12-05', 'pro', await next()).verdict, 'expired');
  await tell('payment_refunded', {
    ...{ order_id: '573252', refund_type: 'full', quantity: '1', event_time: '2027-11-20 12:51:00' },
    ...{ gross_refund: '5.82', currency: 'USD' },
  });
  for (const withdrawn of [await next(), await next()])
    t.deepEqual(findCodes(withdrawn.email.text ?? ''), []);
  t.deepEqual(topics.slice(-2).sort(), ['withdrawn: Lumen', 'withdrawn: Lumen Pro']);
  t.deepEqual(topics.slice(0, -2), [
    'sold: Lumen',
    'renewed: Lumen',
    'successor: Lumen Pro',
    'corrected: Lumen Pro',
    'reissued: Lumen Pro',
    'asked: Lumen Pro',
  ]);
  const ids = mailbox.mails.map(({ email }) => email.messageId);
  t.is(new Set(ids).size, topics.length);
  t.true(ids.every((id) => id?.endsWith('@example.com>')));
  const rows = await cli(['license', 'show', license]);
  t.regex(rows.out, /revoked/);
});

test('a buyer in Germany gets reply and mails in German, the same bytes again; elsewhere the text of the file', async (t) => {
  t.timeout(120_000);
  const mailbox = await openMailbox(t);
  const home = makeHome(t, {
    products: { lumen: TEXT('Lumen', '47023'), 'lumen.de': GERMAN },
    env: { SMTP_URL: `smtp://127.0.0.1:${mailbox.port}`, MAIL_FROM: 'Lumen <licenses@example.com>' },
  });
  const { url } = await startHome(t, home);
  const tell = alertsTo(url);
  const ask = async (order: string, country: string | undefined) => {
    const form = signed({ p_order_id: order, p_country: country }, rsaKey('live'));
    const reply = await request(url)
      .post(pathOf('lumen'))
      .set('Content-Type', FORM)
      .serialize((body) => body)
      .send(form);
    t.is(reply.status, 200, reply.text);
    return reply.text;
  };
  const german = await ask('1', 'DE');
  t.regex(german, /^Hallo Grace Hopper, sold\.[\s\S]*Gültig bis 4\.\u00a0Dezember 2027\.\n$/);
  t.is((await waitFor(() => mailbox.mails[0])).email.subject, 'Lizenz sold');
  t.is(await ask('1', 'DE'), german);
  t.is(await ask('1', 'US'), german, 'what is said later changes no answer');
  for (const [place, country] of [undefined, '', 'US', 'CH', 'zz', '__proto__'].entries())
    t.regex(await ask(`2-${place}`, country), /^Hello Grace Hopper/);
  await waitFor(() => mailbox.mails[6]);
  const paid = { subscription_id: '77', status: 'active', subscription_plan_id: '47023', quantity: '1' };
  await tell('subscription_payment_succeeded', {
    ...{ ...paid, order_id: '1', initial_payment: '1', next_bill_date: '2028-11-20' },
  });
  const renewed = await waitFor(() => mailbox.mails[7]);
  t.is(renewed.email.subject, 'Lizenz renewed');
  t.regex(renewed.email.text ?? '', /Gültig bis 4\.\u00a0Dezember 2028/);
});

const codeOf = ({ email }: Received): string => findCodes(email.text ?? '')[0] ?? '';

function licenseIn(reading: ReturnType<Reader['read']>): { readonly license: string } {
  if (reading.verdict !== 'valid') throw new Error(reading.verdict);
  return { license: reading.license.id };
}
