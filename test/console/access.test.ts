/** Who gets into the console, and what a stranger gets. */
import test from 'ava';
import request from 'supertest';
import { enter, openShop, postForm, reference, sell } from '../kit/console.ts';
import { makeHome, start, startHome } from '../kit/service.ts';

const MINUTE = 60_000;
const SAME = { 'Sec-Fetch-Site': 'same-origin' };

test('a link is good once, and for 10 minutes', async (t) => {
  const shop = await openShop(t);
  const link = async (): Promise<string> =>
    JSON.parse((await shop.cli(['console', 'link', '--json'])).out).code;
  const first = await link();
  t.regex(first, /^([0-9A-Z]{4}-){7}[0-9A-Z]{4}$/);
  const typed = first.toLowerCase().replaceAll('-', ' ');
  t.is((await postForm(shop.url, '/console/in', { code: typed })).status, 303);
  t.is((await postForm(shop.url, '/console/in', { code: first })).status, 403);
  const second = await link();
  shop.home.clock.now += 10 * MINUTE + 1;
  t.is((await postForm(shop.url, '/console/in', { code: second })).status, 403);
  t.is((await postForm(shop.url, '/console/in', { code: 'nonsense' })).status, 403);
});

test('opening the address of a link uses nothing up, and the secret stands behind #', async (t) => {
  const shop = await openShop(t);
  const { address, code } = JSON.parse((await shop.cli(['console', 'link', '--json'])).out);
  t.is(new URL(address).hash, `#${code}`);
  for (let time = 0; time < 3; time++) t.is((await request(shop.url).get('/console/in')).status, 200);
  t.is((await postForm(shop.url, '/console/in', { code })).status, 303);
  t.false(JSON.stringify(shop.home.lines).includes(code), 'no log line has it');
});

test('the eleventh try of an address within 15 minutes is refused; open sessions go on', async (t) => {
  const shop = await openShop(t);
  const cookie = await shop.enter();
  const statuses: number[] = [];
  for (let time = 0; time < 11; time++)
    statuses.push((await postForm(shop.url, '/console/in', { code: 'x' })).status);
  t.is(statuses.at(-1), 429);
  t.is(statuses[0], 403);
  t.is((await request(shop.url).get('/console/live/').set('Cookie', cookie)).status, 200);
});

test('tries with passkeys and with codes are limited together, and all addresses together to 100; each is counted', async (t) => {
  const shop = await openShop(t, { env: { TRUST_PROXY: 'on' } });
  const headersOf = (place: number) => ({
    ...SAME,
    'X-Forwarded-For': `198.51.${Math.floor(place / 10)}.${place % 10}`,
  });
  const byPasskey = (place: number) =>
    request(shop.url)
      .post('/console/in/passkey')
      .set(headersOf(place))
      .send({ ticket: 'none', response: { id: 'none' } });
  const byCode = (place: number) => postForm(shop.url, '/console/in', { code: 'x' }, headersOf(place));
  for (let time = 0; time < 10; time++)
    t.is((await (time % 2 === 0 ? byPasskey(0) : byCode(0))).status, 403, `try ${time + 1}`);
  for (const limited of [await byPasskey(0), await byCode(0)]) {
    t.is(limited.status, 429);
    t.regex(limited.get('Retry-After') ?? '', /^\d+$/);
  }
  for (let place = 1; place <= 90; place++) t.is((await byCode(place)).status, 403, `address ${place}`);
  t.is((await byCode(91)).status, 429, 'an address that never tried');
  const { text } = await request(shop.url).get('/metrics');
  for (const line of [
    'mintmark_requests_total{endpoint="/console/in/passkey",outcome="refused_passkey"} 5',
    'mintmark_requests_total{endpoint="/console/in",outcome="refused_link"} 95',
    'mintmark_requests_total{endpoint="/console/in/passkey",outcome="too_many_requests"} 1',
    'mintmark_requests_total{endpoint="/console/in",outcome="too_many_requests"} 2',
  ])
    t.true(text.split('\n').includes(line), line);
});

test('without a session a page leads to the way in and comes back, and tells nothing', async (t) => {
  const shop = await openShop(t);
  await sell(shop, 1);
  const path = `/console/live/orders/fastspring/${reference(1)}`;
  const answer = await request(shop.url).get(path);
  t.is(answer.status, 303);
  t.is(answer.get('Location'), `/console/in?back=${encodeURIComponent(path)}`);
  t.notRegex(answer.text, /ada@/);
});

