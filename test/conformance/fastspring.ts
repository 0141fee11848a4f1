/**
 * Delivers FastSpring's own samples of webhooks to a running service, which must answer 200 and then hold the licenses
 * that a person derived from the sample.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Outcome } from './ed25519.ts';
import { atService } from './fastspring/stage.ts';
import { dealt, type Stage } from './stage/stage.ts';

/** By file, the expected content of the ledger: order, product, state and last valid day of each license. */
const HELD: Readonly<Record<string, readonly string[]>> = {
  // Bare data, delivered as of 2026-01-01: a month, and the grace.
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
  // A cross-sell whose yearly subscription has its next charge on 2020-04-13, and its configuration without one.
  'real-2019/event-order-completed.json': [
    'FALCONSOFTWA190413-7806-51197 falcon-plus-bonus-package-annual-subscription-individual-license active 2020-04-27',
    'FALCONSOFTWA190413-7806-51197 falcon-plus-bonus-package-individual-license active 2019-05-27',
  ],
};

/** Events about orders whose licenses nobody requested before leave no license. */
const NOTHING: readonly string[] = [];

/**
 * The real sequences of 2019 begin without their first orders, so each gets a made-up first order.
 * Monthly: next charge 2019-05-01, canceled, so valid to its deactivationDate. Yearly: the same a year later.
 * Deactivated at once on 2019-04-08, the `end`. Renewed: next charge 2019-03-09 and 14 days. Lapsing: canceled, and its
 * last day has passed.
 */
const LIVES = [
  ['monthly', 'c5XWkUQiQSyqrDTHM8J5Kw', 'active 2019-04-30'],
  ['yearly', 'r1LtQnrIS5KpDIoGQaeuHg', 'active 2020-03-31'],
  ['stopped', 'AFAkVOi0SSix63cXJAbIfg', 'ended 2019-04-08'],
  ['renewed', 'D6_GWaK_TNKimir8D9hE2w', 'active 2019-03-23'],
  ['lapsing', 'dpr5V3IBQvKwqsGGwQlizw', 'ended 2018-01-10'],
  ['dropped', 'Du0BMOFlR3W8spSdUh8QrQ', 'ended 2017-10-16'],
] as const;

/** Every order of the samples. */
const ORDERS = [
  ...new Set(
    [...Object.values(HELD).flat(), ...LIVES.map(([order]) => order)].map((text) => text.split(' ')[0] ?? ''),
  ),
];

/** When the real sequences are delivered: the day after the last event. */
const TOLD_AT = Date.UTC(2019, 3, 14);

/** When data without an envelope are delivered. */
const BARE_AT = Date.UTC(2026, 0, 1);

/** Two outcomes; empty without the samples. */
export async function fastspring(shared: string): Promise<Outcome[]> {
  const folder = join(shared, 'samples', 'fastspring');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .sort();
  const failed: string[] = [];
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8');
    // At its own time: a first code's term begins at most a week before the service's clock.
    const fault = await atService(timeOf(text), (stage) => sampleFault(stage, file, text));
    if (fault !== undefined) failed.push(`${file}: ${fault}`);
  }
  return [
    { name: 'fastspring samples over HTTP', passed: files.length - failed.length, failed },
    await realLives(files.filter((file) => file.startsWith('real-2019/')).map((file) => join(folder, file))),
  ];
}

async function sampleFault(stage: Stage, file: string, text: string): Promise<string | undefined> {
  // A second delivery of the same bytes must change nothing.
  for (let delivery = 1; delivery <= 2; delivery++) {
    const status = await stage.deliver(batchOf(file, text));
    if (status !== 200) return `expected 200, the service answered ${status}`;
    const held = await stage.held(ORDERS);
    const wanted = HELD[file] ?? NOTHING;
    const fits = held.length === wanted.length && wanted.every((each, place) => held[place] === each);
    if (!fits) return `expected [${wanted.join('; ')}], the ledger holds [${held.join('; ')}]`;
  }
  return undefined;
}

/** A delivery as it is, a single event, or the bare data of an event, whose type is in the file's name. */
function batchOf(file: string, text: string): string {
  const sample = JSON.parse(text);
  if (Array.isArray(sample.events)) return text;
  if ('type' in sample && 'data' in sample) return `{"events":[${text}]}`;
  const head = {
    id: file,
    processed: false,
    created: BARE_AT,
    type: typeOf(file),
    live: sample.live ?? false,
  };
  return `{"events":[${JSON.stringify(head).slice(0, -1)},"data":${text}}]}`;
}

/** The time of the newest event in a sample. */
function timeOf(text: string): number {
  const sample = JSON.parse(text);
  const events: readonly { created?: unknown }[] = Array.isArray(sample.events) ? sample.events : [sample];
  const times = events.flatMap(({ created }) => (typeof created === 'number' ? [created] : []));
  return times.length === 0 ? BARE_AT : Math.max(...times);
}

/** `docs/order.completed.json`, `placeholders/subscription_charge_completed.json`. */
function typeOf(file: string): string {
  const name = basename(file, '.json').replaceAll('_', '.');
  return name
    .replace(/\.(data|fragment-unexpanded|subscription-expanded.*|unexpanded.*)$/, '')
    .replace(/-1$/, '');
}

/** In the order of the files, reversed, and dealt; one by one and as one batch. */
async function realLives(files: readonly string[]): Promise<Outcome> {
  const first = LIVES.map(([order, subscription], place) => ({
    id: `first-${place}`,
    created: Date.UTC(2017, 0, 1),
    type: 'order.completed',
    live: false,
    data: { id: `${order}-id`, reference: order, items: [{ product: 'cloud-storage', subscription }] },
  }));
  // The publisher edited the single events, which share one id: each gets its own.
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
      const fault = await atService(TOLD_AT, (stage) => livesFault(stage, order, size, wanted));
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
  const held = await stage.held(ORDERS);
  return held.join() === wanted.join()
    ? undefined
    : `expected [${wanted.join('; ')}], the ledger holds [${held.join('; ')}]`;
}
