/**
 * `npm run bench:stores`: what an event of each store costs beside one of FastSpring's: checking its signature, reading it, and
 * deciding and storing it in a ledger on disk, in groups. CPU time of this process, in interleaved rounds, and the ratios.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { receiveEvents } from '../src/domain/receive-events.ts';
import { MARKETPLACES } from '../src/marketplaces/all.ts';
import type { EventMarketplace } from '../src/marketplaces/marketplace.ts';
import { readConfig } from '../src/service/config.ts';
import { openParts } from '../src/service/open.ts';
import { LARGEST_GROUP } from '../src/storage/sqlite/file/group-commit.ts';
import { settingsOf } from './server-process.ts';
import { createStage, type Stage } from './stage.ts';
import { median } from './statistics.ts';
import { type Delivery, PRODUCT_FILE, SETTINGS, STORES } from './store-events.ts';

/** Of issue 16. */
const GOAL = 1.3;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    events: { type: 'string', default: '2000' },
    gate: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const count = Number(values.events);

const stage = await createStage();
try {
  writeFileSync(join(stage.productsDir, 'stores.md'), PRODUCT_FILE);
  const costs = await measure(stage);
  const base = costs.get('fastspring') ?? [];
  let isMet = true;
  process.stdout.write(
    '| event | CPU µs | ratio to FastSpring’s, median of the rounds |\n| --- | --- | --- |\n',
  );
  for (const [name, own] of costs) {
    const ratio = median(own.map((cost, round) => cost / (base[round] ?? Number.NaN)));
    if (ratio > GOAL) isMet = false;
    process.stdout.write(`| ${name} | ${median(own).toFixed(0)} | ${ratio.toFixed(2)} |\n`);
  }
  process.stdout.write(
    `\n${rounds} rounds of ${count} events; the goal is ${GOAL}: ${isMet ? 'met' : 'missed'}\n`,
  );
  if (values.gate && !isMet) process.exitCode = 1;
} finally {
  stage.remove();
}

/** CPU microseconds of one event, by kind and round. */
async function measure(place: Stage): Promise<ReadonlyMap<string, readonly number[]>> {
  const dataDir = place.dataDir('stores');
  const mark = { LEDGER_MARK: join(dataDir, 'ledger-mark.json') };
  const settings = { ...settingsOf(place, dataDir), ...SETTINGS, ...mark };
  const config = readConfig(settings, (file) => readFileSync(file, 'utf8'));
  const { ledger, catalog } = await openParts(config, { modesNeeded: ['live'] });
  const readers = new Map<string, EventMarketplace>();
  for (const account of config.accounts) {
    const reader = await account.events({ products: catalog.all(), simulator: undefined });
    if (reader !== undefined) readers.set(reader.name, reader);
  }
  const costs = new Map<string, number[]>();
  let number = 0;
  try {
    // The first round is for the just-in-time compiler.
    for (let round = -1; round < rounds; round++) {
      for (const { name, marketplace, makeEvent } of STORES) {
        const reader = readers.get(marketplace);
        if (reader === undefined) throw new Error(`no events of ${marketplace}`);
        const made = Array.from({ length: count }, () => makeEvent(++number, Date.now()));
        const before = process.cpuUsage();
        for (let first = 0; first < count; first += LARGEST_GROUP) {
          await Promise.all(made.slice(first, first + LARGEST_GROUP).map((one) => ingest(reader, one)));
        }
        const { user, system } = process.cpuUsage(before);
        if (round >= 0) costs.set(name, [...(costs.get(name) ?? []), (user + system) / count]);
      }
    }
  } finally {
    await ledger.close();
  }
  return costs;

  async function ingest(reader: EventMarketplace, delivery: Delivery): Promise<void> {
    const { body, headers, secret, isCompletion } = delivery;
    const definition = MARKETPLACES.find(({ name }) => name === reader.name);
    const events = isCompletion
      ? [(await definition?.loadStoredEvents())?.readAgain(body.toString(), 'live', catalog.all())].filter(
          (one) => one !== undefined,
        )
      : reader.readBatch(body, headers, Date.now(), secret);
    const [receipt] = await receiveEvents(events ?? [], ledger);
    if (receipt?.outcome !== 'applied') throw new Error(`an event of ${reader.name} was not applied`);
  }
}
