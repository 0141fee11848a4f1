/** Requests that the fulfillment endpoint refuses. Each refusal leaves the ledger unchanged. */
import { METHODS } from 'node:http';
import { gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import request from 'supertest';
import { LARGEST_FORM } from '../../src/http/edge/body.ts';
import { exchange, portOf, statusOf } from '../kit/raw.ts';
import { rows } from '../kit/rows.ts';
import { rsaKey } from '../kit/rsa-keys.ts';
import { codesIn, FORM, pathOf, SALE, type Sale, signed } from '../kit/sale.ts';
import { get, post } from '../kit/send-sale.ts';
import { start } from '../kit/service.ts';

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

test('HEAD is refused with 405 and Allow, and mints nothing', async (t) => {
  const { home, url } = await start(t);
  const response = await request(url).head(`${pathOf('app')}?${signed()}`);
  t.is(response.status, 405);
  t.is(response.headers['allow'], 'GET, POST');
  t.is(rows(home).license, 0);
  // Control: GET of the same address mints.
  t.is((await get(url, signed())).status, 200);
  t.is(rows(home).license, 1);
});

test('every other method gets 405 with Allow or is not valid HTTP, and mints nothing', async (t) => {
  const { home, url } = await start(t);
  for (const method of METHODS.filter((name) => !['GET', 'POST', 'CONNECT'].includes(name))) {
    const form = signed();
    const head = `${method} ${pathOf('app')}?${form} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n`;
    const answer = await exchange(
      portOf(url),
      `${head}Content-Type: ${FORM}\r\nContent-Length: ${form.length}\r\n\r\n${form}`,
    );
    t.is(statusOf(answer), 405, method);
    t.regex(answer, /\r\nAllow: GET, POST\r\n/i, method);
  }
  const tunnel = await exchange(portOf(url), 'CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n');
  t.not(statusOf(tunnel), 200);
  t.is(rows(home).license, 0);
});

const FORMS: readonly (readonly [string, string | Buffer])[] = [
  ['a malformed percent-encoding', `${signed()}&x=%zz`],
  ['a duplicate field name', `${signed()}&p_quantity=1`],
  ['a duplicate field name, percent-encoded otherwise', `${signed()}&p%5Fquantity=1`],
  ['invalid UTF-8, raw', Buffer.concat([Buffer.from(`${signed()}&x=`), Buffer.from([0xff])])],
  ['invalid UTF-8, percent-encoded', `${signed()}&x=%ff`],
  ['a NUL in a field that is used', signed({ email: 'ada\0@example.com' })],
  ['a field without a name', `${signed()}&=1`],
  ['no p_order_id', signed({ p_order_id: undefined })],
  ['an empty p_order_id', signed({ p_order_id: '' })],
  ['a p_order_id with a space', signed({ p_order_id: '57 3252' })],
  ['a p_order_id with a line break', signed({ p_order_id: '573252\n' })],
  ['a p_order_id of 101 characters', signed({ p_order_id: '1'.repeat(101) })],
  ['no p_quantity', signed({ p_quantity: undefined })],
  ...['', '0', '00', '01', '1001', '1.5', '1.0', '-1', '+1', '1e2', ' 1', '1 ', '0x1', '١', 'one', '1\n'].map(
    (quantity) => [`p_quantity ${JSON.stringify(quantity)}`, signed({ p_quantity: quantity })] as const,
  ),
];

test('a signed request that is not an order gets 400, by POST and by GET', async (t) => {
  const { home, url } = await start(t);
  for (const [what, form] of FORMS) {
    refused(t, await post(url, form), 400, 'malformed_request', what);
    if (typeof form === 'string') refused(t, await get(url, form), 400, 'malformed_request', what);
  }
  const raw = Buffer.concat([
    Buffer.from(`GET ${pathOf('app')}?${signed()}&x=`),
    Buffer.from([0xff]),
    Buffer.from(' HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
  ]);
  t.is(statusOf(await exchange(portOf(url), raw)), 400);
  t.is(rows(home).license, 0);
});

test('the message of a 400 names the field', async (t) => {
  const { url } = await start(t);
  t.is((await post(url, signed({ p_order_id: undefined }))).body.title, 'p_order_id is missing.');
  t.regex((await post(url, signed({ p_quantity: '0' }))).body.title, /^p_quantity must be .* 1 to 1000/);
});

test('control: an order id of 100 characters, the quantities 1 and 1000, and a second & are accepted', async (t) => {
  const { url } = await start(t);
  for (const changes of [
    { p_order_id: '1'.repeat(100) },
    { p_order_id: '621267-5045403' },
    { p_order_id: '1', p_quantity: '1' },
    { p_order_id: '2', p_quantity: '1000' },
    { p_order_id: '3', quantity: '99' },
  ]) {
    t.is((await post(url, signed(changes))).status, 200);
  }
  t.is((await post(url, `&&${signed()}&`)).status, 200);
});

test('names with dots or brackets are not nested, and the signature covers them unchanged', async (t) => {
  const { url } = await start(t);
  const form = signed({ 'a.b': '1', 'a[c]': '2', 'a[]': '3', 'p_order_id[x]': '4', A_b: '5', 7: 'six' });
  t.is((await post(url, form)).status, 200);
  t.is((await get(url, form)).status, 200);
  for (const [from, to] of [
    ['a.b=1', 'a.b=2'],
    ['a.b=1', 'a%5Bb%5D=1'],
    ['a%5B%5D=3', 'a=3'],
    ['a.b=1&', ''],
  ] as const) {
    t.true(form.includes(from));
    refused(t, await post(url, form.replace(from, to)), 401, 'bad_signature', to);
  }
});

test('a missing, truncated or garbled signature and a signature of another key or sale get 401', async (t) => {
  const { home, url } = await start(t);
  const fields = new URLSearchParams(signed());
  const signature = fields.get('p_signature') ?? '';
  const withSignature = (text: string | undefined): string => {
    const changed = new URLSearchParams(fields);
    if (text === undefined) changed.delete('p_signature');
    else changed.set('p_signature', text);
    return changed.toString();
  };
  t.is((await post(url, withSignature(signature))).status, 200);
  const bad: Readonly<Record<string, string>> = {
    missing: withSignature(undefined),
    empty: withSignature(''),
    cut: withSignature(signature.slice(0, -5)),
    'cut by a character': withSignature(signature.slice(1)),
    'one bit off': withSignature(`${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}`),
    longer: withSignature(`${signature}AAAA`),
    'not base64': withSignature('%%%'),
    'base64 with spaces for +': withSignature(`${signature.slice(0, 9)} ${signature.slice(10)}`),
    'with a line break': withSignature(`${signature}\n`),
    'a long one': withSignature('A'.repeat(50_000)),
    foreign: signed({}, rsaKey('stranger')),
    'of another sale': withSignature(
      new URLSearchParams(signed({ p_order_id: '1' })).get('p_signature') ?? '',
    ),
  };
  for (const [what, form] of Object.entries(bad)) {
    refused(t, await post(url, form), 401, 'bad_signature', what);
  }
  t.is(rows(home).license, 1);
});

test('a changed, renamed, removed or added field gets 401', async (t) => {
  const { home, url } = await start(t);
  const sale: Sale = { ...SALE, name: 'Grace Hopper', p_custom_data: '{"a":1}' };
  const fields = [...new URLSearchParams(signed(sale))].filter(([name]) => name !== 'p_signature');
  const signature = new URLSearchParams(signed(sale)).get('p_signature') ?? '';
  const form = (pairs: readonly [string, string][]) =>
    new URLSearchParams([...pairs, ['p_signature', signature]]).toString();
  for (const [place, [name, value]] of fields.entries()) {
    for (const [what, other] of [
      ['value', [[name, `${value}0`]]],
      ['case', [[name.toUpperCase(), value]]],
      ['left out', []],
    ] as const) {
      const tampered = form(
        fields.toSpliced(place, 1, ...other.map(([key, text]): [string, string] => [key, text])),
      );
      refused(t, await post(url, tampered), 401, 'bad_signature', `${name}: ${what}`);
    }
  }
  refused(t, await post(url, form([...fields, ['extra', '']])), 401, 'bad_signature', 'put in');
  t.is(rows(home).license, 0);
  t.is((await post(url, form(fields))).status, 200);
});

test('an unknown product, another marketplace’s product, an invalid name and any other path get 404', async (t) => {
  const { home, url } = await start(t);
  for (const product of ['none', 'elsewhere', 'APP', 'app.md', '..%2fapp', '%ff', '__proto__', 'app%00']) {
    refused(t, await post(url, signed(), product), 404, 'unknown_product', product);
  }
  for (const path of [
    '/',
    '/fulfillment',
    '/fulfillment/paddle-classic',
    '/fulfillment/fastspring/app',
    '/data/',
  ]) {
    refused(t, await request(url).post(path).type(FORM).send(signed()), 404, 'unknown_path', path);
  }
  t.is(rows(home).license, 0);
  t.is((await post(url, signed(), '%61pp')).status, 200);
});

test('a body over 64 KiB gets 413, declared or in chunks; a body of exactly 64 KiB is read', async (t) => {
  const { home, url } = await start(t);
  const fits = signed().padEnd(LARGEST_FORM, '&');
  t.is((await post(url, fits)).status, 200);
  const large = `${fits}&`;
  for (const body of [large, 'x'.repeat(200_000)]) {
    refused(t, await post(url, body), 413, 'body_too_large');
    const chunked = await exchange(portOf(url), chunks(body));
    t.is(statusOf(chunked), 413);
  }
  t.is(rows(home).license, 1);
});

test('another content type or charset, none, or any Content-Encoding gets 415', async (t) => {
  const { home, url } = await start(t);
  const send = (headers: Readonly<Record<string, string>>, body: Buffer = Buffer.from(signed())) =>
    request(url)
      .post(pathOf('app'))
      .set(headers)
      .serialize((bytes) => bytes)
      .send(body);
  for (const type of [
    'application/json',
    'text/plain',
    'multipart/form-data; boundary=x',
    `${FORM}; charset=latin1`,
  ]) {
    refused(t, await send({ 'Content-Type': type }), 415, 'unsupported_media_type', type);
  }
  const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
  for (const [encoding, body] of [
    ['gzip', gzipSync(signed())],
    ['gzip', bomb],
    ['deflate', bomb],
    ['br', bomb],
    ['identity', Buffer.from(signed())],
    ['x', Buffer.from(signed())],
  ] as const) {
    refused(
      t,
      await send({ 'Content-Type': FORM, 'Content-Encoding': encoding }, body),
      415,
      'unsupported_media_type',
      encoding,
    );
  }
  t.is(rows(home).license, 0);
  t.is((await send({ 'Content-Type': `${FORM}; charset=UTF-8` })).status, 200);
});

function refused(t: ExecutionContext, answer: Answer, status: number, code: string, what = ''): void {
  t.is(answer.status, status, what);
  t.is(answer.headers['content-type'], 'application/problem+json', what);
  t.is(JSON.parse(answer.text).code, code, what);
  t.deepEqual(codesIn(answer.text), []);
}

/** A POST in chunks of 10,000 bytes. */
function chunks(body: string): string {
  const parts = body.match(/.{1,10000}/gs) ?? [];
  const head = `POST ${pathOf('app')} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${FORM}\r\n`;
  const framed = parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`);
  return `${head}Transfer-Encoding: chunked\r\n\r\n${framed.join('')}0\r\n\r\n`;
}
