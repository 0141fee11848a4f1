/** Power loss: unsynced writes are lost or torn, and acknowledged orders are still there. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Machine } from '../kit/machine.ts';
import { atOnce, Buyers } from './kit/buyers.ts';
import { findingsOf, missingFrom } from './kit/check.ts';
import { Disk, leaveFiles } from './kit/disk.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import { type Outcome, type Proof, pick, type Tools } from './proof.ts';

/** Orders per run, and moments of power loss per run. */
const ORDERS = 100;
const MOMENTS = 20;
const CONNECTIONS = 8;

export const SYNCHRONOUS_NORMAL: Weakness = {
  file: 'src/storage/sqlite/file/connection.ts',
  changes: [["'synchronous = FULL'", "'synchronous = NORMAL'"]],
};

export const powerLoss: Proof = {
  title: `power loss: of ${ORDERS} orders, at any of ${MOMENTS} moments, each that was answered is in the reopened ledger`,
  unit: `× ${ORDERS} orders`,
  quick: 3,
  full: 100,
  async run(runs, tools) {
    const violations: string[] = [];
    for (let run = 0; run < runs; run++) violations.push(...(await cutThePower(run, tools)));
    return { done: runs, violations };
  },
  controls: [
    {
      title: 'synchronous=NORMAL',
      run: async (tools): Promise<Outcome> => ({
        done: 1,
        violations: await cutThePower(0, tools, SYNCHRONOUS_NORMAL),
      }),
    },
  ],
};

interface Answer {
  readonly order: string;
  readonly text: string;
  /** The position of the record when the reply had arrived. */
  readonly by: number;
}

async function cutThePower(run: number, tools: Tools, weakness?: Weakness): Promise<string[]> {
  const folder = join(tools.folder, String(run));
  mkdirSync(folder);
  const disk = new Disk({ folder }, { recorded: true });
  const machine = new Machine(tools, { LOG_LEVEL: 'silent' });
  const { imports, env } = weakness === undefined ? { imports: [], env: {} } : weakened(weakness);
  const service = await machine.start({ imports, env: { ...env, ...disk.env } });
  const begun = disk.position();
  const answers = await buy(service, disk);
  await service.ran.kill();

  const record = disk.read();
  const violations: string[] = [];
  for (let moment = 0; moment < MOMENTS; moment++) {
    // The last moment is the end: all answered orders must be there.
    const end = moment === MOMENTS - 1 ? record.length : begun + pick(record.length - begun, tools);
    const left = join(folder, `left-${moment}`);
    mkdirSync(left);
    leaveFiles(record, end, left, moment % 2 === 1, tools);
    const due = answers.filter(({ by }) => by <= end).map(({ order, text }) => [order, text] as const);
    const what = `run ${run}, power lost at byte ${end} of ${record.length}`;
    for (const order of missingFrom(join(left, 'ledger.sqlite'), due))
      violations.push(`${what}: ${order} is lost`);
    // A full check takes a process; at the other moments, opening and reading is enough.
    if (moment >= MOMENTS - 2) {
      // At the end the mark beside the keys must not be ahead; of earlier moments none was kept.
      const mark = end === record.length ? {} : { LEDGER_MARK: join(left, 'ledger-mark.json') };
      const findings = await findingsOf(machine, { DATA_DIR: left, ...mark });
      violations.push(...findings.map((finding) => `${what}: ${finding}`));
    }
  }
  rmSync(folder, { recursive: true });
  return violations;
}

async function buy(service: Awaited<ReturnType<Machine['start']>>, disk: Disk): Promise<Answer[]> {
  const buyers = new Buyers(service, CONNECTIONS);
  const answers: Answer[] = [];
  const orders = Array.from({ length: ORDERS }, (_, i) => String(i));
  await atOnce(orders, CONNECTIONS, async (order) => {
    const { status, text } = await buyers.order(order, { quantity: 1 + (Number(order) % 3) });
    if (status !== 200) throw new Error(`order ${order} got ${status}: ${text}`);
    answers.push({ order, text, by: disk.position() });
  });
  buyers.close();
  return answers;
}
