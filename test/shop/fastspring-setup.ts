/** What differs from one FastSpring account to the next: settings of the seller, and what FastSpring does not document. */
import fc from 'fast-check';

export interface Setup {
  /** Webhook expansion: without it, a charge names its order and its subscription by their ids alone. */
  readonly expands: boolean;
  /** A "Rebills Only" license fulfillment is set up. */
  readonly asksAtRebills: boolean;
  /** A proration asks for licenses too (fields-fastspring.md, 13.6: not documented). */
  readonly asksAtProrations: boolean;
  /** What `subscription.updated` shows between an edit and its date (13.2: not documented). */
  readonly editShows: 'new' | 'old';
  /** Another `subscription.updated` comes at that date (13.2). */
  readonly tellsEditAgain: boolean;
  /** `subscription.paused` comes when a pause begins, beside the one when it is asked for (1.3: pages differ). */
  readonly tellsPauseBegins: boolean;
  /** `subscription.resumed` comes where a pause ends by itself (1.6: not documented). */
  readonly tellsPauseEnds: boolean;
  /** A scheduled pause that is withdrawn is charged at once (9: pages differ). */
  readonly withdrawalCharges: boolean;
  /** `deactivationDate` is the day of the next charge, or the one before it (9: captures differ). */
  readonly endsOnNext: boolean;
  /** `sequence` begins anew behind a pause (12: not documented). */
  readonly restartsSequence: boolean;
  /** Events of types that have nothing to do with licenses come too. */
  readonly noise: boolean;
}

export const setup: fc.Arbitrary<Setup> = fc.record({
  // First, as most accounts have it: what shrinks comes to it.
  expands: fc.nat(5).map((number) => number < 5),
  asksAtRebills: fc.boolean(),
  asksAtProrations: fc.boolean(),
  editShows: fc.constantFrom('new' as const, 'old' as const),
  tellsEditAgain: fc.boolean(),
  tellsPauseBegins: fc.boolean(),
  tellsPauseEnds: fc.boolean(),
  withdrawalCharges: fc.boolean(),
  endsOnNext: fc.boolean(),
  restartsSequence: fc.boolean(),
  noise: fc.boolean(),
});
