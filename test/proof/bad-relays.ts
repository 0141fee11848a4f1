/** Relays that fail in every way for days: the schedule is kept, nothing is given up silently, nothing is lost. */
import { type Around, Machine } from '../kit/machine.ts';
import { isOnTime, WAITS } from './bad-endpoints/schedule.ts';
import { TRIES_WITHOUT_END } from './bad-endpoints.ts';
import { RELAY_BEHAVIORS, type RelayBehavior, type RelayReport } from './bad-relays/report.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import type { Outcome, Proof, Tools } from './proof.ts';

/** They fail every mail: ten tries, then given up. */
const HOPELESS: ReadonlySet<RelayBehavior> = new Set([
  ...(['greylists', 'refuses the content', 'denies relaying', 'is busy'] as const),
  ...(['late', 'never', 'garbage', 'breaks off after the mail'] as const),
]);
/** They have the whole mail at each try, and the outbox does not hear of it. */
const COPYING: ReadonlySet<RelayBehavior> = new Set([
  ...(['refuses the content', 'late', 'breaks off after the mail'] as const),
]);

export const REFUSES_SILENTLY: Weakness = {
  file: 'src/outbox/mail/mail-channel.ts',
  changes: [["if (tried.outcome === 'refused') await flagRefused(announcement, sources);", '']],
};
export const ANOTHER_ID: Weakness = {
  file: 'src/outbox/worker.ts',
  changes: [
    [
      'channel.send(announcement, signal)',
      'channel.send({ ...announcement, id: crypto.randomUUID() }, signal)',
    ],
  ],
};

export const badRelays: Proof = {
  title:
    'a relay that answers 4xx, 5xx, late, never, garbage, or breaks off, for four pushed days: schedule kept, copies under one id, nothing given up silently',
  unit: 'tries',
  quick: 1,
  full: 5,
  run: (runs, tools) => push(runs, tools),
  controls: [
    { title: 'tries without end', run: (tools) => push(1, tools, weaker(TRIES_WITHOUT_END, 'greylists')) },
    {
      title: 'a refused address is not flagged',
      run: (tools) => push(1, tools, weaker(REFUSES_SILENTLY, 'refuses the address')),
    },
    {
      title: 'each try has an id of its own',
      run: (tools) => push(1, tools, weaker(ANOTHER_ID, 'breaks off after the mail')),
    },
  ],
};

interface Given {
  readonly around: Around;
  readonly behaviors: readonly RelayBehavior[];
}

/** A control needs the one relay at which the weakness shows. */
function weaker(weakness: Weakness, behavior: RelayBehavior): Given {
  return { around: weakened(weakness), behaviors: [behavior] };
}

const WHOLE: Given = { around: {}, behaviors: RELAY_BEHAVIORS };

async function push(runs: number, tools: Tools, { around, behaviors }: Given = WHOLE): Promise<Outcome> {
  const violations: string[] = [];
  let done = 0;
  for (let run = 0; run < runs; run++) {
    const words = [String(Math.floor(tools.random() * 2 ** 32)), ...behaviors];
    const ran = new Machine(tools).spawn('test/proof/bad-relays/pushed-relay.ts', words, around);
    const status = await ran.ended;
    if (status !== 0) throw new Error(`it ended with ${status}: ${ran.err}`);
    const reports: readonly RelayReport[] = JSON.parse(ran.out);
    if (reports.length !== behaviors.length) violations.push(`${reports.length} relays reported`);
    done += reports.reduce((sum, { tries }) => sum + tries.length, 0);
    violations.push(...reports.flatMap(violationsOf));
  }
  return { done, violations };
}

function violationsOf(report: RelayReport): readonly string[] {
  const { behavior, state, tries, copies, targets, counts, refusedFlags, sellerIsTold, isSentLater } = report;
  const faults: string[] = [];
  const expect = (isSo: boolean, fault: string) => {
    if (!isSo) faults.push(`${behavior}: ${fault} (${state} after ${tries.length} tries)`);
  };
  const counted = tries.filter(({ outcome }) => outcome !== 'target failed');
  expect(new Set(copies).size <= 1, 'copies have several ids');
  expect(
    copies.length >= (COPYING.has(behavior) ? WAITS.length + 1 : 0),
    'did not have the mail at each try',
  );
  expect(isSentLater, 'is not sent once the relay works');
  expect(counts.some((each) => each.state === state) === (state !== 'sent'), 'is not counted');
  expect(sellerIsTold === (state !== 'sent'), 'the seller is told of nothing');
  expect(refusedFlags === (behavior === 'refuses the address' ? 1 : 0), 'the address is not flagged, or is');
  if (HOPELESS.has(behavior)) {
    expect(state === 'given-up', 'was not given up');
    expect(counted.length === WAITS.length + 1 && isOnTime(counted, 0), 'left the schedule');
  } else if (behavior === 'refuses the address') {
    expect(state === 'given-up' && tries.length === 1, 'was not given up at once');
  } else if (behavior === 'refuses the sender' || behavior === 'refuses the log-in') {
    expect(state === 'waiting' && counted.length === 0, 'used up a try');
    expect(
      targets.some(({ restsUntil, reason }) => restsUntil !== null && reason !== null),
      'rests without a word',
    );
  } else {
    const expected = behavior === 'recovers' ? 3 : 1;
    expect(state === 'sent' && tries.length === expected && copies.length === 1, 'was not sent once');
  }
  return faults;
}
