import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import type { CliContext } from '../../src/cli/context.ts';
import { previewCommand } from '../../src/cli/preview.ts';
import { productsCommand } from '../../src/cli/products.ts';
import { AppError } from '../../src/errors.ts';
import { readConfig } from '../../src/service/config.ts';

/** A command line run over a folder of product files: what it prints. */
async function run(productsDir: string, ...words: string[]): Promise<string> {
  let printed = '';
  const context: CliContext = {
    env: {},
    stdout: (text) => {
      printed += text;
    },
    stderr: () => undefined,
    stdin: (async function* () {})(),
    now: () => Date.UTC(2026, 10, 24),
    config: () => readConfig({ PRODUCTS_DIR: productsDir, DATA_DIR: productsDir }, () => ''),
  };
  const [name, ...rest] = words;
  const command = name === 'products' ? productsCommand(context) : previewCommand(context);
  await command.parseAsync(rest, { from: 'user' });
  return printed;
}

async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'mintmark-preview-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const TEXT = '{% for code in codes %}\n\n{{ code }}\n\n{% endfor %}\n';

test('products check says in a line what a buyer of each product gets', async (t) => {
  await withFolder(async (folder) => {
    await writeFile(
      join(folder, 'pro.md'),
      `---\nname: Pro\nterm: perpetual\nupdates: P1Y\nquantity: seats\nseats: 5\nmarketplaces: { paddle-classic: { product: 7 } }\n---\n${TEXT}`,
    );
    await writeFile(
      join(folder, 'app.md'),
      `---\nname: App\nterm: P1Y6M\ngrace: P14D\nfeatures: [a, b]\ngrants: [a]\ntrial: true\n---\n${TEXT}`,
    );
    t.is(
      await run(folder, 'products', 'check'),
      'app: App (trial); valid for 1 year 6 months and 14 days of grace; all updates; a code for each unit, 1 seat; features a; sold at no marketplace\n' +
        'pro: Pro; valid for good; updates for 1 year; one code for all units, 5 seats; no features; sold at paddle-classic as 7\n',
    );
    const { products } = JSON.parse(await run(folder, 'products', 'check', '--json'));
    t.deepEqual(
      products.map(({ id }: { id: string }) => id),
      ['app', 'pro'],
    );
  });
});

test('products check fails with all faults, each with file and line', async (t) => {
  await withFolder(async (folder) => {
    await writeFile(join(folder, 'app.md'), `---\nname: App\nterm: long\nseats: x\n---\n${TEXT}`);
    const error = await t.throwsAsync(run(folder, 'products', 'check'), { instanceOf: AppError });
    t.is(error.code, 'bad_configuration');
    t.regex(error.message, /app\.md:3: term: .*\n.*app\.md:4: seats: /);
  });
});

test('preview writes the mail as a whole page and says where', async (t) => {
  await withFolder(async (folder) => {
    const file = join(folder, 'mail.html');
    t.is(
      await run('data/products', 'preview', 'example', '--out', file),
      `${file}: the mail of Example App. Open it in a browser.\n`,
    );
    const html = await readFile(file, 'utf8');
    t.regex(html, /^<!doctype html>/);
    t.regex(html, /<title>Example App: preview of the mail<\/title>/);
    t.is(html.match(/<code>[0-9A-Z]{160}\n<\/code>/g)?.length, 1);
    t.regex(html, /8 December 2027/);
  });
});

test('preview prints the Markdown instead, for any number of units', async (t) => {
  const text = await run('data/products', 'preview', 'example', '--text', '--codes', '3', '--test');
  t.is(text.match(/^[0-9A-Z]{160}$/gm)?.length, 3);
  t.regex(text, /test order/);
  t.regex(text, /your 3 license codes/);
  t.deepEqual(JSON.parse(await run('data/products', 'preview', 'example', '--text', '--json')), {
    product: 'example',
    subject: 'Your license for Example App',
    text: await run('data/products', 'preview', 'example', '--text'),
    file: null,
  });
});

test('preview refuses a product that is not there, a count that is none and a place that cannot be written', async (t) => {
  await t.throwsAsync(run('data/products', 'preview', 'exmaple'), { message: /There are: example/ });
  await t.throwsAsync(run('data/products', 'preview', 'example', '--codes', '0'), { message: /1 to 1000/ });
  await t.throwsAsync(
    run('data/products', 'preview', 'example', '--out', join(tmpdir(), 'no-such-folder', 'x')),
    {
      message: /cannot be written/,
    },
  );
});

test('products export prints the id and the feature names of a product, in the order of its file', async (t) => {
  t.deepEqual(JSON.parse(await run('data/products', 'products', 'export', 'example')), {
    product: 'example',
    features: ['export', 'sync'],
  });
  await t.throwsAsync(run('data/products', 'products', 'export', 'exmaple'), {
    instanceOf: AppError,
    message: /exmaple\.md/,
  });
});
