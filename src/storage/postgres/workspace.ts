/**
 * The working memory of a group of acts: the ledger's schema in an SQLite database in memory. It holds the rows that were
 * loaded for the group, and the acts of both databases run in it by the same statements. Nothing in it outlives the group.
 */
import Database from 'better-sqlite3';
import type { ServiceRules } from '../../domain/rules.ts';
import { type Components, createComponents, type Guards } from '../sqlite/components.ts';
import type { Connection } from '../sqlite/file/connection.ts';
import { migrate } from '../sqlite/file/open.ts';
import { listenToInserts } from '../sqlite/insert.ts';
import { MANY } from './loads.ts';
import type { Rows } from './session/query.ts';
import { type SharedClock, TIME } from './session/shared-clock.ts';
import { type ChangedRows, type Row, TableMemory } from './table-memory.ts';
import { TABLES } from './tables.ts';

export interface WorkspaceOptions {
  readonly idSecret: Uint8Array;
  readonly rules: ServiceRules | undefined;
  readonly now: () => number;
  /** Told the time by the rows that are loaded. */
  readonly clock: SharedClock;
  /** Told before rows are read that may not be loaded. */
  readonly guards: Guards;
}

export class Workspace {
  readonly components: Components;
  readonly #connection: Connection;
  readonly #clock: SharedClock;
  readonly #begin;
  readonly #rollback;
  readonly #tables: ReadonlyMap<string, TableMemory | undefined>;
  #isNoting = false;

  constructor({ idSecret, rules, now, clock, guards }: WorkspaceOptions) {
    const connection = new Database(':memory:');
    migrate(connection, idSecret);
    // A row may be loaded without the rows that it refers to.
    connection.pragma('foreign_keys = OFF');
    for (const table of ['identity', 'schema_version', ...TABLES.map(({ name }) => name)]) {
      connection.exec(`DELETE FROM ${table}`);
    }
    this.#connection = connection;
    this.#clock = clock;
    this.#begin = connection.prepare('BEGIN');
    this.#rollback = connection.prepare('ROLLBACK');
    const memories: TableMemory[] = [];
    // Asked by the triggers of each table.
    connection.function('noting', (place) => {
      if (this.#isNoting) memories[Number(place)]?.touch();
      return Number(this.#isNoting);
    });
    for (const [place, table] of TABLES.entries()) memories.push(new TableMemory(connection, table, place));
    this.#tables = new Map(TABLES.map(({ name }, place) => [name, memories[place]]));
    listenToInserts(connection, (name) => {
      const memory = this.#tables.get(name);
      return memory && ((row) => memory.noteInserted(row as Row));
    });
    const write = () => Promise.reject(new TypeError('acts in working memory are synchronous'));
    const outboxTime = (time: number) => clock.at(time);
    this.components = createComponents(connection, {
      idSecret,
      rules,
      now,
      outboxTime,
      write,
      guards,
      dailyBatch: 1,
    });
  }

  /** Begins a group; `end` must follow. */
  begin(): void {
    this.#begin.run();
  }

  /** Rows that were loaded twice are the same rows. `table`: MANY for rows of several tables. */
  load(table: string, rows: readonly Row[]): void {
    if (table === MANY) this.loadMany(rows);
    else this.#memoryOf(table).load(rows);
  }

  /** Rows of several tables, as JSON. Returns the names that the database held for them. */
  loadMany(rows: Rows): readonly string[] {
    let held: readonly string[] = [];
    for (const { table, row } of rows) {
      if (table === 'held') held = row as readonly string[];
      else if (table === TIME) this.#clock.note(Number(row));
      else if (row !== null) this.#memoryOf(String(table)).load([row as Row]);
    }
    return held;
  }

  /** From now on changes are noted. */
  note(): void {
    this.#isNoting = true;
  }

  /** What the group changed, in the order in which it is to be written. */
  changes(): readonly ChangedRows[] {
    this.#isNoting = false;
    return [...this.#tables.values()].flatMap((memory) => memory?.changes() ?? []);
  }

  /** Forgets everything. */
  end(): void {
    this.#isNoting = false;
    for (const memory of this.#tables.values()) memory?.forget();
    this.#rollback.run();
  }

  close(): void {
    this.#connection.close();
  }

  #memoryOf(table: string): TableMemory {
    const memory = this.#tables.get(table);
    if (memory === undefined) throw new TypeError(`no table ${table}`);
    return memory;
  }
}
