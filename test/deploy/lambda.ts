/** AWS Lambda: the zip of `npm run build:lambda`, unpacked and called with events, over a PostgreSQL of its own. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { readSimulatorKey } from '../../src/keyring/simulator-key.ts';
import { saleFields, signForm } from '../../src/marketplaces/paddle-classic/simulator.ts';
import { SETTING_NAMES } from '../../src/service/config.ts';
import { answerOf, eventOf, SHAPES, type Shape, serveEvents } from '../kit/lambda.ts';
import { FORM } from '../kit/sale.ts';
import { serverPrograms, startCluster } from '../postgres/cluster.ts';
import { collect, installPackages } from './collector.ts';
import { type Place, ROOT, run, runBeside, startService } from './place.ts';
import { runChecker } from './python.ts';

/** Bytes; measured 1.3 MB where this was set. Lambda takes 50 MB. */
const LARGEST_ZIP = 2_000_000;

/** Milliseconds of CPU from the start of the process to the first answer: others on the machine do not count. */
const COLD_START = 1_000;

/** It has the schemas of CloudFormation. */
const CFN_LINT = 'cfn-lint==1.58.0';

const RUNTIME = fileURLToPath(new URL('lambda-runtime.mjs', import.meta.url));
const NODE = join(ROOT, 'node_modules/node/bin/node');
const PASSPHRASE = 'a passphrase of this test';
const PATH = '/fulfillment/paddle-classic/example';

export async function tryLambda(folder: string): Promise<void> {
  const programs = serverPrograms();
  assert.ok(programs !== undefined, 'this needs PostgreSQL: apt-get install postgresql');
  lintTemplate(folder);
  const cluster = await startCluster(programs);
  const teardowns: (() => void | Promise<void>)[] = [];
  const owner = { teardown: (act: () => void | Promise<void>) => void teardowns.push(act) };
  try {
    const unpacked = buildZip(folder);
    const shop = await makeShop(folder, cluster.url);
    const env = {
      LEDGER_URL: cluster.url,
      KEYS_BUNDLE: shop.bundle,
      KEYS_BUNDLE_PASSPHRASE: PASSPHRASE,
      SIMULATOR: 'on',
    };
    const sale = (order: string) => signedSale(order, shop.keys);

    const cold = await coldStarts(unpacked, env, sale);
    const told = cold.map(({ all, cpu }) => `${all} ms (${cpu} ms of CPU)`);
    process.stdout.write(`lambda: start to first answer ${told.join(', ')}\n`);
    for (const { cpu } of cold) assert.ok(cpu < COLD_START, `a start took ${cpu} ms of CPU`);

    const instance = startInstance(unpacked, env);
    owner.teardown(instance.stop);
    for (const shape of SHAPES) {
      const url = await serveEvents(owner, shape, instance.handle);
      const words = ['simulate', 'paddle-classic', 'example', '--order', `573300-${shape}`, '--url', url];
      const ask = (given: readonly string[]) => runBeside(shop, NODE, ...mintmark(...given));
      const mail = await ask(words);
      assert.match(mail, /^[0-9A-Z]{160}$/m);
      assert.equal(await ask(words), mail, 'a repeat is the same text');
      const story = ['simulate', 'fastspring', '--story', 'subscription', '--url', url];
      await ask(story);
      const keyring = await fetch(`${url}/v1/keyring`);
      assert.equal(keyring.status, 200);
    }
    for (const mintmark of ['minute', 'day'])
      assert.deepEqual(await instance.handle({ mintmark }), { done: mintmark });
    await withoutDatabase(unpacked, env);
    await tracedSale(folder, unpacked, { env, form: sale('573450') });
    for (const shape of SHAPES) httpSuite(shape);
    process.stdout.write(`lambda: ${run(shop, NODE, ...mintmark('ledger', 'check'))}`);
  } finally {
    for (const act of teardowns) await act();
    cluster.stop();
  }
}

