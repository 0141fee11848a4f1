/** A change that a payment within a period pays for. */
export interface ChangePaid {
  /** When it was told, milliseconds since 1970-01-01. */
  readonly at: number;
  readonly adds: 'units' | 'product';
}
