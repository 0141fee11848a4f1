/** The actions in a Stripe shop, drawn by fast-check. An action that the shop's state does not allow is skipped. */
import fc from '../kit/fast-check.ts';
import { type Buying, buy, type ItemAction, ofItems, paths, place, units } from './billing-story.ts';
import { type StripeSetup, stripeSetup } from './stripe-setup.ts';
import { BILLED_PLANS, GOODS } from './wares.ts';

/** `charge`, `item` and `subscription` are indexes among the existing ones. */
export type StripeAction =
  | Buying
  /** Goods by a bank debit, whose money comes later, or not. */
  | { readonly do: 'buyByDebit'; readonly cart: Buying['cart']; readonly isPaid: boolean }
  /** `fails`: the bank sends the money back later. */
  | {
      readonly do: 'refund';
      readonly charge: number;
      readonly item: number;
      readonly how: 'all' | 'item' | 'amount';
      readonly fails: boolean;
    }
  | { readonly do: 'dispute' | 'win' | 'lose' | 'inquire'; readonly charge: number }
  /** `ware` null: the quantity alone. */
  | {
      readonly do: 'edit';
      readonly subscription: number;
      readonly ware: string | null;
      readonly quantity: number;
      readonly billed: boolean;
      /** The card fails for it at first. */
      readonly fails: boolean;
    }
  | { readonly do: 'charge'; readonly subscription: number; readonly ware: string }
  | ItemAction
  | {
      readonly do:
        | 'cancel'
        | 'uncancel'
        | 'endNow'
        | 'failCard'
        | 'mendCard'
        | 'touch'
        | 'stopCollecting'
        | 'collect';
      readonly subscription: number;
    };

export interface StripeStory {
  readonly setup: StripeSetup;
  readonly steps: readonly { readonly after: number; readonly action: StripeAction }[];
}

const action: fc.Arbitrary<StripeAction> = fc.oneof(
  { weight: 4, arbitrary: buy },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('buyByDebit' as const),
      cart: buy.map(({ cart }) => cart),
      isPaid: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('refund' as const),
      charge: place,
      item: place,
      how: fc.constantFrom('all' as const, 'item' as const, 'amount' as const),
      fails: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('dispute' as const, 'win' as const, 'lose' as const, 'inquire' as const),
      charge: place,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      subscription: place,
      ware: fc.option(paths(BILLED_PLANS), { nil: null }),
      quantity: units,
      billed: fc.boolean(),
      fails: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('charge' as const), subscription: place, ware: paths(GOODS) }),
  },
  { weight: 2, arbitrary: ofItems },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'cancel' as const,
        'uncancel' as const,
        'endNow' as const,
        'failCard' as const,
        'mendCard' as const,
        'touch' as const,
        'stopCollecting' as const,
        'collect' as const,
      ),
      subscription: place,
    }),
  },
);

const steps = fc
  .tuple(buy, fc.array(fc.record({ after: fc.nat(45), action }), { maxLength: 9 }))
  .map(([first, more]): StripeStory['steps'] => [{ after: 0, action: first }, ...more]);

export const stripeStory: fc.Arbitrary<StripeStory> = fc.record({ setup: stripeSetup, steps });