test('the cookie is HttpOnly and SameSite=Lax; at an https PUBLIC_URL it is __Host- and Secure', async (t) => {
  const local = await openShop(t);
  const cookieOf = async (url: string, code: string, headers = SAME) =>
    (await postForm(url, '/console/in', { code }, headers)).get('Set-Cookie')?.[0];
  const codeOf = async (shop: typeof local): Promise<string> =>
    JSON.parse((await shop.cli(['console', 'link', '--json'])).out).code;
  t.regex(
    (await cookieOf(local.url, await codeOf(local))) ?? '',
    /^mintmark-local=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/,
  );
  const open = await openShop(t, { env: { PUBLIC_URL: 'https://licenses.example.com' } });
  t.regex(
    (await cookieOf(open.url, await codeOf(open))) ?? '',
    /^__Host-mintmark=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure$/,
  );
});

test('a session ends after 12 hours without use, after 30 days, and by sign-out --all', async (t) => {
  const shop = await openShop(t);
  const see = (cookie: string) => request(shop.url).get('/console/live/settings').set('Cookie', cookie);
  const hour = 60 * MINUTE;
  const first = await shop.enter();
  shop.home.clock.now += 11 * hour;
  t.is((await see(first)).status, 200);
  shop.home.clock.now += 11 * hour;
  t.is((await see(first)).status, 200, 'each use counts');
  shop.home.clock.now += 12 * hour + MINUTE;
  t.is((await see(first)).status, 303);
  const second = await shop.enter();
  for (let day = 0; day < 60; day++) {
    shop.home.clock.now += 11.9 * hour;
    await see(second);
  }
  shop.home.clock.now += 11 * hour;
  t.is((await see(second)).status, 303, 'older than 30 days');
  const third = await shop.enter();
  t.is((await shop.cli(['console', 'sign-out', '--all'])).status, 0);
  t.is((await see(third)).status, 303);
});

test('who writes into the ledger file alone gets no session: rows are sealed', async (t) => {
  const shop = await openShop(t);
  const cookie = await shop.enter();
  const { default: Database } = await import('better-sqlite3');
  const ledger = new Database(shop.home.config.ledgerFile);
  ledger.exec("UPDATE console_session SET person = 'Mallory'");
  ledger.close();
  t.is((await request(shop.url).get('/console/live/').set('Cookie', cookie)).status, 303);
});

test('each POST needs to come from the console itself, by Sec-Fetch-Site or by Origin', async (t) => {
  const shop = await openShop(t);
  await sell(shop, 1);
  const cookie = await shop.enter();
  const [license] = await shop.find(reference(1));
  const path = `/console/live/licenses/${license?.id}/suspend`;
  const fields = { reason: 'ticket', shown: 'active.0.0' };
  const from = (headers: Readonly<Record<string, string>>) =>
    postForm(shop.url, path, fields, { ...headers, Cookie: cookie });
  for (const headers of [
    {},
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { 'Sec-Fetch-Site': 'none' },
    { Origin: 'https://evil.example' },
    { 'Sec-Fetch-Site': 'cross-site', Origin: shop.url },
  ])
    t.is((await from(headers)).status, 403, JSON.stringify(headers));
  t.is((await shop.find(reference(1)))[0]?.state, 'active', 'nothing was written');
  t.is((await from({ Origin: shop.url })).status, 303);
  t.is((await shop.find(reference(1)))[0]?.state, 'suspended');
});

test('GET of a decision changes nothing; POST without a session or with a stale form neither', async (t) => {
  const shop = await openShop(t);
  await sell(shop, 1);
  const cookie = await shop.enter();
  const [license] = await shop.find(reference(1));
  const path = `/console/live/licenses/${license?.id}/suspend`;
  t.is((await request(shop.url).get(path).set('Cookie', cookie)).status, 200);
  t.is((await postForm(shop.url, path, { reason: 'x', shown: 'active.0.0' })).status, 403);
  const withCookie = { ...SAME, Cookie: cookie };
  t.is((await postForm(shop.url, path, { reason: 'x', shown: 'suspended.0.0' }, withCookie)).status, 409);
  t.is((await postForm(shop.url, path, { reason: ' ', shown: 'active.0.0' }, withCookie)).status, 422);
  const { state, history } = (await shop.find(reference(1)))[0] ?? {};
  t.is(state, 'active');
  t.false(history?.some(({ cause }) => cause.startsWith('suspend')));
});

