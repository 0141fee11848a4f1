/** What differs from one Paddle account to the next: settings of the seller, and what Paddle does not document. */
import fc from 'fast-check';

export interface PaddleSetup {
  /** Fulfillment is set up for plans too: a one-off action that Paddle enables on request. */
  readonly asksForPlans: boolean;
  /** Out of retries: the seller's recovery setting. */
  readonly outOfRetries: 'pause' | 'cancel';
  /** `new_quantity` is in `subscription_updated` (fields-paddle-classic.md, 1.5: older pages, with quantity enabled only). */
  readonly tellsQuantity: boolean;
  /** `status` while a pause is announced (1.7, 8.4: not documented). */
  readonly announcedPauseIs: 'active' | 'paused';
  /** Another `subscription_updated` comes on `paused_from` (8.4). */
  readonly tellsPauseBegins: boolean;
  /** What `next_bill_date` is while past due (8.9). */
  readonly pastDueShows: 'old date' | 'next retry';
  /** `refund_type` of the last of several refunds that reach the total (8.7). */
  readonly lastRefundIs: 'full' | 'partial';
  /** `initial_payment` as the real sender or as the test sender writes it. */
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
  yes: fc.constantFrom('1' as const, 'true' as const),
});
