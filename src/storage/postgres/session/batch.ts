/** Statements that are sent by one write with one Sync, so that the server answers all of them at once. */
import type pg from 'pg';
import type { Answer, Query } from './query.ts';

/** A column of an answer. `parse`: of its text. */
interface Column {
  readonly name: string;
  readonly parse: (text: string) => unknown;
}

/** Of the driver, which its type declarations lack. */
export interface Driver {
  /** A value as the protocol takes it. */
  readonly prepareValue: (value: unknown) => unknown;
  /** Parses the text of a value of a type. */
  readonly parserOf: (type: number) => (text: string) => unknown;
}

/** The prepared statements of one connection, by their text. */
export class Statements {
  readonly #all = new Map<string, Statement>();

  of(text: string): Statement {
    const known = this.#all.get(text);
    if (known !== undefined) return known;
    const made = { name: `m${this.#all.size}`, isPrepared: false, columns: undefined };
    this.#all.set(text, made);
    return made;
  }
}

interface Statement {
  /** Empty: it is prepared for one use. */
  readonly name: string;
  isPrepared: boolean;
  /** Undefined: not known yet. They stay: if they changed, the server would refuse the statement. */
  columns: readonly Column[] | undefined;
}

interface Sent {
  readonly query: Query;
  readonly statement: Statement;
}

const NO_VALUES: readonly unknown[] = [];
const NO_COLUMNS: readonly Column[] = [];

/** The driver calls its methods `submit` and `handle…`. */
export class Batch implements pg.Submittable {
  /** All answers, or the error of the statement that failed: those behind it were not run. */
  readonly answered: Promise<readonly Answer[]>;
  readonly queries: readonly Query[];
  readonly #sent: readonly Sent[];
  readonly #driver: Driver;
  readonly #answers: Answer[] = [];
  #rows: Record<string, unknown>[] = [];
  #resolve: (answers: readonly Answer[]) => void = () => {};
  #reject: (error: unknown) => void = () => {};

  /** `statements`: those of the connection; undefined: it keeps none. */
  constructor(queries: readonly Query[], driver: Driver, statements: Statements | undefined) {
    this.queries = queries;
    this.#driver = driver;
    this.#sent = queries.map((query) => {
      const isKept = statements !== undefined && query.values !== undefined && query.values.length > 0;
      return {
        query,
        statement: isKept ? statements.of(query.text) : { name: '', isPrepared: false, columns: undefined },
      };
    });
    this.answered = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: pg.Connection): void {
    const [only, ...others] = this.queries;
    // A text without values may have several statements.
    if (only !== undefined && others.length === 0 && only.values === undefined) {
      connection.query(only.text);
      return;
    }
    connection.stream.cork();
    try {
      for (const each of this.#sent) this.#send(connection, each);
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
  }

  #send(connection: pg.Connection, { query, statement }: Sent): void {
    const { name, isPrepared, columns } = statement;
    if (!isPrepared) {
      // It may be there, if a batch failed that was the first to send it.
      if (name !== '') connection.close({ type: 'S', name }, true);
      connection.parse({ name, text: query.text, types: [] }, true);
    }
    const values = [...(query.values ?? NO_VALUES)] as string[];
    connection.bind({ statement: name, values, valueMapper: this.#driver.prepareValue }, true);
    if (columns === undefined) connection.describe({ type: 'P' }, true);
    connection.execute(null, true);
  }

  handleRowDescription({ fields }: { readonly fields: readonly pg.FieldDef[] }): void {
    const columns = fields.map(({ name, dataTypeID }) => ({
      name,
      parse: this.#driver.parserOf(dataTypeID),
    }));
    const statement = this.#sent[this.#answers.length]?.statement;
    if (statement !== undefined) statement.columns = columns;
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const columns = this.#sent[this.#answers.length]?.statement.columns ?? NO_COLUMNS;
    const row: Record<string, unknown> = {};
    let place = 0;
    for (const { name, parse } of columns) {
      const text = fields[place] ?? null;
      row[name] = text === null ? null : parse(text);
      place += 1;
    }
    this.#rows.push(row);
  }

  /** `text`: such as COMMIT, or INSERT 0 5. */
  handleCommandComplete({ text }: { readonly text: string }): void {
    const [command = ''] = text.split(' ', 1);
    const count = Number(text.slice(text.lastIndexOf(' ') + 1));
    this.#answers.push({ rows: this.#rows, count: Number.isNaN(count) ? 0 : count, command });
    this.#rows = [];
  }

  handleError(error: unknown): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    for (const { statement } of this.#sent) {
      statement.isPrepared = statement.name !== '';
      // It answers no rows.
      statement.columns ??= NO_COLUMNS;
    }
    this.#resolve(this.#answers);
  }
}
