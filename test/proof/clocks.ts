/** The service's clock jumps, in several time zones: days, terms, repeats, lists, limits and retention stay right. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { readKeyring } from '../../src/keyring/keyring.ts';
import { Machine, type RunningService } from '../kit/machine.ts';
import { productFile } from '../kit/products.ts';
import {
  COMBINATIONS,
  type Combination,
  DAY,
  isOf,
  JUMPS,
  MOMENTS,
  PAUSE,
  ZONES,
} from './clocks/clock-jumps.ts';
import { ClockShop, TERMS } from './clocks/clock-shop.ts';
import { atOnce, Buyers } from './kit/buyers.ts';
import { findingsOf, ledgerOf } from './kit/check.ts';
import { Clock } from './kit/clock.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import type { Outcome, Proof, Tools } from './proof.ts';

const RETAINED_DAYS = 20;
/** Refreshes per address, and their period in seconds (http/edge/rate-limit.ts). */
const ALLOWED = { requests: 600, seconds: 900 };

export const LOCAL_DAYS: Weakness = {
  file: 'src/domain/values/day.ts',
  changes: [
    [
      'return new Date(milliseconds).toISOString().slice(0, 10);',
      "return new Date(milliseconds).toLocaleDateString('sv');",
    ],
  ],
};

export const LISTS_BY_THE_CLOCK: Weakness = {
  file: 'src/domain/ports/revocation-list.ts',
  changes: [['Math.max((last?.seq ?? 0) + 1, now)', 'now']],
};

export const clocks: Proof = {
  title: `clock jumps (30 days on, an hour back, leap day, new year, month ends, ${ZONES.length} time zones): same bytes, UTC days, right terms, lists that only go on`,
  unit: 'jumps',
  quick: ZONES.length * MOMENTS.length,
  full: COMBINATIONS.length,
  run: (jumps, tools) => jump(COMBINATIONS.slice(0, jumps), tools),
  controls: [
    {
      title: 'local-time days',
      run: (tools) =>
        jump(COMBINATIONS.filter(isOf({ zone: 'Pacific/Kiritimati' })).slice(0, 2), tools, LOCAL_DAYS),
    },
    {
      title: 'lists numbered by the clock alone',
      run: (tools) =>
        jump(
          COMBINATIONS.filter(isOf({ zone: 'UTC', jump: '30 days on' })).slice(0, 2),
          tools,
          LISTS_BY_THE_CLOCK,
        ),
    },
  ],
};

async function jump(
  combinations: readonly Combination[],
  tools: Tools,
  weakness?: Weakness,
): Promise<Outcome> {
  const products = putProducts(tools.folder);
  const zones = Map.groupBy(combinations, (each) => each.zone);
  const violations = await Promise.all(
    [...zones].map(([zone, own]) => {
      // One ledger per zone goes through all moments.
      const inTime = [...own].sort((a, b) => (a.moment < b.moment ? -1 : a.moment > b.moment ? 1 : 0));
      return liveThrough(inTime, zone, products, tools, weakness);
    }),
  );
  return { done: combinations.length, violations: violations.flat() };
}

async function liveThrough(
  combinations: readonly Combination[],
  zone: string,
  products: string,
  tools: Tools,
  weakness?: Weakness,
): Promise<string[]> {
  const env = {
    LOG_LEVEL: 'silent',
    TZ: zone,
    PRODUCTS_DIR: products,
    TRUST_PROXY: 'on',
    RETAIN_EVENTS: `P${RETAINED_DAYS}D`,
  };
  const machine = new Machine(tools, env);
  const clock = new Clock(machine);
  const starts: Start[] = [];
  const start = async () => {
    starts.push({ at: clock.now(), events: starts.length === 0 ? 0 : eventsIn(machine).length });
    return machine.start(clock.around(weakness === undefined ? {} : weakened(weakness)));
  };
  await clock.set(timeOf(combinations[0]?.moment ?? ''));
  let service = await start();
  const shop = new ClockShop(service, clock, machine.path('keys'));
  for (const [place, { moment, jump, restarted }] of combinations.entries()) {
    shop.at(`${zone}, ${moment}, ${jump}${restarted ? ', over a restart' : ''}`);
    await clock.set(timeOf(moment));
    await shop.readList('month');
    const before = await shop.sell(`${place}a`, moment);
    const later = timeOf(moment) + PAUSE;
    await clock.set(later + JUMPS[jump]);
    if (restarted) {
      await service.ran.kill();
      service = await start();
      shop.moveTo(service);
    }
    await shop.readList('month');
    await shop.repeat(before);
    const after = await shop.sell(`${place}b`, textOf(later));
    const [refunded] = before.filter(({ product, order }) => product === 'month' && /^\d/.test(order));
    const [renewed] = after.filter(({ product, order }) => product === 'year' && /^\d/.test(order));
    if (refunded !== undefined) await shop.refund(refunded, textOf(later));
    if (renewed !== undefined) await shop.renew(renewed, textOf(later));
    await clock.set(later);
    await shop.readList('month');
    await shop.repeat([...before.filter((bought) => bought !== refunded), ...after]);
  }
  shop.at(zone);
  await limitsHold(shop, service, clock);
  const [key] = readKeyring(machine.path('keys'));
  if (key?.created !== combinations[0]?.moment.slice(0, 10))
    shop.violations.push(`${zone}: a key was made on ${key?.created}`);
  // Its payload can be deleted; the event's row stays.
  const first = combinations[0];
  if (first !== undefined) await shop.completed('month', 'F0a-month', first.moment);
  shop.close();
  await service.ran.kill();
  const kept = eventsIn(machine);
  const forgotten = kept.filter(({ payload }) => payload === null).length;
  tools.note(`${zone}: ${starts.length} starts, ${forgotten} of ${kept.length} events forgotten`);
  return [
    ...shop.violations,
    ...wronglyKept(kept, starts).map((line) => `${zone}: ${line}`),
    ...(await findingsOf(machine)),
  ];
}

