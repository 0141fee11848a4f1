/** Runs a group of acts until each is settled: again after what passes, and in parts where one act may fail the others. */
import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Components } from '../sqlite/components.ts';
import { isLost, isPassing, isRepeatable, ledgerError, stateOf } from './ledger-error.ts';
import { Miss, type Need } from './needs.ts';
import { isUnavailable, needsOf } from './repeat.ts';

/** Limit of tries of one group. Each Miss counts, so that an act whose rows never suffice ends too. */
const MOST_TRIES = 50;

/** Failures of a group of several acts after which it is divided. */
const DIVIDED_AFTER = 3;

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
}

export interface GroupRunner {
  /** Settles all acts of the group, or throws and has written nothing. `found`: what earlier tries lacked. */
  transact(group: readonly Act[], found: readonly Need[]): Promise<void>;
  /** Those of the names that another transaction holds. */
  heldByOthers(names: readonly string[]): Promise<ReadonlySet<string>>;
}

export async function runGroup(
  runner: GroupRunner,
  acts: readonly Act[],
  known: readonly Need[] = [],
): Promise<void> {
  const found = [...known];
  let group = acts;
  let failures = 0;
  for (let tries = 0; ; tries++) {
    try {
      await runner.transact(group, found);
      return;
    } catch (error) {
      if (error instanceof Miss && tries < MOST_TRIES) {
        found.push(error.need);
        continue;
      }
      failures += 1;
      found.push(...needsOf(error));
      group = withoutLate(group, error);
      if (group.length === 0) return;
      const parts = await partsOf(runner, group, error, failures);
      if (parts.length > 1) {
        for (const part of parts) {
          const left = withoutLate(part, error);
          if (left.length > 0) await runGroup(runner, left, found);
        }
        return;
      }
      const isOver = group.every(({ deadline }) => deadline <= performance.now());
      if (!mayRepeat(error) || tries >= MOST_TRIES || isOver) {
        rejectAll(group, error);
        return;
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

/** The parts in which a group runs again; one: it stays together. What no act causes divides no group. */
async function partsOf(
  runner: GroupRunner,
  group: readonly Act[],
  error: unknown,
  failures: number,
): Promise<readonly (readonly Act[])[]> {
  if (group.length === 1 || isUnavailable(error)) return [group];
  const names = stateOf(error) === '55P03' ? await runner.heldByOthers(group.flatMap(namesOf)) : new Set();
  if (names.size > 0) {
    const isHeld = (act: Act) => namesOf(act).some((name) => names.has(name));
    const held = group.filter(isHeld);
    // Whoever waits for a name comes last: the others need not wait.
    return [group.filter((act) => !isHeld(act)), ...held.map((act) => [act])].filter(
      (part) => part.length > 0,
    );
  }
  if (mayRepeat(error) && failures < DIVIDED_AFTER) return [group];
  const half = Math.ceil(group.length / 2);
  return [group.slice(0, half), group.slice(half)];
}

function namesOf({ need }: Act): readonly string[] {
  return [...(need.names ?? []), ...(need.locks ?? []), ...(need.first?.names ?? [])];
}
