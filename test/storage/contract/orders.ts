/** Contract: orders are issued once, always answered with the same licenses, found, delivered and counted. */
import type { TestFn } from 'ava';
import type { HeldOrder } from '../../../src/domain/ledger.ts';
import type { Order } from '../../../src/domain/values/order.ts';
import { AppError } from '../../../src/errors.ts';
import {
  issueOf,
  issueTo,
  messageOf,
  mintedFor,
  orderOf,
  soldEvent,
  soldProduct,
} from '../../kit/ledger-data.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';

import { type MakeDatabase, openEmpty } from './database.ts';

export function orderContract(test: TestFn, makeDatabase: MakeDatabase): void {
  test('an empty ledger finds nothing and counts nothing', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    t.is(await ledger.findOrder(orderOf()), undefined);
    t.is(await ledger.findMessage('00'.repeat(32)), undefined);
    t.deepEqual(await ledger.find({ by: 'order', order: '573252' }), []);
    t.deepEqual(await ledger.find({ by: 'email', email: 'ada@example.com' }), []);
    t.deepEqual(await ledger.find({ by: 'license', id: new Uint8Array(16) }), []);
    t.deepEqual(await ledger.count(), { live: 0, test: 0 });
    await t.notThrowsAsync(ledger.probe());
  });

  test('an issue records each license with its code, its answer and its customer', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const issue = issueOf({ quantity: 2 });
    const { held, outcome } = await issueTo(ledger, issue);
    t.is(outcome, 'issued');
    t.deepEqual(plain(held), {
      licenses: mintedFor(issue).map(({ id, unit, revision, code }) => ({
        id: Buffer.from(id).toString('hex'),
        line: '',
        subscription: null,
        unit,
        revision,
        code,
        state: 'active',
        answer: {
          quantity: 2,
          revision: 0,
          code,
          message: messageOf().digest,
          at: SOLD_AT + 1000,
          deliveredAt: null,
          byUnit: false,
        },
        handed: 0,
      })),
      customer: { name: 'Ada Byron', email: 'ada@example.com' },
    });
    t.deepEqual(plain(await ledger.findOrder(issue.order)), plain(held));
  });

  test('an issued order is found when the database is opened again', async (t) => {
    const { ledger, open } = await openEmpty(t, makeDatabase);
    const { held } = await issueTo(ledger, issueOf());
    await ledger.close();
    t.deepEqual(plain(await (await open()).findOrder(orderOf())), plain(held));
  });

  test('a repeated issue changes nothing and returns the held order, also with other data', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const { held } = await issueTo(ledger, issueOf({ quantity: 2 }));
    const message = messageOf('Another text: {{ code }}');
    await ledger.keepMessage(message);
    const again = { at: SOLD_AT + 999_999, product: soldProduct('app', { message }), cause: 'another cause' };
    const customer = { name: 'Eve', email: 'eve@example.com' };
    const repeat = await issueTo(ledger, issueOf({ quantity: 2, customer }, again));
    t.is(repeat.outcome, 'repeated');
    t.deepEqual(plain(repeat.held), plain(held));
    t.deepEqual(await ledger.count(), { live: 2, test: 0 });
    t.deepEqual(await ledger.find({ by: 'email', email: 'eve@example.com' }), []);
  });

  test('a request with another quantity is a conflict and changes nothing', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const { held } = await issueTo(ledger, issueOf({ quantity: 2 }));
    const conflict = { outcome: 'conflict', heldQuantity: 2 } as const;
    t.deepEqual(await ledger.issue(issueOf({ quantity: 3 })), conflict);
    t.deepEqual(plain(await ledger.findOrder(orderOf())), plain(held));
    t.deepEqual(await ledger.count(), { live: 2, test: 0 });
  });

  test('of concurrent issues, in one process or two, exactly one is the first and all get the same answer', async (t) => {
    const { ledger, open } = await openEmpty(t, makeDatabase);
    const second = await open();
    const issues = Array.from({ length: 40 }, (_, i) =>
      issueTo(i % 2 === 0 ? ledger : second, issueOf({ quantity: 3 }, { at: SOLD_AT + i })),
    );
    const answers = await Promise.all(issues);
    t.is(answers.filter(({ outcome }) => outcome === 'issued').length, 1);
    t.is(new Set(answers.map(({ held }) => JSON.stringify(plain(held)))).size, 1);
    t.deepEqual(await second.count(), { live: 3, test: 0 });
  });

  test('a first issue issues what is unknown, and of a known product changes nothing', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const first = await ledger.issueFirst(issueOf({ quantity: 2 }));
    t.is(first.outcome, 'issued');
    const held = await ledger.findOrder(orderOf());
    for (const quantity of [2, 3]) {
      const again = await ledger.issueFirst(issueOf({ quantity, line: 'another' }));
      t.is(again.outcome, 'known');
      t.deepEqual('held' in again && plain(again.held), plain(held));
    }
    const other = await ledger.issueFirst(issueOf({ product: 'app2' }, { product: soldProduct('app2') }));
    t.is(other.outcome, 'issued');
    t.deepEqual(await ledger.count(), { live: 3, test: 0 });
  });

  test('of concurrent first issues beside the event of the order, in one process or two, one issues', async (t) => {
    const { ledger, open } = await openEmpty(t, makeDatabase);
    const second = await open();
    const orders = Array.from({ length: 12 }, (_, place) => `F${place}`);
    const ask = async (order: string, where: typeof ledger) => {
      const issued = await where.issueFirst(issueOf({ marketplace: 'fastspring', order, line: 'app' }));
      if (!('held' in issued)) return undefined;
      return { outcome: issued.outcome, codes: issued.held.licenses.map(({ code }) => code) };
    };
    for (const order of orders) {
      const [one, two] = await Promise.all([
        ask(order, ledger),
        ask(order, second),
        second.ingest(soldEvent(order)),
      ]);
      t.deepEqual(one?.codes, two?.codes);
      t.is(one?.codes.length, 1);
      t.false(one?.outcome === 'issued' && two?.outcome === 'issued');
    }
    t.deepEqual(await ledger.count(), { live: orders.length, test: 0 });
  });

  test('units may be issued one after the other, and the order holds them all, sorted by unit', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    for (const units of [0, 1, 2]) t.is((await issueTo(ledger, issueOf({}, { units }))).outcome, 'issued');
    t.is((await issueTo(ledger, issueOf({}, { units: 1 }))).outcome, 'repeated');
    const held = await ledger.findOrder(orderOf());
    t.deepEqual(
      held?.licenses.map(({ unit, answer }) => [unit, answer?.byUnit]),
      [
        [0, true],
        [1, true],
        [2, true],
      ],
    );
  });

  test('an issue that fails is rolled back completely, and concurrent issues are done', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const product = soldProduct('app', { message: messageOf('never kept') });
    const unknownMessage = issueOf({ order: 'bad', quantity: 2 }, { product });
    const results = await Promise.allSettled([
      ledger.issue(issueOf({ order: 'before' })),
      ledger.issue(unknownMessage),
      ledger.issue(issueOf({ order: 'behind' })),
    ]);
    t.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    t.is(await ledger.findOrder(unknownMessage.order), undefined);
    t.deepEqual(await ledger.find({ by: 'order', order: 'bad' }), []);
    t.deepEqual(await ledger.count(), { live: 2, test: 0 });
    // The control: with a known message the same order is issued.
    t.is((await issueTo(ledger, issueOf({ order: 'bad', quantity: 2 }))).outcome, 'issued');
  });

  const OTHERS: readonly (readonly [string, Partial<Order>])[] = [
    ['marketplace', { marketplace: 'manual' }],
    ['mode', { mode: 'test' }],
    ['order id', { order: '573253' }],
    ['order id, by a letter only,', { order: '573252 ' }],
    ['product', { product: 'app2' }],
  ];
  for (const [what, other] of OTHERS) {
    test(`an order of the same id with another ${what} is another order`, async (t) => {
      const { ledger } = await openEmpty(t, makeDatabase);
      t.is((await issueTo(ledger, issueOf())).outcome, 'issued');
      t.is(await ledger.findOrder(orderOf(other)), undefined);
      const { outcome, held } = await issueTo(ledger, issueOf(other));
      t.is(outcome, 'issued');
      t.is(held.licenses.length, 1);
      t.is((await ledger.findOrder(orderOf()))?.licenses.length, 1);
    });
  }

  test('order ids that differ only in case are two orders', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    t.is((await issueTo(ledger, issueOf({ order: 'abc' }))).outcome, 'issued');
    t.is((await issueTo(ledger, issueOf({ order: 'ABC' }))).outcome, 'issued');
  });

  test('a customer may have no name, no address, or neither', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const customers = [
      { name: undefined, email: undefined },
      { name: 'Ada', email: undefined },
      { name: undefined, email: 'ada@example.com' },
      { name: '', email: 'ö\u{1f600}@example.com' },
    ];
    for (const [i, customer] of customers.entries()) {
      const { held } = await issueTo(ledger, issueOf({ order: String(i), customer }));
      t.deepEqual(held.customer, customer);
    }
  });

  test('a delivery is noted once, for its unit only, and a second note changes nothing', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.issue(issueOf({ quantity: 2 }));
    await ledger.noteDelivery(orderOf(), 1, SOLD_AT + 5000);
    await ledger.noteDelivery(orderOf(), 1, SOLD_AT + 9000);
    const noted = async () =>
      (await ledger.findOrder(orderOf()))?.licenses.map(({ answer }) => answer?.deliveredAt);
    t.deepEqual(await noted(), [null, SOLD_AT + 5000]);
    await ledger.noteDelivery(orderOf(), 0, SOLD_AT + 9000);
    t.deepEqual(await noted(), [SOLD_AT + 9000, SOLD_AT + 5000]);
  });

  test('a delivery of an unknown unit is not noted', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const { held } = await issueTo(ledger, issueOf());
    await ledger.noteDelivery(orderOf(), 1, SOLD_AT);
    await ledger.noteDelivery(orderOf({ order: 'unknown' }), 0, SOLD_AT);
    t.deepEqual(plain((await ledger.findOrder(orderOf()))!), plain(held));
  });

  test('each version of a message stays unchanged, and keeping it again changes nothing', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const texts = ['Ü \u{1f600} {{ code }}', '', 'a\nb\r\n\t"\\'].map((body) => messageOf(body));
    for (const message of [...texts, ...texts]) await ledger.keepMessage(message);
    for (const message of texts) t.deepEqual(await ledger.findMessage(message.digest), message);
    await ledger.keepMessage({ ...texts[0]!, body: 'another text under the same digest' });
    t.deepEqual(await ledger.findMessage(texts[0]!.digest), texts[0]);
  });

  test('a license is found by its id, with its order and its history', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const issue = issueOf({ quantity: 2, mode: 'test' });
    await ledger.issue(issue);
    const stories = await ledger.find({ by: 'license', id: mintedFor(issue)[1]!.id });
    t.is(stories.length, 1);
    const { marketplace, mode, order, product, unit, code, customer, subscription, history } = stories[0]!;
    t.deepEqual(
      { marketplace, mode, order, product, unit, code, customer, subscription, history },
      {
        marketplace: 'paddle-classic',
        mode: 'test',
        order: '573252',
        product: 'app',
        unit: 1,
        code: mintedFor(issue)[1]!.code,
        customer: { name: 'Ada Byron', email: 'ada@example.com' },
        subscription: null,
        history: [
          { at: SOLD_AT + 1000, from: null, to: 'active', revision: 0, cause: 'fulfillment request' },
        ],
      },
    );
  });

  test('all licenses of an order id are found, of every marketplace, mode and product', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.issue(issueOf({ quantity: 2 }));
    await ledger.issue(issueOf({ mode: 'test' }));
    await ledger.issue(issueOf({ product: 'app2' }));
    await ledger.issue(issueOf({ order: '57325' }));
    const stories = await ledger.find({ by: 'order', order: '573252' });
    t.deepEqual(
      stories.map(({ mode, product, unit }) => [mode, product, unit]),
      [
        ['live', 'app', 0],
        ['live', 'app', 1],
        ['test', 'app', 0],
        ['live', 'app2', 0],
      ],
    );
  });

  test('licenses are found by the complete e-mail address, in upper or lower case', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.issue(issueOf({ order: '1', customer: { name: undefined, email: 'Ada@Example.com' } }));
    await ledger.issue(issueOf({ order: '2', customer: { name: undefined, email: 'eve@example.com' } }));
    for (const email of ['ada@example.com', 'ADA@EXAMPLE.COM', 'Ada@Example.com']) {
      const stories = await ledger.find({ by: 'email', email });
      t.deepEqual(
        stories.map(({ order }) => order),
        ['1'],
      );
    }
    for (const email of ['a@example.com', 'ada@example', '%', '%@example.com', 'ada_example.com']) {
      t.deepEqual(await ledger.find({ by: 'email', email }), []);
    }
  });

  test('licenses are counted by mode', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.issue(issueOf({ quantity: 3 }));
    await ledger.issue(issueOf({ quantity: 2, mode: 'test' }));
    t.deepEqual(await ledger.count(), { live: 3, test: 2 });
  });

  test('a probe leaves no row', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.issue(issueOf());
    const before = await ledger.find({ by: 'order', order: '573252' });
    for (let i = 0; i < 3; i++) await ledger.probe();
    t.deepEqual(await ledger.find({ by: 'order', order: '573252' }), before);
    t.deepEqual(await ledger.count(), { live: 1, test: 0 });
  });

  test('closing a ledger first completes waiting acts', async (t) => {
    const { ledger, open } = await openEmpty(t, makeDatabase);
    const waiting = [ledger.issue(issueOf({ order: '1' })), ledger.issue(issueOf({ order: '2' }))];
    await ledger.close();
    for (const { outcome } of await Promise.all(waiting)) t.is(outcome, 'issued');
    t.deepEqual(await (await open()).count(), { live: 2, test: 0 });
  });

  test('a closed ledger rejects acts as unavailable, and may be closed again', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.close();
    for (const act of [
      () => ledger.findOrder(orderOf()),
      () => ledger.issue(issueOf()),
      () => ledger.noteDelivery(orderOf(), 0, SOLD_AT),
      () => ledger.keepMessage(messageOf()),
      () => ledger.findMessage(messageOf().digest),
      () => ledger.find({ by: 'order', order: '1' }),
      () => ledger.products(),
      () => ledger.findListSeq('app'),
      () => ledger.publishList('app', 1, SOLD_AT),
      () => ledger.probe(),
      () => ledger.count(),
    ]) {
      const error = await t.throwsAsync<AppError>(act, { instanceOf: AppError });
      t.is(error?.code, 'ledger_unavailable');
    }
    await t.notThrowsAsync(ledger.close());
  });
}

/** Bytes as hex: a Buffer and a Uint8Array of the same bytes become equal. */
function plain(held: HeldOrder | undefined) {
  if (held === undefined) return undefined;
  return {
    ...held,
    licenses: held.licenses.map((license) => ({ ...license, id: Buffer.from(license.id).toString('hex') })),
  };
}
