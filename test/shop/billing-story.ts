/** The actions in a Paddle Billing shop, drawn by fast-check. An action that the shop's state does not allow is skipped. */
import fc from '../kit/fast-check.ts';
import { type BillingSetup, billingSetup } from './billing-setup.ts';
import type { Item } from './books.ts';
import { BESIDE, BILLED_PLANS, GOODS, type Ware } from './wares.ts';

type Role = Item['role'];

export interface Buying {
  readonly do: 'buy';
  /** Goods with their quantities. */
  readonly cart: readonly (readonly [path: string, quantity: number])[];
  /** A plan with its quantity; null: none. */
  readonly plan: readonly [path: string, quantity: number] | null;
  /** Another item of its subscription. */
  readonly beside?: readonly [path: string, quantity: number] | null;
  /** A coupon of 100 % on goods. */
  readonly free: boolean;
  readonly trial: boolean;
}

/** Changes of a subscription's items beside the first. */
export type ItemAction =
  | {
      readonly do: 'addItem' | 'editItem';
      readonly subscription: number;
      readonly ware: string;
      readonly quantity: number;
      readonly billed: boolean;
    }
  | { readonly do: 'dropItem'; readonly subscription: number; readonly item: Role };

/** `charge`, `item` and `subscription` are indexes among the existing ones. */
export type BillingAction =
  | Buying
  /** `fate`: what Paddle decides about it, and whether that comes to nothing later. */
  | {
      readonly do: 'refund';
      readonly charge: number;
      readonly item: number;
      readonly how: 'all' | 'item' | 'amount' | 'tax';
      readonly fate: 'approved' | 'rejected' | 'reversed';
    }
  | { readonly do: 'chargeback' | 'warn' | 'win' | 'credit'; readonly charge: number }
  /** `ware` null: the quantity alone. */
  | {
      readonly do: 'edit';
      readonly subscription: number;
      readonly ware: string | null;
      readonly quantity: number;
      readonly billed: boolean;
    }
  | { readonly do: 'charge'; readonly subscription: number; readonly ware: string }
  | ItemAction
  | {
      readonly do:
        | 'pause'
        | 'pauseNow'
        | 'resume'
        | 'cancel'
        | 'uncancel'
        | 'endNow'
        | 'failCard'
        | 'mendCard'
        | 'touch'
        | 'storeCard';
      readonly subscription: number;
    };

export interface BillingStep {
  /** Days since the step before. */
  readonly after: number;
  readonly action: BillingAction;
}

export interface BillingStory {
  readonly setup: BillingSetup;
  readonly steps: readonly BillingStep[];
}

export const place = fc.nat(9);
export const units = fc.integer({ min: 1, max: 3 });

const seldom = fc.oneof(
  { weight: 7, arbitrary: fc.constant(false) },
  { weight: 1, arbitrary: fc.constant(true) },
);

export function paths(wares: readonly Ware[]): fc.Arbitrary<string> {
  return fc.constantFrom(...wares.map(({ path }) => path));
}

export const buy: fc.Arbitrary<Buying> = fc.record({
  do: fc.constant('buy' as const),
  cart: fc.uniqueArray(fc.tuple(paths(GOODS), units), { maxLength: 2, selector: ([path]) => path }),
  plan: fc.option(fc.tuple(paths(BILLED_PLANS), units), { nil: null, freq: 4 }),
  free: seldom,
  trial: seldom,
  beside: fc.option(fc.tuple(paths(BESIDE), units), { nil: null, freq: 3 }),
});

export const ofItems: fc.Arbitrary<ItemAction> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('addItem' as const, 'editItem' as const),
      subscription: place,
      ware: paths(BESIDE),
      quantity: units,
      billed: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('dropItem' as const),
      subscription: place,
      item: fc.constantFrom('main' as const, 'companion' as const),
    }),
  },
);

const action: fc.Arbitrary<BillingAction> = fc.oneof(
  { weight: 4, arbitrary: buy },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('refund' as const),
      charge: place,
      item: place,
      how: fc.constantFrom('all' as const, 'item' as const, 'amount' as const, 'tax' as const),
      fate: fc.constantFrom(
        'approved' as const,
        'approved' as const,
        'rejected' as const,
        'reversed' as const,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('chargeback' as const, 'warn' as const, 'win' as const, 'credit' as const),
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
        'pause' as const,
        'pauseNow' as const,
        'resume' as const,
        'cancel' as const,
        'uncancel' as const,
        'endNow' as const,
        'failCard' as const,
        'mendCard' as const,
        'touch' as const,
        'storeCard' as const,
      ),
      subscription: place,
    }),
  },
);

const steps = fc
  .tuple(buy, fc.array(fc.record({ after: fc.nat(45), action }), { maxLength: 9 }))
  .map(([first, more]): BillingStep[] => [{ after: 0, action: first }, ...more]);

export const billingStory: fc.Arbitrary<BillingStory> = fc.record({ setup: billingSetup, steps });
