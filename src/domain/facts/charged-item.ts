/** An item of a charge, as returns name it. */
export interface ChargedItem {
  readonly item: string;
  /** The line that its full return takes; null: a person decides about a return of this item alone. */
  readonly line: string | null;
}
