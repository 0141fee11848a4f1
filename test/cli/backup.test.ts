import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { signRequest } from '../../src/marketplaces/fastspring/simulator.ts';
import { readConfig } from '../../src/service/config.ts';
import { cliOf } from '../kit/cli.ts';
import { askWith, openMarket, referenceOf } from '../kit/fastspring.ts';
import { LICENSE_KEYS, WEBHOOK_SECRETS } from '../kit/fastspring-secrets.ts';
import { startHome } from '../kit/service.ts';

const BACKUP_PASSPHRASE = 'a passphrase of a backup';

test('a shop is backed up beside a running service and restored into an empty folder: doctor finds no fault, repeats are the same bytes', async (t) => {
  const market = await openMarket(t, { env: { BACKUP_PASSPHRASE, LOG_LEVEL: 'warn' } });
  const { home, cli } = market;
  const orders = ['1', '3', '2'].map((quantity, place) => ({ reference: referenceOf(place + 1), quantity }));
  const answers: string[] = [];
  for (const order of orders) answers.push((await market.ask('app', order).expect(200)).text);
  const age = async () => /^mintmark_backup_timestamp_seconds (\d+)/m.exec(await metricsOf(market.url))?.[1];
  t.is(await age(), '0', 'never');
  const file = join(home.folder, 'shop.backup');
  const ownFiles = layOwnFiles(home.config);
  const made = await cli(['backup', file]);
  t.is(made.status, 0, made.err);
  t.deepEqual(
    readdirSync(home.config.dataDir).filter((name) => name.includes('copy')),
    [],
  );
  t.is((await cli(['backup', file])).status, 1, 'a backup never replaces a file');
  await market.ask('app', { reference: referenceOf(9), quantity: '1' }).expect(200);
  await market.stop();

  const into = join(home.folder, 'restored');
  const restored = await cli(['restore', file, '--into', into]);
  t.is(restored.status, 0, restored.err);
  t.regex(restored.out, /secrets have to be set again/);
  const env = readFileSync(join(into, '.env'), 'utf8');
  t.regex(env, /^LOG_LEVEL=warn$/m);
  t.regex(env, /^#FASTSPRING_LICENSE_KEYS=$/m);
  for (const secret of [...LICENSE_KEYS, ...WEBHOOK_SECRETS, BACKUP_PASSPHRASE])
    t.false(env.includes(secret));

  for (const [name, text] of ownFiles) t.is(readFileSync(join(into, 'data', name), 'utf8'), text, name);

  const elsewhere = { ...home, config: { ...home.config, ...placesIn(into) } };
  const doctor = await cliOf(elsewhere)(['doctor']);
  t.is(doctor.status, 0, doctor.out + doctor.err);
  t.regex(doctor.out, /ok +start: /);
  const service = await startHome(t, elsewhere);
  for (const [place, order] of orders.entries()) {
    const form = signRequest(order, LICENSE_KEYS[0]);
    t.is((await askWith(service.url, 'app', form).expect(200)).text, answers[place] ?? '');
  }
  t.is((await cliOf(elsewhere)(['ledger', 'check'])).status, 0);

  const second = await cli(['restore', file, '--into', into]);
  t.is(second.status, 1);
  t.regex(second.err, /A restore replaces nothing.*ledger\.sqlite.*Nothing was changed/s);
});

test('--keep removes older backups of a folder, and needs a folder', async (t) => {
  const market = await openMarket(t, { env: { BACKUP_PASSPHRASE } });
  const { cli, home } = market;
  const folder = join(home.folder, 'backups');
  t.regex((await cli(['backup', folder, '--keep', '2'])).err, /is no folder/);
  mkdirSync(folder);
  const made: string[] = [];
  for (let day = 0; day < 3; day += 1) {
    const { status, out, err } = await cli(['backup', folder, '--keep', '2', '--json']);
    t.is(status, 0, err);
    made.push(JSON.parse(out).file);
    home.clock.now += 86_400_000;
  }
  t.deepEqual(
    readdirSync(folder)
      .map((name) => join(folder, name))
      .sort(),
    made.slice(1),
  );
  t.is((await cli(['backup', folder, '--keep', '0'])).status, 1);
});

test('keys are backed up and restored; doctor reports a key that was made since', async (t) => {
  const market = await openMarket(t);
  const { cli, home } = market;
  const { keysDir } = home.config;
  const backupOf = async () =>
    /^(\S+) +backup of the keys: (.*)$/m.exec((await cli(['doctor'])).out)?.slice(1, 3);
  t.deepEqual(await backupOf(), ['warning', 'The keys were not backed up since key 2 was made.']);
  const file = join(home.folder, 'keys.backup');
  const words = ['keys', 'backup', file, '--passphrase-file', '-'];
  t.regex((await cli(['keys', 'backup', file])).err, /set BACKUP_PASSPHRASE/);
  t.regex((await cli(words, { stdin: 'short\n' })).err, /passphrase is too short/);
  t.false(existsSync(file));
  const made = await cli(words, { stdin: `${BACKUP_PASSPHRASE}\n` });
  t.is(made.status, 0, made.err);
  t.is((await backupOf())?.[0], 'ok');
  await cli(['keys', 'new', '--mode', 'live', '--next']);
  t.deepEqual(await backupOf(), ['warning', 'The keys were not backed up since key 3 was made.']);
  t.is((await cli(['keys', 'backup', '--elsewhere'])).status, 0);
  t.is((await backupOf())?.[0], 'ok');

  const places = placesIn(join(home.folder, 'restored'));
  const other = cliOf({ ...home, config: { ...home.config, ...places } });
  const restore = (passphrase: string) =>
    other(['keys', 'restore', file, '--passphrase-file', '-'], { stdin: passphrase });
  t.regex((await restore('another passphrase')).err, /has another passphrase/);
  t.is((await restore(BACKUP_PASSPHRASE)).status, 0);
  for (const name of ['id-secret', 'signing-key-1.pem', 'signing-key-2.pem', 'simulator.pem'])
    if (existsSync(join(keysDir, name)))
      t.deepEqual(readFileSync(join(places.keysDir, name)), readFileSync(join(keysDir, name)), name);
  t.true(existsSync(join(places.keysDir, 'id-secret')));
  t.is((await restore(BACKUP_PASSPHRASE)).status, 0, 'a repeat finds the same files');
  writeFileSync(join(places.keysDir, 'id-secret'), 'another');
  t.regex((await restore(BACKUP_PASSPHRASE)).err, /replaces nothing.*id-secret/);
  t.is(readFileSync(join(places.keysDir, 'id-secret'), 'utf8'), 'another');
  const whole = await other(['restore', file, '--passphrase-file', '-'], { stdin: BACKUP_PASSPHRASE });
  t.regex(whole.err, /holds keys alone/);
});

test('a restore from a file that is missing or no backup says so before it asks for the passphrase', async (t) => {
  const { cli, home } = await openMarket(t, { env: { BACKUP_PASSPHRASE } });
  const { backupPassphrase: _, ...config } = home.config;
  const without = cliOf({ ...home, config: { backupPassphrase: undefined, ...config } });
  const missing = join(home.folder, 'missing.backup');
  const other = join(home.folder, 'other.txt');
  writeFileSync(other, 'a text\nof another program\n');
  const made = join(home.folder, 'shop.backup');
  t.is((await cli(['backup', made])).status, 0);
  for (const words of [['restore'], ['keys', 'restore']]) {
    t.regex(
      (await without([...words, missing])).err,
      /missing\.backup cannot be read: give the file of a backup/,
    );
    t.regex((await without([...words, other])).err, /other\.txt is no backup/);
    t.regex((await without([...words, made])).err, /set BACKUP_PASSPHRASE/, 'the control');
  }
});

/** What a seller writes beside the product files. */
function layOwnFiles({ dataDir }: { readonly dataDir: string }) {
  const files = [
    ['shop.yaml', 'name: Example Shop\nhelp: help@example.com\npicture: my logo.svg\n'],
    ['my logo.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>\n'],
    ['texts/fr.yaml', '{}\n'],
  ] as const;
  mkdirSync(join(dataDir, 'texts'));
  for (const [name, text] of files) writeFileSync(join(dataDir, name), text);
  return files;
}

async function metricsOf(url: string): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

function placesIn(folder: string) {
  const { dataDir, keysDir, productsDir, webhooksFile, shopFile, ledgerFile, ledgerMark } = readConfig(
    { DATA_DIR: join(folder, 'data'), KEYS_DIR: join(folder, 'keys') },
    () => '',
  );
  return { dataDir, keysDir, productsDir, webhooksFile, shopFile, ledgerFile, ledgerMark };
}
