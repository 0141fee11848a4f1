/** Runs a group of acts until each is settled: again after what passes, and in parts where one act may fail the others. */
import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Components } from '../../sqlite/components.ts';
import { Miss, type Need } from '../needs.ts';
import type { Runs } from './done-acts.ts';
import { isLost, isPassing, isRepeatable, ledgerError, stateOf } from './ledger-error.ts';
import { isUnavailable, needsOf } from './repeat.ts';

/** Limit of tries of one group. Each Miss counts, so that an act whose rows never suffice ends too. */
const MOST_TRIES = 50;

/** Failures of a group of several acts after which it is divided. */
const DIVIDED_AFTER = 3;

const NO_NAMES: ReadonlySet<string> = new Set();

/** How long after its deadline an act is given one more try. With that, within the 10 seconds of marketplaces. */
const LATE_MILLISECONDS = 3000;

export interface Act {
  readonly need: Need;
  /** Synchronous; may run several times. */
  readonly run: (components: Components) => unknown;
  readonly resolve: (result: never) => void;
  readonly reject: (reason: unknown) => void;
  /** In time of `performance.now()`. */
  readonly deadline: number;
  /** Undefined: what the act writes shows that it was done (`knownBy` of its need). */
  readonly runs: Runs | undefined;
}

export interface GroupRunner {
  /** Settles all acts of the group, or throws and has written nothing. `found`: what earlier tries lacked. */
  transact(group: readonly Act[], found: readonly Need[]): Promise<void>;
  /** Settles the acts that an earlier run did, although it was not answered. Returns the others. */
  settleDone(group: readonly Act[]): Promise<readonly Act[]>;
  /** Those of the names that another transaction holds. */
  heldByOthers(names: readonly string[]): Promise<ReadonlySet<string>>;
}

export async function runGroup(runner: GroupRunner, acts: readonly Act[]): Promise<void> {
  for (const act of await runPart(runner, acts, [], NO_NAMES)) await runPart(runner, [act], [], NO_NAMES);
}

/**
 * `known`: what earlier tries lacked. `held`: names that others hold for long; returns the acts that turn out to need one of
 * them, which are not settled: they come last.
 */
async function runPart(
  runner: GroupRunner,
  acts: readonly Act[],
  known: readonly Need[],
  held: ReadonlySet<string>,
): Promise<readonly Act[]> {
  const found = [...known];
  let group = acts;
  let failures = 0;
  for (let tries = 0; ; tries++) {
    try {
      await runner.transact(group, found);
      return [];
    } catch (error) {
      const wanted = error instanceof Miss ? [error.need] : needsOf(error);
      const needsHeld = wanted.flatMap(namesIn).some((name) => held.has(name));
      if (error instanceof Miss && tries < MOST_TRIES && !needsHeld) {
        found.push(error.need);
        continue;
      }
      failures += 1;
      group = withoutLate(await runner.settleDone(group), error);
      if (group.length === 0) return [];
      if (needsHeld && group.length === 1) return group;
      const nowHeld = needsHeld ? held : await heldNames(runner, group, found, error);
      const parts = partsOf(group, error, failures, nowHeld);
      if (parts.length > 1) {
        const others = found.map((need) => withoutNames(need, nowHeld));
        const last: Act[] = [];
        for (const part of parts) {
          const left = withoutLate(part, error);
          if (left.length > 0) last.push(...(await runPart(runner, left, others, nowHeld)));
        }
        return last;
      }
      found.push(...wanted);
      const isOver = group.every(({ deadline }) => deadline <= performance.now());
      if (!mayRepeat(error) || tries >= MOST_TRIES || isOver) {
        rejectAll(group, error);
        return [];
      }
      await wait(isLost(error) || isUnavailable(error) ? Math.min(100 * 2 ** tries, 1000) : randomInt(6));
    }
  }
}

/**
 * Rejects the acts whose deadline is long over, where only time helps, and returns the others. Each part of a group takes
 * time of its own, and there may be as many as acts: nobody waits for the sum.
 */
function withoutLate(group: readonly Act[], error: unknown): readonly Act[] {
  if (!isPassing(error)) return group;
  const latest = performance.now() - LATE_MILLISECONDS;
  const isLate = ({ deadline }: Act) => deadline <= latest;
  rejectAll(group.filter(isLate), error);
  return group.filter((act) => !isLate(act));
}

function rejectAll(group: readonly Act[], error: unknown): void {
  for (const { reject } of group) reject(ledgerError(error));
}

function mayRepeat(error: unknown): boolean {
  return isLost(error) || isRepeatable(error) || isUnavailable(error);
}

/** The names that a group waited for in vain. Names that the database found on its way were not waited for yet. */
async function heldNames(
  runner: GroupRunner,
  group: readonly Act[],
  found: readonly Need[],
  error: unknown,
): Promise<ReadonlySet<string>> {
  if (group.length === 1 || stateOf(error) !== '55P03') return NO_NAMES;
  const waitedFor = needsOf(error).length === 0 ? found.flatMap(namesIn) : [];
  return runner.heldByOthers([...group.flatMap(namesOf), ...waitedFor]);
}

/** The parts in which a group runs again; one: it stays together. What no act causes divides no group. */
function partsOf(
  group: readonly Act[],
  error: unknown,
  failures: number,
  held: ReadonlySet<string>,
): readonly (readonly Act[])[] {
  if (group.length === 1 || isUnavailable(error)) return [group];
  const isHeld = (act: Act) => namesOf(act).some((name) => held.has(name));
  const waiting = group.filter(isHeld);
  if (waiting.length > 0) {
    // Whoever waits for a name comes last: the others need not wait.
    return [group.filter((act) => !isHeld(act)), ...waiting.map((act) => [act])].filter(
      (part) => part.length > 0,
    );
  }
  // It is not known which act needs the held name: halving the group finds it.
  if (held.size === 0 && mayRepeat(error) && failures < DIVIDED_AFTER) return [group];
  const half = Math.ceil(group.length / 2);
  return [group.slice(0, half), group.slice(half)];
}

function withoutNames(need: Need, held: ReadonlySet<string>): Need {
  const others = (names: readonly string[] = []) => names.filter((name) => !held.has(name));
  return { ...need, names: others(need.names), locks: others(need.locks) };
}

function namesOf({ need }: Act): readonly string[] {
  return namesIn(need);
}

/** All names that a need locks. */
function namesIn({ names = [], locks = [], first }: Need): readonly string[] {
  return [...names, ...locks, ...(first?.names ?? [])];
}
