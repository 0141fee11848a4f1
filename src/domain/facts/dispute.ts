/** What a fact states of a dispute of a charge. */
export interface Dispute {
  /** How much of the charge is disputed; absent: all of it. */
  readonly amount?: number;
  readonly currency?: string;
  /** The name of the dispute, the same in all that is told of it. */
  readonly dispute?: string;
}
