/** The differences between Stripe accounts: settings of the seller, and what Stripe leaves open. */
import fc from '../kit/fast-check.ts';

export interface StripeSetup {
  /** After the last retry: the seller's setting. */
  readonly outOfRetries: 'cancel' | 'unpaid';
  /** The subscription and its invoice are told before the session, or after it. */
  readonly tellsFirst: 'subscription' | 'session';
  /** Whether the session of a first invoice is found by the API, beside the session's own event. */
  readonly looksUpInvoices: boolean;
  /** The event of a renewal states a proration alone: the line of the period is left out, and fetched. */
  readonly leavesLinesOut: boolean;
  /** Events of types without licenses come too. */
  readonly noise: boolean;
}

export const stripeSetup: fc.Arbitrary<StripeSetup> = fc.record({
  outOfRetries: fc.constantFrom('cancel' as const, 'unpaid' as const),
  tellsFirst: fc.constantFrom('subscription' as const, 'session' as const),
  looksUpInvoices: fc.boolean(),
  leavesLinesOut: fc.boolean(),
  noise: fc.boolean(),
});
