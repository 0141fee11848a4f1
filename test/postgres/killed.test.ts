/** kill -9 of an instance among two: what it answered, the other answers with the same bytes, and nothing is lost. */
import { once } from 'node:events';
import test from 'ava';
import { checkLedgerOf } from '../../src/service/ledger-files.ts';
import { rsaKey } from '../kit/rsa-keys.ts';
import { pemOf } from '../kit/sale.ts';
import { makeHome } from '../kit/service.ts';
import { sell, startInstance } from './instance-process.ts';
import { newSchema, run } from './server.ts';

test.serial('an instance is killed among sales: the other repeats each of its answers', async (t) => {
  const url = await newSchema();
  const { config } = makeHome(t, { env: { LEDGER_URL: url } });
  const env = {
    LEDGER_URL: url,
    DATA_DIR: config.dataDir,
    KEYS_DIR: config.keysDir,
    PADDLE_CLASSIC_PUBLIC_KEY: pemOf(rsaKey('live')),
  };
  const [killed, other] = [await startInstance(t, env), await startInstance(t, env)];
  const orders = Array.from({ length: 60 }, (_, place) => `K${place}`);
  const replies = new Map<string, string>();
  const selling = orders.map(async (order, place) => {
    await new Promise((resolve) => setTimeout(resolve, place * 10));
    const reply = await sell([killed.url, other.url], order);
    if (reply !== undefined) replies.set(order, reply);
  });
  setTimeout(() => killed.process.kill('SIGKILL'), 300);
  await Promise.all([once(killed.process, 'exit'), ...selling]);
  t.is(replies.size, orders.length, 'each order was answered by one of the two');
  for (const [order, reply] of replies) t.is(await sell([other.url], order), reply);
  const [row] = await run('SELECT count(*)::int AS rows FROM license', url);
  t.is(row?.['rows'], orders.length);
  const found: string[] = [];
  for await (const { where, fault } of checkLedgerOf(config)) found.push(`${where}: ${fault}`);
  t.deepEqual(found, []);
});
