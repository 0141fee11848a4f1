/** GET /v1/revocations/:product of a whole service: a refund arrives, and the list contains the license. */
import test from 'ava';
import Koa from 'koa';
import request from 'supertest';
import { edge } from '../../src/http/edge/edge.ts';
import type { RequestState } from '../../src/http/edge/request.ts';
import { routesOf } from '../../src/http/edge/routes.ts';
import { revocationsEndpoint } from '../../src/http/revocations.ts';
import { readKeyring } from '../../src/keyring/keyring.ts';
import { loadRevocations } from '../../src/license-code/load-revocations.ts';
import { Metrics } from '../../src/metrics.ts';
import { FileOwner, type LicenseJson, type Market, only, openMarket } from '../kit/fastspring.ts';
import { bodyOf, exchange, portOf, statusOf } from '../kit/raw.ts';
import { keptLog } from '../kit/service.ts';

const owner = new FileOwner();
let market: Market;
test.before(async () => {
  market = await openMarket(owner);
});
test.after.always(() => owner.end());

const path = (product: string) => `/v1/revocations/${product}`;
const get = (product: string, headers: Record<string, string> = {}) =>
  request(market.url).get(path(product)).set(headers).buffer(true).parse(asText);

function asText(response: request.Response, done: (error: Error | null, text: string) => void): void {
  let text = '';
  response.on('data', (part: Buffer) => {
    text += part.toString('latin1');
  });
  response.on('end', () => done(null, text));
}

const read = (jws: string, product = 'app') =>
  loadRevocations(jws, readKeyring(market.home.config.keysDir), product);

let orders = 0;
async function buy(t: Parameters<typeof only>[0]): Promise<LicenseJson> {
  orders += 1;
  const order = `V-${orders}`;
  await market.ask('app', { reference: order, quantity: '1' });
  return only(t, market, order);
}

const refund = ({ order }: LicenseJson) =>
  market.tell(
    market.event(
      'return.created',
      {
        return: `T-${order}`,
        totalReturn: 10,
        original: { id: `X-${order}`, order: `X-${order}`, reference: order, total: 10 },
        items: [],
      },
      { created: market.home.clock.now },
    ),
  );

test.serial(
  'the list is a signed text with a strong ETag, and caches may keep it for some minutes',
  async (t) => {
    const { status, headers, body } = await get('app');
    t.is(status, 200);
    t.is(headers['content-type'], 'application/jwt');
    t.is(Number(headers['content-length']), (body as string).length);
    t.regex(headers['etag'] ?? '', /^"[\w-]{22}"$/);
    t.is(headers['cache-control'], 'public, max-age=300, stale-while-revalidate=300, stale-if-error=604800');
    t.is(headers['access-control-allow-origin'], '*');
    const list = read(body as string);
    t.is(list.refused, null);
    t.false(list.test, 'a live key is there, so it signs');
  },
);

test.serial('a refund by an event and a revocation by command are in the next response', async (t) => {
  const [refunded, revoked, kept] = [await buy(t), await buy(t), await buy(t)];
  const before = await get('app');
  t.false(read(before.body).revoked(refunded.id));
  await refund(refunded);
  const after = await get('app');
  t.true(read(after.body).revoked(refunded.id));
  t.false(read(after.body).revoked(revoked.id));
  market.home.clock.now += 1000;
  const { status } = await market.cli(['license', 'revoke', revoked.id, '--reason', 'ticket 17']);
  t.is(status, 0);
  const last = await get('app');
  const list = read(last.body);
  t.true(list.revoked(refunded.id) && list.revoked(revoked.id));
  t.false(list.revoked(kept.id));
  t.true(list.seq > read(after.body).seq && read(after.body).seq > read(before.body).seq);
});

test.serial(
  'a caller with the current list gets 304 with the same ETag until the list changes',
  async (t) => {
    const license = await buy(t);
    const { headers } = await get('app');
    const etag = headers['etag'] ?? '';
    for (const held of [etag, `"other", ${etag}`, '*', `W/${etag}`]) {
      const answer = await get('app', { 'If-None-Match': held });
      t.is(answer.status, 304, held);
      t.is(answer.headers['etag'], etag);
      t.is(answer.headers['cache-control'], headers['cache-control']);
      t.is(answer.body, '');
    }
    for (const other of ['"other"', '', 'x', `"${'y'.repeat(5000)}"`]) {
      t.is((await get('app', { 'If-None-Match': other })).status, 200, other);
    }
    await refund(license);
    const changed = await get('app', { 'If-None-Match': etag });
    t.is(changed.status, 200);
    t.not(changed.headers['etag'], etag);
  },
);

test.serial('HEAD is GET without the list; other methods get 405', async (t) => {
  const { headers } = await get('app');
  const head = await request(market.url).head(path('app'));
  t.is(head.status, 200);
  for (const name of ['content-type', 'content-length', 'etag', 'cache-control']) {
    t.is(head.headers[name], headers[name], name);
  }
  for (const method of ['post', 'put', 'delete'] as const) {
    const refused = await request(market.url)[method](path('app'));
    t.is(refused.status, 405);
    t.is(refused.headers['allow'], 'GET, HEAD');
  }
});

test.serial('the command writes the bytes of the endpoint', async (t) => {
  const { body } = await get('app');
  const { status, out } = await market.cli(['revocations', 'export', '--product', 'app']);
  t.is(status, 0);
  t.is(out, body);
});

test.serial('an unknown product gets a 4xx problem and creates no metric label', async (t) => {
  for (const product of [
    'nothing',
    '%00',
    '%ff',
    '%F0%9F%98%80',
    '..%2f..%2fapp',
    '__proto__',
    'APP',
    'x'.repeat(9000),
  ]) {
    const answer = await exchange(
      portOf(market.url),
      `GET ${path(product)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    const status = statusOf(answer) ?? 0;
    t.true(status >= 400 && status < 500, `${product.slice(0, 20)}: ${status}`);
    t.regex(bodyOf(answer), /"code":"(unknown_product|unknown_path|malformed_request)"/);
  }
  const { text } = await request(market.url).get('/metrics');
  t.regex(text, /mintmark_requests_total\{endpoint="\/v1\/revocations\/:product",outcome="ok"\} \d/);
  t.regex(
    text,
    /mintmark_requests_total\{endpoint="\/v1\/revocations\/:product",outcome="unknown_product"\} \d/,
  );
  t.notRegex(text, /proto|nothing/);
});

test('without a signing key the list gets 404, and the log says why', async (t) => {
  const { log, lines } = keptLog();
  const app = new Koa<RequestState>();
  let outcome: 'no signing key' | 'found' = 'no signing key';
  const list = { body: Buffer.from('x'), etag: '"x"', seq: 1, revoked: 0, suspended: 0 };
  const find = async () => (outcome === 'found' ? { outcome, list } : { outcome });
  app.use(edge({ log, metrics: new Metrics(), newRequestId: () => 'r' }));
  app.use(routesOf([revocationsEndpoint({ find })]));
  const refused = await request(app.callback()).get('/v1/revocations/app');
  t.is(refused.status, 404);
  t.is(refused.body.code, 'unknown_product');
  t.is(refused.headers['cache-control'], 'no-store');
  t.is(lines.at(-1)?.['why'], 'no signing key');
  outcome = 'found';
  t.is((await request(app.callback()).get('/v1/revocations/app')).status, 200);
  t.is(lines.at(-1)?.['seq'], 1);
});
