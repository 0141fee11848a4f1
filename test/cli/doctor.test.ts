import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { AppError } from '../../src/errors.ts';
import { makeIdSecret } from '../../src/keyring/id-secret.ts';
import { idSecretFile } from '../../src/keyring/key-files.ts';
import { cliOf } from '../kit/cli.ts';
import { openMarket } from '../kit/fastspring.ts';

test('doctor finds no fault in a sound setup, and notes what it cannot check', async (t) => {
  const market = await openMarket(t);
  const { status, out } = await market.cli(['doctor']);
  t.is(status, 0, out);
  t.notRegex(out, /FAULT/);
  t.regex(out, /Not checked: whether a marketplace reaches this service/);
  const { findings } = JSON.parse((await market.cli(['doctor', '--json'])).out);
  t.true(findings.length > 10);
});

test('a fault is printed with its remedy, and ends with status 1', async (t) => {
  const market = await openMarket(t);
  const { productsDir } = market.home.config;
  writeFileSync(join(productsDir, 'broken.md'), 'no front matter');
  const { status, out, err } = await market.cli(['doctor']);
  t.is(status, 1);
  t.regex(out, /^FAULT {4}product files: .*broken\.md:1: .*\n {11}Correct each line/m);
  t.regex(out, /^FAULT {4}start: It would fail: /m);
  t.regex(err, /2 faults to mend/);
});

test('doctor finds a paid unit without a code after an hour (28)', async (t) => {
  const market = await openMarket(t);
  const items = [{ product: 'app', quantity: 1, subtotal: 20 }];
  const data = { id: 'internal-1', reference: 'ACM261120-1000-50001', total: 20, currency: 'USD', items };
  const sale = market.event('order.completed', data, { created: market.home.clock.now });
  await market.tell(sale);
  t.is((await market.cli(['doctor'])).status, 0);
  market.home.clock.now += 2 * 3_600_000;
  const { status, out } = await market.cli(['doctor']);
  t.is(status, 1);
  t.regex(out, /FAULT {4}undelivered units: No code was delivered for 1 paid unit/);
});

test('an id secret that is not the ledger\u2019s is reported before a start fails because of it (50)', async (t) => {
  const market = await openMarket(t);
  const { keysDir } = market.home.config;
  rmSync(idSecretFile(keysDir));
  makeIdSecret(keysDir, randomBytes);
  const { status, out } = await market.cli(['doctor']);
  t.is(status, 1);
  t.regex(out, /^FAULT .*id secret/m);
});

test('faulty settings are reported, though nothing else can be checked', async (t) => {
  const market = await openMarket(t);
  const config = () => {
    throw new AppError('bad_configuration', 'The settings have faults:\nPORT: write a port from 0 to 65535');
  };
  const { status, out } = await cliOf(market.home)(['doctor'], { config });
  t.is(status, 1);
  t.regex(out, /FAULT {4}settings: The settings have faults: PORT: write a port/);
});
