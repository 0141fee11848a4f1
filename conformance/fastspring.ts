/**
 * Holds the endpoint of FastSpring's webhooks against its own samples: every file is delivered to a running service,
 * which must answer 200 and then hold the licenses that a person works out from the sample.
 */
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readConfig } from '../src/config.ts';
import { makeFolder } from '../src/keyring/key-files.ts';
import { addSigningKey } from '../src/keyring/signing-key.ts';
import { createLog } from '../src/log.ts';
import { signWebhook } from '../src/marketplaces/fastspring/simulator.ts';
import { entitlementOf } from '../src/minter.ts';
import { openLedger } from '../src/parts.ts';
import { startService } from '../src/service.ts';
import type { Outcome } from './ed25519.ts';

const SECRET = 'a-secret-of-this-run';

/** Product files by the paths that the samples sell; all a month with 14 days of grace. */
const PATHS = [
  'cloud-storage',
  'example-monthly-subscription',
  'falcon-monthly-subscriptions',
  'falcon-plus-bonus-package-annual-subscription-individual-license',
  'falcon-plus-bonus-package-individual-license',
  'furious-falcon',
];

/** By the file, what the ledger must hold after it: order, product, state and last valid day of each license. */
const HELD: Readonly<Record<string, readonly string[]>> = {
  // Bare data, delivered as of 2026-01-01: a month from there, and the grace.
  'docs/order.completed.json': ['ABC123456-7891-01112 cloud-storage active 2026-02-15'],
  // Next charge 2018-12-15, and the grace.
  'docs/order.completed.subscription-expanded.data.json': [
    'YES181115-8442-60200 example-monthly-subscription active 2018-12-29',
  ],
  'docs/order.completed.subscription-expanded.envelope.json': [
    'YES181115-8442-60200 example-monthly-subscription active 2018-12-29',
  ],
  // Next charge 2017-09-01.
  'placeholders/order_completed.json': [
    'FUR170801-8970-10118 falcon-monthly-subscriptions active 2017-09-15',
  ],
  // A cross-sell whose yearly subscription is charged next on 2020-04-13, and its configuration without one.
  'real-2019/event-order-completed.json': [
    'FALCONSOFTWA190413-7806-51197 falcon-plus-bonus-package-annual-subscription-individual-license active 2020-04-27',
    'FALCONSOFTWA190413-7806-51197 falcon-plus-bonus-package-individual-license active 2019-05-27',
  ],
};

/** What is told of orders whose licenses nobody asked for before leaves none. */
const NOTHING: readonly string[] = [];

/**
 * The real lives of 2019, whose first orders are not among the samples, each with one put in front of it.
 * Monthly: next charge 2019-05-01, canceled, so valid to its deactivationDate. Yearly: the same a year on.
 * Deactivated at once on 2019-04-08, the `end`. Renewed: next charge 2019-03-09 and 14 days.
 */
const LIVES = [
  ['monthly', 'c5XWkUQiQSyqrDTHM8J5Kw', 'active 2019-04-30'],
  ['yearly', 'r1LtQnrIS5KpDIoGQaeuHg', 'active 2020-03-31'],
  ['stopped', 'AFAkVOi0SSix63cXJAbIfg', 'ended 2019-04-08'],
  ['renewed', 'D6_GWaK_TNKimir8D9hE2w', 'active 2019-03-23'],
  ['lapsing', 'dpr5V3IBQvKwqsGGwQlizw', 'active 2018-01-10'],
  ['dropped', 'Du0BMOFlR3W8spSdUh8QrQ', 'ended 2017-10-16'],
] as const;

interface Stage {
  deliver(body: string): Promise<number>;
  /** Order, product, state and last valid day of each license, sorted. */
  held(): Promise<readonly string[]>;
}

/** Two outcomes; none where the samples are not there. */
export async function fastspring(shared: string): Promise<Outcome[]> {
  const folder = join(shared, 'samples', 'fastspring');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .sort();
  const failed: string[] = [];
  for (const file of files) {
    const fault = await atService((stage) =>
      sampleFault(stage, file, readFileSync(join(folder, file), 'utf8')),
    );
    if (fault !== undefined) failed.push(`${file}: ${fault}`);
  }
  return [
    { name: 'fastspring samples over HTTP', passed: files.length - failed.length, failed },
    await realLives(files.filter((file) => file.startsWith('real-2019/')).map((file) => join(folder, file))),
  ];
}

async function sampleFault(stage: Stage, file: string, text: string): Promise<string | undefined> {
  // A second delivery of the same must change nothing.
  for (let delivery = 1; delivery <= 2; delivery++) {
    const status = await stage.deliver(batchOf(file, text));
    if (status !== 200) return `expected 200, the service answered ${status}`;
    const held = await stage.held();
    const wanted = HELD[file] ?? NOTHING;
    const fits = held.length === wanted.length && wanted.every((each, place) => held[place] === each);
    if (!fits) return `expected [${wanted.join('; ')}], the ledger holds [${held.join('; ')}]`;
  }
  return undefined;
}

