/** Draws stories of a shop and plays them, for the tests and the proof. */
import fc from '../kit/fast-check.ts';
import { billingTold } from './billing-shop.ts';
import { billingStory } from './billing-story.ts';
import { lossyPlan, plan } from './delivery.ts';
import { fastSpringTold } from './fastspring-shop.ts';
import { fastSpringStory } from './fastspring-story.ts';
import { gumroadTold } from './gumroad-shop.ts';
import { gumroadStory } from './gumroad-story.ts';
import { lemonTold } from './lemon-shop.ts';
import { lemonStory } from './lemon-story.ts';
import { paddleTold } from './paddle-shop.ts';
import { paddleStory } from './paddle-story.ts';
import type { ShopHouse } from './service.ts';
import { checkStory, type Told } from './story-check.ts';
import { stripeTold } from './stripe-shop.ts';
import { stripeStory } from './stripe-story.ts';
import type { ShopName } from './truth.ts';

export const SHOPS = [
  'fastspring',
  'paddle-classic',
  'paddle-billing',
  'stripe',
  'lemon-squeezy',
  'gumroad',
] as const satisfies readonly ShopName[];
export type { ShopName };

export interface Trial {
  readonly stories: number;
  /** The most steps of a story; default: all that are drawn, up to ten. */
  readonly steps?: number;
  /** Of fast-check, with the path of a counterexample: replays it. */
  readonly seed?: number;
  readonly path?: string;
  /** Returns the first failed story without shrinking: for controls. */
  readonly shrinks?: false;
  /** Changes the calls: for controls. */
  readonly spoil?: (told: Told) => Told;
}

/** Stories of a shop, as it tells them. */
export function storiesOf(shop: ShopName, house: ShopHouse, steps?: number): fc.Arbitrary<Told> {
  const cut = <T extends { readonly steps: readonly unknown[] }>(story: T): T => ({
    ...story,
    steps: story.steps.slice(0, steps),
  });
  return {
    fastspring: () => fastSpringStory.map(cut).map(fastSpringTold),
    'paddle-classic': () => paddleStory.map(cut).map((story) => paddleTold(story, house.paddleKey)),
    'paddle-billing': () => billingStory.map(cut).map(billingTold),
    stripe: () => stripeStory.map(cut).map(stripeTold),
    'lemon-squeezy': () => lemonStory.map(cut).map(lemonTold),
    gumroad: () => gumroadStory.map(cut).map(gumroadTold),
  }[shop]();
}

/** The smallest failed story in words; undefined where none failed. */
export async function tryStories(
  shop: ShopName,
  house: ShopHouse,
  { stories, steps, seed, path, shrinks, spoil = (told) => told }: Trial,
): Promise<string | undefined> {
  const drawn = storiesOf(shop, house, steps);
  // Every third story loses events too.
  const others = fc.tuple(
    plan,
    fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.tuple(lossyPlan) }),
  );
  const property = fc.asyncProperty(drawn, others, (told, [other, lossy]) =>
    checkStory(house, spoil(told), [other, ...lossy]),
  );
  const found = await fc.check(property, {
    numRuns: stories,
    ...(seed !== undefined && { seed }),
    ...(path !== undefined && { path }),
    ...(shrinks === false && { endOnFailure: true }),
  });
  if (!found.failed) return undefined;
  const { errorInstance, counterexamplePath } = found;
  const told = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return `${shop}, seed ${found.seed}, path ${counterexamplePath}\n${told}`;
}

/** For controls: events of some types do not reach the service. */
export function silent(types: RegExp): (told: Told) => Told {
  return (told) => ({
    ...told,
    calls: told.calls.filter((call) => call.kind === 'request' || !types.test(call.type)),
  });
}
