/** No input from a stranger causes a status from 500 on, and the service still serves. */
import test, { type ExecutionContext } from 'ava';
import fc from '../kit/fast-check.ts';
import { exchange, portOf, statusesOf } from '../kit/raw.ts';
import { rows } from '../kit/rows.ts';
import { FORM, pathOf, signed } from '../kit/sale.ts';
import { post } from '../kit/send-sale.ts';
import { type Home, start } from '../kit/service.ts';

const RUNS = 60;

test('arbitrary bytes on the wire never get a status from 500 on', async (t) => {
  const { home, url } = await start(t);
  await neverOurFault(t, url, home, fc.uint8Array({ maxLength: 300 }));
});

test('arbitrary methods, targets and headers never get a status from 500 on', async (t) => {
  const { home, url } = await start(t);
  const token = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,20}$/);
  const method = fc.oneof(
    fc.constantFrom('GET', 'POST', 'PUT', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT', 'QUERY'),
    token,
  );
  const text = fc
    .string({ unit: 'binary', maxLength: 60 })
    .map((value) => value.replaceAll(/[\r\n\0 ]/g, ''));
  const target = fc.oneof(
    text,
    text.map((rest) => `/${rest}`),
    text.map((rest) => `${pathOf('app')}?${rest}`),
    text.map((rest) => `/fulfillment/paddle-classic/${rest}`),
    text.map((rest) => `http://${rest}`),
    text.map((rest) => `//${rest}`),
  );
  const header = fc.tuple(
    fc.oneof(
      token,
      fc.constantFrom(
        'Host',
        'Content-Type',
        'Content-Length',
        'Transfer-Encoding',
        'Content-Encoding',
        'Expect',
        'Upgrade',
        'Connection',
        'X-Forwarded-For',
        'X-Forwarded-Host',
        'Accept',
        'Cookie',
      ),
    ),
    fc.oneof(
      text,
      fc.constantFrom(FORM, 'gzip', 'chunked', 'close', '100-continue', 'websocket', '5', '[::1', 'a:b:c'),
    ),
  );
  const message = fc
    .tuple(method, target, fc.array(header, { maxLength: 6 }), fc.uint8Array({ maxLength: 100 }))
    .map(([verb, path, headers, body]) =>
      Buffer.concat([
        Buffer.from(`${verb} ${path} HTTP/1.1\r\nHost: x\r\n`),
        Buffer.from(headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')),
        Buffer.from('\r\n'),
        body,
      ]),
    );
  await neverOurFault(t, url, home, message);
});

test('arbitrary forms, signed or not, never get a status from 500 on', async (t) => {
  const { home, url } = await start(t);
  const sale = fc.dictionary(
    fc.oneof(
      fc.constantFrom(
        'p_order_id',
        'p_quantity',
        'p_product_id',
        'event_time',
        'email',
        'name',
        'p_signature',
      ),
      fc.string(),
    ),
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('1', '1000', '9999-99-99 99:99:99', '2026-02-31 10:00:00', '0000-00-00 00:00:00'),
    ),
  );
  const form = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    sale.map((fields) => Buffer.from(new URLSearchParams(fields).toString())),
    sale.filter((fields) => !('' in fields)).map((fields) => Buffer.from(signed(wellFormed(fields)))),
  );
  const message = form.map((body) =>
    Buffer.concat([
      Buffer.from(
        `POST ${pathOf('app')} HTTP/1.1\r\nHost: x\r\nContent-Type: ${FORM}\r\nContent-Length: ${body.length}\r\n\r\n`,
      ),
      body,
    ]),
  );
  await neverOurFault(t, url, home, message);
});

test('request targets that no URL parser accepts get a status below 500', async (t) => {
  const { home, url } = await start(t);
  for (const target of [
    'http://[',
    'http://[/',
    'http://x:99999/',
    'http://a:b@/',
    'http:///',
    '//',
    '//[',
    '///x',
    '*',
    '/%',
    '/%00',
    '/\\',
    '/fulfillment/paddle-classic/%',
    '/fulfillment/paddle-classic/%2e%2e%2f',
    '/?%',
    '/#\xa0',
    '/\xa0http://[',
    'javascript:alert(1)',
    'http://xn--iñvalid.com/',
  ]) {
    const answer = await exchange(
      portOf(url),
      Buffer.from(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, 'latin1'),
    );
    for (const status of statusesOf(answer)) t.true(status >= 400 && status < 500, `${target}: ${status}`);
  }
  await stillServes(t, url, home);
});

/** Fields that can be signed: the simulator encodes to UTF-8, so no lone surrogates. */
function wellFormed(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name.toWellFormed(), value.toWellFormed()]),
  );
}

async function neverOurFault(
  t: ExecutionContext,
  url: string,
  home: Home,
  messages: fc.Arbitrary<Uint8Array>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(messages, async (bytes) => {
      const answer = await exchange(portOf(url), bytes, { cutAfter: 30 });
      const bad = statusesOf(answer).filter((status) => status >= 500);
      if (bad.length > 0) throw new Error(`answered ${bad}`);
    }),
    { numRuns: RUNS },
  );
  await stillServes(t, url, home);
}

async function stillServes(t: ExecutionContext, url: string, home: Home): Promise<void> {
  t.deepEqual(
    home.requestLines().filter(({ status }) => Number(status) >= 500),
    [],
  );
  const before = rows(home).license;
  t.is((await post(url, signed({ p_order_id: 'still-serves' }))).status, 200);
  t.is(rows(home).license, before + 1);
}
