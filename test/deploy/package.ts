/** The npm package: packed, installed into an empty folder, and used as README.md's first order and first product. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { enter } from '../kit/console.ts';
import { type Place, ROOT, run, startService } from './place.ts';

/**
 * How far an installation may be from the table of docs/deploy/npm.md: packages' own packages change by themselves. A
 * higher number there is a decision: whoever writes it says which package brought it.
 */
const TOLERANCE = 5;

const SHOP = 'my shop';

const NODE_24 = join(ROOT, 'node_modules/node/bin');

/** A shop's folder, and the installed command: npx would end by the signal itself. */
interface Shop extends Place {
  readonly bin: string;
}

export async function tryPackage(folder: string): Promise<void> {
  const tarball = pack(folder);
  const node26 = installNode26(folder);
  for (const [name, nodeFolder, env] of [
    ['node 24', NODE_24, {}],
    ['node 26 in production', node26, { NODE_ENV: 'production' }],
  ] as const) {
    const place = { folder: join(folder, name), nodeFolder, env };
    mkdirSync(place.folder);
    await useInstalled(place, tarball);
  }
}

/** The project's manifest must be as it was. */
function pack(folder: string): string {
  const before = readFileSync(join(ROOT, 'package.json'));
  const place = { folder: ROOT, nodeFolder: NODE_24 };
  const name =
    run(place, 'npm', 'pack', '--silent', '--pack-destination', folder).trim().split('\n').at(-1) ?? '';
  assert.match(name, /\.tgz$/, 'npm pack names its tarball');
  assert.deepEqual(
    readFileSync(join(ROOT, 'package.json')),
    before,
    'npm pack leaves package.json as it was',
  );
  return join(folder, name);
}

function installNode26(folder: string): string {
  const place = { folder: join(folder, 'node'), nodeFolder: NODE_24 };
  mkdirSync(place.folder);
  run(place, 'npm', 'init', '-y');
  run(place, 'npm', 'install', '--silent', '--no-audit', '--no-fund', '--prefer-offline', 'node@26');
  return join(place.folder, 'node_modules/node/bin');
}

async function useInstalled(place: Place, tarball: string): Promise<void> {
  const begun = performance.now();
  run(place, 'npm', 'init', '-y');
  run(place, 'npm', 'install', '--silent', '--no-audit', '--no-fund', '--prefer-offline', tarball);
  weigh(place);
  const version: string = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version;
  assert.equal(run(place, 'npx', 'mintmark', '--version').trim(), version);

  const steps = run(place, 'npx', 'mintmark', 'init', SHOP);
  assert.match(steps, /mintmark start/);
  assert.throws(() => run(place, 'npx', 'mintmark', 'init', SHOP), /is there already/);
  // The first step as it is told: a shell has to understand it.
  const enter = /^ {2}(cd .*)$/m.exec(steps)?.[1];
  const shop = {
    ...place,
    folder: run(place, 'sh', '-c', `${enter} && pwd`).trim(),
    bin: join(place.folder, 'node_modules/.bin/mintmark'),
  };
  const ordered = performance.now();
  await firstOrder(shop, () => {
    const [all, own] = [begun, ordered].map((from) => ((performance.now() - from) / 1000).toFixed(1));
    process.stdout.write(
      `package: first code after ${all} s from an empty folder, ${own} s once installed\n`,
    );
  });
  await firstProduct(shop);
  await customerPages(shop);
}

async function firstOrder(shop: Shop, onCode: () => void): Promise<void> {
  const service = await startService(shop, shop.bin, 'start');
  try {
    const order = ['paddle-classic', 'example', '--order', '573252', '--url', service.url];
    const mail = run(shop, shop.bin, 'simulate', ...order);
    assert.match(mail, /^[0-9A-Z]{160}$/m);
    onCode();
    assert.equal(run(shop, shop.bin, 'simulate', ...order), mail, 'a repeat is the same text');
    assert.match(run(shop, shop.bin, 'read', mail), /^valid/);
    assert.match(run(shop, shop.bin, 'order', 'show', '573252'), /573252/);
    await seeOrder(shop, service.url);
  } finally {
    assert.equal(await service.stop(), 0, 'the service stops by itself');
  }
}

/** The console reads in a worker thread, and serves files that are not compiled. */
async function seeOrder(shop: Shop, url: string): Promise<void> {
  const cli = async (words: readonly string[]) => ({
    status: 0,
    out: run(shop, shop.bin, ...words),
    err: '',
  });
  const headers = { Cookie: await enter({ url, cli }) };
  const page = await (await fetch(`${url}/console/test/orders`, { headers })).text();
  assert.match(page, /573252/);
  const [, sheet = ''] = /href="([^"]+\.css[^"]*)"/.exec(page) ?? [];
  const { status } = await fetch(new URL(sheet, url));
  assert.equal(status, 200, `the style sheet ${sheet}`);
}

async function firstProduct(shop: Shop): Promise<void> {
  const products = join(shop.folder, 'data/products');
  cpSync(join(products, 'example.md'), join(products, 'lumen.md'));
  assert.match(run(shop, shop.bin, 'products', 'check'), /lumen/);
  const service = await startService(shop, shop.bin, 'start');
  try {
    assert.match(service.output, /fulfillment\/paddle-classic\/lumen/);
    const mail = run(shop, shop.bin, 'simulate', 'paddle-classic', 'lumen', '--url', service.url);
    assert.match(mail, /^[0-9A-Z]{160}$/m);
  } finally {
    await service.stop();
  }
}

/** Customers' pages read texts that are not compiled. */
async function customerPages(shop: Shop): Promise<void> {
  writeFileSync(join(shop.folder, 'data/shop.yaml'), 'name: Example Shop\nhelp: help@example.com\n');
  const settings = {
    PUBLIC_URL: 'https://licenses.example.com',
    SMTP_URL: 'smtp://127.0.0.1:1',
    MAIL_FROM: 'shop@example.com',
  };
  const service = await startService({ ...shop, env: { ...shop.env, ...settings } }, shop.bin, 'start');
  try {
    const page = await fetch(`${service.url}/license`);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /Example Shop/);
  } finally {
    await service.stop();
  }
}

function weigh({ folder }: Place): void {
  const lock: { packages: object } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  const packages = Object.keys(lock.packages).length - 1;
  const megabytes = Math.ceil(bytesBelow(join(folder, 'node_modules')) / 1_000_000);
  process.stdout.write(`package: ${packages} packages, ${megabytes} MB\n`);
  const page = readFileSync(join(ROOT, 'docs/deploy/npm.md'), 'utf8');
  for (const [measured, row] of [
    [packages, /^\| packages that it brings \| (\d+) \|$/m],
    [megabytes, /^\| their size \| (\d+) MB \|$/m],
  ] as const) {
    const told = Number(row.exec(page)?.[1]);
    assert.ok(
      Math.abs(measured - told) <= TOLERANCE,
      `docs/deploy/npm.md says ${told}, and ${measured} are measured`,
    );
  }
}

function bytesBelow(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
