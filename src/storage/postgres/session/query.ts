/** A statement, and what it answers. */
export type Rows = readonly Readonly<Record<string, unknown>>[];

export interface Query {
  readonly text: string;
  readonly values?: readonly unknown[];
}

export interface Answer {
  readonly rows: Rows;
  /** The rows that a statement wrote. */
  readonly count: number;
  /** Such as COMMIT or ROLLBACK. */
  readonly command: string;
}
