/** Stories of FastSpring's shop that failed in a long run of the proof, each with the rule that it broke. */
import test from 'ava';
import type { Call } from './call.ts';
import { AS_SENT, type Plan } from './delivery.ts';
import type { Setup } from './fastspring-setup.ts';
import { fastSpringTold } from './fastspring-shop.ts';
import type { Action, Step } from './fastspring-story.ts';
import { openHouse, type ShopHouse } from './service.ts';
import { checkStory } from './story-check.ts';
import { productFiles } from './wares.ts';

const SETUP: Setup = {
  expands: true,
  nests: false,
  asksAtRebills: false,
  asksAtProrations: false,
  editShows: 'new',
  tellsEditAgain: false,
  tellsEditAfterCharge: false,
  losesProratedEdits: false,
  addOnIs: 'an order of its own',
  prorationNames: 'all units',
  prorationShows: 'new',
  creditIs: 'a charge of 0',
  intervalBegins: 'at the change',
  tellsPauseBegins: false,
  tellsPauseEnds: false,
  withdrawalCharges: false,
  endsOnNext: false,
  restartsSequence: false,
  subtotalIs: 'after discounts',
  unitReturnIs: 'not told',
  namesCases: true,
  tellsCodes: false,
  noise: false,
};

const after = (days: number, action: Action): Step => ({ after: days, action });
const buy = (begins: 'paid' | 'trial' = 'paid', ...paths: readonly string[]): Action => ({
  do: 'buy',
  cart: (paths.length > 0 ? paths : ['plan-monthly']).map((path) => [path, 1]),
  gift: false,
  coupon: 'none',
  begins,
  goes: 'straight',
});
const addOn: Action = { do: 'add-on', subscription: 0, quantity: 1 };
const pause: Action = { do: 'pause', subscription: 0, cycles: 1 };

/** All events at the end, from the last to the first. */
const BACKWARDS: Plan = { ...AS_SENT, atLast: [9, 8, 7, 6, 5, 4, 3, 2, 1, 0] };

function permutations(count: number): number[][] {
  if (count === 0) return [[]];
  return permutations(count - 1).flatMap((rest) =>
    Array.from({ length: count }, (_, place) => rest.toSpliced(place, 0, count - 1)),
  );
}

/** A plan for every order of the calls, a day apart; requests of one subscription stay in their order. */
function everyOrder(calls: readonly Call[]): Plan[] {
  return permutations(calls.length).map((order) => {
    const late = calls.map((call, place) => ({ call, hours: 24 * order.indexOf(place) }));
    const of = (kind: Call['kind']) =>
      late.filter(({ call }) => call.kind === kind).map(({ hours }) => hours);
    return { ...AS_SENT, lateRequests: of('request'), lateEvents: of('event') };
  });
}

/** Passes where the story ends as its books say, in each order of delivery. */
async function holds(
  steps: readonly Step[],
  plansOf: (calls: readonly Call[]) => readonly Plan[] = () => [BACKWARDS],
  setup: Setup = SETUP,
  house?: ShopHouse,
) {
  const told = fastSpringTold({ setup, steps });
  await checkStory(house ?? (await openHouse(productFiles())), told, plansOf(told.calls));
}

test('a pause that a payment ended before an add-on was bought does not shorten the add-on', async (t) => {
  await t.notThrowsAsync(holds([after(0, buy()), after(0, pause), after(61, addOn)]));
});

test('an add-on whose only charge was refunded has no days, also where the next charge was put off', async (t) => {
  const putOff: Action = { do: 'put-off', subscription: 0, days: 1 };
  const back = { do: 'refund', charge: 1, line: 0, how: 'all', ends: false } as const;
  await t.notThrowsAsync(holds([after(0, buy()), after(0, putOff), after(0, addOn), after(0, back)]));
  await t.notThrowsAsync(holds([after(0, buy()), after(0, addOn), after(0, putOff), after(0, back)]));
});

test('the refund of an add-on leaves the days to which the seller put off the next charge', async (t) => {
  const house = await openHouse(productFiles());
  const back = { do: 'refund', charge: 1, line: 0, how: 'all', ends: false } as const;
  for (const addOnIs of ['a proration', 'a charge', 'an order of its own'] as const)
    for (const days of [3, 4, 20])
      for (const wait of [0, 5]) {
        const putOff = after(0, { do: 'put-off', subscription: 0, days });
        const steps = [after(0, buy()), putOff, after(wait, addOn), after(0, back)];
        const setup = { ...SETUP, addOnIs };
        await t.notThrowsAsync(holds(steps, undefined, setup, house), `${addOnIs}, ${days} days, ${wait}`);
      }
});

