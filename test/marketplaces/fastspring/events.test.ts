/** From FastSpring's webhook to the ledger; the tests of the readers are in the files beside this file. */
import test from 'ava';
import { type Data, day, FileOwner, type Market, only, openMarket, told } from '../../kit/fastspring.ts';
import { completed, FORMS, type Form, returned, subscriptionData } from './payloads.ts';

const owner = new FileOwner();
let market: Market;
test.before(async () => {
  market = await openMarket(owner);
});
test.after.always(() => owner.end());

let orders = 0;
/** A sold subscription of one license, and its events. */
async function subscribe(form: Form, product = 'plan-monthly') {
  orders += 1;
  const order = `S-${orders}`;
  const id = `sub-${orders}`;
  await market.tell(completed(market, order, form, [{ product, subscription: id }]));
  const data = (more: Data = {}) => subscriptionData(id, form, { product, ...more });
  return {
    order,
    id,
    data,
    tell: (type: string, more: Data = {}) => market.tell(market.event(type, data(more))),
    charge: (more: Data) => {
      const data = {
        order:
          form === 'expanded' ? { id: `${order}B-id`, reference: `${order}B`, items: [] } : `${order}B-id`,
        sequence: 2,
        status: 'successful',
        subscription:
          form === 'expanded' ? subscriptionData(id, form, { product, sequence: 2, ...more }) : id,
      };
      return market.tell(market.event('subscription.charge.completed', data, { created: day('2026-11-20') }));
    },
    told: async () => told(await market.find(order)).join(),
  };
}

for (const form of FORMS) {
  test(`order.completed issues what no request asked for, and names customer and subscription (${form})`, async (t) => {
    const { order, id } = await subscribe(form);
    const license = await only(t, market, order);
    t.is(license.state, 'active');
    t.is(license.subscription, id);
    t.is(license.issued, '2026-11-13', 'the day of sale is the marketplace’s, and at most a week back');
    t.is(market.home.reader('plan', { liveOnly: true }).read(license.code).verdict, 'valid');
    const { out } = await market.cli(['license', 'show', license.id]);
    t.regex(out, /Grace Hopper, grace@example\.com/);
  });

  test(`subscription.activated and .updated set the day of the next charge with the grace (${form})`, async (t) => {
    const { tell, told: now } = await subscribe(form);
    await tell('subscription.activated', { nextChargeDate: day('2026-12-05') });
    t.is(await now(), 'plan 0: active to 2026-12-19, 1');
    await tell('subscription.updated', { nextChargeDate: day('2026-12-07') });
    t.is(await now(), 'plan 0: active to 2026-12-21, 1');
  });

  test(`subscription.charge.completed renews to the told day or, without one, by the term (${form})`, async (t) => {
    const { order, charge } = await subscribe(form);
    const before = await only(t, market, order);
    await charge({ nextChargeDate: day('2027-01-08') });
    const after = await only(t, market, order);
    t.is(after.id, before.id);
    t.true(after.revision > before.revision);
    t.is(after.lastValid, form === 'expanded' ? '2027-01-22' : '2027-01-03');
    t.is(/tells no date: the product's term/.test(after.history.at(-1)!.cause), form === 'unexpanded');
  });

  test(`an overdue payment suspends, told once or more, until it is paid (${form})`, async (t) => {
    const { tell, charge, told: now } = await subscribe(form);
    await tell('subscription.payment.overdue', { state: 'overdue' });
    await tell('subscription.payment.overdue', { state: 'overdue' });
    t.regex(await now(), /suspended/);
    await charge({ nextChargeDate: day('2027-01-01') });
    t.regex(await now(), /active/);
  });

  test(`a canceled subscription is valid to its last paid day, without grace, and ends then (${form})`, async (t) => {
    const { tell, told: now } = await subscribe(form);
    const ending = {
      state: 'canceled',
      canceledDate: day('2026-11-10'),
      deactivationDate: day('2026-11-30'),
    };
    await tell('subscription.canceled', ending);
    t.is(await now(), 'plan 0: active to 2026-11-30, 1');
    await tell('subscription.uncanceled');
    t.is(await now(), 'plan 0: active to 2026-12-15, 1', 'undone');
    await tell('subscription.canceled', ending);
    await tell('subscription.deactivated', { ...ending, state: 'deactivated', nextChargeDate: null });
    t.is(await now(), 'plan 0: ended to 2026-11-30, 1');
  });

  test(`a full return revokes what was sold once (${form})`, async (t) => {
    const order = `F-${form}`;
    await market.tell(completed(market, order, form, [{ product: 'app' }]));
    await market.tell(returned(market, order, form, { totalReturn: 20 }, { product: 'app', quantity: 1 }));
    t.is((await only(t, market, order)).state, 'revoked');
  });

  test(`a chargeback revokes what was sold once, though it names the order by its id alone (${form})`, async (t) => {
    const order = `C-${form}`;
    await market.tell(completed(market, order, form, [{ product: 'app' }]));
    const id = `${order}-id`;
    await market.tell(
      market.event('chargeback.created', {
        id: `cb-${order}`,
        order: form === 'expanded' ? { id, order: id } : id,
        status: 'NEW',
        creationDate: 'Fri May 09 17:00:00 UTC 2025',
      }),
    );
    const license = await only(t, market, order);
    t.is(license.state, 'revoked');
    t.regex(license.history.at(-1)?.cause ?? '', /chargeback\.created/);
  });

  test(`order.canceled revokes what a request got before (${form})`, async (t) => {
    const order = `V-${form}`;
    await market.ask('app', { reference: order, quantity: '1' });
    await market.tell(
      market.event('order.canceled', {
        id: `${order}-id`,
        order: `${order}-id`,
        reference: order,
        items: [],
      }),
    );
    t.is((await only(t, market, order)).state, 'revoked');
  });
}

test('a unit of a charge that arrives before its order gets the buyer of the order', async (t) => {
  const [order, id] = ['S-late', 'sub-late'];
  const charge = {
    order: {
      id: `${order}B-id`,
      reference: `${order}B`,
      items: [{ product: 'other', quantity: 2, subtotal: 20 }],
    },
    sequence: 2,
    status: 'successful',
    subscription: { id, state: 'active', product: 'other', quantity: 2, sequence: 2 },
  };
  await market.tell(market.event('subscription.charge.completed', charge));
  await market.tell(completed(market, order, 'expanded', [{ product: 'other', subscription: id }]));
  await market.tell(
    market.event('subscription.updated', { id, state: 'active', product: 'other', quantity: 2 }),
  );
  const held = (await market.find('grace@example.com')).filter(({ subscription }) => subscription === id);
  t.is(held.filter(({ state }) => state === 'active').length, 2);
  // The charge's own unit, whose code was not delivered, was replaced by the order's unit.
  t.is(held.filter(({ state }) => state === 'revoked').length, 1);
});
