/** Contract: people who hold licenses are found, corrected and erased. */
import type { TestFn } from 'ava';
import type { FactBody } from '../../../src/domain/facts/fact.ts';
import { movedFact } from '../../../src/domain/facts/moved.ts';
import type { Customer } from '../../../src/domain/values/order.ts';
import { eventOf, factOf, issueOf, issueTo, nameOf, orderOf } from '../../kit/ledger-data.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';
import { type MakeDatabase, openEmpty } from './database.ts';

const ADA = { name: 'Ada Byron', email: 'ada@example.com' };
const GRACE = { name: 'Grace Hopper', email: 'grace@example.com' };
const NOBODY = { name: undefined, email: undefined };

const sale = (order: string, people: readonly Customer[], quantity = 1, id = `sold ${order} ${quantity}`) =>
  eventOf(
    id,
    [
      factOf(
        `order:${order}`,
        { kind: 'sold', product: 'app', quantity, line: 'app' },
        { key: id, at: SOLD_AT },
      ),
    ],
    {
      people: people.map((customer) => ({ subject: `order:${order}` as const, customer })),
      payload: JSON.stringify({ id, people }),
    },
  );

const ask = (order: string, customer: Customer = NOBODY) =>
  issueOf({ marketplace: 'fastspring', order, line: 'app', customer });

