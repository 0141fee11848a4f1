import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { cliOf } from '../support/cli.ts';
import { openMarket } from '../support/fastspring.ts';
import { startHome } from '../support/service.ts';

test('an older copy of the ledger stops the start, until it is accepted for a reason (49)', async (t) => {
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
