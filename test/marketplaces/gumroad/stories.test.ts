/** The simulator's lives, told as Gumroad's pings, and what each step leaves in the ledger. */
import test from 'ava';
import { readAgain } from '../../../src/marketplaces/gumroad/events.ts';
import { stepsOf } from '../../../src/marketplaces/gumroad/stories.ts';
import { STORIES, type Story } from '../../../src/marketplaces/gumroad/story-names.ts';
import { GumroadWorld, PRODUCTS } from '../../kit/gumroad.ts';
import { faultsIn, statesAfter } from '../../kit/store-world.ts';

const NOW = Date.UTC(2026, 0, 1, 9);
const CAST = { prices: ['app==', 'app== (Plus)'], quantity: 1, period: 31, run: '5', now: NOW } as const;

const timeOf = ({ received }: { readonly received: number }) => received;

/** The states after each step. */
const statesOf = (story: Story) =>
  statesAfter(stepsOf(story, CAST).steps, new GumroadWorld(PRODUCTS, '2026-01-01', 'test'), timeOf);

const app = (...told: readonly string[]) => told.map((each) => [`app ${each}`]);

test('each story goes its way', (t) => {
  const once = 'active 2026-02-15';
  const wanted: Readonly<Record<Story, readonly (readonly string[])[]>> = {
    sale: app(once),
    free: app(once),
    gift: app(once),
    membership: app(once, 'active 2026-03-15', 'active 2026-03-01', 'ended 2026-03-01'),
    trial: app('active 2026-01-29', 'active 2026-03-01'),
    upgrade: [
      ['app active 2026-02-15'],
      ['app ended 2026-02-15', 'plus active 2026-02-15', 'plus active 2026-02-15'],
      ['app ended 2026-02-15', 'plus active 2026-03-15', 'plus active 2026-03-15'],
    ],
    restart: app(once, 'active 2026-02-01', 'ended 2026-02-01', once, 'active 2026-03-16'),
    'payment-failed': app(once, 'ended 2026-02-01'),
    installments: app(once, once, once),
    refund: app(once, once, 'revoked 2026-02-15'),
    'renewal-refund': app(once, 'active 2026-03-15', once),
    dispute: app(once, 'suspended 2026-02-15', once),
  };
  for (const story of STORIES) t.deepEqual(statesOf(story), wanted[story], story);
});

test('every event of the simulator is of mode test, lacks nothing, and names the customer', (t) => {
  for (const story of STORIES)
    t.deepEqual(faultsIn(stepsOf(story, CAST).steps, readAgain, PRODUCTS), [], story);
});
