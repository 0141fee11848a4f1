/** The actions in a Lemon Squeezy shop, drawn by fast-check. An action that the shop's state does not allow is skipped. */
import fc from '../kit/fast-check.ts';
import type { BillingAction } from './billing-story.ts';
import { GOODS, PLANS, type Ware } from './wares.ts';

/** The differences between shops, and undocumented behavior. */
export interface LemonSetup {
  /** Which events tell that the first charge of a subscription went back: not documented. */
  readonly tellsRefunds: 'order' | 'invoice' | 'both';
  /** A trial's subscription has no item. */
  readonly hidesTrials: boolean;
  /** `subscription_updated` and `subscription_payment_recovered` come beside the others. */
  readonly noise: boolean;
}

/** `charge` and `subscription` are indexes among the existing ones. */
export type LemonAction =
  /** One item an order: the others are not in its event. */
  | {
      readonly do: 'buy';
      readonly ware: string;
      readonly quantity: number;
      /** A coupon of 100 % on goods. */
      readonly free: boolean;
      readonly trial: boolean;
      /** The store judges it fraudulent before its event is told. */
      readonly judged?: boolean;
    }
  /** Judged fraudulent later. */
  | { readonly do: 'judge'; readonly charge: number }
  | { readonly do: 'refund'; readonly charge: number; readonly how: 'all' | 'amount' }
  | Extract<BillingAction, { do: 'edit' }>
  | {
      readonly do:
        | 'pauseNow'
        | 'resume'
        | 'cancel'
        | 'uncancel'
        | 'endNow'
        | 'failCard'
        | 'mendCard'
        | 'touch';
      readonly subscription: number;
    };

export interface LemonStory {
  readonly setup: LemonSetup;
  /** `after`: days since the step before. */
  readonly steps: readonly { readonly after: number; readonly action: LemonAction }[];
}

const place = fc.nat(9);
const units = fc.integer({ min: 1, max: 3 });
const seldom = fc.nat(7).map((drawn) => drawn === 7);

function paths(wares: readonly Ware[]): fc.Arbitrary<string> {
  return fc.constantFrom(...wares.map(({ path }) => path));
}

const buy: fc.Arbitrary<LemonAction> = fc.record({
  do: fc.constant('buy' as const),
  ware: paths([...GOODS, ...PLANS]),
  quantity: units,
  free: seldom,
  trial: seldom,
  judged: fc.nat(15).map((drawn) => drawn === 15),
});

const action: fc.Arbitrary<LemonAction> = fc.oneof(
  { weight: 4, arbitrary: buy },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('refund' as const),
      charge: place,
      how: fc.constantFrom('all' as const, 'amount' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('judge' as const), charge: place }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      subscription: place,
      ware: fc.option(paths(PLANS), { nil: null }),
      quantity: units,
      billed: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'pauseNow' as const,
        'resume' as const,
        'cancel' as const,
        'uncancel' as const,
        'endNow' as const,
        'failCard' as const,
        'mendCard' as const,
        'touch' as const,
      ),
      subscription: place,
    }),
  },
);

export const lemonStory: fc.Arbitrary<LemonStory> = fc.record({
  setup: fc.record({
    tellsRefunds: fc.constantFrom('order' as const, 'invoice' as const, 'both' as const),
    hidesTrials: fc.boolean(),
    noise: fc.boolean(),
  }),
  steps: fc
    .tuple(buy, fc.array(fc.record({ after: fc.nat(45), action }), { maxLength: 9 }))
    .map(([first, more]) => [{ after: 0, action: first }, ...more]),
});
