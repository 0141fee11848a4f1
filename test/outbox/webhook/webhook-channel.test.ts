/** Sends over real connections; only the clock and the names are the test's. */
import { randomBytes } from 'node:crypto';
import type { LookupFunction } from 'node:net';
import test from 'ava';
import { Webhook } from 'standardwebhooks';
import { type Announcement, webhookBody } from '../../../src/domain/announcement.ts';
import type { Customer } from '../../../src/domain/order.ts';
import type { Endpoint } from '../../../src/outbox/webhook/endpoint.ts';
import { createPost, type PostOptions } from '../../../src/outbox/webhook/post.ts';
import { WEBHOOKS } from '../../../src/outbox/webhook/schemas.ts';
import { createWebhookChannel } from '../../../src/outbox/webhook/webhook-channel.ts';
import { type Answer, type Receiver, selfSigned, startReceiver } from '../../kit/receiver.ts';

const SECRET = randomBytes(32);
const WRITTEN = `whsec_${SECRET.toString('base64')}`;
const ADA: Customer = { name: 'Ada Lovelace', email: 'ada@example.com' };

const ANNOUNCEMENT: Announcement = {
  ...{ number: 1, id: '019ac000-0000-7000-8000-000000000001', channel: 'webhook', target: 'crm' },
  ...{ topic: 'license.issued', marketplace: 'shop', mode: 'live', order: 'EXA-1', product: 'app' },
  ...{ license: new Uint8Array(16), sequence: 1, revision: 0, customer: 7, text: null },
  body: webhookBody(
    'license.issued',
    'live',
    {
      at: Date.parse('2026-11-20T10:00:00Z'),
      data: {
        ...{ license: '00000000-0000-0000-0000-000000000000', revision: 0, state: 'active' },
        ...{ lastValidDay: null, updatesUntil: null, product: 'app', marketplace: 'shop', order: 'EXA-1' },
        ...{ unit: 0, cause: 'order' },
      },
    },
    1,
  ),
  ...{ at: 0, firstTriedAt: null, tries: 0 },
};

interface Case {
  readonly endpoint?: Partial<Endpoint>;
  readonly post?: PostOptions;
  readonly customer?: Customer | undefined;
  readonly announcement?: Partial<Announcement>;
  readonly signal?: AbortSignal;
  readonly now?: number;
}

/** Sends one announcement to the receiver. */
function sendTo({ url }: Pick<Receiver, 'url'>, given: Case = {}) {
  const endpoint: Endpoint = {
    ...{ name: 'crm', url, topics: ['license.issued'], mode: 'live', personal: false, private: true },
    ...{ secrets: [{ variable: 'X' }], secretLine: 1 },
    ...given.endpoint,
  };
  const channel = createWebhookChannel({
    endpoints: [endpoint],
    secrets: new Map([['crm', [SECRET]]]),
    post: createPost(given.post),
    customerOf: async () => given.customer,
    now: () => given.now ?? Date.now(),
  });
  return channel.send(
    { ...ANNOUNCEMENT, ...given.announcement },
    given.signal ?? new AbortController().signal,
  );
}

const says =
  (status: number, headers: Record<string, string> = {}, text = ''): Answer =>
  (response) => {
    response.writeHead(status, headers).end(text);
  };

test('the reference library verifies what arrives; the id is the outbox row, the time is of the try', async (t) => {
  const receiver = await startReceiver(t, says(200, {}, 'ok'));
  t.deepEqual(await sendTo(receiver), { outcome: 'sent', answer: '200 ok' });
  const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
  t.deepEqual(new Webhook(WRITTEN).verify(body, headers), JSON.parse(body));
  t.is(headers['webhook-id'], ANNOUNCEMENT.id);
  t.is(headers['content-type'], 'application/json');
  t.is(body, new TextDecoder().decode(ANNOUNCEMENT.body ?? undefined));
  await sendTo(receiver, { now: Date.now() - 400_000 });
  const [, late] = receiver.received;
  t.is(late?.headers['webhook-id'], ANNOUNCEMENT.id);
  t.throws(() => new Webhook(WRITTEN).verify(late?.body ?? '', late?.headers ?? {}), { message: /too old/ });
});

