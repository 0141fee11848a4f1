import { mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import test from 'ava';
import { backupIn, removeOlder } from '../../src/backup/retention.ts';
import { NOW } from '../kit/sale.ts';
import { temporaryFolder } from '../kit/service.ts';

test('all but the newest backups are removed, and no file of another name', (t) => {
  const folder = temporaryFolder(t);
  const days = [0, 1, 2, 3].map((day) => backupIn(folder, NOW + day * 86_400_000));
  const others = ['shop.backup', 'mintmark-20200101T000000Z.backup.tmp', 'notes'];
  for (const name of [...days.map((file) => basename(file)), ...others])
    writeFileSync(join(folder, name), '');
  const newest = days.at(-1) ?? '';
  mkdirSync(join(folder, 'mintmark-20190101T000000Z.backup'));
  t.deepEqual(removeOlder(folder, 2, newest), days.slice(0, 2));
  t.deepEqual(removeOlder(folder, 2, newest), []);
  rmdirSync(join(folder, 'mintmark-20190101T000000Z.backup'));
  t.deepEqual(readdirSync(folder).sort(), [...days.slice(2).map((file) => basename(file)), ...others].sort());
});

test('the backup that was just made stays, also where a wrong clock named others by a later moment', (t) => {
  const folder = temporaryFolder(t);
  const [made = '', later = '', latest = ''] = [0, 1, 2].map((day) =>
    backupIn(folder, NOW + day * 86_400_000),
  );
  for (const file of [made, later, latest]) writeFileSync(file, '');
  t.deepEqual(removeOlder(folder, 2, made), [later]);
  t.deepEqual(removeOlder(folder, 1, made), [latest]);
  t.deepEqual(readdirSync(folder), [basename(made)]);
});