test('a license ends when the last day of its cancellation has passed, before the subscription’s end is told', async (t) => {
  // The story ends at one o'clock, ten days after the cancellation; the subscription’s end is told at six.
  const late = Array.from({ length: 14 }, () => after(0, { do: 'touch', subscription: 0 } as const));
  const cancel: Action = { do: 'cancel', subscription: 0 };
  await t.notThrowsAsync(holds([after(0, buy()), ...late, after(18, cancel)]));
});

test('the request for an add-on is no charge of its subscription, on whatever day and in whatever order it comes', async (t) => {
  // The request and the event of the add-on's order come 0 to 9 days late: before, on and after the last days of a period.
  const plans = [0, 90, 132, 160].flatMap((request) =>
    [0, 100, 140, 230].map(
      (event): Plan => ({ ...AS_SENT, lateRequests: [0, request], lateEvents: [0, 0, 0, event, 0, 0] }),
    ),
  );
  const failCard: Action = { do: 'failCard', subscription: 0 };
  const steps = [after(0, buy('trial')), after(35, addOn), after(0, failCard)];
  await t.notThrowsAsync(holds(steps, () => plans));
});

test('the first order of a subscription keeps its license ids, in every order of its calls and those of an add-on', async (t) => {
  // Except where the add-on's order is all that is known when the first order is requested (docs/life.md).
  const plansOf = (calls: readonly Call[]) =>
    everyOrder(calls).filter(
      ({ lateRequests: [request = 0], lateEvents: [activated = 0, first = 0, other = 0] }) =>
        [activated, first].some((event) => event < request) || request < other,
    );
  await t.notThrowsAsync(holds([after(0, buy()), after(0, addOn)], plansOf));
});

test('an add-on whose request comes when the next charge is due already lasts to that charge, not a term longer', async (t) => {
  const failCard: Action = { do: 'failCard', subscription: 0 };
  // The request and its event come five to eight days late, on the day of the charge that fails and around it.
  const plans = [110, 129, 135, 180].map(
    (hours): Plan => ({ ...AS_SENT, lateRequests: [0, hours], lateEvents: [0, 0, 0, hours] }),
  );
  const steps = [after(0, buy()), after(30, failCard), after(25, addOn)];
  await t.notThrowsAsync(holds(steps, () => plans));
});

test('a prorated change of plan and quantity replaces a plan that the last rebill alone had told', async (t) => {
  const edit = (ware: string, quantity: number, prorated: boolean): Action => ({
    do: 'edit',
    subscription: 0,
    ware,
    quantity,
    prorated,
    again: null,
    since: 'nothing',
  });
  const changes = [
    ['lenient-monthly', 'pro-monthly'],
    ['strict-monthly', 'pro-monthly'],
    ['pro-monthly', 'lenient-monthly'],
  ] as const;
  for (const [first, second] of changes)
    await t.notThrowsAsync(
      holds(
        [after(0, buy()), after(12, edit(first, 1, false)), after(23, edit(second, 2, true))],
        undefined,
        {
          ...SETUP,
          editShows: 'old',
        },
      ),
    );
});

test('a withdrawn pause begins a new cycle: the days are those of its charge, and its refund gives the earlier ones back', async (t) => {
  const setup = { ...SETUP, withdrawalCharges: true };
  const edit = {
    do: 'edit',
    subscription: 0,
    ware: 'plan-monthly',
    quantity: 1,
    prorated: false,
    again: null,
    since: 'nothing',
  } as const;
  const resume: Action = { do: 'resume', subscription: 0 };
  const back = { do: 'refund', charge: 1, line: 0, how: 'all', ends: false } as const;
  const steps = [after(0, buy('paid', 'plan-yearly')), after(0, edit), after(0, pause), after(0, resume)];
  await t.notThrowsAsync(holds(steps, undefined, setup));
  await t.notThrowsAsync(holds([...steps, after(0, back)], undefined, setup));
});