interface Start {
  /** By the service's clock, milliseconds. */
  readonly at: number;
  /** The events in the ledger at that time. */
  readonly events: number;
}

interface EventRow {
  readonly event_id: string;
  readonly received_at: number;
  readonly payload: string | null;
}

function eventsIn(machine: Machine): EventRow[] {
  const ledger = new Database(ledgerOf(machine), { readonly: true });
  try {
    return ledger
      .prepare<[], EventRow>('SELECT event_id, received_at, payload FROM event ORDER BY number')
      .all();
  } finally {
    ledger.close();
  }
}

/** A start deletes payloads that are too old by its clock, and nothing else. */
function wronglyKept(rows: readonly EventRow[], starts: readonly Start[]): string[] {
  const wrong = rows.filter(({ received_at, payload }, place) => {
    const isOld = starts.some(({ at, events }) => place < events && received_at < at - RETAINED_DAYS * DAY);
    return isOld !== (payload === null);
  });
  const doubled = rows.length - new Set(rows.map(({ event_id }) => event_id)).size;
  return [
    ...wrong.map(
      ({ event_id, payload }) =>
        `${event_id} is ${payload === null ? 'forgotten too early' : 'kept too long'}`,
    ),
    ...(doubled > 0 ? [`${doubled} events are there twice`] : []),
  ];
}

/** A client that was limited under a wrong clock need not wait for that clock. */
async function limitsHold(shop: ClockShop, service: RunningService, clock: Clock): Promise<void> {
  const buyers = new Buyers(service, 16);
  const headers = { 'content-type': 'text/plain', 'x-forwarded-for': '203.0.113.9' };
  const url = `${service.url}/v1/licenses/refresh`;
  const ask = () => fetch(url, { method: 'POST', headers, body: 'no code' });
  const right = clock.now();
  await clock.set(right + 30 * DAY);
  await atOnce(Array(ALLOWED.requests).keys(), 16, async () => {
    await buyers.post('/v1/licenses/refresh', 'no code', headers);
  });
  buyers.close();
  await clock.set(right);
  const refused = await ask();
  await refused.text();
  const seconds = Number(refused.headers.get('retry-after'));
  if (refused.status !== 429) shop.violated(`${ALLOWED.requests + 1} refreshes are not too many`);
  if (!(seconds <= ALLOWED.seconds)) shop.violated(`a limited client has to wait ${seconds} seconds`);
  await clock.set(right + 31 * DAY);
  const again = await ask();
  await again.text();
  if (again.status !== 422) shop.violated(`a refresh a month later got ${again.status}`);
}

function putProducts(folder: string): string {
  const path = join(folder, 'products');
  mkdirSync(path);
  for (const [id, { term, updates }] of Object.entries(TERMS)) {
    const periods = `term: ${periodOf(term)}\ngrace: P0D\nupdates: ${periodOf(updates)}`;
    const text = `name: ${id}\n${periods}\nmarketplaces: { paddle-classic: {}, fastspring: {} }`;
    writeFileSync(join(path, `${id}.md`), productFile(text));
  }
  return path;
}

function periodOf(months: number): string {
  return months % 12 === 0 ? `P${months / 12}Y` : `P${months}M`;
}

function timeOf(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`);
}

function textOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
}
