/** The overview and a search on a large ledger, beside sales: no sale waits for them. */
import { fillConsole } from '../../bench/console/fill.ts';
import { ConsoleBench, type ConsoleRound } from '../../bench/console/measure.ts';
import { MOST_NOISE } from '../../bench/rounds.ts';
import { createStage } from '../../bench/stage.ts';
import { median } from '../../bench/statistics.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import type { Outcome, Proof, Tools } from './proof.ts';

export const READS_ON_THE_LEDGERS_THREAD: Weakness = {
  file: 'src/storage/open-reader.ts',
  changes: [
    [
      'return new WorkerReader({ file, idSecret }, options);',
      `const calls = import('./sqlite/reader/calls.ts').then((module) => module.callsOn({ file, idSecret }));
      return new Proxy({}, {
        get: (all, name) => (first, second, third) =>
          calls.then((found) => name === 'close' ? undefined : found[name](first, second, third)),
      });`,
    ],
  ],
};

/** p99 of a sale beside the console, in p99 alone. */
const MOST_RATIO = 1.2;
/** Milliseconds of CPU: what a search takes of the ledger's thread, to be put together and sent. */
const MOST_SEARCH_CPU = 6;
const ROUNDS = { quick: 2, full: 5 };
const SECONDS = { quick: 2, full: 15 };

export const consoleBeside: Proof = {
  title:
    'overview and search on a large ledger beside sales: read apart from the ledger’s thread; p99 of a sale within 1.2 of alone where the machine is quiet',
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
  const size = tools.quick ? 'quick' : 'full';
  const options = { seconds: SECONDS[size], progress: () => {}, around };
  const bench = await ConsoleBench.start(stage, { dataDir, licenses }, options);
  const rounds: ConsoleRound[] = [];
  let searchCpu = Number.NaN;
  try {
    ({ searchCpu } = await bench.pages());
    for (let round = 0; round < ROUNDS[size]; round++) rounds.push(await bench.round());
  } finally {
    await bench.stop();
  }
  const violations: string[] = [];
  const own = `a search takes ${searchCpu.toFixed(1)} ms of the ledger’s thread`;
  if (searchCpu > MOST_SEARCH_CPU) violations.push(own);
  // Where others take the machine, p99 tells of them.
  const quiet = rounds.filter(({ others }) => others === undefined || others <= MOST_NOISE);
  const ratio = median(quiet.map(({ alone, beside }) => beside / alone));
  if (ratio > MOST_RATIO) violations.push(`p99 of a sale is ${ratio.toFixed(2)} times that of alone`);
  tools.note(
    quiet.length === 0
      ? `no round was quiet, so p99 is not compared; ${own}`
      : `p99 ${ratio.toFixed(2)} of alone in ${quiet.length} quiet rounds; ${own}`,
  );
  return { done: licenses, violations };
}
