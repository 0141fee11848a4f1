/** Endpoints that answer 4xx, 5xx, late, never and garbage for days: the schedule is kept, nothing is given up silently. */
import { type Around, Machine } from '../kit/machine.ts';
import { BEHAVIORS, type Behavior, CROWD, CROWDED, type Report } from './bad-endpoints/report.ts';
import { HOUR, isOnTime, SPREAD, WAITS } from './bad-endpoints/schedule.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import type { Outcome, Proof, Tools } from './proof.ts';

/** Milliseconds: the machine is shared. */
const SLOWEST_SALE = 1_000;
/** Milliseconds of the pushed clock: a busy machine may need a second try. */
const AT_ONCE = 10_000;
/** They fail for good: ten tries, then given up. */
const HOPELESS: readonly Behavior[] = ['refuses', 'broken', 'redirects', 'late', 'never', 'garbage'];

export const TRIES_WITHOUT_END: Weakness = {
  file: 'src/outbox/retry.ts',
  changes: [['if (wait === undefined) return undefined;', 'if (wait === undefined) return now + 24 * HOUR;']],
};
export const DROPS_WHAT_FAILS: Weakness = {
  file: 'src/outbox/webhook/webhook-channel.ts',
  changes: [
    [
      "return { outcome: 'failed', answer, ...(notBefore !== undefined && { notBefore }) };",
      "return notBefore === undefined ? { outcome: 'dropped', reason: answer } : { outcome: 'failed', answer };",
    ],
  ],
};

export const badEndpoints: Proof = {
  title:
    'endpoints that answer 4xx, 5xx, late, never and garbage for six pushed days: schedule kept, no sale waits, nothing given up silently',
  unit: 'tries',
  quick: 1,
  full: 10,
  run: (runs, tools) => push(runs, tools),
  controls: [
    { title: 'tries without end', run: (tools) => push(1, tools, weaker(TRIES_WITHOUT_END)) },
    { title: 'what fails is dropped', run: (tools) => push(1, tools, weaker(DROPS_WHAT_FAILS)) },
  ],
};

interface Given {
  readonly around: Around;
  readonly behaviors: readonly Behavior[];
}

/** A control needs no endpoint that hangs: each try there takes a second. */
function weaker(weakness: Weakness): Given {
  return { around: weakened(weakness), behaviors: ['good', 'refuses', 'broken'] };
}

const WHOLE: Given = { around: {}, behaviors: BEHAVIORS };

async function push(runs: number, tools: Tools, { around, behaviors }: Given = WHOLE): Promise<Outcome> {
  const violations: string[] = [];
  let done = 0;
  for (let run = 0; run < runs; run++) {
    const machine = new Machine(tools);
    const words = [machine.path('ledger.sqlite'), String(Math.floor(tools.random() * 2 ** 32)), ...behaviors];
    const ran = machine.spawn('test/proof/bad-endpoints/pushed-days.ts', words, around);
    const status = await ran.ended;
    if (status !== 0) throw new Error(`it ended with ${status}: ${ran.err}`);
    const report: Report = JSON.parse(ran.out);
    done += report.announcements.reduce((sum, { tries }) => sum + tries.length, 0);
    violations.push(...violationsOf(report, behaviors));
    tools.note(
      `run ${run}: the slowest sale beside endpoints that hang took ${report.slowestSale.toFixed(0)} ms`,
    );
  }
  return { done, violations };
}

function violationsOf(report: Report, behaviors: readonly Behavior[]): readonly string[] {
  const { announcements, counts, slowestSale } = report;
  const givenUp = announcements.filter(({ state }) => state === 'given-up').length;
  const shown = counts.find(({ state }) => state === 'given-up')?.announcements ?? 0;
  const expected = behaviors.length + CROWD * CROWDED.filter((name) => behaviors.includes(name)).length;
  return [
    ...(announcements.length === expected
      ? []
      : [`${announcements.length} announcements instead of ${expected}`]),
    ...(slowestSale > SLOWEST_SALE ? [`a sale took ${slowestSale.toFixed(0)} ms`] : []),
    ...(shown === givenUp ? [] : [`${givenUp} were given up, and ${shown} are counted`]),
    ...announcements.flatMap((each) => violationsOfOne(each, report)),
  ];
}

function violationsOfOne(
  { target, order, state, tries }: Report['announcements'][number],
  { targets }: Report,
): readonly string[] {
  const faults: string[] = [];
  const expect = (isSo: boolean, fault: string) => {
    if (!isSo) faults.push(`${target}, ${order}: ${fault} (${state} after ${tries.length} tries)`);
  };
  const counted = tries.filter(({ outcome }) => outcome !== 'target failed');
  expect(counted.length <= WAITS.length + 1, 'too many tries');
  for (const [place, { at }] of counted.entries()) {
    const wait = WAITS[place - 1];
    const before = counted[place - 1];
    if (wait !== undefined && before !== undefined)
      expect(at - before.at >= wait * (1 - SPREAD), `try ${place + 1} was too early`);
  }
  const halted = targets.find((each) => each.target === target);
  const isHalted = halted !== undefined && (halted.restsUntil !== null || halted.stoppedAt !== null);
  if (target === 'good')
    expect(state === 'sent' && (tries.at(-1)?.at ?? 0) <= AT_ONCE, 'was not sent at once');
  else if (target === 'recovers')
    expect(state === 'sent' && tries.length === 3, 'was not sent at the third try');
  else if (target === 'gone')
    expect(halted?.stoppedAt != null && halted.reason !== null, 'was not stopped by 410');
  else if (target === 'crowded')
    expect(
      state === 'given-up' || (state === 'waiting' && isHalted),
      'is neither given up nor waiting visibly',
    );
  else {
    expect(state === 'given-up', 'was not given up');
    expect(counted.length === WAITS.length + 1, 'did not have its ten tries');
    const asked = target === 'busy' ? HOUR : 0;
    expect(isOnTime(counted, asked), 'left the schedule');
    expect(target === 'busy' || HOPELESS.some((name) => name === target), 'is not expected');
  }
  return faults;
}
