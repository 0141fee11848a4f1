/** Builds what docs/extending.md shows by its code blocks, word for word, in a copy of the project. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { simulatorSecret } from '../src/keyring/simulator-key.ts';
import { findCodes } from '../src/license-code/find-codes.ts';
import { MARKETPLACES } from '../src/marketplaces/all.ts';
import { Machine } from './kit/machine.ts';
import { type Owner, temporaryFolder } from './kit/service.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const GUIDE = readFileSync(join(ROOT, 'docs/extending.md'), 'utf8');

/** The code blocks by the file that they are. */
const BLOCKS: ReadonlyMap<string, string> = new Map(
  [...GUIDE.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)].map(([, file = '', text = '']) => [file, text]),
);

/** Files that the guide shows as they are in the project. */
const COPIED = ['test/storage/sqlite/contract.test.ts', 'verifiers/python/runner.json'];

const LIST_END = '];\n';

/** A copy of the project with the guide's marketplace in it. */
function buildByGuide(owner: Owner): string {
  const folder = temporaryFolder(owner);
  cpSync(join(ROOT, 'src'), join(folder, 'src'), { recursive: true });
  for (const file of ['package.json', 'tsconfig.json']) cpSync(join(ROOT, file), join(folder, file));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const [file, text] of BLOCKS) {
    if (file === 'all.ts' || COPIED.includes(file)) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const list = join(folder, 'src/marketplaces/all.ts');
  const before = readFileSync(list, 'utf8');
  writeFileSync(list, before.replace(LIST_END, `${BLOCKS.get('all.ts')}${LIST_END}`));
  return folder;
}

/** What the compiler says of `src/` in a copy; nothing where the types are right. */
function typeFaults(folder: string): string {
  writeFileSync(
    join(folder, 'tsconfig.src.json'),
    JSON.stringify({ extends: './tsconfig.json', include: ['src'] }),
  );
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  try {
    execFileSync(process.execPath, [compiler, '-p', 'tsconfig.src.json'], { cwd: folder, encoding: 'utf8' });
    return '';
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
  }
}

test('the guide shows a marketplace with the files that every marketplace has, and one line of the list', (t) => {
  const shown = [...BLOCKS.keys()].flatMap(
    (file) => /^src\/marketplaces\/toy-shop\/(.+)$/.exec(file)?.[1] ?? [],
  );
  const roles = ['authenticity', 'events', 'product-keys', 'requests', 'settings', 'simulator', 'toy-shop'];
  t.deepEqual(shown.sort(), roles.map((role) => `${role}.ts`).sort());
  t.is(BLOCKS.get('all.ts')?.trimEnd().split('\n').length, 1);
});

test('the marketplace of the guide has right types; a wrong one beside it is found', (t) => {
  t.timeout(180_000);
  const folder = buildByGuide(t);
  const definition = join(folder, 'src/marketplaces/toy-shop/toy-shop.ts');
  const wrong = readFileSync(definition, 'utf8').replace("reply: 'markdown'", "reply: 'toys'");
  writeFileSync(join(dirname(definition), 'wrong.ts'), wrong);
  const faults = typeFaults(folder)
    .split('\n')
    .filter((line) => /^\S/.test(line));
  t.is(faults.length, 1, faults.join('\n'));
  t.regex(faults[0] ?? '', /wrong\.ts.*TS2322/, 'the control');
});

test('the marketplace of the guide sells, repeats and refunds through HTTP', async (t) => {
  t.timeout(120_000);
  const folder = buildByGuide(t);
  const machine = new Machine(t, {}, folder);
  const service = await machine.start();
  t.true(service.ran.out.includes(`${service.url}/fulfillment/toy-shop/bear`), service.ran.out);

  const buy = ['simulate', 'toy-shop', 'bear', '--order', 'T-1', '--quantity', '2', '--url', service.url];
  const bought = await machine.cli(...buy);
  t.is(await bought.ended, 0, bought.err);
  t.is(findCodes(bought.out).length, 2);
  t.is((await machine.cli(...buy)).out, bought.out, 'a repeat gets the same bytes');

  const body = JSON.stringify({ id: 'e-1', type: 'refunded', order: 'T-1', at: Date.now() });
  const { signatureOf } = (await import(join(folder, 'src/marketplaces/toy-shop/authenticity.ts'))) as {
    signatureOf: (text: string, secret: string) => string;
  };
  const post = async (signature: string) => {
    const headers = { 'Content-Type': 'application/json', 'X-Toy-Signature': signature };
    return (await fetch(`${service.url}/webhooks/toy-shop`, { method: 'POST', headers, body })).status;
  };
  t.is(await post('forged'), 401);
  t.is(await post(signatureOf(body, simulatorSecret(machine.path('keys')))), 200);
  const shown = await machine.cli('ledger', 'find', 'T-1', '--json');
  const { licenses } = JSON.parse(shown.out) as { licenses: { state: string }[] };
  t.deepEqual(
    licenses.map(({ state }) => state),
    ['revoked', 'revoked'],
  );

  const described = await (await fetch(`${service.url}/openapi.json`)).text();
  t.true(described.includes('/fulfillment/toy-shop/{product}'));
  t.true(described.includes('/webhooks/toy-shop'));
});

for (const file of COPIED) {
  test(`the guide shows ${file} as it is`, (t) => {
    t.is(BLOCKS.get(file), readFileSync(join(ROOT, file), 'utf8'));
  });
}

test('the marketplace of the guide is not one of the project', (t) => {
  t.false(MARKETPLACES.some(({ name }) => name === 'toy-shop'));
});
