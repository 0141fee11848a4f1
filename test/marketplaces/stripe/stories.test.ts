/** The simulator's stories: what each comes to, step by step. */
import test from 'ava';
import { readAgain } from '../../../src/marketplaces/stripe/events.ts';
import { STORIES, type Story, stepsOf } from '../../../src/marketplaces/stripe/stories.ts';
import { PRODUCTS, StripeWorld } from '../../kit/stripe.ts';
import { at } from '../../kit/world.ts';

const CAST = {
  prices: ['price_Month', 'prod_Plus'],
  quantity: 1,
  period: 31,
  run: '1',
  now: at('2026-01-01'),
} as const;

/** The licenses after each step. */
function statesOf(story: Story): readonly (readonly string[])[] {
  const world = new StripeWorld(PRODUCTS, '2026-01-01', 'test');
  return stepsOf(story, CAST).steps.map(({ events }) => {
    for (const event of events) {
      const payload = JSON.stringify(event);
      const day = new Date(JSON.parse(payload).created * 1000).toISOString().slice(0, 10);
      world.tell({ day, payload });
    }
    return world.states;
  });
}

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

test('every event of the simulator is of mode test, names the customer and lacks nothing', (t) => {
  for (const story of STORIES) {
    const events = stepsOf(story, CAST).steps.flatMap((step) => step.events);
    const read = events.map((event) => readAgain(JSON.stringify(event), 'live', PRODUCTS).read());
    t.true(
      read.every(({ mode, isLacking }) => mode === 'test' && isLacking === undefined),
      story,
    );
    const emails = read.flatMap(({ people }) => people.map(({ customer }) => customer.email));
    t.true(emails.includes('ada@example.com'), story);
  }
});