test('the return of a proration undoes what a request had asked for with it, beside a change that stands too', async (t) => {
  const setup = { ...SETUP, asksAtProrations: true };
  const edit = (ware: string): Step =>
    after(0, {
      do: 'edit',
      subscription: 0,
      ware,
      quantity: 1,
      prorated: true,
      again: null,
      since: 'nothing',
    });
  const back = (charge: number): Step => after(0, { do: 'refund', charge, line: 0, how: 'all', ends: false });
  for (const plans of [undefined, () => [AS_SENT]]) {
    await t.notThrowsAsync(holds([after(0, buy()), edit('strict-monthly'), back(1)], plans, setup));
    const twice = [after(0, buy()), edit('strict-monthly'), edit('pro-monthly'), back(2)];
    await t.notThrowsAsync(holds(twice, plans, setup));
  }
});

test('units that come back one by one, as a third of a price each and as whole lines, end one license each', async (t) => {
  const three = { ...buy(), cart: [['app', 3]], coupon: 'one' } as Action;
  const unit = { do: 'refund', charge: 0, line: 0, how: 'unit', ends: false } as const;
  for (const unitReturnIs of ['not told', 'Full Refund'] as const)
    for (const subtotalIs of ['before discounts', 'after discounts'] as const) {
      const setup = { ...SETUP, unitReturnIs, subtotalIs };
      await t.notThrowsAsync(holds([after(0, three), after(0, unit)], undefined, setup));
      await t.notThrowsAsync(holds([after(0, three), after(0, unit), after(0, unit)], undefined, setup));
    }
});

test('a subscription that a coupon made free gives access, and no fallback to who never paid', async (t) => {
  const free = { ...buy('paid', 'kind-monthly'), coupon: 'all' } as Action;
  const endNow: Action = { do: 'endNow', subscription: 0 };
  await t.notThrowsAsync(holds([after(0, free), after(10, endNow)]));
  await t.notThrowsAsync(holds([after(0, free), after(45, endNow)]), 'after a paid period');
});

/** The prorated changes of one subscription in a row: wares or null, with quantities. */
const prorated = (...changes: readonly (readonly [string | null, number])[]) =>
  changes.map(([ware, quantity]) =>
    after(0, { do: 'edit', subscription: 0, ware, quantity, prorated: true, again: null, since: 'nothing' }),
  );

const TWO_OR_THREE = [
  [3, 1],
  [2, 3],
  [3, 2],
] as const;

test('prorated changes of quantity in a row, up and down, leave the last number, whichever units their charges name', async (t) => {
  const house = await openHouse(productFiles());
  for (const prorationNames of ['all units', 'changed units'] as const)
    for (const prorationShows of ['new', 'old'] as const)
      for (const tellsEditAfterCharge of [false, true])
        for (const [first, second] of TWO_OR_THREE) {
          const setup = { ...SETUP, prorationNames, prorationShows, tellsEditAfterCharge };
          const steps = [after(0, buy()), ...prorated([null, first], [null, second])];
          await t.notThrowsAsync(
            holds(steps, undefined, setup, house),
            `${JSON.stringify(setup)} ${first} ${second}`,
          );
        }
});

test('a prorated downgrade that no charge tells ends nothing before the next charge, and then what it named', async (t) => {
  const house = await openHouse(productFiles());
  for (const creditIs of ['not told', 'a return'] as const)
    for (const days of [0, 45]) {
      const more = after(days, { do: 'touch', subscription: 0 });
      const steps = [after(0, buy()), ...prorated([null, 3], [null, 1]), more];
      await t.notThrowsAsync(
        holds(steps, undefined, { ...SETUP, creditIs }, house),
        `${creditIs}, ${days} days`,
      );
    }
});

test('a prorated change of the interval, to a year and to a month, lasts to the next charge that it states', async (t) => {
  const house = await openHouse(productFiles());
  const wares = ['plan-monthly', 'plan-yearly', 'pro-monthly'];
  for (const intervalBegins of ['at the change', 'at the next charge'] as const)
    for (const first of wares)
      for (const second of wares.filter((ware) => ware !== first)) {
        const steps = [after(0, buy('paid', first)), ...prorated([second, 1])];
        const setup = { ...SETUP, intervalBegins };
        await t.notThrowsAsync(holds(steps, undefined, setup, house), `${first} ${second} ${intervalBegins}`);
      }
});