/** The template fits the schemas of CloudFormation, sets what is a setting, and its turns are known to the handler. */
function lintTemplate(folder: string): void {
  const place = { folder, nodeFolder: join(ROOT, 'node_modules/node/bin') };
  const template = readFileSync(join(ROOT, 'deploy/lambda/template.yaml'), 'utf8');
  const lint = (text: string) => {
    writeFileSync(join(folder, 'template.yaml'), text);
    // W3002: the path of the zip is for `aws cloudformation package`.
    const words = ['--ignore-checks', 'W3002', '--regions', 'eu-central-1', '--', 'template.yaml'];
    runChecker(place, CFN_LINT, 'cfn-lint', ...words);
  };
  lint(template);
  assert.throws(() => lint(template.replace('MemorySize:', 'MemorySizes:')), /E3002|E3003/, 'control');
  const variables = [...template.matchAll(/^ {10}([A-Z_]+):/gm)].map(([, name = '']) => name);
  assert.ok(variables.includes('LEDGER_URL'), 'control: the settings are seen');
  assert.deepEqual(
    variables.filter((name) => !SETTING_NAMES.includes(name)),
    [],
  );
  const turns = [...template.matchAll(/Input: '(.*)'/g)].map(([, text = '']) => JSON.parse(text));
  assert.deepEqual(turns, [{ mintmark: 'minute' }, { mintmark: 'day' }]);
}

/** Small, without anything compiled for one machine. */
function buildZip(folder: string): string {
  const place = { folder: ROOT, nodeFolder: join(ROOT, 'node_modules/node/bin') };
  const data = dataFolder(folder);
  process.stdout.write(`lambda: ${run(place, NODE, join(ROOT, 'tools/lambda/build.ts'), data)}`);
  const zip = join(ROOT, 'dist/lambda.zip');
  assert.ok(statSync(zip).size < LARGEST_ZIP, `the zip has ${statSync(zip).size} bytes`);
  const unpacked = join(folder, 'task');
  mkdirSync(unpacked);
  run({ ...place, folder: unpacked }, 'unzip', '-q', zip);
  const names = readdirSync(unpacked, { recursive: true, encoding: 'utf8' });
  for (const name of DATA_FILES) assert.ok(names.includes(`data/${name}`), name);
  assert.deepEqual(
    names.filter((name) => /\.node$|\.sqlite|\.pem$|id-secret/.test(name)),
    [],
  );
  return unpacked;
}

const DATA_FILES = ['products/example.md', 'shop.yaml', 'logo.svg', 'texts/fr.yaml'];

/** A shop's data folder, with what has to go along and a ledger that must not. */
function dataFolder(folder: string): string {
  const data = join(folder, 'data of a shop');
  cpSync(join(ROOT, 'data/products'), join(data, 'products'), { recursive: true });
  mkdirSync(join(data, 'texts'));
  writeFileSync(join(data, 'shop.yaml'), 'name: Example\nhelp: help@example.com\npicture: logo.svg\n');
  for (const name of ['logo.svg', 'texts/fr.yaml', 'ledger.sqlite']) writeFileSync(join(data, name), '');
  return data;
}

interface Shop extends Place {
  readonly bundle: string;
  readonly keys: string;
}

/** As docs/deploy/lambda.md says: started once beside the database, then the keys as a bundle. */
async function makeShop(folder: string, database: string): Promise<Shop> {
  const place = {
    folder: join(folder, 'shop'),
    nodeFolder: join(ROOT, 'node_modules/node/bin'),
    env: { LEDGER_URL: database, DATA_DIR: join(ROOT, 'data') },
  };
  mkdirSync(place.folder);
  const launch = join(ROOT, 'src/launch.js');
  const service = await startService(place, NODE, '--import', launch, join(ROOT, 'src/main.ts'));
  await service.stop();
  const passphrase = join(folder, 'passphrase');
  writeFileSync(passphrase, PASSPHRASE);
  const bundle = run(
    place,
    NODE,
    ...mintmark('keys', 'bundle', '--simulator', '--passphrase-file', passphrase),
  ).trim();
  return { ...place, bundle, keys: join(place.folder, 'keys') };
}

function mintmark(...words: readonly string[]): readonly string[] {
  return ['--import', join(ROOT, 'src/launch.js'), join(ROOT, 'src/cli/mintmark.ts'), ...words];
}

function signedSale(order: string, keys: string): string {
  const about = { product: '47023', quantity: 1, name: 'Ada', email: 'ada@example.com', at: Date.now() };
  return signForm(saleFields({ ...about, order }), readSimulatorKey(keys));
}

interface Instance {
  handle(event: unknown): Promise<unknown>;
  /** Milliseconds of CPU so far. */
  cpu(): number;
  stop(): void;
}

