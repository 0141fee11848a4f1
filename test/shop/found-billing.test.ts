/** Stories of Paddle Billing's shop that failed in a run of the proof, each with the rule that it broke. */
import test from 'ava';
import { billingTold } from './billing-shop.ts';
import type { BillingAction, BillingStory } from './billing-story.ts';
import { AS_SENT, type Plan } from './delivery.ts';
import { openHouse } from './service.ts';
import { checkStory } from './story-check.ts';
import { productFiles } from './wares.ts';

const SETUP: BillingStory['setup'] = {
  outOfRetries: 'pause',
  typesAdjustments: false,
  repeatsCompleted: false,
  tellsFirst: 'subscription',
  noise: false,
};

/** All events at the end, from the last to the first. */
const BACKWARDS: Plan = { ...AS_SENT, atLast: [9, 8, 7, 6, 5, 4, 3, 2, 1, 0] };

/** Passes where the story ends as its books say, as sent and backwards. */
async function holds(actions: readonly BillingAction[]) {
  const steps = actions.map((action) => ({ after: 0, action }));
  await checkStory(await openHouse(productFiles()), billingTold({ setup: SETUP, steps }), [BACKWARDS]);
}

const buy = (path: string): BillingAction => ({
  do: 'buy',
  cart: [],
  plan: [path, 1],
  free: false,
  trial: false,
});
const become = (ware: string): BillingAction => ({
  do: 'edit',
  subscription: 0,
  ware,
  quantity: 1,
  billed: false,
});

test('after a change of plan the new plan says whether a refund takes the period, whatever the charge was for', async (t) => {
  const back = (how: 'all' | 'amount'): BillingAction => ({
    do: 'refund',
    charge: 0,
    item: 0,
    how,
    fate: 'approved',
  });
  for (const how of ['all', 'amount'] as const) {
    // With refund: keep, without it, and the other way round.
    await t.notThrowsAsync(holds([buy('lenient-monthly'), become('plan-monthly'), back(how)]));
    await t.notThrowsAsync(holds([buy('plan-monthly'), become('lenient-monthly'), back(how)]));
  }
});