test('what is asked for late with a charge that was told is as many units as the charges say', async (t) => {
  const setup = { ...SETUP, asksAtProrations: true };
  const change = { do: 'edit', subscription: 0, ware: 'plan-monthly', quantity: 2 } as const;
  const steps = [
    after(0, buy('paid', 'strict-monthly')),
    after(0, { ...change, prorated: true, again: 1, since: 'nothing' }),
  ];
  const late: Plan = { ...AS_SENT, lateRequests: [1], atLast: [0, 1, 2, 3, 4, 5] };
  await t.notThrowsAsync(holds(steps, () => [late], setup));
});

test('a won dispute gives back what its opening took, a lost one takes its charge, and one told again is flagged', async (t) => {
  const house = await openHouse(productFiles());
  const wares = ['app', 'plan-monthly', 'generous', 'lenient-monthly'];
  for (const namesCases of [true, false])
    for (const ware of wares)
      for (const becomes of ['open', 'won', 'again', 'lost'] as const) {
        const dispute: Action = { do: 'chargeback', charge: 0, becomes };
        const steps = [after(0, buy('paid', ware)), after(1, dispute)];
        const setup = { ...SETUP, namesCases };
        await t.notThrowsAsync(holds(steps, undefined, setup, house), `${ware}, ${becomes}`);
      }
});

test('a rebill of 0 gives its period, and neither ends a dispute nor pays for a fallback', async (t) => {
  const house = await openHouse(productFiles());
  const coupon = after(0, { do: 'coupon', subscription: 0 });
  const dispute = after(0, { do: 'chargeback', charge: 0, becomes: 'open' });
  const endNow = after(20, { do: 'endNow', subscription: 0 });
  for (const steps of [
    [after(0, buy()), coupon],
    [after(0, buy()), dispute, coupon],
    [after(0, buy('trial', 'kind-monthly')), coupon, endNow],
  ])
    await t.notThrowsAsync(holds([...steps, after(15, pause)], undefined, undefined, house));
});

test('an add-on charged within a subscription, alone, leaves its license, and goes with its own charge', async (t) => {
  const house = await openHouse(productFiles());
  const back = { do: 'refund', charge: 1, line: 0, how: 'all', ends: false } as const;
  const upgrade = { do: 'edit', subscription: 0, ware: 'pro-monthly', quantity: 1 } as const;
  const upgraded = after(1, { ...upgrade, prorated: true, again: null, since: 'nothing' });
  for (const addOnIs of ['a proration', 'a charge'] as const)
    for (const asksAtProrations of [false, true])
      for (const steps of [
        [after(0, buy()), after(1, addOn)],
        [after(0, buy()), after(40, addOn)],
        [after(0, buy()), after(1, addOn), after(1, back)],
        [after(0, buy('paid', 'plan-yearly')), after(1, addOn), after(1, back)],
        [after(0, buy()), upgraded, after(1, addOn)],
        [after(0, buy()), after(1, addOn), upgraded, after(40, pause)],
      ]) {
        const setup = { ...SETUP, addOnIs, asksAtProrations };
        await t.notThrowsAsync(holds(steps, undefined, setup, house), JSON.stringify([setup, steps]));
      }
});

test('a prorated change to more units or to another product counts from its charge, also if its edit is never told', async (t) => {
  const house = await openHouse(productFiles());
  for (const prorationNames of ['all units', 'changed units'] as const)
    for (const change of [
      [null, 3],
      ['pro-monthly', 2],
    ] as const)
      for (const days of [0, 40]) {
        const setup = { ...SETUP, losesProratedEdits: true, prorationNames };
        const steps = [
          after(0, buy()),
          ...prorated(change),
          after(days, { do: 'touch', subscription: 0 }),
        ] as const;
        await t.notThrowsAsync(holds(steps, undefined, setup, house), JSON.stringify([setup, change]));
      }
});

test('units of a change that is told before its first order came, and asked for after it, are as many as were paid', async (t) => {
  const setup = { ...SETUP, asksAtProrations: true };
  const steps = [after(0, buy('paid', 'plan-yearly')), ...prorated([null, 2])];
  // The activation, the edit and its charge come at once, the first order three days late, the change's request last.
  const plans = [72, 73, 96].map(
    (sold): Plan => ({ ...AS_SENT, lateRequests: [72, 100], lateEvents: [0, sold, 0, 0] }),
  );
  await t.notThrowsAsync(holds(steps, () => plans, setup));
});

