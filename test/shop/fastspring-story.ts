/** The actions in a FastSpring shop, drawn by fast-check. An action that the shop's state does not allow is skipped. */
import fc from '../kit/fast-check.ts';
import type { Dispute } from './books.ts';
import { type Setup, setup } from './fastspring-setup.ts';
import type { HowBegun } from './fastspring-subscriptions.ts';
import type { HowBack } from './returns.ts';
import { GOODS, PACKED_PLANS, PACKS, PLANS, type Ware } from './wares.ts';

/** `charge`, `line` and `subscription` are indexes among the existing ones. */
export type Action =
  | {
      readonly do: 'buy';
      /** Paths with their quantities. */
      readonly cart: readonly (readonly [path: string, quantity: number])[];
      /** For another person. */
      readonly gift: boolean;
      /** What a coupon takes off: 1 of lines that are sold once, or all of each line. */
      readonly coupon: 'none' | 'one' | 'all';
      /** How the plans in it begin, where they can. */
      readonly begins: HowBegun;
      readonly goes:
        | 'straight'
        | 'by wire'
        | 'behind a failed one'
        | 'behind an expired one'
        | 'after a failed fulfillment';
    }
  /** A subscription is migrated from elsewhere, where it is paid for so many days. */
  | { readonly do: 'import'; readonly ware: string; readonly quantity: number; readonly days: number }
  /** `ends`: the check box that deactivates the subscriptions of the refund. */
  | {
      readonly do: 'refund';
      readonly charge: number;
      readonly line: number;
      readonly how: HowBack;
      readonly ends: boolean;
    }
  /** `becomes`: what it is an hour later; `again`: after it was won. */
  | { readonly do: 'chargeback'; readonly charge: number; readonly becomes: Dispute }
  /** The bank takes back a part of the charge. */
  | { readonly do: 'chargeback of a part'; readonly charge: number }
  | { readonly do: 'decide'; readonly charge: number; readonly how: Exclude<Dispute, 'open'> }
  /**
   * `ware` null: the quantity alone; `sibling`: another path of its product. `again`: another quantity right afterwards.
   * `since`: what became of its newest charge before.
   */
  | {
      readonly do: 'edit';
      readonly subscription: number;
      readonly ware: string | null;
      readonly quantity: number;
      readonly prorated: boolean;
      readonly again: number | null;
      readonly since: 'nothing' | 'a refund' | 'a dispute';
    }
  | { readonly do: 'pause'; readonly subscription: number; readonly cycles: number }
  | { readonly do: 'add-on'; readonly subscription: number; readonly quantity: number }
  | { readonly do: 'put-off'; readonly subscription: number; readonly days: number }
  | {
      readonly do:
        | 'resume'
        | 'cancel'
        | 'uncancel'
        | 'failCard'
        | 'mendCard'
        | 'endNow'
        | 'touch'
        | 'charge'
        | 'switchRenewal'
        | 'payByHand'
        | 'coupon';
      readonly subscription: number;
    };

export interface Step {
  /** Days since the step before. */
  readonly after: number;
  readonly action: Action;
}

export interface FastSpringStory {
  readonly setup: Setup;
  readonly steps: readonly Step[];
}

const place = fc.nat(9);
const units = fc.integer({ min: 1, max: 3 });

const seldom = fc.oneof(
  { weight: 7, arbitrary: fc.constant(false) },
  { weight: 1, arbitrary: fc.constant(true) },
);

/** The first, and sometimes another. */
function mostly<T extends string>(first: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.constant(first) },
    { weight: 2, arbitrary: fc.constantFrom(...others) },
  );
}

function paths(wares: readonly Ware[]): fc.Arbitrary<string> {
  return fc.constantFrom(...wares.map(({ path }) => path));
}

/** Twice as many that keep their licenses. */
const plans = paths([...PLANS, ...PLANS.filter(({ rules }) => rules.ended === 'fallback'), ...PACKED_PLANS]);

const cart = fc.uniqueArray(
  fc.tuple(
    fc.oneof(
      { weight: 2, arbitrary: plans },
      { weight: 1, arbitrary: paths([...GOODS, ...PACKS, ...PACKS]) },
    ),
    units,
  ),
  { minLength: 1, maxLength: 3, selector: ([path]) => path },
);

const buy: fc.Arbitrary<Action> = fc.record({
  do: fc.constant('buy' as const),
  cart,
  gift: seldom,
  coupon: mostly('none', 'one', 'all'),
  begins: mostly('paid', 'trial', 'managed', 'manual'),
  goes: mostly(
    'straight',
    'by wire',
    'behind a failed one',
    'behind an expired one',
    'after a failed fulfillment',
  ),
});

const refund: fc.Arbitrary<Action> = fc.record({
  do: fc.constant('refund' as const),
  charge: place,
  line: place,
  how: fc.constantFrom('all' as const, 'line' as const, 'unit' as const, 'amount' as const, 'rest' as const),
  ends: seldom,
});

const edit: fc.Arbitrary<Action> = fc.record({
  do: fc.constant('edit' as const),
  subscription: place,
  ware: fc.option(
    fc.oneof(
      { weight: 2, arbitrary: paths([...PLANS, ...PACKED_PLANS]) },
      { weight: 1, arbitrary: fc.constant('sibling') },
    ),
    { nil: null, freq: 2 },
  ),
  quantity: units,
  prorated: fc.boolean(),
  again: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: units }),
  since: fc.constantFrom('nothing' as const, 'a refund' as const, 'nothing' as const, 'a dispute' as const),
});

const turn: fc.Arbitrary<Action> = fc.record({
  do: fc.constantFrom(
    'resume' as const,
    'cancel' as const,
    'uncancel' as const,
    'failCard' as const,
    'mendCard' as const,
    'endNow' as const,
    'touch' as const,
    'charge' as const,
    'switchRenewal' as const,
    'payByHand' as const,
  ),
  subscription: place,
});

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: buy },
  { weight: 3, arbitrary: refund },
  { weight: 4, arbitrary: edit },
  { weight: 4, arbitrary: turn },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      charge: place,
      how: fc.constantFrom('won' as const, 'again' as const, 'lost' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('pause' as const), subscription: place, cycles: units }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('add-on' as const), subscription: place, quantity: units }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('chargeback' as const),
      charge: place,
      becomes: mostly<Dispute>('open', 'won', 'again', 'lost'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('chargeback of a part' as const), charge: place }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('coupon' as const), subscription: place }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('put-off' as const),
      subscription: place,
      days: fc.integer({ min: 1, max: 20 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('import' as const),
      ware: paths(PLANS),
      quantity: units,
      days: fc.integer({ min: 1, max: 30 }),
    }),
  },
);

const steps = fc
  .tuple(buy, fc.array(fc.record({ after: fc.nat(45), action }), { maxLength: 9 }))
  .map(([first, more]): Step[] => [{ after: 0, action: first }, ...more]);

export const fastSpringStory: fc.Arbitrary<FastSpringStory> = fc.record({ setup, steps });