test('over TLS with personal: on the customer is in the body, and only then', async (t) => {
  const tls = selfSigned(t);
  const receiver = await startReceiver(t, says(200, {}, 'Thanks, Ada Lovelace'), tls);
  const post = { ca: tls.cert };
  const sent = async (personal: boolean, customer?: Customer) => {
    t.like(await sendTo(receiver, { endpoint: { personal }, post, customer }), { outcome: 'sent' });
    const { headers, body } = receiver.received.at(-1) ?? { headers: {}, body: '' };
    t.truthy(new Webhook(WRITTEN).verify(body, headers));
    t.true(WEBHOOKS['license.issued'].schema.safeParse(JSON.parse(body)).success);
    return JSON.parse(body).data.customer;
  };
  t.deepEqual(await sent(true, ADA), ADA);
  t.is(await sent(true), null, 'erased');
  t.is(await sent(false, ADA), undefined);
  t.deepEqual(await sendTo(receiver, { endpoint: { personal: true }, post, customer: ADA }), {
    outcome: 'sent',
    answer: '200',
  });
});

test('a certificate that nobody signed is refused', async (t) => {
  const receiver = await startReceiver(t, undefined, selfSigned(t));
  t.deepEqual(await sendTo(receiver), {
    outcome: 'failed',
    answer: 'no answer (DEPTH_ZERO_SELF_SIGNED_CERT)',
  });
  t.is(receiver.received.length, 0);
});

test('every status but 2xx and 410 is a failed try, and no redirect is followed', async (t) => {
  const other = await startReceiver(t);
  for (const status of [301, 302, 307, 308, 400, 401, 403, 404, 422, 500, 502, 503]) {
    const receiver = await startReceiver(t, says(status, { location: String(other.url) }));
    t.like(await sendTo(receiver), { outcome: 'failed' }, String(status));
    t.is(receiver.received.length, 1);
  }
  t.is(other.received.length, 0);
  for (const status of [200, 201, 202, 204, 299]) {
    t.like(await sendTo(await startReceiver(t, says(status))), { outcome: 'sent' }, String(status));
  }
});

test('410 stops the endpoint', async (t) => {
  t.deepEqual(await sendTo(await startReceiver(t, says(410))), {
    outcome: 'target failed',
    answer: '410 (gone: the endpoint is stopped)',
    stop: true,
  });
});

test('Retry-After of 429 and 503 moves the next try, in seconds or as a date, at most a day', async (t) => {
  const now = Date.parse('2026-11-20T10:00:00Z');
  const DAY = 86_400_000;
  const next = async (status: number, header: string) => {
    const receiver = await startReceiver(t, says(status, { 'retry-after': header }));
    const tried = await sendTo(receiver, { now });
    return 'notBefore' in tried ? tried.notBefore - now : undefined;
  };
  t.is(await next(429, '120'), 120_000);
  t.is(await next(503, 'Fri, 20 Nov 2026 10:05:00 GMT'), 300_000);
  t.is(await next(429, '9999999'), DAY);
  t.is(await next(503, 'Fri, 20 Nov 2099 10:05:00 GMT'), DAY);
  for (const nothing of ['soon', '-5', '0', 'Fri, 20 Nov 2020 10:05:00 GMT'])
    t.is(await next(429, nothing), undefined, nothing);
  t.is(await next(500, '120'), undefined);
});

test('an answer is kept on one line, without addresses and codes, and cut', async (t) => {
  const code = 'ABCDEFGH'.repeat(20);
  const text = `no\r\n${ADA.email} ${code} ada%40example.com ${'long '.repeat(300)}`;
  const { answer = '' } = { answer: '', ...(await sendTo(await startReceiver(t, says(500, {}, text)))) };
  t.true(answer.startsWith('500 no (address) (long word) (address) long long'), answer);
  t.true([...answer].length <= 500);
  t.notRegex(answer, /@|%40|[A-Z]{9}|\p{Cc}/u);
});

test('of an endless answer little is read, and its status counts', async (t) => {
  let written = 0;
  const receiver = await startReceiver(t, (response) => {
    response.writeHead(200);
    const more = () => {
      while (!response.destroyed && written < 50_000_000 && response.write('x'.repeat(65_536)))
        written += 65_536;
      if (!response.destroyed && written < 50_000_000) response.once('drain', more);
    };
    more();
  });
  t.like(await sendTo(receiver), { outcome: 'sent' });
  t.true(written < 20_000_000, `${written} bytes were taken`);
});