test('more units that a proration paid for after the period’s money went back are live, and the others are not', async (t) => {
  const house = await openHouse(productFiles());
  for (const since of ['a refund', 'a dispute'] as const)
    for (const ware of ['plan-monthly', 'strict-monthly'])
      for (const asksAtProrations of [false, true]) {
        const more = { do: 'edit', subscription: 0, ware: null, quantity: 3, prorated: true } as const;
        const steps = [after(0, buy('paid', ware)), after(1, { ...more, again: null, since })];
        const setup = { ...SETUP, asksAtProrations };
        await t.notThrowsAsync(holds(steps, undefined, setup, house), `${ware} after ${since}`);
      }
});

test('what a subscription leaves by a change stays good where its product says so, once it was paid', async (t) => {
  const house = await openHouse(productFiles());
  const left = { do: 'edit', subscription: 0, ware: 'pro-monthly', quantity: 1, again: null } as const;
  for (const prorated of [false, true])
    for (const coupon of ['none', 'all'] as const)
      for (const days of [0, 40]) {
        const sold = { ...buy('paid', 'kind-monthly'), coupon } as Action;
        const edit = after(1, { ...left, prorated, since: 'nothing' });
        const steps = [after(0, sold), edit, after(days, { do: 'touch', subscription: 0 })];
        await t.notThrowsAsync(holds(steps, undefined, SETUP, house), `${prorated} ${coupon} ${days}`);
      }
});

test('an edit counts with a charge that is told by ids alone', async (t) => {
  const house = await openHouse(productFiles());
  const setup = { ...SETUP, expands: false, asksAtRebills: true, asksAtProrations: true };
  for (const prorated of [false, true])
    for (const ware of [null, 'pro-monthly']) {
      const edit = { do: 'edit', subscription: 0, ware, quantity: 2, prorated, again: null } as const;
      const steps = [after(0, buy()), after(1, { ...edit, since: 'nothing' }), after(40, pause)];
      await t.notThrowsAsync(holds(steps, undefined, setup, house), `${prorated} ${ware}`);
    }
});

test('units whose proration was refunded stay unpaid when a further change states them too', async (t) => {
  const house = await openHouse(productFiles());
  const edit = (quantity: number, since: 'nothing' | 'a refund' | 'a dispute' = 'nothing') =>
    after(1, { do: 'edit', subscription: 0, ware: null, quantity, prorated: true, again: null, since });
  const touch = after(45, { do: 'touch', subscription: 0 });
  for (const ware of ['plan-monthly', 'crew-monthly'])
    for (const prorationNames of ['all units', 'changed units'] as const)
      for (const more of [
        {},
        { losesProratedEdits: true },
        { tellsEditAfterCharge: true },
        { prorationShows: 'old' },
      ] as const)
        for (const asksAtProrations of [false, true])
          for (const changes of [
            [edit(3), edit(4, 'a refund')],
            [edit(3), edit(2, 'a refund')],
            [edit(3), edit(4, 'a refund'), edit(6)],
            [edit(3), edit(4, 'a refund'), edit(6, 'a refund')],
            [edit(3), edit(2, 'a refund'), edit(4)],
            [edit(3), edit(4, 'a refund'), touch],
          ]) {
            const setup = { ...SETUP, prorationNames, asksAtProrations, ...more };
            await t.notThrowsAsync(
              holds([after(0, buy('paid', ware)), ...changes], undefined, setup, house),
              JSON.stringify([ware, setup, changes]),
            );
          }
});

test('a change of plan that costs nothing gives no license after the money of its period went back', async (t) => {
  const house = await openHouse(productFiles());
  for (const [first, second] of [
    ['pro-monthly', 'plan-monthly'],
    ['crew-monthly', 'plan-monthly'],
    ['pro-monthly', 'lenient-monthly'],
  ] as const)
    for (const since of ['nothing', 'a refund'] as const)
      for (const asksAtProrations of [false, true])
        for (const days of [0, 45]) {
          const change = { do: 'edit', subscription: 0, ware: second, quantity: 1, prorated: true } as const;
          const edit = after(1, { ...change, again: null, since });
          const steps = [
            after(0, buy('paid', first)),
            edit,
            after(days, { do: 'touch', subscription: 0 }),
          ] as const;
          const setup = { ...SETUP, asksAtProrations };
          await t.notThrowsAsync(
            holds(steps, undefined, setup, house),
            `${first} ${second} ${since} ${days}`,
          );
        }
});

