/** kill -9 of an instance among two: what it answered, the other answers with the same bytes, and nothing is lost. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import test, { type ExecutionContext } from 'ava';
import { checkLedgerOf } from '../../src/service/ledger-files.ts';
import { rsaKey } from '../kit/rsa-keys.ts';
import { FORM, pathOf, pemOf, signed } from '../kit/sale.ts';
import { makeHome } from '../kit/service.ts';
import { newSchema, run } from './database.ts';

interface Instance {
  readonly url: string;
  readonly process: ChildProcess;
}

async function startInstance(t: ExecutionContext, env: NodeJS.ProcessEnv): Promise<Instance> {
  const started = spawn(process.execPath, ['--import', './src/launch.js', 'src/main.ts'], {
    env: { PATH: process.env['PATH'], ...env, HOST: '127.0.0.1', PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.teardown(() => started.kill('SIGKILL'));
  let told = '';
  for (const stream of [started.stdout, started.stderr]) {
    stream?.on('data', (bytes) => {
      told += String(bytes);
    });
  }
  for (let tries = 0; tries < 600; tries++) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(told)?.[0];
    if (url !== undefined && (await isReady(url))) return { url, process: started };
    if (started.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the instance did not start: ${told}`);
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`)).ok;
  } catch {
    return false;
  }
}

/** The reply with 200 of the first instance that gives it; undefined: none did. */
async function sell(urls: readonly string[], order: string): Promise<string | undefined> {
  for (const url of urls) {
    try {
      const response = await fetch(`${url}${pathOf('app')}`, {
        method: 'POST',
        headers: { 'Content-Type': FORM },
        body: signed({ p_order_id: order }),
      });
      const text = await response.text();
      if (response.status === 200) return text;
    } catch {
      // Killed: the next one is asked, as a balancer does.
    }
  }
  return undefined;
}

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
