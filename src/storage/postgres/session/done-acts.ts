/**
 * Acts that are recognised by nothing they write when they run again, such as a mail that is sent once more: each writes a
 * row with its transaction. If the answer of a COMMIT is lost, the row tells whether the act was done. It is unique, so that
 * a COMMIT that is still under way and a further run cannot both be done.
 */
import { uuidV7 } from '../../record/uuid-v7.ts';
import type { Statement } from '../save.ts';
import type { Rows } from './query.ts';
import { DATABASE_NOW } from './shared-clock.ts';

/** An act is run again for seconds. */
const FORGET = `DELETE FROM done_act WHERE at < ${DATABASE_NOW} - 86400000`;

const NOTE =
  'INSERT INTO done_act (act, run) SELECT n.act, n.run FROM unnest($1::uuid[], $2::bigint[]) AS n(act, run)';

const DONE = 'SELECT act, run FROM done_act WHERE act = ANY ($1::uuid[])';

/** The runs of one act. */
export class Runs {
  readonly act = uuidV7(Date.now());
  readonly #results: unknown[] = [];

  /** The number of the next run. */
  get next(): number {
    return this.#results.length;
  }

  /** Keeps the result of a run that may have been committed. */
  keep(result: unknown): void {
    this.#results.push(result);
  }

  resultOf(run: number): unknown {
    return this.#results[run];
  }
}

interface Noted {
  readonly runs: Runs | undefined;
}

/** The statement that notes the acts of a group; none if each is recognised by what it writes. */
export function noteDone(group: readonly Noted[]): readonly Statement[] {
  const runs = group.flatMap((act) => act.runs ?? []);
  if (runs.length === 0) return [];
  const values = [runs.map(({ act }) => act), runs.map(({ next }) => next)];
  return [{ text: NOTE, values, rows: runs.length }];
}

/** Whether an act of the group may have been done by an earlier run. */
export function mayBeDone(group: readonly Noted[]): boolean {
  return group.some(({ runs }) => runs !== undefined && runs.next > 0);
}

/** After a transaction of which it is not known whether it was committed. */
export function keepResults(group: readonly Noted[], results: readonly unknown[]): void {
  for (const [place, { runs }] of group.entries()) runs?.keep(results[place]);
}

/**
 * Settles the acts that an earlier run did, with its result. Returns the others; if they cannot be searched now, also acts
 * that were done: their rows will stop them.
 */
export async function settleDone<Act extends Noted & { readonly resolve: (result: never) => void }>(
  group: readonly Act[],
  ask: (text: string, values: readonly unknown[]) => Promise<Rows>,
): Promise<readonly Act[]> {
  const acts = group.flatMap(({ runs }) => (runs !== undefined && runs.next > 0 ? [runs.act] : []));
  if (acts.length === 0) return group;
  const rows = await ask(DONE, [acts]);
  const done = new Map(rows.map(({ act, run }) => [String(act), Number(run)]));
  return group.filter(({ runs, resolve }) => {
    const run = runs && done.get(runs.act);
    if (runs === undefined || run === undefined) return true;
    resolve(runs.resultOf(run) as never);
    return false;
  });
}

/** Deletes old rows, where the role may delete; elsewhere they stay. */
export async function forgetDone(write: (text: string) => Promise<unknown>): Promise<void> {
  await write(FORGET).catch(() => {});
}
