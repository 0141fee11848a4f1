/** The settings of the transactions of the ledger. */
import type { Query } from './query.ts';

/**
 * How bytes and texts of statements are written, and what a statement alone sees: a role or a database may have it otherwise.
 */
const meanings = (isLocal: boolean) => `
    set_config('bytea_output', 'hex', ${isLocal}), set_config('standard_conforming_strings', 'on', ${isLocal}),
    set_config('default_transaction_isolation', 'read committed', ${isLocal})`;

/**
 * None is left to a role or a pooler. An act waits at most a second for a name, and no transaction stays open when its
 * instance stands still. JIT and a plan for each value cost more than the reads.
 */
const settings = (statementMilliseconds: number, more: string, isLocal: boolean): Query => ({
  text: `
  SELECT set_config('statement_timeout', '${statementMilliseconds}', ${isLocal}), set_config('lock_timeout', '1000', ${isLocal}),
    set_config('idle_in_transaction_session_timeout', '${statementMilliseconds === 0 ? 0 : 2000}', ${isLocal}), set_config('jit', 'off', ${isLocal}),
    set_config('plan_cache_mode', 'force_generic_plan', ${isLocal}), set_config('synchronous_commit', 'on', ${isLocal}),${meanings(isLocal)}${more}`,
});

/** A plan that was made while a table was empty is kept: it must use the indexes that the table will need. */
const byIndex = (isLocal: boolean) => `, set_config('enable_seqscan', 'off', ${isLocal}),
    set_config('enable_hashjoin', 'off', ${isLocal}), set_config('enable_mergejoin', 'off', ${isLocal})`;

/** One statement loads a group, another saves it: an order of a thousand units too. As long as an act may take in all. */
const WRITE_MILLISECONDS = 3000;

/** For a connection of its own: its transactions then need no statement for them. */
export const keptToWrite: Query = settings(WRITE_MILLISECONDS, byIndex(false), false);

export function keptToRead(milliseconds: number): Query {
  return settings(milliseconds, byIndex(false), false);
}

/** `isKept`: the connection keeps the settings. */
export function beginWrite(isKept: boolean): readonly Query[] {
  return isKept ? [BEGIN] : [BEGIN, settings(WRITE_MILLISECONDS, byIndex(true), true)];
}

/** One state of the ledger for all statements; lists may read whole tables. 0: it takes its own time, between them too. */
export function beginList(milliseconds: number): readonly Query[] {
  return [SNAPSHOT, settings(milliseconds, '', true)];
}

export function beginRead(milliseconds: number): readonly Query[] {
  return [SNAPSHOT, settings(milliseconds, byIndex(true), true)];
}

/** For what makes, moves and copies a ledger: it waits for others that do, and takes its own time. */
export const SCHEMA_SETTINGS: Query = {
  text: `SELECT set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true),
    set_config('idle_in_transaction_session_timeout', '0', true),${meanings(true)}`,
};

/**
 * One state of the ledger, taken once nobody writes. A SELECT takes the state, so none may come before the lock has waited
 * for the groups that are under way; a SET takes none.
 */
export const BEGIN_MOVE: readonly Query[] = [
  { text: 'BEGIN ISOLATION LEVEL REPEATABLE READ' },
  { text: 'SET LOCAL statement_timeout = 0' },
  { text: 'SET LOCAL lock_timeout = 0' },
  { text: 'LOCK TABLE pen IN EXCLUSIVE MODE' },
  SCHEMA_SETTINGS,
];

/** Each statement sees what was committed while the one before it waited for a lock: not left to a role either. */
export const BEGIN: Query = { text: 'BEGIN ISOLATION LEVEL READ COMMITTED' };
const SNAPSHOT: Query = { text: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY' };
export const COMMIT: Query = { text: 'COMMIT' };
