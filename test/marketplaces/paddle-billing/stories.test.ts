/** The simulator's lives, told as Paddle's events, and what each step leaves in the ledger. */
import test from 'ava';
import { readAgain } from '../../../src/marketplaces/paddle-billing/events.ts';
import { stepsOf } from '../../../src/marketplaces/paddle-billing/stories.ts';
import { STORIES, type Story } from '../../../src/marketplaces/paddle-billing/story-names.ts';
import { BillingWorld, PRODUCTS } from '../../kit/paddle-billing.ts';
import { faultsIn, statesAfter } from '../../kit/store-world.ts';

const NOW = Date.UTC(2026, 0, 1, 9);
const CAST = { prices: ['pri_month', 'pri_plus'], quantity: 1, period: 31, run: '1', now: NOW } as const;

const timeOf = (event: { readonly occurred_at: string }) => Date.parse(event.occurred_at);

/** The states after each step. */
const statesOf = (story: Story) =>
  statesAfter(stepsOf(story, CAST).steps, new BillingWorld(PRODUCTS, '2026-01-01', 'test'), timeOf);

const app = (told: string) => [`app ${told}`];

test('each story goes its way', (t) => {
  t.deepEqual(statesOf('subscription'), [
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
  t.deepEqual(statesOf('refund'), [
    app('active 2026-02-15'),
    app('active 2026-02-15'),
    app('revoked 2026-02-15'),
  ]);
  t.deepEqual(statesOf('bundle'), [['app active 2026-02-15', 'plus active 2026-02-15']]);
  t.deepEqual(statesOf('chargeback'), [
    app('active 2026-02-15'),
    app('revoked 2026-02-15'),
    app('active 2026-02-15'),
  ]);
  t.deepEqual(statesOf('discount'), [app('active 2026-02-15')]);
});

test('every event of the simulator is of mode test, lacks nothing, and names the customer', (t) => {
  for (const story of STORIES)
    t.deepEqual(faultsIn(stepsOf(story, CAST).steps, readAgain, PRODUCTS), [], story);
});
