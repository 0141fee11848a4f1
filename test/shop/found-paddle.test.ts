/** Stories of Paddle Classic's shop that failed in a long run of the proof, each with the rule that it broke. */
import test from 'ava';
import { AS_SENT, type Plan } from './delivery.ts';
import type { PaddleSetup } from './paddle-setup.ts';
import { paddleTold } from './paddle-shop.ts';
import type { PaddleAction } from './paddle-story.ts';
import { openHouse } from './service.ts';
import { checkStory } from './story-check.ts';
import { productFiles } from './wares.ts';

const SETUP: PaddleSetup = {
  asksForPlans: true,
  outOfRetries: 'pause',
  tellsQuantity: true,
  announcedPauseIs: 'active',
  tellsPauseBegins: false,
  pastDueShows: 'old date',
  lastRefundIs: 'full',
  extrasAreFor: 'all units',
  newIntervalCosts: 'all',
  yes: '1',
};

const buy = (ware: string): PaddleAction => ({
  do: 'buy',
  ware,
  quantity: 1,
  free: false,
  trial: false,
  review: 'none',
});
const refund: PaddleAction = { do: 'refund', charge: 0, how: 'all', twice: false };

/** All events at the end, from the last to the first. */
const BACKWARDS: Plan = { ...AS_SENT, atLast: [9, 8, 7, 6, 5, 4, 3, 2, 1, 0] };

/** Passes where the story ends as its books say, in each order of delivery. */
async function holds(
  actions: readonly PaddleAction[],
  plans: readonly Plan[] = [BACKWARDS],
  setup: PaddleSetup = SETUP,
) {
  const house = await openHouse(productFiles());
  const steps = actions.map((action) => ({ after: 0, action }));
  await checkStory(house, paddleTold({ setup, steps }, house.paddleKey), plans);
}

test('a first request during a dispute is refused, and the same request after the dispute was won is answered', async (t) => {
  const actions = ['app', 'plan-monthly'].map((ware) => [
    buy(ware),
    { do: 'dispute', charge: 0 } as const,
    { do: 'win', charge: 0 } as const,
  ]);
  // The request comes before, during and after the dispute.
  const plans = [0, 1, 2, 3, 30].map((hours): Plan => ({ ...AS_SENT, lateRequests: [hours] }));
  for (const each of actions) await t.notThrowsAsync(holds(each, plans));
});

test('more units of a subscription whose money went back are owed to nobody', async (t) => {
  const more: PaddleAction = { do: 'edit', subscription: 0, ware: null, quantity: 2, billed: false };
  await t.notThrowsAsync(holds([buy('plan-monthly'), refund, more]));
});

test('a payment within a period that names fewer units takes none: an extra charge, and a change for more', async (t) => {
  const setup = { ...SETUP, extrasAreFor: 'one' } as const;
  for (const ware of ['plan-monthly', 'strict-monthly', 'crew-monthly']) {
    const sold = { ...buy(ware), quantity: 3 } as PaddleAction;
    const extra: PaddleAction = { do: 'chargeExtra', subscription: 0 };
    const more: PaddleAction = { do: 'edit', subscription: 0, ware: null, quantity: 5, billed: true };
    await t.notThrowsAsync(holds([sold, extra], undefined, setup));
    await t.notThrowsAsync(holds([sold, more], undefined, setup));
  }
});

test('a rebill of 0 gives its period, and neither ends a dispute nor pays for a fallback', async (t) => {
  const house = await openHouse(productFiles());
  const nothing = [] as const;
  const dispute = [{ do: 'dispute', charge: 0 }] as const;
  for (const [ware, trial, between] of [
    ['plan-monthly', false, nothing],
    ['plan-monthly', false, dispute],
    ['kind-monthly', true, nothing],
  ] as const) {
    const early = [
      { ...buy(ware), trial } as PaddleAction,
      ...between,
      { do: 'coupon', subscription: 0 } as const,
    ];
    const cancel = { after: 35, action: { do: 'cancel', subscription: 0 } } as const;
    const steps = [
      ...early.map((action) => ({ after: 0, action })),
      { after: 20, action: { do: 'failCard', subscription: 0 } as const },
      ...(trial ? [{ ...cancel, after: 0 }] : [cancel]),
      { after: 40, action: { do: 'failCard', subscription: 0 } as const },
    ];
    const told = paddleTold({ setup: SETUP, steps }, house.paddleKey);
    await t.notThrowsAsync(checkStory(house, told, [BACKWARDS]), `${ware} ${between.length}`);
  }
});

test('a refund beside a change that was billed takes what its charge paid for', async (t) => {
  const edit = (ware: string | null, quantity: number): PaddleAction => ({
    do: 'edit',
    subscription: 0,
    ware,
    quantity,
    billed: true,
  });
  for (const [ware, change] of [
    ['plan-monthly', edit(null, 2)],
    ['plan-monthly', edit('strict-monthly', 1)],
    ['crew-monthly', edit(null, 2)],
  ] as const) {
    for (const charges of [[0], [1], [0, 1], [1, 0]]) {
      const refunds = charges.map(
        (charge): PaddleAction => ({ do: 'refund', charge, how: 'all', twice: false }),
      );
      await t.notThrowsAsync(
        holds([buy(ware), change, ...refunds], [AS_SENT, BACKWARDS]),
        `${ware} ${charges}`,
      );
    }
  }
});

test('another billing interval begins with its change, and the refund of a longer one gives the shorter one back', async (t) => {
  const pairs = [
    ['plan-yearly', 'plan-monthly'],
    ['plan-monthly', 'plan-yearly'],
    ['plan-yearly', 'pro-monthly'],
  ] as const;
  for (const [first, second] of pairs)
    for (const newIntervalCosts of ['all', 'less the rest'] as const) {
      const edit: PaddleAction = { do: 'edit', subscription: 0, ware: second, quantity: 1, billed: true };
      const setup = { ...SETUP, newIntervalCosts };
      const back: PaddleAction = { ...refund, charge: 1 } as PaddleAction;
      await t.notThrowsAsync(holds([buy(first), edit], undefined, setup), `${first} ${second}`);
      await t.notThrowsAsync(
        holds([buy(first), edit, back], undefined, setup),
        `${first} ${second}, refunded`,
      );
    }
});

test('a shorter billing interval gives up the days to which the seller had put off the payment', async (t) => {
  const putOff: PaddleAction = { do: 'put-off', subscription: 0, days: 1 };
  for (const ware of ['plan-monthly', 'pro-monthly']) {
    const edit: PaddleAction = { do: 'edit', subscription: 0, ware, quantity: 1, billed: false };
    await t.notThrowsAsync(holds([buy('plan-yearly'), putOff, edit]), ware);
  }
});

test('the refund of a change that is told twice is one refund', async (t) => {
  const more: PaddleAction = { do: 'edit', subscription: 0, ware: null, quantity: 3, billed: true };
  for (const how of ['all', 'amount'] as const)
    for (const charge of [0, 1]) {
      const back: PaddleAction = { do: 'refund', charge, how, twice: true };
      await t.notThrowsAsync(holds([buy('plan-monthly'), more, back]), `${how} of ${charge}`);
    }
});