export function peopleContract(test: TestFn, makeDatabase: MakeDatabase): void {
  test('a customer is added if none is known, and never overwritten', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const holder = async () =>
      (await ledger.find({ by: 'order', order: 'R1' })).map(({ customer }) => customer);
    await ledger.ingest(sale('R1', []));
    t.deepEqual(await holder(), [NOBODY]);
    await ledger.issue(ask('R1', ADA));
    t.deepEqual(await holder(), [ADA]);
    await ledger.ingest(sale('R1', [GRACE], 1, 'one more'));
    t.deepEqual(await holder(), [ADA, ADA], 'units that come later are of the same customer');
  });

  test('both people of a gift are found, in any order of arrival, and one of them holds the license (23)', async (t) => {
    for (const isRequestFirst of [true, false]) {
      const { ledger } = await openEmpty(t, makeDatabase);
      const told = () => ledger.ingest(sale('R1', [ADA, GRACE]));
      if (isRequestFirst) await ledger.issue(ask('R1', GRACE));
      await told();
      if (!isRequestFirst) await ledger.issue(ask('R1', GRACE));
      for (const { email } of [ADA, GRACE]) {
        const found = await ledger.find({ by: 'email', email });
        t.deepEqual(
          found.map(({ order }) => order),
          ['R1'],
          email,
        );
        t.deepEqual(found[0]?.customer, isRequestFirst ? GRACE : ADA);
      }
    }
  });

  test('an address is found in every spelling that normalizes to it, and a part of an address or a name in any case (48)', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.issue(ask('1', { name: 'Zoë Ångström', email: 'Zoë@Éxample.com' }));
    await ledger.issue(ask('2', { name: undefined, email: 'ZO@example.com' }));
    const orders = async (query: Parameters<typeof ledger.find>[0]) =>
      (await ledger.find(query)).map(({ order }) => order);
    for (const email of ['zoë@éxample.com', 'ZOË@ÉXAMPLE.COM', ' zoe\u0308@e\u0301xample.com ']) {
      t.deepEqual(await orders({ by: 'email', email }), ['1'], email);
    }
    t.deepEqual(await orders({ by: 'email', email: 'zoe@example.com' }), []);
    t.deepEqual(await orders({ by: 'person', part: 'ångSTRÖM' }), ['1']);
    t.deepEqual(await orders({ by: 'person', part: 'zo' }), ['1', '2']);
    t.deepEqual(await orders({ by: 'person', part: '%' }), []);
  });

  test('an erased customer stays erased after repeated events and new units', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.ingest(sale('R1', [ADA]));
    await ledger.ingest(sale('R2', [GRACE]));
    const erased = await ledger.eraseCustomer({ email: 'Ada@Example.com' });
    t.deepEqual([erased.licenses, erased.events], [1, 1]);
    await ledger.ingest(sale('R1', [ADA], 1, 'one more'));
    await ledger.issue(
      issueOf({ marketplace: 'fastspring', order: 'R1', line: 'app', quantity: 2, customer: ADA }),
    );
    const stories = await ledger.find({ by: 'order', order: 'R1' });
    t.deepEqual(
      stories.map(({ customer }) => customer),
      [NOBODY, NOBODY],
    );
    t.deepEqual(await ledger.find({ by: 'email', email: ADA.email }), []);
    // The control: another customer and the events about them are still there.
    t.is((await ledger.find({ by: 'email', email: GRACE.email })).length, 1);
    const kept = await ledger.findEvents({ limit: 9 });
    t.deepEqual(
      kept.filter(({ id }) => id.startsWith('sold')).map(({ id, payload }) => [id, payload === null]),
      [
        ['sold R2 1', false],
        ['sold R1 1', true],
      ],
    );
  });

  test('an event about an erased customer is kept without its payload, under its own id, a new id or as a later event (48)', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    for (const [order, people] of [
      ['R1', [ADA]],
      ['R2', [GRACE]],
      ['a gift', [{ name: 'Alan', email: 'alan@example.com' }, ADA]],
    ] as const) {
      await ledger.ingest(sale(order, people));
    }
    await ledger.eraseCustomer({ email: ADA.email });
    const refund = (order: string) =>
      eventOf(`refund ${order}`, [factOf(`order:${order}`, { kind: 'refunded' })], {
        payload: JSON.stringify(ADA),
      });
    await ledger.ingest(sale('R1', [ADA]), { again: true });
    await ledger.ingest({ ...sale('R1', [ADA]), id: 'resent' });
    for (const order of ['R1', 'R2', 'a gift']) await ledger.ingest(refund(order));
    const kept = await ledger.findEvents({ limit: 9 });
    t.deepEqual(
      kept.map(({ id, payload }) => [id, payload !== null]),
      [
        // The control: the events of another customer keep their payloads.
        ['refund a gift', false],
        ['refund R2', true],
        ['refund R1', false],
        ['resent', false],
        ['sold a gift 1', false],
        ['sold R2 1', true],
        ['sold R1 1', false],
      ],
    );
    t.is((await ledger.find({ by: 'order', order: 'R1' }))[0]?.state, 'revoked', 'the event counts');
  });

  test('a second erasure removes what an event that could not be applied brought back', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.ingest(sale('R1', [ADA]));
    await ledger.eraseCustomer({ email: ADA.email });
    const { id, payload } = sale('R1', [ADA], 1, 'unreadable');
    await ledger.keepFailed(eventOf(id, [], { payload }), 'a fault');
    t.is(
      (await ledger.findEventsAbout(ADA.email)).length,
      1,
      'the control: which order it is about is not known',
    );
    t.like(await ledger.eraseCustomer({ email: ADA.email }), { licenses: 0, events: 1 });
    t.deepEqual(await ledger.findEventsAbout(ADA.email), []);
  });

  test('an erasure by the order erases a customer without an address, and both people of a gift (48)', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.issue(ask('without', { name: 'No Address', email: undefined }));
    await ledger.ingest(sale('a gift', [ADA, GRACE]));
    await ledger.issue(ask('another', ADA));
    t.is((await ledger.eraseCustomer(nameOf('without', { marketplace: 'fastspring' }))).licenses, 1);
    t.deepEqual((await ledger.find({ by: 'order', order: 'without' }))[0]?.customer, NOBODY);
    t.like(await ledger.eraseCustomer(nameOf('a gift', { marketplace: 'fastspring' })), {
      licenses: 1,
      others: 0,
    });
    t.deepEqual(await ledger.find({ by: 'person', part: 'Grace' }), []);
    t.deepEqual(
      (await ledger.find({ by: 'email', email: ADA.email })).map(({ order }) => order),
      ['another'],
    );
    t.like(await ledger.eraseCustomer(nameOf('unknown', { marketplace: 'fastspring' })), {
      licenses: 0,
      events: 0,
      others: 0,
    });
  });

  test('one person of a gift can be erased, and the other stays', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.ingest(sale('R1', [ADA, GRACE]));
    t.is((await ledger.eraseCustomer({ email: GRACE.email })).others, 1);
    t.deepEqual(await ledger.find({ by: 'email', email: GRACE.email }), []);
    const [story] = await ledger.find({ by: 'email', email: ADA.email });
    t.deepEqual(story?.customer, ADA);
  });

  test('name and address are corrected separately or together, and an erased customer is not restored (58)', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.ingest(sale('R1', [{ name: 'Ada', email: 'ad@example.com' }], 2));
    t.is(await ledger.correctCustomer(nameOf('R1', { marketplace: 'fastspring' }), { email: ADA.email }), 2);
    t.is((await ledger.find({ by: 'email', email: ADA.email })).length, 2);
    t.deepEqual(await ledger.find({ by: 'email', email: 'ad@example.com' }), []);
    t.is(await ledger.correctCustomer(nameOf('R1', { marketplace: 'fastspring' }), { name: ADA.name }), 2);
    t.deepEqual((await ledger.find({ by: 'order', order: 'R1' }))[0]?.customer, ADA);
    await ledger.issue(ask('nobody'));
    t.is(await ledger.correctCustomer(nameOf('nobody', { marketplace: 'fastspring' }), GRACE), 1);
    t.is((await ledger.find({ by: 'email', email: GRACE.email })).length, 1);
    await ledger.eraseCustomer({ email: ADA.email });
    t.is(await ledger.correctCustomer(nameOf('R1', { marketplace: 'fastspring' }), ADA), 0);
    t.is(await ledger.correctCustomer(nameOf('unknown', { marketplace: 'fastspring' }), ADA), 0);
  });

  test('an event of a subscription that was moved from an erased customer’s is kept without its payload', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const of = (order: string, subscription: string) => {
      const { people, payload, ...event } = sale(order, [order === 'R1' ? ADA : GRACE]);
      const facts = event.facts.map((fact) => ({
        ...fact,
        body: { ...fact.body, subscription } as FactBody,
      }));
      return ledger.ingest({ ...event, facts, people, payload });
    };
    await of('R1', 'S1');
    await of('R2', 'S2');
    const to = { marketplace: 'paddle-billing', mode: 'live' } as const;
    const pairs = [
      ['N1', 'S1'],
      ['N2', 'S2'],
    ] as const;
    for (const [subscription, former] of pairs)
      await ledger.addFacts([
        movedFact(
          { ...to, subscription },
          { marketplace: 'fastspring', subscription: former },
          { at: SOLD_AT, cause: 'migrate' },
        ),
      ]);
    await ledger.eraseCustomer({ email: ADA.email });
    for (const [subscription] of pairs) {
      const told = factOf(`subscription:${subscription}`, { kind: 'overdue' });
      const event = eventOf(subscription, [{ ...told, ...to }], { payload: JSON.stringify(ADA) });
      t.is(await ledger.ingest({ ...event, ...to }), 'applied');
    }
    const kept = await ledger.findEvents({ marketplace: 'paddle-billing', limit: 9 });
    t.deepEqual(
      kept.flatMap(({ id, payload }) => (payload === null ? [] : [id])),
      ['N2'],
      'the control',
    );
  });

  test('a correction is noted in the act that makes it, and where it makes none, not at all', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const name = nameOf('R1', { marketplace: 'fastspring' });
    await ledger.ingest(sale('R1', [ADA]));
    const note = (key: string) => factOf('order:R1', { kind: 'noted', note: 'corrected' }, { key });
    const noted = async () =>
      (await ledger.showOrder('R1')).facts.flatMap(({ body, key }) => (body.kind === 'noted' ? [key] : []));
    t.is(await ledger.correctCustomer(name, { name: 'Ada King' }, note('first')), 1);
    t.deepEqual(await noted(), ['first']);
    await ledger.eraseCustomer(name);
    t.is(await ledger.correctCustomer(name, ADA, note('second')), 0);
    t.deepEqual(await noted(), ['first']);
  });

  test('a correction counts each license that has the customer, those that the subscription brought about too', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const line = { line: 'app', product: 'app' } as const;
    const fact = (body: FactBody) => factOf('subscription:s', body);
    const sold = factOf('order:R1', { kind: 'sold', quantity: 1, subscription: 's', ...line });
    await ledger.ingest(eventOf('sold', [sold], { people: [{ subject: 'order:R1', customer: ADA }] }));
    const covers = [{ ...line, quantity: 3 }];
    const paid = {
      kind: 'paid',
      until: '2028-01-01',
      sequence: null,
      charge: 'order:R1B',
      part: 'rebill',
    } as const;
    await ledger.ingest(eventOf('paid', [fact({ ...paid, covers })]));
    t.is(await ledger.correctCustomer(nameOf('R1', { marketplace: 'fastspring' }), { name: 'Grace' }), 3);
    const found = await ledger.find({ by: 'subscription', subscription: 's' });
    t.deepEqual(
      found.map(({ customer }) => customer.name),
      ['Grace', 'Grace', 'Grace'],
    );
  });

  test('correcting or erasing the customer of an order leaves the same number of another market alone', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const event = sale('order-R1', [ADA]);
    await ledger.ingest(event);
    await ledger.ingest({
      ...sale('order-R1', [ADA]),
      mode: 'test',
      facts: event.facts.map((fact) => ({ ...fact, mode: 'test' })),
    });
    const live = nameOf('order-R1', { marketplace: 'fastspring' });
    const holders = async () => {
      const found = await ledger.find({ by: 'order', order: 'order-R1' });
      return Object.fromEntries(found.map(({ mode, customer }) => [mode, customer.name]));
    };
    t.is(await ledger.correctCustomer(live, { name: 'Grace' }), 1);
    t.deepEqual(await holders(), { live: 'Grace', test: ADA.name });
    t.is((await ledger.eraseCustomer({ ...live, mode: 'test' })).licenses, 1);
    t.deepEqual(await holders(), { live: 'Grace', test: undefined });
  });

  test('a former address is not learned again, and erasing by the former or the new address erases the person completely', async (t) => {
    const WRONG = { name: 'Ada Byron', email: 'ad@example.com' };
    for (const who of [
      { email: WRONG.email },
      { email: ADA.email.toUpperCase() },
      nameOf('order-R1', { marketplace: 'fastspring' }),
    ]) {
      const { ledger } = await openEmpty(t, makeDatabase);
      await ledger.ingest(sale('order-R1', [WRONG]));
      await ledger.ingest(sale('order-R2', [GRACE]));
      await ledger.correctCustomer(nameOf('order-R1', { marketplace: 'fastspring' }), { email: ADA.email });
      await ledger.ingest({ ...sale('order-R1', [WRONG]), id: 'told again' });
      await ledger.ingest({ ...sale('order-R1', [ADA]), id: 'told right' });
      t.deepEqual(await ledger.find({ by: 'email', email: WRONG.email }), []);
      const erased = await ledger.eraseCustomer(who);
      t.like(erased, { licenses: 1, events: 3, others: 0 }, JSON.stringify(who));
      t.deepEqual(await ledger.find({ by: 'person', part: 'ad' }), []);
      const kept = await ledger.findEvents({ limit: 9 });
      t.deepEqual(
        kept.flatMap(({ id, payload }) => (payload === null ? [] : [id])),
        ['sold order-R2 1'],
      );
      // The control: another customer is still there.
      t.is((await ledger.find({ by: 'email', email: GRACE.email })).length, 1);
    }
  });

  test('a correction keeps the other person of a gift, unless that person has the corrected address', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const wrong = { ...ADA, email: 'ad@example.com' };
    await ledger.ingest(sale('a gift', [wrong, GRACE]));
    await ledger.ingest(sale('named twice', [wrong, ADA]));
    await ledger.correctCustomer(nameOf('a gift', { marketplace: 'fastspring' }), { email: ADA.email });
    await ledger.correctCustomer(nameOf('named twice', { marketplace: 'fastspring' }), { email: ADA.email });
    t.like(await ledger.eraseCustomer({ email: ADA.email }), { licenses: 2, others: 1 });
    t.deepEqual(
      (await ledger.find({ by: 'email', email: GRACE.email })).map(({ order }) => order),
      ['a gift'],
    );
  });

  test('an address that is corrected back belongs to the holder again', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.ingest(sale('R1', [ADA]));
    await ledger.correctCustomer(nameOf('R1', { marketplace: 'fastspring' }), { email: 'ad@example.com' });
    await ledger.correctCustomer(nameOf('R1', { marketplace: 'fastspring' }), { email: ADA.email });
    t.is((await ledger.find({ by: 'email', email: ADA.email })).length, 1);
    t.is((await ledger.eraseCustomer({ email: 'ad@example.com' })).licenses, 1);
    t.deepEqual(await ledger.find({ by: 'person', part: 'Byron' }), []);
  });

  test('erasing a customer changes neither the license nor its code nor its answer', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const { held } = await issueTo(ledger, issueOf({ customer: ADA }));
    t.is((await ledger.eraseCustomer({ email: ADA.email })).licenses, 1);
    t.deepEqual(await ledger.findOrder(orderOf()), {
      ...held,
      customer: undefined,
    });
  });

  test('a correction does not restore an erased customer', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.issue(issueOf({ customer: ADA }));
    t.is(await ledger.correctCustomer(orderOf(), { name: 'Corrected' }), 1);
    await ledger.eraseCustomer({ email: ADA.email });
    t.is(await ledger.correctCustomer(orderOf(), ADA), 0);
    t.is((await ledger.findOrder(orderOf()))?.customer, undefined);
    t.is(await ledger.correctCustomer(nameOf('no such order', { marketplace: 'fastspring' }), ADA), 0);
  });
}
