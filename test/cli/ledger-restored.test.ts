import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { startService } from '../../src/service/service.ts';
import { cliOf } from '../kit/cli.ts';
import { openMarket } from '../kit/fastspring.ts';
import { makeHome, startHome } from '../kit/service.ts';

test('an older copy of the ledger stops the start, until it is accepted with a reason (49)', async (t) => {
  const market = await openMarket(t);
  const { home, stop } = market;
  const cli = cliOf(home);
  const buy = (number: number) =>
    market.ask('app', { reference: `ACM261120-1000-9000${number}`, quantity: '1' });
  await buy(1);
  const copy = join(home.folder, 'copy.sqlite');
  t.is((await cli(['ledger', 'backup', copy])).status, 0);
  await buy(2);
  await stop();
  const { ledgerFile } = home.config;
  for (const end of ['', '-wal', '-shm']) rmSync(`${ledgerFile}${end}`, { force: true });
  copyFileSync(copy, ledgerFile);
  await t.throwsAsync(startHome(t, home), { message: /ledger accept-restored/ });
  t.is((await cli(['ledger', 'accept-restored'])).status, 1, 'not without a reason');
  await t.throwsAsync(startHome(t, home), { message: /ledger accept-restored/ });
  const accepted = await cli(['ledger', 'accept-restored', '--reason', 'the disk was lost']);
  t.is(accepted.status, 0, accepted.err);
  await (await startHome(t, home)).stop();
});

test('a start makes a ledger and reports it; where a ledger is missing, only on request (51)', async (t) => {
  const home = makeHome(t);
  const ledger = { what: 'the ledger', path: home.config.ledgerFile };
  const start = (newLedger: boolean) =>
    startService(home.config, { log: home.log, now: () => home.clock.now, newLedger });
  const first = await start(false);
  t.deepEqual(first.made.at(-1), ledger);
  await first.stop();
  const second = await start(false);
  t.deepEqual(second.made, []);
  await second.stop();
  for (const end of ['', '-wal', '-shm']) rmSync(`${home.config.ledgerFile}${end}`, { force: true });
  await t.throwsAsync(start(false), { message: /--new-ledger/ });
  t.false(existsSync(home.config.ledgerFile));
  const third = await start(true);
  t.deepEqual(third.made, [ledger]);
  await third.stop();
});
