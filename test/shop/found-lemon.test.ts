/** Stories of Lemon Squeezy's shop that failed in a long run of the proof, each with the rule that it broke. */
import test from 'ava';
import { AS_SENT } from './delivery.ts';
import { lemonTold } from './lemon-shop.ts';
import type { LemonAction, LemonStory } from './lemon-story.ts';
import { openHouse } from './service.ts';
import { checkStory } from './story-check.ts';
import { productFiles } from './wares.ts';

const SETUP = { tellsRefunds: 'order', hidesTrials: false, noise: false } as const;

const at = (action: LemonAction): LemonStory['steps'][number] => ({ after: 0, action });
const edit = (ware: string) => at({ do: 'edit', subscription: 0, ware, quantity: 1, billed: false });

test('a license of a changed plan has the same id, whichever of its product’s two plans is heard of first', async (t) => {
  const buy: LemonAction = { do: 'buy', ware: 'lenient-monthly', quantity: 1, free: false, trial: false };
  const told = lemonTold({ setup: SETUP, steps: [at(buy), edit('plan-monthly'), edit('plan-yearly')] });
  const plans = [
    [0, 1, 2, 3, 5, 4, 6],
    [6, 5, 4, 3, 2, 1, 0],
  ].map((atLast) => ({ ...AS_SENT, atLast }));
  await t.notThrowsAsync(checkStory(await openHouse(productFiles()), told, plans));
});