test('a grave decision asks for a proof of the last 15 minutes, and is a row of the console’s history', async (t) => {
  const shop = await openShop(t);
  await sell(shop, 1);
  const cookie = await shop.enter();
  const [license] = await shop.find(reference(1));
  const path = `/console/live/licenses/${license?.id}/revoke`;
  const revoke = (given: string) =>
    postForm(shop.url, path, { reason: 'chargeback', shown: 'active.0.0' }, { ...SAME, Cookie: given });
  shop.home.clock.now += 15 * MINUTE + 1;
  const asked = await revoke(cookie);
  t.is(asked.get('Location'), `/console/again?back=${encodeURIComponent(path)}`);
  t.is((await shop.find(reference(1)))[0]?.state, 'active');
  const proved = await enter(shop);
  const done = await revoke(proved);
  t.is(done.get('Location'), `/console/live/orders/fastspring/${reference(1)}?did=revoke`);
  const [after] = await shop.find(reference(1));
  t.is(after?.state, 'revoked');
  t.is(after?.history.at(-1)?.cause, 'revoke by Ada: chargeback');
  const seen = await request(shop.url).get('/console/live/settings').set('Cookie', proved);
  t.true(seen.text.includes(`revoke of license ${license?.id}`));
});

test('live and test are never mixed: an order of one mode is not found in the other, and the other is named', async (t) => {
  const shop = await openShop(t);
  await sell(shop, 1);
  const cookie = await shop.enter();
  const see = (path: string) => request(shop.url).get(path).set('Cookie', cookie);
  const wrong = await see(`/console/test/orders/fastspring/${reference(1)}`);
  t.is(wrong.status, 404);
  t.regex(wrong.text, /It is in live mode/);
  t.true(wrong.text.includes(`type="search" value="${reference(1)}"`), 'the search field is filled in');
  t.false((await see('/console/test/orders')).text.includes(reference(1)));
  t.true((await see('/console/live/orders')).text.includes(reference(1)));
  const found = await postForm(
    shop.url,
    '/console/test/search',
    { q: reference(1) },
    { ...SAME, Cookie: cookie },
  );
  t.regex(found.text, /One license in live mode/);
  t.is((await see('/console/other/orders')).status, 404);
});

test('another host name is refused while no PUBLIC_URL is set (DNS rebinding)', async (t) => {
  const shop = await openShop(t);
  t.is((await request(shop.url).get('/console/in').set('Host', 'evil.example')).status, 403);
});

test('every page has the policy and is not stored; an asset is kept for a year; off means nothing is there', async (t) => {
  const shop = await openShop(t);
  const page = await request(shop.url).get('/console/in');
  t.regex(
    page.get('Content-Security-Policy') ?? '',
    /^default-src 'none'; script-src 'self'; style-src 'self'/,
  );
  t.is(page.get('Cache-Control'), 'no-store');
  t.is(page.get('Referrer-Policy'), 'no-referrer');
  const [, sheet = ''] = /href="(\/console\/assets\/mintmark-[^"]+)"/.exec(page.text) ?? [];
  const style = await request(shop.url).get(sheet);
  t.is(style.status, 200);
  t.is(style.get('Cache-Control'), 'public, max-age=31536000, immutable');
  const { url } = await start(t, { env: { CONSOLE: 'off' } });
  t.is((await request(url).get('/console/in')).status, 404);
});

test('with CONSOLE_PORT the console is at that port of 127.0.0.1 and nowhere else', async (t) => {
  const given = { env: { CONSOLE_PORT: '0' } };
  const home = makeHome(t, given);
  const { url, consolePages } = await startHome(t, home, given);
  const own = consolePages?.url ?? '';
  t.not(own, url);
  t.regex(own, /^http:\/\/127\.0\.0\.1:/);
  t.is((await request(own).get('/console/in')).status, 200);
  t.is((await request(own).get('/v1/keys')).status, 404, 'no endpoint of the marketplaces or programs');
  for (const path of ['/console/in', '/console/', '/console/live/'])
    t.is((await request(url).get(path)).status, 404, path);
});
