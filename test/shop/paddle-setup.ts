/** The differences between Paddle accounts: settings of the seller, and undocumented behavior. */
import fc from '../kit/fast-check.ts';

export interface PaddleSetup {
  /** Fulfillment is set up for plans too: Paddle enables it on request. */
  readonly asksForPlans: boolean;
  /** After the last retry: the seller's recovery setting. */
  readonly outOfRetries: 'pause' | 'cancel';
  /** `new_quantity` is in `subscription_updated` (fields-paddle-classic.md, 1.5: older pages, with quantity enabled only). */
  readonly tellsQuantity: boolean;
  /** `status` while a pause is scheduled (1.7, 8.4: not documented). */
  readonly announcedPauseIs: 'active' | 'paused';
  /** Another `subscription_updated` comes on `paused_from` (8.4). */
  readonly tellsPauseBegins: boolean;
  /** The value of `next_bill_date` in past due (8.9). */
  readonly pastDueShows: 'old date' | 'next retry';
  /** `refund_type` of the last of several refunds that reach the total (8.7). */
  readonly lastRefundIs: 'full' | 'partial';
  /** `quantity` of a payment within a period, for a change or an extra (8.6: not documented). */
  readonly extrasAreFor: 'all units' | 'one';
  /** What a change of the billing interval is charged at once: prorated is the default, by the seller's choice it is not. */
  readonly newIntervalCosts: 'all' | 'less the rest';
  /** `initial_payment` as written by the real sender or the test sender. */
  readonly yes: '1' | 'true';
}

export const paddleSetup: fc.Arbitrary<PaddleSetup> = fc.record({
  asksForPlans: fc.boolean(),
  outOfRetries: fc.constantFrom('pause' as const, 'cancel' as const),
  tellsQuantity: fc.boolean(),
  announcedPauseIs: fc.constantFrom('active' as const, 'paused' as const),
  tellsPauseBegins: fc.boolean(),
  pastDueShows: fc.constantFrom('old date' as const, 'next retry' as const),
  lastRefundIs: fc.constantFrom('full' as const, 'partial' as const),
  extrasAreFor: fc.constantFrom('all units' as const, 'one' as const),
  newIntervalCosts: fc.constantFrom('all' as const, 'less the rest' as const),
  yes: fc.constantFrom('1' as const, 'true' as const),
});