/** Of the function: one event at a time, as on Lambda. */
function startInstance(task: string, env: Readonly<Record<string, string>>): Instance {
  // Young and old objects have what 512 MB leave beside Node.js and the working memory of ledgers.
  const words = ['--max-old-space-size=320', RUNTIME, join(task, 'handler.mjs')];
  const child: ChildProcess = spawn(NODE, words, {
    cwd: task,
    env: { LOG_LEVEL: 'warn', ...env },
    stdio: ['pipe', 'inherit', 'inherit', 'pipe'],
  });
  const results = createInterface({ input: child.stdio[3] as Readable })[Symbol.asyncIterator]();
  let turn: Promise<unknown> = Promise.resolve();
  let taken = 0;
  const handle = async (event: unknown): Promise<unknown> => {
    child.stdin?.write(`${JSON.stringify(event)}\n`);
    const { value, done } = await results.next();
    if (done) throw new Error('the function ended');
    const { result, cpu } = JSON.parse(value);
    taken = Math.round(cpu);
    return result;
  };
  return {
    handle: (event) => {
      turn = turn.then(() => handle(event));
      return turn;
    },
    cpu: () => taken,
    stop: () => void child.kill('SIGKILL'),
  };
}

async function coldStarts(
  task: string,
  env: Readonly<Record<string, string>>,
  sale: (order: string) => string,
): Promise<readonly { readonly all: number; readonly cpu: number }[]> {
  const taken: { all: number; cpu: number }[] = [];
  for (const [place, shape] of [...SHAPES, ...SHAPES].entries()) {
    const event = saleEvent(shape, sale(String(573_400 + place)));
    const begin = performance.now();
    const instance = startInstance(task, env);
    const { status, body } = answerOf(await instance.handle(event));
    taken.push({ all: Math.round(performance.now() - begin), cpu: instance.cpu() });
    instance.stop();
    assert.equal(status, 200, body.toString());
    assert.match(body.toString(), /^[0-9A-Z]{160}$/m);
  }
  return taken;
}

function saleEvent(shape: Shape, form: string): object {
  const headers = { 'content-type': FORM };
  return eventOf(shape, { method: 'POST', target: PATH, headers, body: Buffer.from(form) });
}

/** The tests of test/http, with each request as an event of the shape. */
function httpSuite(shape: Shape): void {
  const place = { folder: ROOT, nodeFolder: join(ROOT, 'node_modules/node/bin') };
  const words = ['ava', '--config', 'test/deploy/handler.config.js'];
  const out = run({ ...place, env: { TEST_THROUGH: shape } }, 'npx', ...words);
  process.stdout.write(`lambda: ${shape}: ${/\d+ tests passed/.exec(out)?.[0]}\n`);
}

/** With OpenTelemetry in a layer: a span has been sent when its answer is given, since the process stands still then. */
async function tracedSale(
  folder: string,
  task: string,
  { env, form }: { readonly env: Readonly<Record<string, string>>; readonly form: string },
): Promise<void> {
  const layer = join(folder, 'layer');
  mkdirSync(layer);
  installPackages({ folder: layer, nodeFolder: join(ROOT, 'node_modules/node/bin') });
  const collector = await collect();
  const instance = startInstance(task, {
    ...env,
    NODE_PATH: join(layer, 'node_modules'),
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  });
  try {
    assert.equal(answerOf(await instance.handle(saleEvent('api-gateway', form))).status, 200);
    assert.match(collector.received().toString('latin1'), /POST \/fulfillment\/paddle-classic\/:product/);
  } finally {
    instance.stop();
    collector.stop();
  }
}

/** Never 200: the marketplace repeats it. */
async function withoutDatabase(task: string, env: Readonly<Record<string, string>>): Promise<void> {
  const instance = startInstance(task, {
    ...env,
    LEDGER_URL: 'postgres://127.0.0.1:1/none',
    LOG_LEVEL: 'fatal',
  });
  try {
    const { status, headers } = answerOf(await instance.handle(saleEvent('function-url', 'p_order_id=1')));
    assert.equal(status, 503);
    assert.equal(headers['content-type'], 'application/problem+json');
    assert.ok(Number(headers['retry-after']) > 0);
  } finally {
    instance.stop();
  }
}
