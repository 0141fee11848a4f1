/** Failing writes and syncs: the request gets a 503, its retry a license, and no acknowledged order is lost. */
import { constants } from 'node:os';
import { Machine, type RunningService } from '../kit/machine.ts';
import { Buyers } from './kit/buyers.ts';
import { findingsOf, ledgerOf, missingFrom } from './kit/check.ts';
import { Disk } from './kit/disk.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import type { Outcome, Proof, Tools } from './proof.ts';

const MOST = 200;
const ERRORS = { EIO: constants.errno.EIO, ENOSPC: constants.errno.ENOSPC };
/** Parallel requests of a round, and rounds until the failure must have come. */
const WIDTH = 4;
const ROUNDS = 400;

/** Says yes though the commit failed. */
export const IGNORES_ERRORS: Weakness = {
  file: 'src/storage/sqlite/file/group-commit.ts',
  changes: [['return { error, at };', "if (at === 'act') return { error, at };"]],
};

export const diskFaults: Proof = {
  title: `the n-th write or sync fails (EIO, ENOSPC), n up to ${MOST}: 503, then recovery, nothing answered is lost`,
  unit: 'failures',
  quick: 10,
  full: MOST,
  async run(amount, tools) {
    const violations: string[] = [];
    let done = 0;
    for (const [name, errno] of Object.entries(ERRORS)) {
      const places = Array.from({ length: amount }, (_, i) => Math.round(((i + 1) * MOST) / amount));
      const outcome = await failAll(places, { name, errno }, tools);
      done += outcome.done;
      violations.push(...outcome.violations, ...(await failAtStart(places, { name, errno }, tools)));
    }
    return { done, violations };
  },
  controls: [
    {
      title: 'a commit whose error is ignored',
      run: (tools) =>
        failAll([1, 2, 3, 5, 8, 13, 21], { name: 'EIO', errno: ERRORS.EIO }, tools, IGNORES_ERRORS),
    },
  ],
};

interface Failure {
  readonly name: string;
  readonly errno: number;
}

/** One service has all the failures, one after the other. */
async function failAll(
  places: readonly number[],
  { name, errno }: Failure,
  tools: Tools,
  weakness?: Weakness,
): Promise<Outcome> {
  const disk = new Disk(tools);
  const machine = new Machine(tools, { LOG_LEVEL: 'silent' });
  const { imports, env } = weakness === undefined ? { imports: [], env: {} } : weakened(weakness);
  const service = await machine.start({ imports, env: { ...env, ...disk.env } });
  const buyers = new Buyers(service, WIDTH);
  const answered = new Map<string, string>();
  const violations: string[] = [];
  let refused = 0;
  for (const place of places) {
    disk.failAt(place, errno);
    for (let round = 0; disk.isArmed() && round < ROUNDS; round++) {
      const orders = Array.from({ length: WIDTH }, (_, i) => `${name}-${place}-${round}-${i}`);
      await Promise.all(orders.map(buy));
    }
    if (disk.isArmed()) violations.push(`${name} at ${place} never came`);
    disk.disarm();
  }
  async function buy(order: string): Promise<void> {
    const first = await buyers.order(order);
    if (first.status === 503) refused += 1;
    else if (first.status !== 200) violations.push(`${order} got ${first.status}`);
    const { status, text } = first.status === 200 ? first : await buyers.order(order);
    if (status !== 200) violations.push(`${order} got ${status} when it came again`);
    else answered.set(order, text);
  }
  buyers.close();
  if (refused === 0 && weakness === undefined)
    violations.push(`no request was refused: ${name} was not felt`);
  await service.ran.kill();
  for (const order of missingFrom(ledgerOf(machine), answered)) violations.push(`${name}: ${order} is lost`);
  violations.push(...(await findingsOf(machine)));
  tools.note(
    `${name}: ${places.length} failures, ${answered.size} orders, ${refused} refused with 503 first`,
  );
  return { done: places.length, violations };
}

/** A failure while the ledger is made: the start fails with a message or succeeds; the next start works. */
async function failAtStart(
  places: readonly number[],
  { name, errno }: Failure,
  tools: Tools,
): Promise<string[]> {
  const violations: string[] = [];
  const disk = new Disk(tools);
  for (const place of places.filter((_, i) => i % 4 === 0)) {
    const machine = new Machine(tools, { LOG_LEVEL: 'silent' });
    disk.failAt(place, errno);
    const ran = machine.spawn('src/main.ts', [], { env: disk.env });
    const url = await Promise.race([
      ran.said(/listens on (http:\/\/\S+)$/m).catch(() => undefined),
      ran.ended,
    ]);
    const isRefusal = typeof url !== 'string' || !url.startsWith('http');
    if (isRefusal && !/Mintmark did not start/.test(ran.err)) {
      violations.push(`${name} at ${place} of the start: ended with ${await ran.ended} and: ${ran.err}`);
    }
    await ran.kill();
    disk.disarm();
    const again: RunningService = await machine.start();
    const { status } = await again.order('1');
    if (status !== 200) violations.push(`${name} at ${place} of the start: the next start answers ${status}`);
    await again.ran.kill();
  }
  return violations;
}
