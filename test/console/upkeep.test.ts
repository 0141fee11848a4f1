/** Upkeep in the console: check, backups, keys, and what the seller says. Each long work is a job of its own page. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import Database from 'better-sqlite3';
import { readArchive } from '../../src/backup/read-archive.ts';
import { readKeyring } from '../../src/keyring/keyring.ts';
import { keyIdOfCode } from '../../src/keyring/minter.ts';
import { readNoted } from '../../src/service/noted.ts';
import { reference, sell } from '../kit/console.ts';
import { openDesk } from '../kit/console-desk.ts';

const PASSPHRASE = 'a passphrase of the test';

test('the ledger is checked beside sales, by a job, and the result is noted; an edited row is found', async (t) => {
  t.timeout(120_000);
  const { shop, see, post, ended } = await openDesk(t);
  await sell(shop, 1);
  t.regex((await see('/upkeep')).text, /It was never checked/);
  t.regex(await ended(await post('/upkeep/check', {})), /1 license, no faults\./);
  t.like(readNoted(shop.home.config.keysDir).check, { licenses: 1, faults: 0 });
  t.regex((await see('/upkeep')).text, /The last one was just now: 1 license, no faults/);
  const ledger = new Database(shop.home.config.ledgerFile);
  ledger.exec("UPDATE license SET product = 'atlas'");
  ledger.close();
  t.regex(
    await ended(await post('/upkeep/check', {})),
    /notice"[\s\S]*faults in the ledger[\s\S]*<li>license/,
  );
});

test('shop and keys are backed up with a passphrase, and the file is sent; without one, nothing is written', async (t) => {
  t.timeout(120_000);
  const { shop, see, post, ended } = await openDesk(t);
  await sell(shop, 1);
  t.is((await post('/upkeep/backup', { kind: 'shop', passphrase: 'short' })).status, 422);
  t.is((await post('/upkeep/backup', { kind: 'shop', passphrase: '' })).status, 422);
  const text = await ended(await post('/upkeep/backup', { kind: 'shop', passphrase: PASSPHRASE }));
  t.regex(text, /Wrote mintmark-\w+\.backup\./);
  t.notRegex(text, new RegExp(PASSPHRASE));
  await ended(await post('/upkeep/backup', { kind: 'keys', passphrase: PASSPHRASE }));
  const folder = join(shop.home.config.dataDir, 'backups');
  t.is(readdirSync(folder).length, 2);
  const page = (await see('/upkeep')).text;
  t.regex(page, /The shop was backed up just now\.[\s\S]*The keys were backed up just now\./);
  const [, name = ''] = /backups\/(mintmark-\d\w+\.backup)"/.exec(page) ?? [];
  const sent = await see(`/upkeep/backups/${name}`).buffer(true);
  t.deepEqual(sent.body, readFileSync(join(folder, name)));
  t.regex(sent.get('Content-Disposition') ?? '', /^attachment/);
  t.is((await see('/upkeep/backups/..%2Fledger.sqlite')).status, 404);
  const copy = join(shop.home.folder, 'sent.backup');
  writeFileSync(copy, sent.body);
  t.notThrows(() => readArchive(copy, PASSPHRASE));
});

test('the live key is made once and named in the history; that the keys are kept elsewhere is noted', async (t) => {
  t.timeout(120_000);
  const { shop, see, post } = await openDesk(t);
  const { keysDir } = shop.home.config;
  t.is((await post('/upkeep/key', {})).status, 409, 'there is one');
  rmSync(join(keysDir, 'keyring.json'));
  for (const file of readdirSync(keysDir)) if (/signing|\.pem$/.test(file)) rmSync(join(keysDir, file));
  t.regex((await see('/upkeep')).text, /Make the key for live orders/);
  t.is((await post('/upkeep/key', {})).status, 303);
  t.like(readKeyring(keysDir)[0], { mode: 'live', state: 'active' });
  t.is((await post('/upkeep/elsewhere', {})).status, 303);
  t.regex(
    (await see('/settings')).text,
    /noted that the keys are backed up elsewhere[\s\S]*made live key \d/,
  );
  t.notRegex((await see('/upkeep')).text, /in no backup/);
});

test('what a leaked key signed is replaced by a job, once another key signs', async (t) => {
  t.timeout(120_000);
  const { shop, see, post, shownAt, ended, restart } = await openDesk(t);
  await sell(shop, 1);
  const path = '/upkeep/keys/1/compromised';
  t.regex((await see('/upkeep')).text, /It leaked…<span class="hidden"> key 1/);
  t.regex(
    (await see(path)).text,
    /Key 1 still signs[\s\S]*keys new --mode live --next[\s\S]*keys activate KEY/,
  );
  t.is((await post(path, { reason: 'it leaked', rate: '6000', shown: 'active' })).status, 422);
  await shop.cli(['keys', 'new', '--mode', 'live', '--next']);
  const next = readKeyring(shop.home.config.keysDir).find(({ state }) => state === 'next')?.id ?? 0;
  await shop.cli(['keys', 'activate', String(next)]);
  t.regex((await see(path)).text, /started before another key took its place/, 'it would sign the new codes');
  await restart();
  const [before] = await shop.find(reference(1));
  const form = { reason: 'it leaked', rate: '6000', shown: await shownAt(path) };
  t.is((await post(path, { ...form, shown: 'active' })).status, 409);
  t.is((await post(path, { ...form, rate: '0' })).status, 422);
  t.regex(await ended(await post(path, form)), /One license was replaced\./);
  const licenses = await shop.find(reference(1));
  t.is(licenses.filter(({ code }) => keyIdOfCode(code) === next).length, 1);
  t.deepEqual(licenses.map(({ id, state }) => [id === before?.id, state]).sort(), [
    [false, 'active'],
    [true, 'revoked'],
  ]);
});

test('backups, keys and ended links need a proof of the last 15 minutes; a check does not', async (t) => {
  t.timeout(120_000);
  const { shop, see, post, ended } = await openDesk(t);
  await sell(shop, 1);
  shop.home.clock.now += 16 * 60_000;
  const graves = ['backup', 'elsewhere', 'key', 'keys/2/compromised'].map((path) => `/upkeep/${path}`);
  for (const path of [...graves, `/orders/fastspring/${reference(1)}/links`]) {
    const { status, headers } = await post(path, {
      passphrase: PASSPHRASE,
      kind: 'keys',
      reason: 'x',
      shown: 'x',
    });
    t.is(status, 303, path);
    t.regex(String(headers['location']), /^\/console\/again\?/, path);
  }
  t.regex((await see('/upkeep/backups/x.backup')).get('Location') ?? '', /^\/console\/again\?/);
  t.false(existsSync(join(shop.home.config.dataDir, 'backups')));
  t.regex(await ended(await post('/upkeep/check', {})), /no faults/);
});