/** A delivery as it is, an event on its own, or the bare data of one, whose type is in the file's name. */
function batchOf(file: string, text: string): string {
  const sample = JSON.parse(text);
  if (Array.isArray(sample.events)) return text;
  if ('type' in sample && 'data' in sample) return `{"events":[${text}]}`;
  const created = Date.UTC(2026, 0, 1);
  const head = { id: file, processed: false, created, type: typeOf(file), live: sample.live ?? false };
  return `{"events":[${JSON.stringify(head).slice(0, -1)},"data":${text}}]}`;
}

/** `docs/order.completed.json`, `placeholders/subscription_charge_completed.json`. */
function typeOf(file: string): string {
  const name = basename(file, '.json').replaceAll('_', '.');
  return name
    .replace(/\.(data|fragment-unexpanded|subscription-expanded.*|unexpanded.*)$/, '')
    .replace(/-1$/, '');
}

/** In the order of the files, backwards, and dealt otherwise; one by one and as one batch. */
async function realLives(files: readonly string[]): Promise<Outcome> {
  const first = LIVES.map(([order, subscription], place) => ({
    id: `first-${place}`,
    created: Date.UTC(2017, 0, 1),
    type: 'order.completed',
    live: false,
    data: { id: `${order}-id`, reference: order, items: [{ product: 'cloud-storage', subscription }] },
  }));
  // The single events were edited by whoever published them, and share one id: each gets its own.
  const events = files.flatMap((file, place) => {
    const sample = JSON.parse(readFileSync(file, 'utf8'));
    return Array.isArray(sample.events) ? sample.events : [{ ...sample, id: `single-${place}` }];
  });
  const all = [...first, ...events];
  const orders = [all, all.toReversed(), dealt(all, 3), dealt(all, 5), dealt(all.toReversed(), 4)];
  const wanted = [
    ...LIVES.map(([order, , told]) => `${order} cloud-storage ${told}`),
    ...(HELD['real-2019/event-order-completed.json'] ?? []),
  ].sort();
  const failed: string[] = [];
  for (const [place, order] of orders.entries()) {
    for (const size of [1, 3, order.length]) {
      const fault = await atService((stage) => livesFault(stage, order, size, wanted));
      if (fault !== undefined) failed.push(`order ${place}, ${size} to a batch: ${fault}`);
    }
  }
  return {
    name: 'fastspring real lives, in order and shuffled',
    passed: orders.length * 3 - failed.length,
    failed,
  };
}

async function livesFault(
  stage: Stage,
  events: readonly object[],
  size: number,
  wanted: readonly string[],
): Promise<string | undefined> {
  for (let at = 0; at < events.length; at += size) {
    const status = await stage.deliver(JSON.stringify({ events: events.slice(at, at + size) }));
    if (status !== 200) return `the service answered ${status}`;
  }
  const held = await stage.held();
  return held.join() === wanted.join()
    ? undefined
    : `expected [${wanted.join('; ')}], the ledger holds [${held.join('; ')}]`;
}

/** As cards are dealt to so many players, one hand after the other. */
function dealt<T>(list: readonly T[], players: number): T[] {
  return Array.from({ length: players }, (_, player) =>
    list.filter((_each, place) => place % players === player),
  ).flat();
}

async function atService<T>(act: (stage: Stage) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'mintmark-conformance-'));
  const config = readConfig(
    {
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      KEYS_DIR: join(folder, 'keys'),
      FASTSPRING_WEBHOOK_SECRETS: SECRET,
      SIMULATOR: 'on',
    },
    () => '',
  );
  try {
    mkdirSync(config.productsDir, { recursive: true });
    for (const [place, path] of PATHS.entries()) {
      const frontMatter = `name: ${path}\nterm: P1M\ngrace: P14D\nmarketplaces: { fastspring: { product: ${path} } }`;
      writeFileSync(
        join(config.productsDir, `product-${place}.md`),
        `---\n${frontMatter}\n---\n\n{% for code in codes %}\n\n{{ code }}\n\n{% endfor %}\n`,
      );
    }
    makeFolder(config.keysDir);
    addSigningKey(config.keysDir, [], { mode: 'live', today: '2015-01-01', randomBytes });
    const service = await startService(config, { log: createLog('silent') });
    try {
      return await act({
        deliver: async (body) => {
          const headers = {
            'Content-Type': 'application/json; charset=UTF-8',
            'X-FS-Signature': signWebhook(body, SECRET),
          };
          const answer = await fetch(`${service.url}/webhooks/fastspring`, { method: 'POST', headers, body });
          await answer.text();
          return answer.status;
        },
        held: async () => {
          const ledger = openLedger(config);
          try {
            const orders = [...Object.values(HELD).flat(), ...LIVES.map(([order]) => order)];
            const names = [...new Set(orders.map((text) => text.split(' ')[0] ?? ''))];
            const stories = await Promise.all(names.map((order) => ledger.find({ by: 'order', order })));
            return stories
              .flat()
              .map(({ order, product, state, code }) => {
                const path = PATHS[Number(product.slice('product-'.length))];
                return `${order} ${path} ${state} ${entitlementOf(code).lastValid}`;
              })
              .sort();
          } finally {
            await ledger.close();
          }
        },
      });
    } finally {
      await service.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
