import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { catalogDigest } from '../../src/catalog/catalog-digest.ts';
import type { OtherInstances } from '../../src/domain/ports/shared-database.ts';
import { watchInstances } from '../../src/service/watch-instances.ts';
import { folderFor } from '../kit/ledger-file.ts';
import { PRODUCTS } from '../kit/products.ts';
import { keptLog } from '../kit/service.ts';

test('other product files are warned of once, and their end is told', async (t) => {
  const told: OtherInstances[] = [
    { others: 2, differing: 0 },
    { others: 2, differing: 1 },
    { others: 2, differing: 1 },
    { others: 2, differing: 0 },
  ];
  const { log, lines } = keptLog();
  const measured: OtherInstances[] = [];
  const catalog = await catalogOf(folderFor(t), PRODUCTS);
  const compare = watchInstances({
    database: {
      noteInstance: async () => told.shift() ?? Promise.reject(new Error('gone')),
      clockAhead: async () => 0,
    },
    catalog,
    metrics: { instances: (found) => measured.push(found) },
    log,
  });
  for (let turn = 0; turn < 5; turn++) await compare();
  t.deepEqual(
    measured.map(({ differing }) => differing),
    [0, 1, 1, 0],
  );
  t.deepEqual(
    lines.map(({ msg }) => String(msg).slice(0, 28)),
    ['other instances have had oth', 'all instances have the same ', 'the product files and the cl'],
  );
});

test('a clock that differs from the database by more than a minute is warned of once, and its end is told', async (t) => {
  const ahead = [0, 59_000, 61_000, 600_000, -1000, -600_000];
  const { log, lines } = keptLog();
  const compare = watchInstances({
    database: {
      noteInstance: async () => ({ others: 0, differing: 0 }),
      clockAhead: async () => ahead.shift() ?? 0,
    },
    catalog: await catalogOf(folderFor(t), PRODUCTS),
    metrics: { instances: () => {} },
    log,
  });
  for (let turn = 0; turn < 6; turn++) await compare();
  t.deepEqual(
    lines.map(({ seconds, msg }) => [seconds, String(msg).slice(0, 29)]),
    [
      [61, "this computer's clock differs"],
      [undefined, "this computer's clock agrees "],
      [-600, "this computer's clock differs"],
    ],
  );
});

test('the digest of product files changes with a rule or a text, and with nothing else', async (t) => {
  const [first = ''] = Object.keys(PRODUCTS);
  const of = async (name: string, products: Readonly<Record<string, string>>) =>
    catalogDigest(await catalogOf(join(folderFor(t), name), products));
  const same = await of('one', PRODUCTS);
  t.is(await of('two', Object.fromEntries(Object.entries(PRODUCTS).reverse())), same);
  t.not(await of('text', { ...PRODUCTS, [first]: `${PRODUCTS[first]}\nMore.\n` }), same);
  const { [first]: _, ...others } = PRODUCTS;
  t.not(await of('fewer', others), same);
});

async function catalogOf(folder: string, products: Readonly<Record<string, string>>) {
  mkdirSync(folder, { recursive: true });
  for (const [id, text] of Object.entries(products)) writeFileSync(join(folder, `${id}.md`), text);
  return loadCatalog(folder);
}
