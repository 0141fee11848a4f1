/**
 * A lane: one connection with one group of acts under way. Acts that arrive meanwhile are in the next group, without a
 * timer. A group needs two round trips. The first locks its names, takes a pen and loads all rows that its acts can touch.
 * The acts run in working memory. The second round trip writes the changed rows and commits.
 */
import { randomUUID } from 'node:crypto';
import { AppError } from '../../../errors.ts';
import { ITS_MARKET, inMarket } from '../loads.ts';
import { type GroupNeed, groupNeed, type Holding, holding, type Need, NOTHING_HELD } from '../needs.ts';
import { References } from '../references.ts';
import { changedLists, oneStatement, requireCounts, saveStatements, withGroup } from '../save.ts';
import type { ChangedRows } from '../table-memory.ts';
import type { Workspace } from '../workspace.ts';
import { type Hosts, type Session, SILENCE_MILLISECONDS } from './connection.ts';
import { keepResults, mayBeDone, noteDone, settleDone } from './done-acts.ts';
import { isLost, isRepeatable, isUndone } from './ledger-error.ts';
import type { Query, Rows } from './query.ts';
import { missedRows } from './repeat.ts';
import { type Act, runGroup } from './run-group.ts';
import { beginWrite, COMMIT, keptToWrite } from './session-settings.ts';
import { TIME_ROW } from './shared-clock.ts';

/** Limits what one transaction locks and writes. */
export const LARGEST_GROUP = 256;

/** A marketplace's timeout is 10 seconds. */
export const PATIENCE_MILLISECONDS = 3000;

/** The locks of a group, its pen, and the rows of its names (schema-loads.ts); then the time, which is read behind the locks. */
const BEGIN_GROUP = `
  SELECT * FROM begin_group($1::text[], $2::text[], $3::bigint, $4, $5) UNION ALL ${TIME_ROW}`;

/**
 * The same with first sales. The names of those that are known already are left out, so that a repeat locks nothing; what is
 * sold between this search and its lock is found after the lock. $7: the group has nothing else, and a group of repeats
 * alone takes no pen.
 */
const BEGIN_SALES = `
  SELECT g.* FROM (
    SELECT $1::text[] || ARRAY(
      SELECT n.name FROM json_to_recordset($6::json) AS k("order" text, product text, marketplace text, mode text, names json),
        LATERAL json_array_elements_text(k.names) AS n(name)
      WHERE NOT EXISTS (
        SELECT FROM license l
        WHERE l.order_id = k."order" AND l.product = k.product AND ${inMarket('l', ITS_MARKET)} OFFSET 0)) AS names
    OFFSET 0) AS s, LATERAL begin_group(s.names, $2::text[], $3::bigint, $4, $5) AS g
  WHERE NOT $7 OR cardinality(s.names) > 0
  UNION ALL ${TIME_ROW}`;

export type ObserveCommit = (acts: number, seconds: number) => void;

export interface LaneOptions {
  readonly hosts: Hosts;
  /** Makes the lane's working memory. `held`: what the present try holds. */
  readonly makeWorkspace: (held: () => Holding) => Workspace;
  /** Separates the locks of this ledger from those of others in the same database. */
  readonly lockSeed: string;
  readonly announces: boolean;
  readonly observe: ObserveCommit;
}

