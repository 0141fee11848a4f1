import { readdirSync, writeFileSync } from 'node:fs';
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
  t.deepEqual(removeOlder(folder, 2), days.slice(0, 2));
  t.deepEqual(removeOlder(folder, 2), []);
  t.deepEqual(readdirSync(folder).sort(), [...days.slice(2).map((file) => basename(file)), ...others].sort());
});
