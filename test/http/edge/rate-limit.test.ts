import test from 'ava';
import Koa from 'koa';
import request from 'supertest';
import { edge } from '../../../src/http/edge/edge.ts';
import { addressKey, RateLimit } from '../../../src/http/edge/rate-limit.ts';
import type { Context, RequestState } from '../../../src/http/edge/request.ts';
import { routesOf } from '../../../src/http/edge/routes.ts';
import { refreshEndpoint } from '../../../src/http/refresh.ts';
import { createCodeReader } from '../../../src/keyring/code-reader.ts';
import { armor, unarmor } from '../../../src/license-code/armor.ts';
import { crc16 } from '../../../src/license-code/crc16.ts';
import { OFFSET, writeTwo } from '../../../src/license-code/record.ts';
import { Metrics } from '../../../src/metrics.ts';
import { ENTITLEMENT, KEYRING, MINTER } from '../../kit/minting.ts';
import { keptLog } from '../../kit/service.ts';

const codeOf = (unit: number) =>
  MINTER.mint(
    { marketplace: 'manual', mode: 'live', order: '1', line: '', product: 'app', unit },
    ENTITLEMENT,
    0,
  ).code;

/** The endpoint alone with an empty ledger; `work` counts reads. */
function serve(limits: { byAddress?: number; byLicense?: number }, proxy = false) {
  const work = { reads: 0, finds: 0 };
  const read = createCodeReader(KEYRING, ['app']);
  const allowance = (points = 1000) => ({ points, seconds: 60, keys: 1000 });
  const app = new Koa<RequestState>({ proxy, maxIpsCount: 1 });
  const { log, lines } = keptLog();
  app.use(edge({ log, metrics: new Metrics(), newRequestId: () => 'r' }));
  const endpoint = refreshEndpoint({
    ledger: {
      find: async () => {
        work.finds += 1;
        return [];
      },
      addFacts: async () => false,
    },
    readCode: (text) => {
      work.reads += 1;
      return read(text);
    },
    now: () => 0,
    refreshLimits: { byAddress: allowance(limits.byAddress), byLicense: allowance(limits.byLicense) },
  });
  app.use(routesOf([endpoint]));
  const callback = app.callback();
  const ask = (body: string, forwarded?: string) => {
    const sent = request(callback).post(endpoint.path).set('Content-Type', 'text/plain');
    if (forwarded !== undefined) sent.set('X-Forwarded-For', forwarded);
    return sent.send(body);
  };
  return { ask, work, lines };
}

test('an address over its limit gets 429 with Retry-After, before anything is read', async (t) => {
  const { ask, work } = serve({ byAddress: 3 });
  for (let i = 0; i < 3; i++) t.is((await ask('garbage')).status, 422);
  const refused = await ask('garbage');
  t.is(refused.status, 429);
  t.is(refused.body.code, 'too_many_requests');
  const seconds = Number(refused.headers['retry-after']);
  t.true(seconds >= 1 && seconds <= 60, `${seconds}`);
  t.is(refused.headers['cache-control'], 'no-store');
  t.is(work.reads, 3);
});

test('a license over its limit gets 429, and another license does not', async (t) => {
  const { ask, work } = serve({ byLicense: 2 });
  for (let i = 0; i < 2; i++) t.is((await ask(codeOf(0))).status, 404);
  t.is((await ask(codeOf(0))).status, 429);
  t.is((await ask(codeOf(1))).status, 404);
  t.is(work.finds, 3, 'the ledger is not asked');
});

test('a code with a forged signature does not count against the limit of its license', async (t) => {
  const { ask } = serve({ byLicense: 1 });
  const forged = forge(codeOf(0));
  for (let i = 0; i < 5; i++) t.is((await ask(forged)).body.verdict, 'forged');
  t.is((await ask(codeOf(0))).status, 404);
  t.is((await ask(codeOf(0))).status, 429, 'the control');
});

test('behind a trusted proxy each customer has a limit of his own, and a forged X-Forwarded-For is ignored', async (t) => {
  const { ask } = serve({ byAddress: 1 }, true);
  t.is((await ask('x', '192.0.2.1')).status, 422);
  t.is((await ask('x', '192.0.2.2')).status, 422);
  t.is((await ask('x', '192.0.2.1')).status, 429);
  t.is((await ask('x', '198.51.100.7, 192.0.2.1')).status, 429, 'the first was made up');
});

test('an untrusted proxy shares one limit among its callers, and the log says so', async (t) => {
  const { ask, lines } = serve({ byAddress: 1 });
  t.is((await ask('x', '192.0.2.1')).status, 422);
  t.is((await ask('x', '192.0.2.2')).status, 429);
  t.regex(String(lines.at(-1)?.['why']), /^TRUST_PROXY is off/);
  t.is((await ask('x')).status, 429);
  t.notRegex(String(lines.at(-1)?.['why']), /TRUST_PROXY/, 'the control');
});

test('IPv4 counts by the whole address, IPv6 by the first 64 bits', (t) => {
  const key = (ip: string) => addressKey({ ip, socket: { remoteAddress: '10.0.0.9' } } as Context);
  for (const [ip, expected] of [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:2::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:1::', '2001:db8:1:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4::/64'],
    ['not an address', '10.0.0.9'],
    ['', '10.0.0.9'],
  ] as const) {
    t.is(key(ip), expected, ip);
  }
});

test('a key may send requests again after its window ends, and not before', async (t) => {
  const context = { set() {}, app: { proxy: false }, headers: {} } as unknown as Context;
  const long = new RateLimit({ points: 1, seconds: 60, keys: 10 });
  await long.consume('a', context);
  await t.throwsAsync(long.consume('a', context), { code: 'too_many_requests' });
  const short = new RateLimit({ points: 1, seconds: 0.05, keys: 10 });
  await short.consume('a', context);
  await new Promise((resolve) => setTimeout(resolve, 80));
  await t.notThrowsAsync(short.consume('a', context));
});

// Serial: the test replaces the clock of the process.
test.serial('a clock that was set back by a month does not block anybody for a month', async (t) => {
  const limit = new RateLimit({ points: 1, seconds: 60, keys: 10 });
  const told: string[] = [];
  const set = (_: string, value: string) => told.push(value);
  const context = { set, app: { proxy: false }, headers: {} } as unknown as Context;
  const { now } = Date;
  try {
    Date.now = () => now() + 30 * 86_400_000;
    await limit.consume('a', context);
  } finally {
    Date.now = now;
  }
  await t.throwsAsync(limit.consume('a', context), { code: 'too_many_requests' });
  t.deepEqual(told, ['60']);
});

test('a flood of addresses stays within the memory limit and locks nobody out', async (t) => {
  const limit = new RateLimit({ points: 1, seconds: 3600, keys: 500 });
  const context = { set() {}, app: { proxy: false }, headers: {} } as unknown as Context;
  await limit.consume('first', context);
  await t.throwsAsync(limit.consume('first', context), undefined, 'the control');
  for (let i = 0; i < 5000; i++) await limit.consume(`address ${i}`, context);
  t.is(limit.size, 500);
  await t.throwsAsync(limit.consume('address 4999', context), { code: 'too_many_requests' });
  await t.notThrowsAsync(limit.consume('first', context));
});

/** The same code with another signature and correct check digits. */
function forge(code: string): string {
  const bytes = unarmor(code);
  bytes[OFFSET.signature] = (bytes[OFFSET.signature] ?? 0) ^ 1;
  writeTwo(bytes, OFFSET.check, crc16(bytes, OFFSET.check));
  return armor(bytes);
}
