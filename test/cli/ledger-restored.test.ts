import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import type { Channel } from '../../src/outbox/channel.ts';
import { startService } from '../../src/service/service.ts';
import { WEBHOOKS_ONLY } from '../kit/announcing.ts';
import { cliOf } from '../kit/cli.ts';
import { openMarket } from '../kit/fastspring.ts';
import { signed } from '../kit/sale.ts';
import { post } from '../kit/send-sale.ts';
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

test('what waited in a restored ledger goes out under its old id within a day, and is held after it', async (t) => {
  const ids: string[] = [];
  const channel: Channel = {
    name: 'webhook',
    send: async ({ id }) => {
      ids.push(id);
      return { outcome: 'sent', answer: '204' };
    },
  };
  const outbox = { announce: WEBHOOKS_ONLY, channels: [channel] };
  const home = makeHome(t, { env: { OUTBOX: 'external' } });
  const cli = cliOf(home);
  const { url, stop } = await startHome(t, home, { outbox });
  await post(url, signed());
  const copy = join(home.folder, 'copy.sqlite');
  t.is((await cli(['ledger', 'backup', copy])).status, 0);
  await stop();
  const sending = { ...home, config: { ...home.config, outbox: 'on' as const } };
  const send = async () => {
    const service = await startHome(t, sending, { outbox });
    await setTimeout(500);
    await service.stop();
  };
  await send();
  t.is(ids.length, 1);
  const { ledgerFile } = home.config;
  const restore = async () => {
    for (const end of ['', '-wal', '-shm']) rmSync(`${ledgerFile}${end}`, { force: true });
    copyFileSync(copy, ledgerFile);
    t.is((await cli(['ledger', 'accept-restored', '--reason', 'the disk was lost'])).status, 0);
  };
  await restore();
  await send();
  t.deepEqual(ids, [ids[0], ids[0]], 'a receiver that keeps ids takes it for the same');
  await restore();
  home.clock.now += 25 * 3_600_000;
  await send();
  t.is(ids.length, 2, 'nothing was sent');
  t.regex((await cli(['outbox', 'list'])).out, /license\.issued, order 573252, held$/m);
  t.regex((await cli(['doctor'])).out, /Held, since they were overdue by more than a day/);
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
