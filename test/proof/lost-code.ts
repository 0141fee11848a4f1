/** Known and unknown pairs at the form for a lost code: bytes equal, times not to be told apart. */
import { Machine } from '../kit/machine.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import type { Asked } from './lost-code/ask.ts';
import type { Outcome, Proof, Tools } from './proof.ts';

export const LOOKED_UP_IN_THE_REQUEST: Weakness = {
  file: 'src/customer/customer.ts',
  changes: [
    [
      'await parts.ledger.selfService.ask({ order, email }, now);',
      "if ((await parts.ledger.find({ by: 'email', email })).some((license) => license.order === order)) await parts.ledger.selfService.ask({ order, email }, now);",
    ],
  ],
};

/** Standard errors; by chance once in 150,000 runs. */
const TOLD_APART = 4.5;

export const lostCode: Proof = {
  title:
    'known and unknown pairs at the form for a lost code: the answers are the same bytes, and their times cannot be told apart',
  unit: 'pairs of each',
  quick: 150,
  full: 10_000,
  run: (amount, tools) => ask(amount, tools),
  controls: [
    { title: 'looked up in the request', run: (tools) => ask(150, tools, LOOKED_UP_IN_THE_REQUEST) },
  ],
};

async function ask(amount: number, tools: Tools, weakness?: Weakness): Promise<Outcome> {
  const machine = new Machine(tools);
  const around = weakness === undefined ? {} : weakened(weakness);
  const words = [String(amount), String(Math.floor(tools.random() * 2 ** 32))];
  const ran = machine.spawn('test/proof/lost-code/ask.ts', words, around);
  const status = await ran.ended;
  if (status !== 0) throw new Error(`it ended with ${status}: ${ran.err}`);
  const { pairs, slower, answers, rows }: Asked = JSON.parse(ran.out);
  // Of two requests side by side, the known one is slower by chance in half of all pairs.
  const errors = (slower - pairs / 2) / Math.sqrt(pairs / 4);
  tools.note(`the known one was slower in ${slower} of ${pairs} pairs: ${errors.toFixed(1)} standard errors`);
  return {
    done: pairs,
    violations: [
      ...(answers.length === 1 ? [] : [`there are ${answers.length} different answers`]),
      ...(Math.abs(errors) < TOLD_APART ? [] : [`the times differ by ${errors.toFixed(1)} standard errors`]),
      ...(rows === 2 * pairs ? [] : [`${rows} questions were written for ${2 * pairs} requests`]),
    ],
  };
}
