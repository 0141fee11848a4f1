/** What a role that does not own the tables cannot do: the commands say what docs/postgresql.md says of them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { cliOf } from '../kit/cli.ts';
import { signed } from '../kit/sale.ts';
import { post } from '../kit/send-sale.ts';
import { makeHome, startHome } from '../kit/service.ts';
import { newSchema } from './server.ts';
import { grantService } from './service-role.ts';

/** The sentences of the page, by the beginning of their row. */
function saidOfPage(beginning: string): string {
  const page = readFileSync('docs/postgresql.md', 'utf8');
  const row = page.split('\n').find((line) => line.startsWith(`| ${beginning}`)) ?? '';
  return /`([A-Z][^`]*\.)`/.exec(row)?.[1] ?? 'no sentence of the page';
}

/** The owner's first start, the role's sale, and the command line of both. */
async function sold(t: ExecutionContext) {
  const url = await newSchema();
  const first = makeHome(t, { env: { LEDGER_URL: url } });
  await (await startHome(t, first)).stop();
  const own = await grantService(url);
  const home = { ...first, config: { ...first.config, ledgerDatabase: own } };
  const service = await startHome(t, home);
  const reply = await post(service.url, signed({ p_order_id: 'O-1' }));
  t.is(reply.status, 200);
  await service.stop();
  return { home, cli: cliOf(home), text: reply.text, ofOwner: cliOf(first) };
}

test.serial('the first start in an empty database is the owner’s', async (t) => {
  const url = await newSchema();
  const home = makeHome(t, { env: { LEDGER_URL: await grantService(url) } });
  await t.throwsAsync(startHome(t, home), { message: saidOfPage('the first start') });
});

test.serial(
  'to move the ledger away is the owner’s, and where another role tries, nothing is copied',
  async (t) => {
    const { home, cli, text, ofOwner } = await sold(t);
    const file = join(home.folder, 'away.sqlite');
    const copy = ['ledger', 'copy', '--to', `sqlite:${file}`];
    const { status, err } = await cli(copy);
    t.is(status, 1);
    t.true(err.includes(saidOfPage('the first start')), err);
    t.false(existsSync(file));
    const again = await startHome(t, home);
    t.is((await post(again.url, signed({ p_order_id: 'O-1' }))).text, text);
    await again.stop();
    t.is((await ofOwner(copy)).status, 0, 'the control');
  },
);

test.serial('an erasure is done by another role, and the VACUUM behind it is the owner’s', async (t) => {
  const { cli, ofOwner } = await sold(t);
  const erase = ['customer', 'erase', 'O-1'];
  const { status, out, err } = await cli(erase);
  t.is(status, 1);
  t.regex(out, /Erased from 1 license/);
  t.true(err.includes(saidOfPage('`VACUUM`')), err);
  // Other tests read the same database meanwhile, and keep old rows until they have ended.
  let told = await ofOwner(erase);
  for (let tries = 0; tries < 30 && /can still contain/.test(told.out + told.err); tries++) {
    await wait(500);
    told = await ofOwner(erase);
  }
  t.notRegex(told.out + told.err, /can still contain/, 'the control');
});
