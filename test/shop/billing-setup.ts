/** The differences between Paddle Billing accounts: settings of the seller, and undocumented behavior. */
import fc from '../kit/fast-check.ts';

export interface BillingSetup {
  /** After the last retry: the seller's recovery setting. */
  readonly outOfRetries: 'pause' | 'cancel';
  /** Adjustments have a `type` (2025); in captures of 2024 they have none. */
  readonly typesAdjustments: boolean;
  /** `transaction.updated` repeats a completed transaction. */
  readonly repeatsCompleted: boolean;
  /** The subscription is told before its transaction, as captured, or after it. */
  readonly tellsFirst: 'subscription' | 'transaction';
  /** Events of types without licenses come too. */
  readonly noise: boolean;
}

export const billingSetup: fc.Arbitrary<BillingSetup> = fc.record({
  outOfRetries: fc.constantFrom('pause' as const, 'cancel' as const),
  typesAdjustments: fc.boolean(),
  repeatsCompleted: fc.boolean(),
  tellsFirst: fc.constantFrom('subscription' as const, 'transaction' as const),
  noise: fc.boolean(),
});
