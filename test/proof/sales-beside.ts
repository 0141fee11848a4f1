/** Sales beside an endpoint and a relay that hang: as fast as alone. */
import { Machine } from '../kit/machine.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import type { Outcome, Proof, Tools } from './proof.ts';
import type { SalesReport } from './sales-beside/report.ts';

/** The 99th percentile beside may be this much of the one alone, and some milliseconds: the machine is shared. */
const FACTOR = 1.5;
const SLACK = 10;

/** Each call is waited for on the thread that sells. */
export const WAITS_FOR_CALLS: Weakness = {
  file: 'src/outbox/worker.ts',
  changes: [
    [
      'const tried = await this.#send(announcement);',
      'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200); const tried = await this.#send(announcement);',
    ],
  ],
};

export const salesBeside: Proof = {
  title: 'sales beside an endpoint and a relay that take calls and never answer: p99 as alone',
  unit: 'blocks of 60 sales, alone and beside',
  quick: 5,
  full: 40,
  run: (blocks, tools) => sell(blocks, tools),
  controls: [{ title: 'the sale waits for the call', run: (tools) => sell(5, tools, WAITS_FOR_CALLS) }],
};

async function sell(blocks: number, tools: Tools, weakness?: Weakness): Promise<Outcome> {
  const machine = new Machine(tools);
  const words = [machine.path('ledger.sqlite'), String(blocks)];
  const around = weakness === undefined ? {} : weakened(weakness);
  const ran = machine.spawn('test/proof/sales-beside/sell.ts', words, around);
  const status = await ran.ended;
  if (status !== 0) throw new Error(`it ended with ${status}: ${ran.err}`);
  const { alone, beside, hung }: SalesReport = JSON.parse(ran.out);
  const [p99Alone, p99Beside] = [p99(alone), p99(beside)];
  const told = `p99 of ${beside.length} sales: ${p99Alone.toFixed(1)} ms alone, ${p99Beside.toFixed(1)} ms beside`;
  tools.note(told);
  const violations = [
    ...(p99Beside > p99Alone * FACTOR + SLACK ? [told] : []),
    ...(weakness === undefined && hung.includes(false) ? ['calls ended before the sales beside them'] : []),
  ];
  return { done: hung.length, violations };
}

function p99(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1] ?? 0;
}
