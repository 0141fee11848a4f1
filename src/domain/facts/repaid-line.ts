/** Money returned for one line of a charge. */
export interface RepaidLine {
  readonly line: string;
  /** Net amount, in the charge's currency; null: not stated. */
  readonly amount: number | null;
  /** Units returned, as stated; 0: the return states an amount only. */
  readonly quantity: number;
  /** The marketplace says that the whole line was returned. */
  readonly full: boolean;
  /** The subscription that the line was charged for; absent: not stated. */
  readonly subscription?: string;
}
