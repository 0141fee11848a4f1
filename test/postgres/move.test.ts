/** `mintmark ledger copy`: from a file to PostgreSQL and back. */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import Database from 'better-sqlite3';
import type { Config } from '../../src/service/config.ts';
import { checkLedgerOf, moveLedger } from '../../src/service/ledger-files.ts';
import { acceptRestored, openLedger, openParts } from '../../src/service/open.ts';
import { copyToFile } from '../../src/storage/postgres/copy.ts';
import { Hosts } from '../../src/storage/postgres/session/connection.ts';
import type { Query } from '../../src/storage/postgres/session/query.ts';
import {
  BEGIN,
  BEGIN_MOVE,
  beginList,
  SCHEMA_SETTINGS,
} from '../../src/storage/postgres/session/session-settings.ts';
import { NOW, signed } from '../kit/sale.ts';
import { post } from '../kit/send-sale.ts';
import { type Home, makeHome, startHome } from '../kit/service.ts';
import { type Break, startCutter } from './cutter.ts';
import { newSchema, serverUrl } from './server.ts';
import { delayWrites } from './unlocked.ts';

async function findingsOf(config: Config): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { where, fault } of checkLedgerOf(config)) found.push(`${where}: ${fault}`);
  return found;
}

const at = (home: Home, place: Partial<Config>): Home => ({ ...home, config: { ...home.config, ...place } });

test.serial(
  'a ledger moves to PostgreSQL, back, and to another database: repeats get the same bytes, and the old place mints nothing',
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
    const { live, test: tested } = await ledger.count();
    t.is(live + tested, 5);
    await ledger.close();
    await third.stop();

    // The way to a newer schema: by a file to another database.
    const next = await newSchema();
    await moveLedger(back.config, next);
    const last = at(home, { ledgerDatabase: next });
    t.deepEqual(await findingsOf(last.config), []);
    const fourth = await startHome(t, last);
    for (const [place, form] of forms.entries())
      t.is((await post(fourth.url, form)).text, texts[place] ?? '');
  },
);

test.serial('a copy waits for no table of another program in the database, and reads none', async (t) => {
  const home = makeHome(t);
  await (await startHome(t, home)).stop();
  const other = await new Hosts(await newSchema()).connect();
  t.teardown(() => other.close());
  await other.rows('CREATE TABLE theirs (number integer)');
  const lock = [{ text: 'BEGIN' }, { text: 'LOCK TABLE theirs IN ACCESS EXCLUSIVE MODE' }];
  await other.all(lock);
  const moved = moveLedger(home.config, await newSchema()).then(() => 'moved');
  t.is(await Promise.race([moved, wait(10_000, 'waited')]), 'moved');
});

test.serial('what customers gave and downloaded by themselves moves with the ledger, and back', async (t) => {
  const home = makeHome(t);
  const { url, stop } = await startHome(t, home);
  t.is((await post(url, signed({ p_order_id: 'M-8' }))).status, 200);
  await stop();
  const { ledger: file } = await openParts(home.config, { modesNeeded: [] });
  const [story] = await file.find({ by: 'order', order: 'M-8' });
  if (story === undefined) return t.fail('not sold');
  const { id } = story;
  await file.selfService.ask({ order: 'M-8', email: 'ada@example.com' }, NOW);
  await file.selfService.noteHandedTo(id, 'Grace');
  await file.selfService.newLinks([id], NOW);
  t.is(await file.selfService.askAddress(id, 'new@example.org', NOW), 'asked');
  const about = { license: id, product: 'app', version: '4.2', file: 'App.dmg', link: 1, size: 10 };
  await file.downloads.note({ ...about, range: [0, 4], from: 0, at: NOW });
  const [asked] = await file.outbox.list({ channel: 'inquiry', limit: 1 });
  await file.close();

  const found = async (config: Config) => {
    const ledger = await openLedger(config);
    const { selfService } = ledger;
    const typed = await selfService.typed(asked?.number ?? 0);
    const notes = [...(await selfService.handedTo([id])).values()];
    const links = await selfService.generation(id, NOW);
    const change = await selfService.findChange(1);
    const downloads = [await ledger.downloads.ofLicense(id, 9), await ledger.downloads.counts()];
    await ledger.close();
    return { typed, notes, links, change, downloads };
  };
  const before = await found(home.config);
  t.like(before, { notes: ['Grace'], links: 1, change: { newAddress: 'new@example.org' } });
  t.is(before.typed?.email, 'ada@example.com');
  const moved = at(home, { ledgerDatabase: await newSchema() }).config;
  await moveLedger(home.config, moved.ledgerDatabase ?? '');
  t.deepEqual(await found(moved), before);
  const { ledger: database } = await openParts(moved, { modesNeeded: [] });
  await database.downloads.note({ ...about, range: [4, 10], from: 4, at: NOW + 1 });
  await database.downloads.note({ ...about, link: 2, range: [0, 10], from: 0, at: NOW + 2 });
  t.deepEqual(
    (await database.downloads.ofLicense(id, 9)).map(({ link, state }) => [link, state]),
    [
      [2, 'whole'],
      [1, 'whole'],
    ],
  );
  const continued = await found(moved);
  await database.close();
  t.deepEqual(await findingsOf(moved), []);
  const back = at(home, { ledgerFile: join(home.folder, 'back.sqlite') }).config;
  await moveLedger(moved, `sqlite:${back.ledgerFile}`);
  t.deepEqual(await found(back), continued);
  t.deepEqual(await findingsOf(back), []);
});

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

