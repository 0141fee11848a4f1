/** A customer's whole life with Lemon Squeezy, read out of a real mailbox: events in, codes by mail, the reader takes them. */
import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { findCodes } from '../../../src/license-code/find-codes.ts';
import { signatureOf } from '../../../src/marketplaces/lemon-squeezy/authenticity.ts';
import { fetchItems } from '../../../src/marketplaces/lemon-squeezy/fetch-items.ts';
import { orderItem } from '../../../src/marketplaces/lemon-squeezy/shapes.ts';
import { openLedger } from '../../../src/service/open.ts';
import { startService } from '../../../src/service/service.ts';
import { app, billed, ordered, stated, type Told, tool } from '../../kit/lemon-squeezy.ts';
import { openMailbox } from '../../kit/mailbox.ts';
import { makeHome } from '../../kit/service.ts';
import { storeApi } from '../../kit/store-api.ts';

const SECRET = 'a signing secret of a test';
const KEY = 'an API key of a test';
const TEXT = (name: string, variant: string, term: string) => `---
name: ${name}
term: ${term}
grace: P14D
marketplaces: { lemon-squeezy: { variant: "${variant}" } }
mail: { sold: on, renewed: on, subject: "{{ mail.reason }}: {{ product.name }}" }
---
Hello {{ customer.name }}.

{% for code in codes %}

{{ code }}

{% endfor %}
`;

/** A service with mail, whose API is a local server with the items of order 1. */
async function openShop(t: ExecutionContext) {
  t.timeout(120_000);
  const mailbox = await openMailbox(t);
  // It fails at first: what the event shows does not wait for it.
  const { url: api, asked } = await storeApi(t, (_, place) =>
    place === 0 ? { status: 500, json: {} } : { json: { data: [orderItem(app(), 1), orderItem(tool(), 1)] } },
  );
  const env = {
    LEMON_SQUEEZY_WEBHOOK_SECRETS: SECRET,
    LEMON_SQUEEZY_API_KEY: KEY,
    SMTP_URL: `smtp://127.0.0.1:${mailbox.port}`,
    MAIL_FROM: 'App <licenses@example.com>',
  };
  const products = { app: TEXT('App', '101', 'P1M'), tool: TEXT('Tool', '301', 'perpetual') };
  const home = makeHome(t, { products, env });
  home.clock.now = Date.UTC(2026, 0, 10, 13);
  const accounts = home.config.accounts.map((account) => {
    if (account.marketplace !== 'lemon-squeezy') return account;
    const fetch = (order: string, _: unknown, signal: AbortSignal) =>
      fetchItems(order, { key: KEY, url: api }, signal);
    return { ...account, fetch };
  });
  const config = { ...home.config, accounts };
  const { url, stop } = await startService(config, { log: home.log, now: () => home.clock.now });
  t.teardown(stop);
  const deliver = async (...events: readonly Told[]) => {
    for (const { payload } of events) {
      const headers = { 'Content-Type': 'application/json', 'X-Signature': signatureOf(payload, SECRET) };
      const { status } = await fetch(`${url}/webhooks/lemon-squeezy`, {
        method: 'POST',
        headers,
        body: payload,
      });
      t.is(status, 200);
    }
  };
  const mail = async (count: number) => {
    for (let tries = 0; tries < 1000; tries++) {
      const found = mailbox.mails[count - 1];
      if (found !== undefined) return found;
      // A failed try is made again after a while.
      home.clock.now += 1000;
      await wait(50);
    }
    throw new Error('no such mail came');
  };
  const ledger = openLedger(config);
  t.teardown(() => ledger.close());
  return { home, deliver, mail, mails: mailbox.mails, ledger, asked };
}

test('bought, renewed, refunded: each code comes by mail and is valid; further items come by the API', async (t) => {
  const { home, deliver, mail, mails, ledger, asked } = await openShop(t);
  const read = (product: string, text: string | undefined, today: string) =>
    home.reader(product, { today }).read(findCodes(text ?? '')[0] ?? '').verdict;
  await deliver(
    ordered('2026-01-10', { items: [app(), tool()] }),
    stated('created', '2026-01-10', { renews: '2026-02-10' }),
    billed('2026-01-10', { reason: 'initial' }),
  );
  const first = await mail(1);
  t.is(first.email.subject, 'sold: App');
  t.deepEqual(first.to, ['ada@example.com']);
  t.is(read('app', first.email.text, '2026-02-24'), 'valid');
  t.is(read('app', first.email.text, '2026-02-25'), 'expired', 'paid to 2026-02-10, and 14 days of grace');
  const second = await mail(2);
  t.is(second.email.subject, 'sold: Tool');
  t.is(read('tool', second.email.text, '2030-01-01'), 'valid');
  t.is(asked.length, 2);

  home.clock.now = Date.UTC(2026, 1, 10, 13);
  await deliver(billed('2026-02-10'), stated('updated', '2026-02-10', { renews: '2026-03-10' }));
  const renewed = await mail(3);
  t.is(renewed.email.subject, 'renewed: App');
  t.is(read('app', renewed.email.text, '2026-03-24'), 'valid');

  await deliver(billed('2026-02-10', { status: 'refunded', refunded: 2000 }, 'refunded'));
  const [license] = (await ledger.find({ by: 'order', order: '1' })).filter(
    ({ product }) => product === 'app',
  );
  t.is(read('app', license?.code, '2026-02-24'), 'valid');
  t.is(read('app', license?.code, '2026-02-25'), 'expired', 'the renewal is gone');
  t.is(mails.length, 3, 'told twice, mailed once');
});
