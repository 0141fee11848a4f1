/** A service with endpoints: what a sale and its life send, over real connections. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { Webhook } from 'standardwebhooks';
import type { WebhookTopic } from '../../src/domain/values/announcement.ts';
import { AppError } from '../../src/errors.ts';
import { WEBHOOKS } from '../../src/outbox/webhook/schemas.ts';
import { customerOf } from '../../src/outbox/webhook/telling.ts';
import { openLedger } from '../../src/service/open.ts';
import { cliOf } from '../kit/cli.ts';
import { type Receiver, startReceiver } from '../kit/receiver.ts';
import { signed } from '../kit/sale.ts';
import { post } from '../kit/send-sale.ts';
import { makeHome, startHome } from '../kit/service.ts';

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;

const endpoint = (name: string, url: URL, more = '') => `  - name: ${name}
    url: ${url.href}
    secret_env: WEBHOOK_SECRET
    topics: [license.issued, license.suspended, license.reinstated, license.revoked, license.reissued]
    private: on
${more}`;

function homeWith(t: ExecutionContext, endpoints: string) {
  const home = makeHome(t, { env: { WEBHOOK_SECRET: SECRET } });
  home.clock.now = Date.now();
  writeFileSync(home.config.webhooksFile, `endpoints:\n${endpoints}`);
  return home;
}

async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo(); waited += 20) {
    if (waited > 30_000) throw new Error('not within 30 seconds');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What arrived, each verified by the reference library. */
function verified({ received }: Receiver) {
  return received.map(({ headers, body }) => {
    const message = new Webhook(SECRET).verify(body, headers) as { type: WebhookTopic; data: Told };
    return { id: headers['webhook-id'], ...message };
  });
}

interface Told {
  readonly license: string;
  readonly sequence: number;
  readonly state: string;
  readonly order: string;
  readonly customer?: unknown;
}

test('a sale and each decision about it are told once, verified, as described, with a rising sequence', async (t) => {
  const receiver = await startReceiver(t);
  const home = homeWith(t, endpoint('crm', receiver.url));
  const { url } = await startHome(t, home);
  const form = signed({ p_order_id: 'W-1', name: 'Ada', email: 'ada@example.com' });
  const sold = await post(url, form, 'app');
  t.is(sold.status, 200);
  t.is((await post(url, form, 'app')).status, 200, 'a repeat announces nothing');
  await until(() => receiver.received.length === 1);
  const [code = ''] = sold.text.match(/[0-9A-Z]{160}/) ?? [];
  const cli = cliOf(home);
  for (const act of ['suspend', 'reinstate', 'reissue'])
    t.is((await cli(['license', act, code, '--reason', 'a test'])).status, 0, act);
  await until(() => receiver.received.length === 5);
  const told = verified(receiver);
  t.deepEqual(told.map(({ type }) => type).sort(), [
    'license.issued',
    'license.reinstated',
    'license.reissued',
    'license.revoked',
    'license.suspended',
  ]);
  const ofFirst = told.filter(({ data }) => data.license === told[0]?.data.license);
  t.deepEqual(ofFirst.map(({ type, data }) => `${data.sequence} ${type}`).sort(), [
    '1 license.issued',
    '2 license.suspended',
    '3 license.reinstated',
    '4 license.revoked',
  ]);
  t.is(new Set(told.map(({ id }) => id)).size, 5);
  for (const [place, { type, data }] of told.entries()) {
    const body = receiver.received[place]?.body ?? '';
    t.true(WEBHOOKS[type].schema.safeParse(JSON.parse(body)).success, body);
    t.is(data.order, 'W-1');
    t.notRegex(body, /Ada|ada@|[0-9A-Z]{40}/);
  }
});

test('an endpoint of the other mode, and one that did not ask for the topic, are not told', async (t) => {
  const [live, other, flags] = [await startReceiver(t), await startReceiver(t), await startReceiver(t)];
  const onlyFlags = endpoint('flags', flags.url).replace(/topics: .*/, 'topics: [order.flagged]');
  const home = homeWith(
    t,
    endpoint('live', live.url) + endpoint('test', other.url, '    mode: test\n') + onlyFlags,
  );
  const { url } = await startHome(t, home);
  t.is((await post(url, signed({ p_order_id: 'W-2' }), 'app')).status, 200);
  await until(() => live.received.length === 1);
  t.deepEqual([other.received, flags.received], [[], []]);
});

test('an endpoint that fails delays no sale, and gets the same message with the same id later', async (t) => {
  let isBroken = true;
  const receiver = await startReceiver(t, (response) => response.writeHead(isBroken ? 500 : 204).end());
  const home = homeWith(t, endpoint('crm', receiver.url));
  const { url } = await startHome(t, home);
  t.is((await post(url, signed({ p_order_id: 'W-3' }), 'app')).status, 200);
  await until(() => receiver.received.length === 1);
  isBroken = false;
  // The first try may be noted only after the clock was set.
  await until(() => {
    home.clock.now += 6_000;
    return receiver.received.length > 1;
  });
  const [first, second] = receiver.received;
  t.is(first?.headers['webhook-id'], second?.headers['webhook-id']);
  t.is(first?.body, second?.body);
  t.not(first?.headers['webhook-timestamp'], second?.headers['webhook-timestamp']);
});

test('a fault of the file, or a secret that is not set, stops the start', async (t) => {
  const { url } = await startReceiver(t);
  for (const [endpoints, expected] of [
    [endpoint('crm', url, '    retry: 3\n'), /webhooks\.yaml:7: endpoints\[0\]\.retry: there is no such key/],
    [
      endpoint('crm', url).replace('WEBHOOK_SECRET', 'OTHER_SECRET'),
      /:4: secret_env: OTHER_SECRET is not set/,
    ],
  ] as const) {
    const error = await t.throwsAsync(startHome(t, homeWith(t, endpoints)), { instanceOf: AppError });
    t.regex(error?.message ?? '', expected);
  }
});

test('the customer of an announcement is the one that the ledger has now, and nobody after an erasure', async (t) => {
  const home = homeWith(t, endpoint('crm', new URL('https://127.0.0.1:9/'), '    personal: on\n'));
  const { url } = await startHome(t, home);
  const form = signed({ p_order_id: 'W-4', name: 'Ada', email: 'ada@example.com' });
  t.is((await post(url, form, 'app')).status, 200);
  const ledger = await openLedger(home.config);
  t.teardown(() => ledger.close());
  const [announcement] = await ledger.outbox.list({ limit: 1 });
  if (announcement === undefined) throw new Error('nothing was announced');
  const orderOnly = { ...announcement, license: null };
  for (const about of [announcement, orderOnly])
    t.deepEqual(await customerOf(ledger, about), { name: 'Ada', email: 'ada@example.com' });
  t.is(await customerOf(ledger, { ...announcement, mode: 'test' }), undefined);
  t.is(await customerOf(ledger, { ...orderOnly, order: '' }), undefined);
  t.is((await cliOf(home)(['customer', 'erase', 'ada@example.com'])).status, 0);
  t.is(await customerOf(ledger, announcement), undefined);
});
