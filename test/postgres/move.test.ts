/** `mintmark ledger copy`: from a file to PostgreSQL and back. */
import { join } from 'node:path';
import test from 'ava';
import type { Config } from '../../src/service/config.ts';
import { checkLedgerOf, moveLedger } from '../../src/service/ledger-files.ts';
import { openLedger } from '../../src/service/open.ts';
import { signed } from '../kit/sale.ts';
import { post } from '../kit/send-sale.ts';
import { type Home, makeHome, startHome } from '../kit/service.ts';
import { newSchema } from './database.ts';

async function findingsOf(config: Config): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { where, fault } of checkLedgerOf(config)) found.push(`${where}: ${fault}`);
  return found;
}

const at = (home: Home, place: Partial<Config>): Home => ({ ...home, config: { ...home.config, ...place } });

test.serial(
  'a ledger moves to PostgreSQL and back: repeats get the same bytes, and the old place mints nothing',
  async (t) => {
    const home = makeHome(t);
    const first = await startHome(t, home);
    const forms = ['M-1', 'M-2', 'M-3'].map((order) => signed({ p_order_id: order }));
    const texts: string[] = [];
    for (const form of forms) texts.push((await post(first.url, form)).text);
    await first.stop();

    const url = await newSchema();
    await moveLedger(home.config, url);
    await t.throwsAsync(startHome(t, home), { message: /was moved/ });
    const moved = at(home, { ledgerDatabase: url });
    t.deepEqual(await findingsOf(moved.config), []);
    const second = await startHome(t, moved);
    for (const [place, form] of forms.entries())
      t.is((await post(second.url, form)).text, texts[place] ?? '');
    t.is((await post(second.url, signed({ p_order_id: 'M-4' }))).status, 200);
    await second.stop();
    await t.throwsAsync(moveLedger(home.config, await newSchema()), { message: /was moved/ });

    const file = join(home.folder, 'back.sqlite');
    await moveLedger(moved.config, `sqlite:${file}`);
    await t.throwsAsync(startHome(t, moved), { message: /was moved/ });
    const back = at(home, { ledgerFile: file });
    t.deepEqual(await findingsOf(back.config), []);
    const third = await startHome(t, back);
    for (const [place, form] of forms.entries()) t.is((await post(third.url, form)).text, texts[place] ?? '');
    t.is((await post(third.url, signed({ p_order_id: 'M-5' }))).status, 200);
    const ledger = await openLedger(back.config);
    t.teardown(() => ledger.close());
    const { live, test: tested } = await ledger.count();
    t.is(live + tested, 5);
  },
);

test.serial('a running service on a ledger that was moved mints nothing any more', async (t) => {
  const home = makeHome(t);
  const { url } = await startHome(t, home);
  t.is((await post(url, signed({ p_order_id: 'M-6' }))).status, 200);
  await moveLedger(home.config, await newSchema());
  t.not((await post(url, signed({ p_order_id: 'M-7' }))).status, 200);
  t.is((await post(url, signed({ p_order_id: 'M-6' }))).status, 200, 'a repeat needs no new row');
});

test.serial('a ledger is moved only to a place without one', async (t) => {
  const url = await newSchema();
  const one = makeHome(t, { env: { LEDGER_URL: url } });
  await (await startHome(t, one)).stop();
  const two = makeHome(t);
  await (await startHome(t, two)).stop();
  await t.throwsAsync(moveLedger(two.config, url), { code: 'bad_usage' });
  t.deepEqual(await findingsOf(two.config), [], 'nothing was marked');
});
