/** A customer's whole life with Stripe, read out of a real mailbox: events in, lines from the API, codes by mail, the reader takes them. */
import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { findCodes } from '../../../src/license-code/find-codes.ts';
import { fetchLacking } from '../../../src/marketplaces/stripe/fetching.ts';
import { charge, expanded } from '../../../src/marketplaces/stripe/shapes.ts';
import { signatureOf } from '../../../src/marketplaces/stripe/simulator.ts';
import { openLedger } from '../../../src/service/open.ts';
import { startService } from '../../../src/service/service.ts';
import { openMailbox } from '../../kit/mailbox.ts';
import { makeHome } from '../../kit/service.ts';
import { bought, event, once, paidInvoice, recurring, stated, type Told } from '../../kit/stripe.ts';
import { type ApiContent, stripeApi } from '../../kit/stripe-api.ts';

const SECRET = 'whsec_of_a_test';
const TEXT = (name: string, price: string, term: string) => `---
name: ${name}
term: ${term}
grace: P14D
marketplaces: { stripe: { product: ${price} } }
mail: { sold: on, renewed: on, subject: "{{ mail.reason }}: {{ product.name }}" }
---
Hello {{ customer.name }}.

{% for code in codes %}

{{ code }}

{% endfor %}
`;

/** A service with mail, whose API is a local server. */
async function openShop(t: ExecutionContext, content: ApiContent) {
  t.timeout(120_000);
  const mailbox = await openMailbox(t);
  const { url: api, asked } = await stripeApi(t, content);
  const env = {
    STRIPE_WEBHOOK_SECRETS: SECRET,
    STRIPE_API_KEY: 'rk_live_of_a_test',
    SMTP_URL: `smtp://127.0.0.1:${mailbox.port}`,
    MAIL_FROM: 'App <licenses@example.com>',
  };
  const products = { app: TEXT('App', 'price_Month', 'P1M'), tool: TEXT('Tool', 'price_Tool', 'perpetual') };
  const home = makeHome(t, { products, env });
  home.clock.now = Date.UTC(2026, 0, 10, 13);
  const accounts = home.config.accounts.map((account) => {
    if (account.marketplace !== 'stripe') return account;
    const own = { key: 'rk_live_of_a_test', url: api };
    const fetch = (lacking: string, _: unknown, signal: AbortSignal) => fetchLacking(lacking, own, signal);
    return { ...account, fetch };
  });
  const config = { ...home.config, accounts };
  const { url, stop } = await startService(config, { log: home.log, now: () => home.clock.now });
  t.teardown(stop);
  const deliver = async ({ payload }: Told) => {
    const signature = signatureOf(payload, SECRET, home.clock.now);
    const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Stripe-Signature': signature };
    const { status } = await fetch(`${url}/webhooks/stripe`, { method: 'POST', headers, body: payload });
    t.is(status, 200);
  };
  const until = async <T>(find: () => T | undefined | Promise<T | undefined>): Promise<T> => {
    for (let tries = 0; tries < 1000; tries++) {
      const found = await find();
      if (found !== undefined) return found;
      await wait(50);
    }
    throw new Error('it did not come');
  };
  const mail = (count: number) => until(() => mailbox.mails[count - 1]);
  const ledger = openLedger(config);
  t.teardown(() => ledger.close());
  return { home, deliver, mail, mails: mailbox.mails, until, ledger, asked };
}

const FIRST = { subscription: 'sub_1', invoice: 'in_1', items: [recurring(), once()] };

test('bought, renewed, refunded: each code comes by mail once its lines are fetched, and is valid', async (t) => {
  const session = expanded({ id: 'cs_1', ...FIRST });
  const content: ApiContent = {
    objects: {
      'checkout/sessions/cs_1': session,
      'payment_intents/pi_2': {
        id: 'pi_2',
        latest_charge: { amount: 2000, amount_refunded: 2000, currency: 'eur' },
      },
    },
    lists: {
      'checkout/sessions?subscription=sub_1': [{ id: 'cs_1' }],
      'invoice_payments?payment[type]=payment_intent&payment[payment_intent]=pi_2': [
        { id: 'p', invoice: 'in_r' },
      ],
      'invoice_payments?invoice=in_r&status=paid': [{ id: 'p' }],
    },
    // The API fails at first: the license waits, and comes.
    fail: [{ status: 500 }],
  };
  const shop = await openShop(t, content);
  const { home, deliver, mail } = shop;
  await deliver(stated('created', '2026-01-10', { until: '2026-02-10' }));
  await deliver(
    paidInvoice('2026-01-10', '2026-02-10', { ...FIRST, id: 'in_1', reason: 'subscription_create' }),
  );
  await deliver(bought('2026-01-10', FIRST.items, FIRST));
  const [one, two] = [await mail(1), await mail(2)];
  t.deepEqual([one, two].map(({ email }) => email.subject).sort(), ['sold: App', 'sold: Tool']);
  t.deepEqual(one.to, ['ada@example.com']);
  const app = [one, two].find(({ email }) => email.subject === 'sold: App');
  const read = (product: string, text: string | undefined, today: string) =>
    home.reader(product, { today }).read(findCodes(text ?? '')[0] ?? '').verdict;
  t.is(read('app', app?.email.text, '2026-02-24'), 'valid');
  t.is(read('app', app?.email.text, '2026-02-25'), 'expired', 'paid to 2026-02-10, and 14 days of grace');

  home.clock.now = Date.UTC(2026, 1, 10, 13);
  await deliver(paidInvoice('2026-02-10', '2026-03-10', { id: 'in_r' }));
  const renewed = await mail(3);
  t.is(renewed.email.subject, 'renewed: App');
  t.is(read('app', renewed.email.text, '2026-03-24'), 'valid');

  home.clock.now = Date.UTC(2026, 1, 12, 13);
  await deliver(
    event('charge.refunded', '2026-02-12', charge({ payment: 'pi_2', amount: 2000, refunded: 2000 })),
  );
  const state = await shop.until(async () => {
    const licenses = await shop.ledger.find({ by: 'order', order: 'cs_1' });
    const license = licenses.find(({ product }) => product === 'app');
    return license !== undefined && license.revision > 1 ? license : undefined;
  });
  t.is(
    home.reader('app', { today: '2026-02-25' }).read(state.code).verdict,
    'expired',
    'the renewal is gone',
  );
  t.true(shop.asked.length > 5);
});
