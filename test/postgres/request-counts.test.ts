/** Limits of requests that processes keep together. */
import test from 'ava';
import { RateLimit, type SharedCounts } from '../../src/http/edge/rate-limit.ts';
import type { Context } from '../../src/http/edge/request.ts';
import { RequestCounts } from '../../src/storage/postgres/request-counts.ts';
import { ID_SECRET } from '../kit/minting.ts';
import { newSchema, openOn, run } from './server.ts';

const ALLOWANCE = { points: 3, seconds: 900, keys: 10 };
const ADDRESS = '203.0.113.7';

/** How many of these requests two processes let through in all; they ask in turns. */
async function letThrough(one: RateLimit, two: RateLimit, requests: number) {
  const headers: string[] = [];
  const context = { app: {}, headers: {}, set: (_: string, value: string) => headers.push(value) };
  let passed = 0;
  for (let place = 0; place < requests; place++) {
    const limit = place % 2 === 0 ? one : two;
    const isIn = await limit.consume(ADDRESS, context as unknown as Context).then(
      () => true,
      ({ code }) => code !== 'too_many_requests',
    );
    if (isIn) passed += 1;
  }
  return { passed, retryAfter: Number(headers[0]) };
}

test.serial('two processes let through together what one may, and no address is in the table', async (t) => {
  const url = await newSchema();
  await openOn(t, url);
  const counts = [new RequestCounts(url, ID_SECRET), new RequestCounts(url, ID_SECRET)] as const;
  t.teardown(() => Promise.all(counts.map((each) => each.close())));
  const limitOf = (store: SharedCounts | undefined, name = 'a') => new RateLimit(ALLOWANCE, name, store);
  const shared = await letThrough(limitOf(counts[0]), limitOf(counts[1]), 8);
  t.is(shared.passed, 3);
  t.true(shared.retryAfter > 800 && shared.retryAfter <= 900);
  t.is((await letThrough(limitOf(undefined), limitOf(undefined), 8)).passed, 6, 'the control');
  t.is((await letThrough(limitOf(counts[0], 'b'), limitOf(counts[1], 'b'), 8)).passed, 3, 'another limit');

  const rows = await run('SELECT key FROM request_limit', url);
  t.is(rows.length, 2);
  t.false(JSON.stringify(rows).includes(ADDRESS));
  await counts[0].forget(Date.now());
  t.is((await run('SELECT 1 FROM request_limit', url)).length, 2);
  await counts[0].forget(Date.now() + 901_000);
  t.is((await run('SELECT 1 FROM request_limit', url)).length, 0);
});

test.serial('where the database cannot be asked, each process counts alone', async (t) => {
  const counts = new RequestCounts('postgres://127.0.0.1:1/none', ID_SECRET);
  const limit = () => new RateLimit(ALLOWANCE, 'a', counts);
  t.is((await letThrough(limit(), limit(), 8)).passed, 6);
});
