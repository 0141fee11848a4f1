/** The simulator's stories: what each comes to, step by step. */
import test from 'ava';
import { readAgain } from '../../../src/marketplaces/stripe/events.ts';
import { stepsOf } from '../../../src/marketplaces/stripe/stories.ts';
import { STORIES, type Story } from '../../../src/marketplaces/stripe/story-names.ts';
import { faultsIn, statesAfter } from '../../kit/store-world.ts';
import { bought, once, PRODUCTS, StripeWorld } from '../../kit/stripe.ts';
import { at } from '../../kit/world.ts';

const CAST = {
  prices: ['price_Month', 'prod_Plus'],
  quantity: 1,
  period: 31,
  run: '1',
  now: at('2026-01-01'),
} as const;

const timeOf = (event: { readonly created: number }) => event.created * 1000;

/** The states after each step. */
const statesOf = (story: Story) =>
  statesAfter(stepsOf(story, CAST).steps, new StripeWorld(PRODUCTS, '2026-01-01', 'test'), timeOf);

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
    app('active 2026-01-29'),
    app('suspended 2026-01-29'),
    app('active 2026-01-29'),
    app('active 2026-02-15'),
  ]);
  t.deepEqual(statesOf('overdue'), [
    app('active 2026-02-15'),
    app('suspended 2026-02-15'),
    app('active 2026-03-18'),
  ]);
  const undecided = app('active 2026-02-15');
  t.deepEqual(statesOf('refund'), [undecided, undecided, app('revoked 2026-02-15')]);
  t.deepEqual(statesOf('failed-refund'), [undecided, app('revoked 2026-02-15'), undecided]);
  t.deepEqual(statesOf('bundle'), [['app active 2026-02-15', 'plus active 2026-02-15']]);
  t.deepEqual(statesOf('dispute'), [undecided, app('suspended 2026-02-15'), undecided]);
  t.deepEqual(statesOf('discount'), [undecided]);
});

test('every event of the simulator is of mode test, lacks nothing, and names the customer', (t) => {
  for (const story of STORIES)
    t.deepEqual(faultsIn(stepsOf(story, CAST).steps, readAgain, PRODUCTS), [], story);
});

test('control: a live event that lacks its lines, and a life without a customer, are found', (t) => {
  const event = JSON.parse(bought('2026-01-01', [once()]).payload);
  const found = faultsIn([{ title: '', events: [event] }], readAgain, PRODUCTS);
  t.deepEqual(found, [`${event.id} is live`, `${event.id} lacks something`]);
  t.deepEqual(faultsIn([], readAgain, PRODUCTS), ['no customer is named']);
});
