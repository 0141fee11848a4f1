/** The simulator's lives, told as Lemon Squeezy's events, and what each step leaves in the ledger. */
import test from 'ava';
import { readAgain } from '../../../src/marketplaces/lemon-squeezy/events.ts';
import { stepsOf } from '../../../src/marketplaces/lemon-squeezy/stories.ts';
import { STORIES, type Story } from '../../../src/marketplaces/lemon-squeezy/story-names.ts';
import { LemonWorld, PRODUCTS } from '../../kit/lemon-squeezy.ts';
import { faultsIn, statesAfter } from '../../kit/store-world.ts';

const NOW = Date.UTC(2026, 0, 1, 9);
const CAST = {
  prices: ['101', 'product 20'],
  quantity: 1,
  period: 31,
  run: '5',
  now: NOW,
} as const;

const timeOf = (event: { readonly data: { readonly attributes: { readonly updated_at: string } } }) =>
  Date.parse(event.data.attributes.updated_at);

/** The states after each step. */
const statesOf = (story: Story) =>
  statesAfter(stepsOf(story, CAST).steps, new LemonWorld(PRODUCTS, '2026-01-01', 'test'), timeOf);

const app = (told: string) => [`app ${told}`];

test('each story goes its way', (t) => {
  t.deepEqual(statesOf('subscription'), [
    app('active 2026-02-15'),
    app('active 2026-02-01'),
    app('active 2026-02-15'),
    app('active 2026-03-18'),
    [...app('active 2026-03-18'), ...app('active 2026-03-18')],
    [...app('active 2026-03-04'), ...app('active 2026-03-04')],
    [...app('ended 2026-03-04'), ...app('ended 2026-03-04')],
  ]);
  t.deepEqual(statesOf('trial'), [app('active 2026-01-29'), app('active 2026-02-15')]);
  t.deepEqual(statesOf('pause'), [
    app('active 2026-02-15'),
    app('active 2026-02-01'),
    app('active 2026-02-15'),
    app('active 2026-03-18'),
  ]);
  t.deepEqual(statesOf('overdue'), [
    app('active 2026-02-15'),
    app('suspended 2026-02-15'),
    app('active 2026-03-18'),
  ]);
  t.deepEqual(statesOf('plan-change'), [
    app('active 2026-02-15'),
    ['app ended 2026-02-15', 'plus active 2026-02-15'],
    ['app ended 2026-02-15', 'plus active 2026-03-18'],
  ]);
  t.deepEqual(statesOf('refund'), [
    app('active 2026-02-15'),
    app('active 2026-02-15'),
    app('revoked 2026-02-15'),
  ]);
  t.deepEqual(statesOf('renewal-refund'), [
    app('active 2026-02-15'),
    app('active 2026-03-18'),
    app('active 2026-02-15'),
  ]);
  t.deepEqual(statesOf('discount'), [app('active 2026-02-15')]);
});

test('every event of the simulator is of mode test, lacks nothing, and names the customer', (t) => {
  for (const story of STORIES)
    t.deepEqual(faultsIn(stepsOf(story, CAST).steps, readAgain, PRODUCTS), [], story);
});
