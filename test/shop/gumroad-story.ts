/** The actions in a Gumroad shop, drawn by fast-check. An action that the shop's state does not allow is skipped. */
import fc from '../kit/fast-check.ts';
import { GOODS, PLANS, type Ware } from './wares.ts';

/** The differences between shops. */
export interface GumroadSetup {
  /** Pings by the setting and by the API: a sale is told twice. */
  readonly tellsTwice: boolean;
  /** Pings of a subscription come also where nothing changed. */
  readonly noise: boolean;
}

/** `bundle` is an index among the existing ones. */
export type BundleAction =
  | {
      readonly do: 'buyBundle';
      readonly ware: string;
      readonly quantity: number;
      /** The units of each in one bundle. */
      readonly products: readonly (readonly [path: string, units: number])[];
    }
  | {
      readonly do: 'refundBundle' | 'refundPartOfBundle' | 'disputeBundle' | 'winBundle';
      readonly bundle: number;
    };

/** `plan` and `part` are indexes among the existing ones; `part` among those after the first. */
export type PlanAction =
  | {
      readonly do: 'buyByParts';
      readonly ware: string;
      readonly quantity: number;
      readonly parts: number;
    }
  | {
      readonly do: 'stopParts' | 'refundPart' | 'refundPartly';
      readonly plan: number;
      readonly part: number;
    };

/** `charge` and `subscription` are indexes among the existing ones. */
export type GumroadAction =
  | BundleAction
  | PlanAction
  | {
      readonly do: 'buy';
      readonly ware: string;
      readonly quantity: number;
      /** A discount of 100 % on goods. */
      readonly free: boolean;
      readonly trial: boolean;
      /** Of goods: a gift. */
      readonly gift: boolean;
    }
  | { readonly do: 'refund'; readonly charge: number; readonly how: 'all' | 'amount' }
  | { readonly do: 'dispute' | 'win'; readonly charge: number }
  | {
      readonly do: 'edit';
      readonly subscription: number;
      readonly ware: string | null;
      readonly quantity: number;
      /** Charged at once, or with the next period. */
      readonly now: boolean;
    }
  | {
      readonly do: 'cancel' | 'restart' | 'failCard' | 'mendCard' | 'touch';
      readonly subscription: number;
    };

export interface GumroadStory {
  readonly setup: GumroadSetup;
  /** `after`: days since the step before. */
  readonly steps: readonly { readonly after: number; readonly action: GumroadAction }[];
}

const place = fc.nat(9);
const units = fc.integer({ min: 1, max: 3 });
const seldom = fc.nat(7).map((drawn) => drawn === 7);

function paths(wares: readonly Ware[]): fc.Arbitrary<string> {
  return fc.constantFrom(...wares.map(({ path }) => path));
}

const buy: fc.Arbitrary<GumroadAction> = fc.record({
  do: fc.constant('buy' as const),
  ware: paths([...GOODS, ...PLANS]),
  quantity: units,
  free: seldom,
  trial: seldom,
  gift: seldom,
});

const ofBundles: fc.Arbitrary<GumroadAction> = fc.oneof(
  fc.record({
    do: fc.constant('buyBundle' as const),
    ware: paths(GOODS),
    quantity: units,
    products: fc.uniqueArray(fc.tuple(paths(GOODS), units), {
      minLength: 1,
      maxLength: 2,
      selector: ([path]) => path,
    }),
  }),
  fc.record({
    do: fc.constantFrom(
      'refundBundle' as const,
      'refundPartOfBundle' as const,
      'disputeBundle' as const,
      'winBundle' as const,
    ),
    bundle: place,
  }),
);

const ofPlans: fc.Arbitrary<GumroadAction> = fc.oneof(
  fc.record({
    do: fc.constant('buyByParts' as const),
    ware: paths(GOODS),
    quantity: units,
    parts: fc.integer({ min: 2, max: 4 }),
  }),
  fc.record({
    do: fc.constantFrom('stopParts' as const, 'refundPart' as const, 'refundPartly' as const),
    plan: place,
    part: place,
  }),
);

const action: fc.Arbitrary<GumroadAction> = fc.oneof(
  { weight: 3, arbitrary: ofBundles },
  { weight: 3, arbitrary: ofPlans },
  { weight: 4, arbitrary: buy },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('refund' as const),
      charge: place,
      how: fc.constantFrom('all' as const, 'amount' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('dispute' as const, 'win' as const), charge: place }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      subscription: place,
      ware: fc.option(paths(PLANS), { nil: null }),
      quantity: units,
      now: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'cancel' as const,
        'restart' as const,
        'failCard' as const,
        'mendCard' as const,
        'touch' as const,
      ),
      subscription: place,
    }),
  },
);

export const gumroadStory: fc.Arbitrary<GumroadStory> = fc.record({
  setup: fc.record({ tellsTwice: fc.boolean(), noise: fc.boolean() }),
  steps: fc
    .tuple(
      fc.oneof(
        { weight: 4, arbitrary: buy },
        { weight: 1, arbitrary: ofBundles },
        { weight: 1, arbitrary: ofPlans },
      ),
      fc.array(fc.record({ after: fc.nat(45), action }), { maxLength: 9 }),
    )
    .map(([first, more]) => [{ after: 0, action: first }, ...more]),
});
