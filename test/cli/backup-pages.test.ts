/** A backup holds the customers' pages and what is known of releases; files of releases are put back by `releases add`. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { readConfig } from '../../src/service/config.ts';
import { cliOf } from '../kit/cli.ts';
import { openDownloadShop } from '../kit/downloads.ts';
import { temporaryFolder } from '../kit/service.ts';

const BACKUP_PASSPHRASE = 'a passphrase of a backup';
const PICTURE = 'Our logo (1).svg';

test('customers’ pages and releases are in a backup; a restored release gets its files by the same command', async (t) => {
  const shop = await openDownloadShop(t, { env: { BACKUP_PASSPHRASE } });
  await shop.sell();
  const [dmg] = await shop.add('4.2', ['Lumen-4.2.dmg'], '--date', '2026-10-28', '--notes', 'Faster.');
  await shop.add('4.3-rc.1+9', ['Lumen-4.3.dmg'], '--date', '2026-11-02');
  await shop.cli(['releases', 'withdraw', 'lumen', '4.3-rc.1+9', '--reason', 'crashes']);
  const { dataDir } = shop.home.config;
  writeFileSync(join(dataDir, PICTURE), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  const shopFile = join(dataDir, 'shop.yaml');
  writeFileSync(shopFile, `name: Lumen\nhelp: help@lumen.example\npicture: ${PICTURE}\n`);
  mkdirSync(join(dataDir, 'texts'));
  writeFileSync(join(dataDir, 'texts', 'fr.yaml'), 'copy: Copier\n');
  const file = join(shop.home.folder, 'shop.backup');
  t.is((await shop.cli(['backup', file])).status, 0);
  await shop.stop();

  const into = join(shop.home.folder, 'restored');
  const restored = await shop.cli(['restore', file, '--into', into]);
  t.is(restored.status, 0, restored.err);
  const same = [
    'shop.yaml',
    PICTURE,
    'texts/fr.yaml',
    'downloads/lumen/4.2/release.json',
    'downloads/lumen/4.3-rc.1+9/release.json',
  ];
  for (const name of same)
    t.deepEqual(readFileSync(join(into, 'data', name)), readFileSync(join(dataDir, name)), name);

  const env = { DATA_DIR: join(into, 'data'), KEYS_DIR: join(into, 'keys') };
  const { ledgerFile, downloads, productsDir, keysDir, ledgerMark, ...places } = readConfig(env, () => '');
  const moved = { ledgerFile, downloads, productsDir, keysDir, ledgerMark, dataDir: places.dataDir };
  const cli = cliOf({ ...shop.home, config: { ...shop.home.config, ...moved } });
  const sources = temporaryFolder(t);
  const path = join(sources, 'Lumen-4.2.dmg');
  writeFileSync(path, 'another file');
  t.regex(
    (await cli(['releases', 'add', 'lumen', '4.2', path])).err,
    /has another file Lumen-4\.2\.dmg already/,
  );
  t.regex((await cli(['releases', 'check'])).out, /^GONE/, 'nothing was put there');
  writeFileSync(path, dmg?.bytes ?? '');
  t.is((await cli(['releases', 'add', 'lumen', '4.2', path])).status, 0);
  const checked = await cli(['releases', 'check']);
  t.is(checked.status, 0, checked.out);
  const [release] = JSON.parse((await cli(['releases', 'list', 'lumen', '--json'])).out).releases.filter(
    ({ version }: { readonly version: string }) => version === '4.2',
  );
  t.like(release, { day: '2026-10-28', notes: 'Faster.' });
  t.is(release.files.length, 1);

  rmSync(join(into, 'data', 'ledger.sqlite'));
  const other = await cli(['restore', file, '--into', into]);
  t.regex(other.err, /A restore replaces nothing.*4\.2.release\.json/s, 'control: it has another time now');
});
