/**
 * `npm run build:lambda -- [DATA]`: makes dist/lambda.zip from the handler, what it reads, and the product files, webhook
 * endpoints, shop.yaml, its picture and texts of the folder DATA (default: data).
 */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { EarlierStarts } from '../../src/catalog/earlier-starts.ts';
import { listShopFiles } from '../../src/customer/shop-files.ts';
import { bundle } from './bundle.ts';
import { type Entry, zip } from './zip.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = join(ROOT, 'dist/lambda');
const FILE = join(ROOT, 'dist/lambda.zip');

/** Read beside the bundle. */
const READ = { assets: 'src/html/assets', texts: 'src/customer/texts' };

const [data = join(ROOT, 'data')] = process.argv.slice(2);
/** Of the data folder; a ledger never. */
const shop = await listShopFiles(join(data, 'shop.yaml'));
const isTaken = (name: string) =>
  name.startsWith('products/') || name === 'webhooks.yaml' || shop.includes(name);
rmSync(FOLDER, { recursive: true, force: true });
await bundle(FOLDER);
await checkProducts();
const entries = [
  ...entriesOf(FOLDER),
  ...Object.entries(READ).flatMap(([name, folder]) => entriesOf(join(ROOT, folder), `${name}/`)),
  ...entriesOf(data, 'data/').filter(({ name }) => isTaken(name.slice('data/'.length))),
];
if (!entries.some(({ name }) => name.startsWith('data/products/')))
  throw new Error(`There are no product files in ${join(data, 'products')}.`);
writeFileSync(FILE, zip(entries));
const unpacked = entries.reduce((sum, { bytes }) => sum + bytes.length, 0);
process.stdout.write(
  `${relative(process.cwd(), FILE)}: ${megabytes(statSync(FILE).size)} MB, unpacked ${megabytes(unpacked)} MB\n`,
);

/** A start of the function checks no text again. Rejects with the faults of the product files. */
async function checkProducts(): Promise<void> {
  const checked = new EarlierStarts(FOLDER, 'bundle');
  await loadCatalog(join(data, 'products'), checked);
  checked.save();
}

function entriesOf(folder: string, prefix = ''): readonly Entry[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'tsconfig.json')
    .map(({ parentPath, name }) => {
      const file = join(parentPath, name);
      return { name: prefix + relative(folder, file).replaceAll('\\', '/'), bytes: readFileSync(file) };
    });
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
