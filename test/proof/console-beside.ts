/**
 * The overview and a search on a large ledger, beside sales: no sale waits for them. Sales come to the service and to a
 * twin of it at the same moments, so that what else the machine does delays both.
 */
import { fillConsole } from '../../bench/console/fill.ts';
import { ConsoleBench, type ConsoleRound, p99RatioOf } from '../../bench/console/measure.ts';
import { createStage } from '../../bench/stage.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import type { Outcome, Proof, Tools } from './proof.ts';

/** On the ledger's own thread, and as long as a read of a million takes: the control has a smaller ledger. */
export const READS_ON_THE_LEDGERS_THREAD: Weakness = {
  file: 'src/storage/open-reader.ts',
  changes: [
    [
      'return new WorkerReader({ file, idSecret }, options);',
      `const calls = import('./sqlite/reader/calls.ts').then((module) => module.callsOn({ file, idSecret }));
      const wait = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
      return new Proxy({}, {
        get: (all, name) => (first, second, third) =>
          calls.then((found) => name === 'close' ? undefined : (wait(), found[name](first, second, third))),
      });`,
    ],
  ],
};

/** p99 of a sale beside the console, in p99 at the twin. */
const MOST_RATIO = 1.2;
/** Milliseconds of CPU: what a search takes of the ledger's thread, to be put together and sent. Reading takes hundreds. */
const MOST_SEARCH_CPU = 20;
const ROUNDS = { quick: 2, full: 5 };
const SECONDS = { quick: 2, full: 15 };
/** A few hundred sales have a p99 of a few: only what is so again and again is no chance. */
const ATTEMPTS = 3;

export const consoleBeside: Proof = {
  title:
    'overview and search on a large ledger beside sales: p99 of a sale within 1.2 of that at a twin without them, at the same moments',
  unit: 'licenses',
  quick: 20_000,
  full: 1_000_000,
  run: (licenses, tools) => visit(licenses, tools),
  controls: [
    {
      title: 'reads on the ledger’s own thread',
      run: (tools) => visit(20_000, tools, READS_ON_THE_LEDGERS_THREAD),
    },
  ],
};

async function visit(licenses: number, tools: Tools, weakness?: Weakness): Promise<Outcome> {
  const stage = await createStage();
  tools.teardown(() => stage.remove());
  const dataDir = await fillConsole(stage, licenses);
  const around = weakness === undefined ? {} : weakened(weakness);
  // What the control does is so much that a few seconds show it.
  const size = tools.quick || weakness !== undefined ? 'quick' : 'full';
  const attempts = weakness === undefined ? ATTEMPTS : 1;
  const options = { seconds: SECONDS[size], progress: () => {}, around };
  const bench = await ConsoleBench.start(stage, { dataDir, licenses }, options);
  try {
    // A control's pages take seconds each.
    const pages = weakness === undefined ? await bench.pages() : undefined;
    let ratio = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < attempts && ratio > MOST_RATIO; attempt++) {
      const rounds: ConsoleRound[] = [];
      for (let round = 0; round < ROUNDS[size]; round++) rounds.push(await bench.round());
      ratio = p99RatioOf(rounds);
    }
    const told = `p99 of a sale is ${ratio.toFixed(2)} times that at the twin`;
    const own = pages && `a search takes ${pages.searchCpu.toFixed(1)} ms of the ledger’s thread`;
    tools.note(
      pages === undefined
        ? told
        : `${told}; ${own}; first byte ${pages.firstByte.toFixed(0)} ms, overview ${pages.overview.toFixed(0)} ms, of CPU ${pages.overviewCpu.toFixed(0)} ms`,
    );
    const slow = own !== undefined && pages !== undefined && pages.searchCpu > MOST_SEARCH_CPU ? [own] : [];
    return { done: licenses, violations: [...slow, ...(ratio > MOST_RATIO ? [told] : [])] };
  } finally {
    await bench.stop();
  }
}
