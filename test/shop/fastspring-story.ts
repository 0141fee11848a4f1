/** What may happen in a FastSpring shop, as fast-check draws it. What cannot happen in a shop's state is passed over. */
import fc from 'fast-check';
import { GOODS } from './wares.ts';

export type Action =
  | {
      readonly do: 'buy';
      /** Places in GOODS with their quantities. */
      readonly cart: readonly (readonly [ware: string, quantity: number])[];
      /** For somebody else. */
      readonly gift?: boolean;
      /** A coupon of 100 %. */
      readonly free?: boolean;
    }
  /** Money of a charge goes back: all; a line, whole; one unit of a line; a small amount of a line; what is left, as an amount. */
  | {
      readonly do: 'refund';
      readonly charge: number;
      readonly line: number;
      readonly how: 'all' | 'line' | 'unit' | 'amount' | 'rest';
    }
  | { readonly do: 'chargeback'; readonly charge: number };

export interface Step {
  /** Days since the step before. */
  readonly after: number;
  readonly action: Action;
}

export interface FastSpringStory {
  readonly steps: readonly Step[];
}

const place = fc.nat(9);

const cart = fc.uniqueArray(
  fc.tuple(fc.constantFrom(...GOODS.map(({ path }) => path)), fc.integer({ min: 1, max: 3 })),
  {
    minLength: 1,
    maxLength: 3,
    selector: ([ware]) => ware,
  },
);

const seldom = fc.oneof(
  { weight: 7, arbitrary: fc.constant(false) },
  { weight: 1, arbitrary: fc.constant(true) },
);

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('buy' as const), cart, gift: seldom, free: seldom }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('refund' as const),
      charge: place,
      line: place,
      how: fc.constantFrom(
        'all' as const,
        'line' as const,
        'unit' as const,
        'amount' as const,
        'rest' as const,
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('chargeback' as const), charge: place }) },
);

export const fastSpringStory: fc.Arbitrary<FastSpringStory> = fc.record({
  steps: fc.array(fc.record({ after: fc.nat(40), action }), { minLength: 1, maxLength: 8 }),
});