const LOST = {
  message: /^The connection was lost at the very end, so whether the ledger was moved is not known/,
};

/** Whether a service starts there and answers the order of before. */
async function sells(t: ExecutionContext, home: Home): Promise<boolean> {
  try {
    const { url, stop } = await startHome(t, home);
    const { status } = await post(url, signed({ p_order_id: 'M-1' }));
    await stop();
    return status === 200;
  } catch (error) {
    t.regex(String(error), /was moved/);
    return false;
  }
}

for (const way of ['before', 'after'] as const satisfies readonly Break[]) {
  test.serial(
    `cut ${way} the last commit of a copy, one place at most mints, and the message leads to it`,
    async (t) => {
      const home = makeHome(t);
      const first = await startHome(t, home);
      const { text } = await post(first.url, signed({ p_order_id: 'M-1' }));
      await first.stop();
      const url = await newSchema();
      const cutter = async () => {
        const made = await startCutter(t, serverUrl(), [way]);
        made.start();
        return made.through(url);
      };
      await t.throwsAsync(moveLedger(home.config, await cutter()), LOST);
      t.false(await sells(t, home), 'the file does not mint');
      const moved = at(home, { ledgerDatabase: url });
      if (way === 'before') {
        await t.throwsAsync(findingsOf(moved.config), { message: /There is no ledger/ });
        await acceptRestored(home.config, 'the copy was cut off', NOW);
        t.true(await sells(t, home));
        await moveLedger(home.config, url);
      }
      t.deepEqual(await findingsOf(moved.config), []);
      t.true(await sells(t, moved));

      const file = join(home.folder, 'back.sqlite');
      const throughCutter = at(home, { ledgerDatabase: await cutter() }).config;
      await t.throwsAsync(moveLedger(throughCutter, `sqlite:${file}`), LOST);
      t.is(await sells(t, moved), way === 'before', 'what the message says to look at');
      const back = at(home, { ledgerFile: file });
      const third = await startHome(t, back);
      t.is((await post(third.url, signed({ p_order_id: 'M-1' }))).text, text, 'the copy is whole');
      await third.stop();
    },
  );
}

test.serial('a sale that is under way while its ledger is moved to a file is in the file', async (t) => {
  const home = at(makeHome(t), { ledgerDatabase: await newSchema() });
  const { ledgerDatabase: url = '' } = home.config;
  const service = await startHome(t, home);
  t.is((await post(service.url, signed({ p_order_id: 'U-1' }))).status, 200);
  await delayWrites(url, 'license', 1);
  // A request of superagent begins with `then`.
  const sale = post(service.url, signed({ p_order_id: 'U-2' })).then((answer) => answer);
  await wait(300);
  const file = join(home.folder, 'moved.sqlite');
  await moveLedger(home.config, `sqlite:${file}`);
  t.is((await sale).status, 200);

  // The service still runs on the database.
  t.is((await post(service.url, signed({ p_order_id: 'U-3' }))).status, 503);
  await service.stop();
  const ledger = await openLedger(at(home, { ledgerDatabase: undefined, ledgerFile: file }).config);
  t.teardown(() => ledger.close());
  const { live, test: tested } = await ledger.count();
  t.is(live + tested, 2);
});

test.serial(
  'whatever makes, moves, copies or checks a ledger may rest for long within its transaction',
  async (t) => {
    const session = async (begin: readonly Query[]) => {
      const opened = await new Hosts(await newSchema()).connect();
      t.teardown(() => opened.close());
      await opened.rows('SET idle_in_transaction_session_timeout = 1000');
      if (begin === BEGIN_MOVE) await opened.rows('CREATE TABLE pen (pen integer)');
      await opened.all(begin);
      return opened;
    };
    const sessions = [
      await session(beginList(0)),
      await session(BEGIN_MOVE),
      await session([BEGIN, SCHEMA_SETTINGS]),
    ];
    const limited = await session(beginList(1000));
    await wait(2500);
    for (const each of sessions) t.deepEqual(await each.rows('SELECT 1 AS one'), [{ one: 1 }]);
    await t.throwsAsync(limited.rows('SELECT 1'));
  },
);

test.serial('a copy whose rows differ from its source is refused, and its source goes on', async (t) => {
  const home = at(makeHome(t), { ledgerDatabase: await newSchema() });
  const { ledgerDatabase: url = '' } = home.config;
  const service = await startHome(t, home);
  t.is((await post(service.url, signed({ p_order_id: 'D-1' }))).status, 200);
  const file = at(makeHome(t), { ledgerDatabase: undefined });
  await (await startHome(t, file)).stop();
  const connection = new Database(file.config.ledgerFile);
  t.teardown(() => connection.close());
  connection.exec(
    'CREATE TRIGGER alters AFTER INSERT ON license BEGIN UPDATE license SET unit = unit + 1; END',
  );
  await t.throwsAsync(copyToFile(url, connection, { moves: true }), {
    code: 'ledger_damaged',
    message: /^The copy of license differs/,
  });
  t.is((await post(service.url, signed({ p_order_id: 'D-2' }))).status, 200);
  await service.stop();
});