export class WriteLane {
  readonly #options: LaneOptions;
  readonly #workspace: Workspace;
  readonly #references = new References();
  #held = NOTHING_HELD;
  #session: Session | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#workspace = options.makeWorkspace(() => this.#held);
  }

  get isOpen(): boolean {
    return this.#session?.isLost === false;
  }

  /** Runs a group; settles each of its acts. */
  run(group: readonly Act[]): Promise<void> {
    return runGroup(
      {
        transact: (acts, found) => this.#transact(acts, found),
        settleDone: (acts) => settleDone(acts, (text, values) => this.#ask(text, values)),
        heldByOthers: (names) => this.#heldByOthers(names),
      },
      group,
    );
  }

  async close(): Promise<void> {
    await this.#session?.close();
    this.#workspace.close();
  }

  async #transact(group: readonly Act[], found: readonly Need[]): Promise<void> {
    const start = performance.now();
    const session = await this.#open();
    const workspace = this.#workspace;
    let results: readonly unknown[] = [];
    let changes: readonly ChangedRows[];
    try {
      const pen = await this.#load(session, groupNeed([...group.map(({ need }) => need), ...found]));
      workspace.note();
      results = group.map(({ run }) => run(workspace.components));
      workspace.components.daily.beforeCommit();
      workspace.components.pen.beforeCommit();
      changes = workspace.changes();
      await this.#save(session, group, changes, pen);
    } catch (error) {
      if (results.length > 0 && !isUndone(error)) keepResults(group, results);
      workspace.end();
      this.#afterRollback();
      // A standby takes no writes: the next connection is to another host.
      if (isLost(error)) await session.close();
      else await session.rollback();
      throw error;
    }
    workspace.end();
    workspace.components.pen.afterCommit();
    workspace.components.daily.afterCommit();
    workspace.components.outbox.table.afterCommit();
    if (changes.length > 0) this.#options.observe(group.length, (performance.now() - start) / 1000);
    for (const [place, { resolve }] of group.entries()) resolve(results[place] as never);
  }

  /** Returns the number of the pen. */
  async #load(session: Session, need: GroupNeed): Promise<number> {
    this.#workspace.begin();
    const { loads } = need;
    const begin = beginWrite(session.isKept);
    const answers = await session.all([
      ...begin,
      this.#beginGroup(need),
      // After the locks, in statements of their own: they see what was committed while the locks waited.
      ...loads.map(({ text, json }): Query => ({ text, values: [json] })),
    ]);
    const [group, ...rows] = answers.slice(begin.length).map((answer) => answer.rows);
    this.#held = holding(this.#workspace.loadMany(group ?? []), loads, need.locks);
    for (const [place, { table }] of loads.entries()) this.#workspace.load(table, rows[place] ?? []);
    const pen = group?.find(({ table }) => table === 'pen')?.['row'];
    if (pen === null) throw new AppError('ledger_unavailable', 'Every pen of the ledger is in use.');
    return Number(Object(pen).pen);
  }

  #beginGroup({ names, locks, firsts, isOfFirsts, wholeHistory }: GroupNeed): Query {
    const { announces, lockSeed } = this.#options;
    const values = [names, locks, lockSeed, wholeHistory, announces];
    return firsts.length === 0
      ? { text: BEGIN_GROUP, values }
      : { text: BEGIN_SALES, values: [...values, JSON.stringify(firsts), isOfFirsts] };
  }

  async #save(
    session: Session,
    acts: readonly Act[],
    changes: readonly ChangedRows[],
    pen: number,
  ): Promise<void> {
    // A run that found nothing to do may have found what an earlier run did: its row tells.
    if (changes.length === 0 && !mayBeDone(acts)) {
      await session.all([COMMIT]);
      return;
    }
    await this.#references.require(session, changes);
    const group = randomUUID();
    const lists = this.#listStatements(changes);
    const writes = withGroup([...noteDone(acts), ...saveStatements(changes)], group, pen);
    try {
      const answers = await session.all([...lists, oneStatement(writes), COMMIT]);
      requireCounts(writes, answers.at(-2)?.rows[0]);
      if (answers.at(-1)?.command !== 'COMMIT') throw new TypeError('the transaction was not committed');
    } catch (error) {
      if (isLost(error) && (await this.#isDone(group, pen))) return;
      throw isRepeatable(error) ? missedRows(error, changes) : error;
    }
  }

  /** A publisher of the list waits until this transaction ends, and then finds the change. */
  #listStatements(changes: readonly ChangedRows[]) {
    const lists = changedLists(changes);
    if (lists.length === 0) return [];
    const names = lists.map(listLock);
    return [
      {
        text: `SELECT pg_advisory_xact_lock_shared(hashtextextended(n, $2::bigint))
          FROM (SELECT n FROM unnest($1::text[]) AS n ORDER BY n COLLATE "C") AS sorted`,
        values: [names, this.#options.lockSeed],
      },
      {
        text: 'UPDATE revocation_list SET changed = 1 WHERE product = ANY ($1::text[]) AND changed = 0',
        values: [lists],
      },
    ];
  }

  /** After a lost COMMIT. The pen's row is locked until the lost transaction has ended. False: not known. */
  async #isDone(group: string, pen: number): Promise<boolean> {
    const [row] = await this.#ask('SELECT last_group FROM pen WHERE pen = $1 FOR UPDATE', [pen]);
    return row?.['last_group'] === group;
  }

  async #heldByOthers(names: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#ask(
      `SELECT n FROM unnest($1::text[]) AS n
        WHERE NOT pg_try_advisory_xact_lock(hashtextextended(n, $2::bigint))`,
      [names, this.#options.lockSeed],
    );
    return new Set(rows.map(({ n }) => String(n)));
  }

  /** The rows of a transaction of its own; none if it fails. */
  async #ask(text: string, values: readonly unknown[]): Promise<Rows> {
    let session: Session | undefined;
    try {
      session = await this.#open();
      const begin = beginWrite(session.isKept);
      const answers = await session.all([...begin, { text, values }, COMMIT]);
      return answers[begin.length]?.rows ?? [];
    } catch {
      await session?.rollback();
      return [];
    }
  }

  async #open(): Promise<Session> {
    if (this.#session?.isLost === false) return this.#session;
    await this.#session?.close();
    const session = await this.#options.hosts.connect({ silence: SILENCE_MILLISECONDS });
    this.#references.forget();
    this.#session = session;
    await session.keep(keptToWrite);
    return session;
  }

  #afterRollback(): void {
    const { pen, daily, soldTerms, outbox } = this.#workspace.components;
    pen.afterRollback();
    daily.afterRollback();
    soldTerms.afterRollback();
    outbox.table.afterRollback();
  }
}

/** The name that publishers and writers of a revocation list lock. */
export function listLock(product: string): string {
  return `- - list:${product}`;
}