test('no answer, a slow head and garbage are failed tries within the time; a slow body is not', async (t) => {
  const post = { timeout: 300 };
  const none = await startReceiver(t, () => {});
  t.deepEqual(await sendTo(none, { post }), { outcome: 'failed', answer: 'no answer within 0.3 seconds' });
  const slow = await startReceiver(t, (response) => {
    const socket = response.socket;
    const drip = setInterval(() => (socket?.destroyed ? clearInterval(drip) : socket?.write('H')), 50);
  });
  t.like(await sendTo(slow, { post }), { outcome: 'failed' });
  const garbage = await startReceiver(
    t,
    (response) => void response.socket?.end('\u0000 no HTTP at all\r\n\r\n'),
  );
  t.deepEqual(await sendTo(garbage, { post }), {
    outcome: 'failed',
    answer: 'no answer (HPE_INVALID_CONSTANT)',
  });
  const cut = await startReceiver(t, (response) => void response.socket?.destroy());
  t.deepEqual(await sendTo(cut, { post }), { outcome: 'failed', answer: 'no answer (ECONNRESET)' });
  const body = await startReceiver(t, (response) => void response.writeHead(200).write('ok'));
  t.deepEqual(await sendTo(body, { post }), { outcome: 'sent', answer: '200 ok' });
});

test('a try ends when the service stops', async (t) => {
  const receiver = await startReceiver(t, () => {});
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 100);
  t.deepEqual(await sendTo(receiver, { signal: stop.signal }), {
    outcome: 'failed',
    answer: 'the service is stopping',
  });
});

/** Leads every name to the address. */
function leadsTo(address: string, seen: string[] = []): LookupFunction {
  return (host, { all }, callback) => {
    seen.push(host);
    if (all) callback(null, [{ address, family: 4 }]);
    else callback(null, address, 4);
  };
}

test('a name that leads to an address that is not public is never called, unless private: on', async (t) => {
  const receiver = await startReceiver(t);
  const url = new URL(`http://receiver.example:${receiver.port}/`);
  const post = { lookup: leadsTo('127.0.0.1') };
  t.deepEqual(await sendTo({ url }, { post, endpoint: { private: false } }), {
    outcome: 'failed',
    answer: 'the name leads to an address that is not public: say private: on if that is meant',
  });
  t.is(receiver.received.length, 0);
  t.like(await sendTo({ url }, { post }), { outcome: 'sent' }, 'the control');
  t.is(receiver.received.length, 1);
});

test('a name is looked up once, by the connection: a name that changes after a check does not help', async (t) => {
  const receiver = await startReceiver(t);
  const url = new URL(`http://receiver.example:${receiver.port}/`);
  const [seen, seenPrivate]: [string[], string[]] = [[], []];
  await sendTo({ url }, { post: { lookup: leadsTo('127.0.0.1', seen) }, endpoint: { private: false } });
  await sendTo({ url }, { post: { lookup: leadsTo('127.0.0.1', seenPrivate) } });
  t.deepEqual([seen, seenPrivate], [['receiver.example'], ['receiver.example']]);
  t.is(receiver.received.length, 1);
});

test('an address that is written as a number is checked as well', async (t) => {
  const receiver = await startReceiver(t);
  for (const host of [
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '0',
  ]) {
    const url = new URL(`http://${host}:${receiver.port}/`);
    t.deepEqual(
      await sendTo({ url }, { endpoint: { private: false } }),
      { outcome: 'failed', answer: 'the address is not public: say private: on if that is meant' },
      host,
    );
  }
  t.is(receiver.received.length, 0);
  t.like(
    await sendTo({ url: new URL(`http://127.0.0.1:${receiver.port}/`) }),
    { outcome: 'sent' },
    'the control',
  );
});

test('nothing is sent for an endpoint that is gone or of the other mode, nor without a body', async (t) => {
  const receiver = await startReceiver(t);
  t.deepEqual(await sendTo(receiver, { announcement: { target: 'old' } }), {
    outcome: 'dropped',
    reason: 'there is no endpoint old any more',
  });
  t.deepEqual(await sendTo(receiver, { announcement: { mode: 'test' } }), {
    outcome: 'dropped',
    reason: 'the endpoint crm is for mode live',
  });
  t.like(await sendTo(receiver, { announcement: { body: null } }), { outcome: 'refused' });
  t.is(receiver.received.length, 0);
});
