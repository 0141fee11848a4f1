/** The differences between FastSpring accounts: settings of the seller, and undocumented behavior. */
import fc from '../kit/fast-check.ts';

export interface Setup {
  /** Webhook expansion: without it, a charge has only the ids of its order and its subscription. */
  readonly expands: boolean;
  /** With expansion, an order has its items' subscriptions whole, and a subscription its product. */
  readonly nests: boolean;
  /** A "Rebills Only" license fulfillment is set up. */
  readonly asksAtRebills: boolean;
  /** A proration requests licenses too (fields-fastspring.md, 13.6: not documented). */
  readonly asksAtProrations: boolean;
  /** The content of `subscription.updated` between an edit and its date (13.2: not documented). */
  readonly editShows: 'new' | 'old';
  /** Another `subscription.updated` comes at that date (13.2). */
  readonly tellsEditAgain: boolean;
  /** The `created` of a prorated edit is after the `timestamp` of its charge (neither order is documented). */
  readonly tellsEditAfterCharge: boolean;
  /** `subscription.updated` of a prorated edit never comes: its charge alone tells it, where it shows the subscription as it is. */
  readonly losesProratedEdits: boolean;
  /** How an add-on is bought for a subscription later (13.1: not documented). */
  readonly addOnIs: 'an order of its own' | 'a proration' | 'a charge';
  /** `quantity` of a proration's item (13.2: not documented). */
  readonly prorationNames: 'all units' | 'changed units';
  /** The subscription in a proration's charge, as it is or as it was before (captures of dates differ). */
  readonly prorationShows: 'new' | 'old';
  /** What tells the credit of a prorated downgrade (12: refunded or credited, by which event is not documented). */
  readonly creditIs: 'a charge of 0' | 'not told' | 'a return';
  /** A prorated change of the interval begins a period at once, or keeps the date of the next charge (not documented). */
  readonly intervalBegins: 'at the change' | 'at the next charge';
  /** `subscription.paused` also comes when a pause begins, not only when it is scheduled (1.3: pages differ). */
  readonly tellsPauseBegins: boolean;
  /** `subscription.resumed` comes where a pause ends by itself (1.6: not documented). */
  readonly tellsPauseEnds: boolean;
  /** A withdrawn scheduled pause is charged at once (9: pages differ). */
  readonly withdrawalCharges: boolean;
  /** `deactivationDate` is the day of the next charge, or the day before (9: captures differ). */
  readonly endsOnNext: boolean;
  /** `sequence` restarts after a pause (12: not documented). */
  readonly restartsSequence: boolean;
  /** `subtotal` of orders and items is told before their discounts (4: page and capture differ). */
  readonly subtotalIs: 'before discounts' | 'after discounts';
  /** `refundType` of some units of several (13.4: not documented). */
  readonly unitReturnIs: 'Full Refund' | 'not told';
  /** `processorCaseId` of chargebacks: in the page's sample it is there. */
  readonly namesCases: boolean;
  /** Orders have the codes that were answered for their items, as far as there are some yet. */
  readonly tellsCodes: boolean;
  /** Events of types without licenses come too. */
  readonly noise: boolean;
}

export const setup: fc.Arbitrary<Setup> = fc.record({
  // First, as in most accounts: shrinking ends here.
  expands: fc.nat(3).map((number) => number < 3),
  nests: fc.boolean(),
  asksAtRebills: fc.boolean(),
  asksAtProrations: fc.boolean(),
  editShows: fc.constantFrom('new' as const, 'old' as const),
  tellsEditAgain: fc.boolean(),
  tellsEditAfterCharge: fc.boolean(),
  losesProratedEdits: fc.nat(3).map((number) => number === 3),
  addOnIs: fc.constantFrom('an order of its own' as const, 'a proration' as const, 'a charge' as const),
  prorationNames: fc.constantFrom('all units' as const, 'changed units' as const),
  prorationShows: fc.constantFrom('new' as const, 'old' as const),
  creditIs: fc.oneof(
    { weight: 2, arbitrary: fc.constant('a charge of 0' as const) },
    { weight: 1, arbitrary: fc.constantFrom('not told' as const, 'a return' as const) },
  ),
  intervalBegins: fc.constantFrom('at the change' as const, 'at the next charge' as const),
  tellsPauseBegins: fc.boolean(),
  tellsPauseEnds: fc.boolean(),
  withdrawalCharges: fc.boolean(),
  endsOnNext: fc.boolean(),
  restartsSequence: fc.boolean(),
  subtotalIs: fc.constantFrom('after discounts' as const, 'before discounts' as const),
  unitReturnIs: fc.constantFrom('not told' as const, 'Full Refund' as const),
  namesCases: fc.nat(3).map((number) => number < 3),
  tellsCodes: fc.boolean(),
  noise: fc.boolean(),
});
