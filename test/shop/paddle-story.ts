/** The actions in a Paddle shop, drawn by fast-check. An action that the shop's state does not allow is skipped. */
import fc from '../kit/fast-check.ts';
import { type PaddleSetup, paddleSetup } from './paddle-setup.ts';
import { GOODS, PLANS, type Ware } from './wares.ts';

/** `charge` and `subscription` are indexes among the existing ones. */
export type PaddleAction =
  | {
      readonly do: 'buy';
      readonly ware: string;
      readonly quantity: number;
      /** A coupon of 100 % on lines that are sold once. */
      readonly free: boolean;
      /** A plan begins with a trial, where it can. */
      readonly trial: boolean;
      /** Paddle reviews it first: only lines that are sold once. */
      readonly review: 'none' | 'accepted' | 'rejected';
    }
  /** The whole rest; a part; the tax alone. `twice`: its alert is sent again under another id. */
  | {
      readonly do: 'refund';
      readonly charge: number;
      readonly how: 'all' | 'amount' | 'vat';
      readonly twice: boolean;
    }
  | { readonly do: 'dispute' | 'win'; readonly charge: number }
  /** `ware` null: the quantity alone. `billed`: at once. */
  | {
      readonly do: 'edit';
      readonly subscription: number;
      readonly ware: string | null;
      readonly quantity: number;
      readonly billed: boolean;
    }
  | { readonly do: 'put-off'; readonly subscription: number; readonly days: number }
  | {
      readonly do: 'pause' | 'restart' | 'cancel' | 'failCard' | 'mendCard' | 'chargeExtra' | 'coupon';
      readonly subscription: number;
    };

export interface PaddleStep {
  /** Days since the step before. */
  readonly after: number;
  readonly action: PaddleAction;
}

export interface PaddleStory {
  readonly setup: PaddleSetup;
  readonly steps: readonly PaddleStep[];
}

const place = fc.nat(9);
const units = fc.integer({ min: 1, max: 3 });

const seldom = fc.oneof(
  { weight: 7, arbitrary: fc.constant(false) },
  { weight: 1, arbitrary: fc.constant(true) },
);

function paths(wares: readonly Ware[]): fc.Arbitrary<string> {
  return fc.constantFrom(...wares.filter(({ paddle }) => paddle !== undefined).map(({ path }) => path));
}

const buy: fc.Arbitrary<PaddleAction> = fc.record({
  do: fc.constant('buy' as const),
  ware: fc.oneof({ weight: 2, arbitrary: paths(PLANS) }, { weight: 1, arbitrary: paths(GOODS) }),
  quantity: units,
  free: seldom,
  trial: seldom,
  review: fc.oneof(
    { weight: 7, arbitrary: fc.constant('none' as const) },
    { weight: 2, arbitrary: fc.constantFrom('accepted' as const, 'rejected' as const) },
  ),
});

const edit: fc.Arbitrary<PaddleAction> = fc.record({
  do: fc.constant('edit' as const),
  subscription: place,
  ware: fc.option(paths(PLANS), { nil: null, freq: 2 }),
  quantity: units,
  billed: fc.boolean(),
});

const putOff: fc.Arbitrary<PaddleAction> = fc.record({
  do: fc.constant('put-off' as const),
  subscription: place,
  days: fc.integer({ min: 1, max: 20 }),
});

const action: fc.Arbitrary<PaddleAction> = fc.oneof(
  { weight: 4, arbitrary: buy },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('refund' as const),
      charge: place,
      how: fc.constantFrom('all' as const, 'amount' as const, 'vat' as const),
      twice: seldom,
    }),
  },
  { weight: 2, arbitrary: edit },
  { weight: 1, arbitrary: putOff },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('coupon' as const), subscription: place }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'pause' as const,
        'restart' as const,
        'cancel' as const,
        'failCard' as const,
        'mendCard' as const,
        'chargeExtra' as const,
      ),
      subscription: place,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('dispute' as const, 'win' as const), charge: place }),
  },
);

const steps = fc
  .tuple(buy, fc.array(fc.record({ after: fc.nat(45), action }), { maxLength: 9 }))
  .map(([first, more]): PaddleStep[] => [{ after: 0, action: first }, ...more]);

export const paddleStory: fc.Arbitrary<PaddleStory> = fc.record({ setup: paddleSetup, steps });
