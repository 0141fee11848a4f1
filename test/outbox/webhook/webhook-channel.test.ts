/** Sends over real connections; only the clock is the test's. */
import test from 'ava';
import { Webhook } from 'standardwebhooks';
import type { Customer } from '../../../src/domain/values/order.ts';
import { WEBHOOKS } from '../../../src/outbox/webhook/schemas.ts';
import { type Answer, selfSigned, startReceiver } from '../../kit/receiver.ts';
import { ANNOUNCEMENT, sendTo, WRITTEN } from '../../kit/webhooks.ts';

const ADA: Customer = { name: 'Ada Lovelace', email: 'ada@example.com' };

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

test('no answer, a slow head, another protocol and garbage are failed tries within the time; a slow body is not', async (t) => {
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
  t.deepEqual(await sendTo(garbage), {
    outcome: 'failed',
    answer: 'no answer (HPE_INVALID_CONSTANT)',
  });
  const other = await startReceiver(
    t,
    (response) => void response.socket?.write('HTTP/1.1 101 x\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
  );
  t.deepEqual(await sendTo(other, { post: { timeout: 2_000 } }), { outcome: 'failed', answer: '101' });
  const cut = await startReceiver(t, (response) => void response.socket?.destroy());
  t.deepEqual(await sendTo(cut), { outcome: 'failed', answer: 'no answer (ECONNRESET)' });
  const body = await startReceiver(t, (response) => void response.writeHead(200).write('ok'));
  t.deepEqual(await sendTo(body, { post: { timeout: 2_000 } }), { outcome: 'sent', answer: '200 ok' });
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
