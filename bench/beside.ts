/**
 * The waiting time of sales beside a check of a large ledger, an erasure, or the deletion of old payloads. Open loop:
 * sales come by the clock. A closed loop would count one slow reply where many buyers waited.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MINTMARK } from './contenders.ts';
import { fillEvents, nameOfEvent } from './fill-events.ts';
import { openConnections } from './load.ts';
import { orderRequest } from './orders.ts';
import { ServerProcess, settingsOf } from './server-process.ts';
import { keepPace } from './soak/pace.ts';
import type { Stage } from './stage.ts';
import { percentile } from './statistics.ts';

/** Sales a second: far more than a seller has, far less than a core can do. */
const RATE = 100;
const CONNECTIONS = 16;
/** Sales alone and beside the work take turns, so that a change of the machine affects both. */
const TURNS = 3;
const ROOT = join(import.meta.dirname, '..');
const COMMAND = ['--import', join(ROOT, 'src/launch.js'), join(ROOT, 'src/cli/mintmark.ts')];

export interface BesideMeasurement {
  readonly work: string;
  /** Milliseconds of a sale beside the work, and of a sale without it on the same server just before. */
  readonly p50: number;
  readonly p99: number;
  readonly aloneP99: number;
  /** Runs of the work that began while sales came. */
  readonly runs: number;
}

export interface BesideOptions {
  readonly events: number;
  readonly seconds: number;
  readonly progress: (text: string) => void;
}

export async function measureBeside(
  stage: Stage,
  options: BesideOptions,
): Promise<readonly BesideMeasurement[]> {
  const { events, progress } = options;
  progress(`filling a ledger with ${events} events`);
  const dataDir = await fillEvents(stage, events);
  const shop = new Shop(stage, dataDir, options);
  return [
    await shop.beside('ledger check', () => ['ledger', 'check']),
    await shop.beside('customer erase', (run) => ['customer', 'erase', `${nameOfEvent(run)}@example.com`]),
    // The service deletes old payloads at its start by itself.
    await shop.besideForgetting(),
  ];
}

/** A service on a data folder, and sales by the clock. */
export class Shop {
  readonly #stage: Stage;
  readonly #dataDir: string;
  readonly #options: Pick<BesideOptions, 'seconds' | 'progress'>;
  readonly #privateKey;
  #sold = 0;

  constructor(stage: Stage, dataDir: string, options: Pick<BesideOptions, 'seconds' | 'progress'>) {
    this.#stage = stage;
    this.#dataDir = dataDir;
    this.#options = options;
    this.#privateKey = createPrivateKey(readFileSync(stage.privateKeyFile));
  }

  async beside(work: string, words: (run: number) => readonly string[]): Promise<BesideMeasurement> {
    const server = await this.#start('P100Y');
    const alone: number[] = [];
    const beside: number[] = [];
    let runs = 0;
    for (let turn = 1; turn <= TURNS; turn++) {
      alone.push(...(await this.#turn(server, `turn ${turn}: sales alone, before: ${work}`)));
      const before = runs;
      const loop = new CommandLoop(this.#stage, this.#dataDir, (run) => words(before + run));
      beside.push(...(await this.#turn(server, `turn ${turn}: sales beside: ${work}`)));
      runs += await loop.end();
    }
    await server.stop();
    return measurementOf(work, alone, beside, runs);
  }

  /** Not in turns: what is forgotten is gone. */
  async besideForgetting(): Promise<BesideMeasurement> {
    const work = 'forgetting of old events';
    const before = await this.#start('P100Y');
    const alone = await this.sell(before, `sales alone, before: ${work}`);
    await before.stop();
    const server = await this.#start('P0D');
    const beside = await this.sell(server, `sales beside: ${work}`);
    await server.stop();
    return measurementOf(work, alone, beside, 1);
  }

  async #start(retain: string): Promise<ServerProcess> {
    const server = await ServerProcess.start(this.#stage, {
      name: 'beside',
      program: MINTMARK,
      dataDir: this.#dataDir,
      env: { RETAIN_EVENTS: retain },
    });
    await server.ready();
    return server;
  }

  /** Milliseconds of each sale. Throws for a reply other than 200. */
  async sell(server: ServerProcess, what: string): Promise<readonly number[]> {
    const { seconds } = this.#options;
    return this.#send(server, this.#requests(what, seconds), seconds);
  }

  async #turn(server: ServerProcess, what: string): Promise<readonly number[]> {
    const seconds = this.#options.seconds / TURNS;
    return this.#send(server, this.#requests(what, seconds), seconds);
  }

  /** The same sales at two servers at the same moments: what the machine does to one, it does to the other. */
  async sellAtBoth(
    servers: readonly [ServerProcess, ServerProcess],
    what: string,
  ): Promise<readonly [readonly number[], readonly number[]]> {
    const { seconds } = this.#options;
    const requests = this.#requests(what, seconds);
    const [one, other] = servers;
    return Promise.all([this.#send(one, [...requests], seconds), this.#send(other, [...requests], seconds)]);
  }

  #requests(what: string, seconds: number): Buffer[] {
    const { progress } = this.#options;
    const count = Math.ceil(RATE * seconds);
    const first = this.#sold;
    this.#sold += count + 1;
    const requests = Array.from({ length: count + 1 }, (_, place) =>
      orderRequest(first + place, this.#privateKey),
    );
    progress(what);
    return requests;
  }

  async #send({ port }: ServerProcess, requests: Buffer[], seconds: number): Promise<readonly number[]> {
    const connections = await openConnections(port, CONNECTIONS);
    const latencies: number[] = [];
    const errors: unknown[] = [];
    const next = () => ({
      request: requests.pop() ?? Buffer.alloc(0),
      check: ({ status, body }: { readonly status: number; readonly body: string }) => {
        if (status !== 200) throw new Error(`the answer is ${status}: ${body}`);
      },
    });
    const done = ({ latency, error }: { readonly latency: number; readonly error?: unknown }) => {
      latencies.push(latency);
      if (error !== undefined) errors.push(error);
    };
    await keepPace({ connections, next, done }, { rate: RATE, seconds });
    for (const connection of connections) connection.close();
    if (errors.length > 0) throw errors[0];
    return latencies;
  }
}

/** Runs a command of Mintmark repeatedly beside the service. */
class CommandLoop {
  #isOver = false;
  #runs = 0;
  #child: ChildProcess | undefined;
  readonly #ended: Promise<void>;

  constructor(stage: Stage, dataDir: string, words: (run: number) => readonly string[]) {
    const env = { PATH: process.env['PATH'], ...settingsOf(stage, dataDir) };
    this.#ended = (async () => {
      while (!this.#isOver) {
        const child = spawn(process.execPath, [...COMMAND, ...words(this.#runs++)], {
          cwd: stage.folder,
          env,
          stdio: ['ignore', 'ignore', 'inherit'],
        });
        this.#child = child;
        const [status] = await once(child, 'exit');
        if (!this.#isOver && status !== 0)
          throw new Error(`${words(0).join(' ')} ended with status ${status}`);
      }
    })();
    this.#ended.catch(() => {});
  }

  /** Ends a running command; returns the number of runs. */
  async end(): Promise<number> {
    this.#isOver = true;
    this.#child?.kill();
    await this.#ended;
    return this.#runs;
  }
}

function measurementOf(
  work: string,
  alone: readonly number[],
  beside: readonly number[],
  runs: number,
): BesideMeasurement {
  const [p50, p99] = [percentile(beside, 0.5), percentile(beside, 0.99)];
  return { work, p50, p99, aloneP99: percentile(alone, 0.99), runs };
}
