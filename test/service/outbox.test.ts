import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import type { Channel } from '../../src/outbox/channel.ts';
import { openParts } from '../../src/service/open.ts';
import { announceRules, channelsOf } from '../../src/service/outbox.ts';
import { Traces } from '../../src/service/traces.ts';
import { WEBHOOKS_ONLY } from '../kit/announcing.ts';
import { recordedTraces } from '../kit/recorded-traces.ts';
import { codesIn, signed } from '../kit/sale.ts';
import { post } from '../kit/send-sale.ts';
import { makeHome, startHome } from '../kit/service.ts';

/** A webhook channel that keeps what arrives. */
function inbox(): {
  readonly channel: Channel;
  readonly arrived: { id: string; type: string; order: string }[];
} {
  const arrived: { id: string; type: string; order: string }[] = [];
  const channel: Channel = {
    name: 'webhook',
    send: async ({ id, body }) => {
      const { type, data } = JSON.parse(Buffer.from(body ?? []).toString('utf8'));
      arrived.push({ id, type, order: data.order });
      return { outcome: 'sent', answer: '204' };
    },
  };
  return { channel, arrived };
}

async function until(holds: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 500 && !holds(); tries++) await wait(10);
  return holds();
}

test('a sale is told by a running service, soon after its reply', async (t) => {
  const { channel, arrived } = inbox();
  const home = makeHome(t);
  const { api, spans } = recordedTraces();
  const outbox = { announce: WEBHOOKS_ONLY, channels: [channel] };
  const service = await startHome(t, home, { outbox, traces: new Traces(api) });
  const { text } = await post(service.url, signed());
  t.is(codesIn(text).length, 1);
  t.true(await until(() => arrived.length === 1));
  t.like(arrived[0], { type: 'license.issued', order: '573252' });
  const metrics = await (await fetch(`${service.url}/metrics`)).text();
  t.regex(metrics, /mintmark_outbox_tries_total\{channel="webhook",outcome="sent"\} 1/);
  t.deepEqual(spans.map(({ name }) => name).slice(0, 2), [
    'POST /fulfillment/paddle-classic/:product',
    'outbox webhook',
  ]);
  t.notRegex(JSON.stringify(spans), /573252|grace@example|[0-9A-Z]{60}/);
});

test('a channel that never answers fails no sale and delays none', async (t) => {
  const channel: Channel = { name: 'webhook', send: () => new Promise(() => {}) };
  const home = makeHome(t);
  const service = await startHome(t, home, { outbox: { announce: WEBHOOKS_ONLY, channels: [channel] } });
  for (let order = 0; order < 10; order++) {
    const { status } = await post(service.url, signed({ p_order_id: `never-${order}` }));
    t.is(status, 200);
  }
  const metrics = await (await fetch(`${service.url}/metrics`)).text();
  t.regex(metrics, /mintmark_outbox_announcements\{channel="webhook",state="waiting"\} 10/);
  t.regex(metrics, /mintmark_outbox_oldest_seconds\{channel="webhook",state="waiting"\} 0/);
});

test('what was not sent before a stop is sent after the next start; with OUTBOX=off it waits', async (t) => {
  const { channel, arrived } = inbox();
  const outbox = { announce: WEBHOOKS_ONLY, channels: [channel] };
  const home = makeHome(t, { env: { OUTBOX: 'off' } });
  const silent = await startHome(t, home, { outbox });
  await post(silent.url, signed());
  await wait(100);
  t.is(arrived.length, 0);
  await silent.stop();
  await startHome(t, { ...home, config: { ...home.config, outbox: 'on' } }, { outbox });
  t.true(await until(() => arrived.length === 1));
});

test('what is due is sent when it is asked for, also where another process sends; with OUTBOX=off it waits', async (t) => {
  for (const [setting, sent] of [
    ['external', 1],
    ['off', 0],
  ] as const) {
    const { channel, arrived } = inbox();
    const home = makeHome(t, { env: { OUTBOX: setting } });
    const { url, sendDue } = await startHome(t, home, {
      outbox: { announce: WEBHOOKS_ONLY, channels: [channel] },
    });
    await post(url, signed());
    t.is(arrived.length, 0, setting);
    await sendDue();
    t.is(arrived.length, sent, setting);
  }
});

test('without settings nobody is told, and there is no channel; with a relay there is the one of mails', async (t) => {
  const home = makeHome(t);
  await (await startHome(t, home)).stop();
  const parts = await openParts(home.config, { modesNeeded: [] });
  t.teardown(() => parts.ledger.close());
  t.is(await announceRules(home.config, parts.catalog), undefined);
  t.deepEqual(await channelsOf({ config: home.config, ...parts, now: Date.now }), []);
  const { config } = makeHome(t, {
    env: { SMTP_URL: 'smtps://smtp.example.com', MAIL_FROM: 'licenses@example.com' },
  });
  t.truthy(
    (await announceRules(config, parts.catalog))?.mail('asked', {
      product: 'app',
      marketplace: 'manual',
      mode: 'live',
    }),
  );
  t.deepEqual(
    (await channelsOf({ config, ...parts, now: Date.now })).map(({ name }) => name),
    ['mail'],
  );
  const fetching = makeHome(t, { env: { PADDLE_BILLING_API_KEY: 'an API key of a test' } });
  t.deepEqual(
    (await channelsOf({ ...parts, config: fetching.config, now: Date.now })).map(({ name }) => name),
    ['complete'],
  );
});
