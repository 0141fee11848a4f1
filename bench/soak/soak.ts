/** One soak, from a new ledger to its check. */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Connection } from '../connection.ts';
import { MINTMARK } from '../contenders.ts';
import { BATCH } from '../events.ts';
import { openConnections } from '../load.ts';
import { ServerProcess } from '../server-process.ts';
import { createStage } from '../stage.ts';
import { Disk } from './disk.ts';
import { checkLedger } from './ledger.ts';
import { Mix, OLD_ORDERS } from './mix.ts';
import { type Asking, askFlatOut, keepPace } from './pace.ts';
import { OrderStock } from './signer.ts';
import type { Seen } from './verdict.ts';
import { type Interval, Watch } from './watch.ts';

/** Additional settings of a service. */
export interface Around {
  readonly imports: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface SoakOptions {
  readonly minutes: number;
  /** Requests a second; default: half of the service's capacity. */
  readonly rate: number | undefined;
  /** For a control: the weakening of the service. */
  readonly around?: Around;
  readonly progress: (text: string) => void;
}

const CONNECTIONS = 64;
/** As in the bench: more connections only wait longer. */
const FLAT_OUT_CONNECTIONS = 32;
/** Deliveries that make the ledger larger than its cache of 64 MB (storage/sqlite/file/open.ts). */
const FILLING_DELIVERIES = 1500;
/** Milliseconds of warm-up for the just-in-time compiler, and of the measurement of the capacity. */
const WARM_UP = 3000;
const MEASURE = 5000;
/** At the pace of the soak, before its first interval. */
const SETTLE_SECONDS = 30;
const MINUTE_SECONDS = 60;
/** A slope has an error only with more than two points. */
const FEWEST_INTERVALS = 10;

export async function soak({ minutes, rate, around, progress }: SoakOptions): Promise<Seen> {
  const stage = await createStage();
  const stock = new OrderStock(stage.privateKeyFile);
  const dataDir = stage.dataDir('soak');
  const server = await ServerProcess.start(stage, {
    name: 'soak',
    program: MINTMARK,
    dataDir,
    meter: 'bench/soak/pulse.ts',
    imports: around?.imports ?? [],
    env: { TRUST_PROXY: 'on', ...around?.env },
  });
  let connections: Connection[] = [];
  let disk: Disk | undefined;
  try {
    await server.ready();
    // Before the connections are opened: the service closes an idle connection.
    await stock.full();
    connections = await openConnections(server.port, CONNECTIONS);
    const mix = new Mix(stock);
    disk = await Disk.begin(join(stage.folder, 'disk'));
    const watch = new Watch(server, join(dataDir, 'ledger.sqlite'), disk);
    progress('filling a ledger');
    const asking = { connections, next: () => mix.next(), done: watch.note };
    await fill(mix, asking);
    if (mix.answered.size < OLD_ORDERS) throw new Error(`it cannot be filled: ${watch.errors[0]}`);
    // Long before the first interval: after a collection, the heap grows until the engine collects again.
    const usedBefore = await watch.usedMemory();
    const limit = rate === undefined ? await measureLimit(mix, stock, asking) : undefined;
    const paced = rate ?? (limit ?? Number.NaN) / 2;
    progress(`${paced.toFixed(0)} requests a second`);
    const asked = keepPace(asking, { rate: paced, seconds: SETTLE_SECONDS + minutes * MINUTE_SECONDS });
    await wait(SETTLE_SECONDS * 1000);
    await watch.begin();
    const intervals: Interval[] = [];
    const count = Math.max(FEWEST_INTERVALS, Math.round(minutes));
    for (let number = 1; number <= count; number++) {
      intervals.push(await watch.interval((minutes * MINUTE_SECONDS) / count));
      progress(
        `${number} of ${count} at ${paced.toFixed(0)} a second: ${intervals.at(-1)?.p99.toFixed(1)} ms p99`,
      );
    }
    await asked;
    const usedAfter = await watch.usedMemory();
    for (const connection of connections) connection.close();
    await server.stop();
    progress('checking the ledger');
    return {
      minutes,
      limit,
      rate: paced,
      intervals,
      usedBefore,
      usedAfter,
      errorCount: watch.errorCount,
      errors: watch.errors,
      unsigned: mix.unsigned,
      ledger: await checkLedger(stage, dataDir, mix),
    };
  } finally {
    for (const connection of connections) connection.close();
    await disk?.end();
    await server.stop();
    await stock.close();
    stage.remove();
  }
}

/** Brings the ledger into the state of a longer run. */
async function fill(mix: Mix, asking: Asking): Promise<void> {
  let old = 0;
  let deliveries = 0;
  await askFlatOut({ ...asking, next: () => mix.nextOld() }, () => old++ < OLD_ORDERS);
  await askFlatOut(
    { ...asking, next: () => mix.nextFilling(BATCH) },
    () => deliveries++ < FILLING_DELIVERIES,
  );
}

/** The service's capacity: requests of the mix per second. */
async function measureLimit(mix: Mix, stock: OrderStock, asking: Asking): Promise<number> {
  const connections = asking.connections.slice(0, FLAT_OUT_CONNECTIONS);
  const flatOut = async (milliseconds: number) => {
    await stock.full();
    const start = performance.now();
    const mayGo = () => performance.now() < start + milliseconds;
    const answered = await askFlatOut({ ...asking, connections }, mayGo);
    return (answered * 1000) / (performance.now() - start);
  };
  await flatOut(WARM_UP);
  const limit = await flatOut(MEASURE);
  if (mix.unsigned > 0) throw new Error('the orders ran out: the limit is of another mix');
  return limit;
}
