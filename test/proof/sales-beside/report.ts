/** What sell.ts prints. */
export interface SalesReport {
  /** Milliseconds of each sale. */
  readonly alone: readonly number[];
  readonly beside: readonly number[];
  /** For each block beside: whether calls still hung at its end. */
  readonly hung: readonly boolean[];
}
