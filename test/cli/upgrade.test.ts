import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'ava';
import Database from 'better-sqlite3';
import { makeRoom } from '../../src/doctor/upgrade.ts';
import type { Config } from '../../src/service/config.ts';
import { cliOf } from '../kit/cli.ts';
import { schema5 } from '../kit/old-ledgers.ts';
import { makeHome, temporaryFolder } from '../kit/service.ts';

const cliFor = (config: Config) => cliOf({ config, clock: { now: Date.UTC(2026, 10, 26) } });

test('upgrade check says which steps the next start takes, rehearses them on a copy, and changes nothing', async (t) => {
  const { config } = schema5(t);
  const before = readFileSync(config.ledgerFile);
  const names = readdirSync(dirname(config.ledgerFile)).sort();
  const { status, out, err } = await cliFor(config)(['upgrade', 'check']);
  t.is(status, 0, out + err);
  t.regex(out, /note +ledger: The first start moves it from schema 5 to \d+ \(6: .*; 8: the outbox; /);
  t.regex(out, /ok +rehearsal: A start on a copy succeeds/);
  t.regex(out, /ok +rehearsal: All rows of its 18 licenses are sound/);
  t.deepEqual(readFileSync(config.ledgerFile), before);
  t.deepEqual(
    readdirSync(dirname(config.ledgerFile))
      .filter((name) => !/-(wal|shm)$/.test(name))
      .sort(),
    names,
  );
});

test('after the upgrade it says that nothing changes', async (t) => {
  const { config } = schema5(t);
  const cli = cliFor(config);
  t.is((await cli(['ledger', 'check'])).status, 0);
  t.regex((await cli(['upgrade', 'check'])).out, /ok +ledger: It stays at schema/);
});

test('a faulty product file, keys that are not the ledger’s and a newer ledger are faults', async (t) => {
  const { config } = schema5(t);
  const other = makeHome(t);
  const wrong = await cliFor({ ...config, keysDir: other.config.keysDir })(['upgrade', 'check']);
  t.is(wrong.status, 1);
  t.regex(wrong.out, /FAULT +rehearsal: A start on a copy fails/);
  const products = await cliFor({ ...config, productsDir: `${config.dataDir}/none` })(['upgrade', 'check']);
  t.is(products.status, 1);
  t.regex(products.out, /FAULT +product files/);
  const ledger = new Database(config.ledgerFile);
  ledger.pragma('user_version = 999');
  ledger.close();
  const newer = await cliFor(config)(['upgrade', 'check']);
  t.is(newer.status, 1);
  t.regex(newer.out, /FAULT +ledger: .*written by a newer Mintmark.*update Mintmark/);
});

test('without a place for a copy it says who can run it, and not to restore a backup', (t) => {
  const room = makeRoom('/dev/null/nowhere');
  if (typeof room === 'string') return t.fail(room);
  t.regex(room.so, /no place for a copy: \/dev\/null\/nowhere cannot be written/);
  t.regex(room.remedy ?? '', /as the user of the service/);
  const missing = join(temporaryFolder(t), 'data');
  t.true(existsSync(String(makeRoom(missing))), 'the control: a missing folder is made');
});

test('without a ledger it checks the rest', async (t) => {
  const home = makeHome(t);
  const { out } = await cliOf(home)(['upgrade', 'check']);
  t.regex(out, /note +ledger: There is no ledger at/);
});
