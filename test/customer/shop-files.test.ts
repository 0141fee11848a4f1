import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { listShopFiles } from '../../src/customer/shop-files.ts';
import { temporaryFolder } from '../kit/service.ts';

test('the files of a shop are shop.yaml, the picture that it names, and the own texts', async (t) => {
  const file = shopOf(t, {
    'shop.yaml': 'name: Example\nhelp: help@example.com\npicture: my logo.svg\n',
    'my logo.svg': '<svg/>',
    'other.svg': '<svg/>',
    'ledger.sqlite': '',
    'texts/fr.yaml': '{}',
    'texts/notes.txt': '',
  });
  t.deepEqual(await listShopFiles(file), ['shop.yaml', 'my logo.svg', 'texts/fr.yaml']);
});

test('the picture is found also while the file has faults, and only beside it', async (t) => {
  const file = shopOf(t, { 'shop.yaml': 'nam: x\npicture: logo.svg\n', 'logo.svg': '' });
  t.deepEqual(await listShopFiles(file), ['shop.yaml', 'logo.svg']);
  for (const text of ['picture: ../keys/id-secret\n', 'picture: gone.svg\n', 'picture: [1\n', '\xff', ''])
    t.deepEqual(await listShopFiles(shopOf(t, { 'shop.yaml': text })), ['shop.yaml'], text);
});

test('without shop.yaml there are the own texts alone, or nothing', async (t) => {
  t.deepEqual(await listShopFiles(shopOf(t, { 'texts/de.yaml': '{}' })), ['texts/de.yaml']);
  t.deepEqual(await listShopFiles(shopOf(t, {})), []);
});

function shopOf(t: ExecutionContext, files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'texts'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return join(folder, 'shop.yaml');
}