test('a prorated change that costs nothing and is told by ids alone is paid by its period, also for a fallback', async (t) => {
  const house = await openHouse(productFiles());
  for (const second of ['kind-monthly', 'plan-monthly'])
    for (const since of ['nothing', 'a refund'] as const)
      for (const more of [
        [],
        [after(5, { do: 'endNow', subscription: 0 })],
        [after(45, { do: 'endNow', subscription: 0 })],
        [after(1, { do: 'refund', charge: 0, line: 0, how: 'all', ends: true })],
      ] as const) {
        const change = { do: 'edit', subscription: 0, ware: second, quantity: 1, prorated: true } as const;
        const steps = [
          after(0, buy('paid', 'pro-monthly')),
          after(1, { ...change, again: null, since }),
          ...more,
        ];
        const setup = { ...SETUP, expands: false };
        await t.notThrowsAsync(
          holds(steps, undefined, setup, house),
          `${second} ${since} ${JSON.stringify(more)}`,
        );
      }
});

test('more units after the refund of a longer interval are paid to their own day, and the others to no later one', async (t) => {
  const house = await openHouse(productFiles());
  const more = { do: 'edit', subscription: 0, ware: null, quantity: 2, prorated: true, again: null } as const;
  for (const intervalBegins of ['at the change', 'at the next charge'] as const)
    for (const since of ['nothing', 'a refund'] as const) {
      const steps = [after(0, buy()), ...prorated(['plan-yearly', 1]), after(0, { ...more, since })];
      const setup = { ...SETUP, intervalBegins };
      await t.notThrowsAsync(holds(steps, undefined, setup, house), `${intervalBegins} ${since}`);
    }
});

test('a request with the proration of units that were given up before gets all their codes, or an error', async (t) => {
  const house = await openHouse(productFiles());
  const again = { do: 'edit', subscription: 0, ware: null, quantity: 1, prorated: true, again: 2 } as const;
  for (const ware of ['strict-monthly', 'plan-monthly']) {
    const sold = { ...buy(), cart: [[ware, 2]] } as Action;
    const setup = { ...SETUP, asksAtProrations: true };
    const steps = [after(0, sold), after(0, { ...again, since: 'nothing' })];
    await t.notThrowsAsync(holds(steps, undefined, setup, house), ware);
  }
});

test('units of a plan that was changed to, by two paths, are as many as were paid, whichever path is heard of first', async (t) => {
  const house = await openHouse(productFiles());
  const steps = [after(0, buy('paid', 'crew-monthly')), ...prorated(['plan-monthly', 1], ['plan-yearly', 1])];
  await t.notThrowsAsync(holds(steps, undefined, SETUP, house));
});

test('a change that costs nothing after the refund of a longer interval may be paid by the returned money', async (t) => {
  const house = await openHouse(productFiles());
  const more = { do: 'edit', subscription: 0, ware: 'plan-monthly', quantity: 2, prorated: true } as const;
  const changed = after(0, { ...more, again: null, since: 'a refund' });
  await t.notThrowsAsync(
    holds([after(0, buy()), ...prorated(['plan-yearly', 1]), changed], undefined, SETUP, house),
  );
});

test('an edit that is told right after a proration whose own edit was lost is of the charge that follows it', async (t) => {
  const house = await openHouse(productFiles());
  for (const ware of [null, 'strict-monthly'])
    for (const [first, second] of TWO_OR_THREE) {
      const more = { do: 'edit', subscription: 0, ware, quantity: first, prorated: true } as const;
      const steps = [after(0, buy()), after(1, { ...more, again: second, since: 'nothing' })];
      const setup = { ...SETUP, losesProratedEdits: true };
      await t.notThrowsAsync(holds(steps, undefined, setup, house), `${ware} ${first} ${second}`);
    }
});

test('units whose proration was refunded are paid by the next charge, also where both are told by ids alone', async (t) => {
  const house = await openHouse(productFiles());
  const back = { do: 'refund', charge: 1, line: 0, how: 'all', ends: false } as const;
  for (const expands of [true, false])
    for (const days of [0, 45]) {
      const steps = [after(0, buy()), ...prorated([null, 2]), after(0, back)];
      const more = after(days, { do: 'touch', subscription: 0 });
      const setup = { ...SETUP, expands };
      await t.notThrowsAsync(holds([...steps, more], undefined, setup, house), `${expands} ${days}`);
    }
});
