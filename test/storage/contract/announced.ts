/** Contract: each act writes what it announces, once, in the same transaction. */
import type { TestFn } from 'ava';
import { licenseIdText, licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import { announcing, MAILS_ONLY, topicsOf, WEBHOOKS_ONLY } from '../../kit/announcing.ts';
import { eventOf, factOf, issueOf, nameOf, soldProduct } from '../../kit/ledger-data.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';
import { type Database, type DatabaseOptions, type MakeDatabase, openEmpty } from './database.ts';

const DAY = 86_400_000;
const APP = soldProduct('app', { grace: 'P0D' });
const PLAN = { marketplace: 'fastspring', order: 'R1', line: 'app' } as const;

const sold = (quantity = 1) =>
  eventOf('sold', [
    factOf(
      'order:R1',
      { kind: 'sold', product: 'app', quantity, line: 'app', subscription: 's' },
      { at: SOLD_AT },
    ),
  ]);

const paid = (until: string, days: number) =>
  eventOf(`paid ${until}`, [
    factOf(
      'subscription:s',
      { kind: 'paid', until, sequence: null, charge: `order:${until}`, part: 'rebill' },
      { key: `charge:${until}`, at: SOLD_AT + days * DAY },
    ),
  ]);

const refunded = eventOf('refund', [factOf('order:R1', { kind: 'refunded' }, { at: SOLD_AT + 2 * DAY })]);

const bodiesOf = async ({ ledger }: Database) =>
  (await ledger.outbox.list({ channel: 'webhook', limit: 99 }))
    .map(({ body }) => JSON.parse(Buffer.from(body ?? []).toString('utf8')))
    .reverse();

export function announcedContract(test: TestFn, makeDatabase: MakeDatabase): void {
  const open = (t: Parameters<MakeDatabase>[0], options: DatabaseOptions = {}) =>
    openEmpty(t, makeDatabase, { products: [APP, soldProduct('app2')], ...options });
  const topics = async ({ ledger }: Database) => topicsOf(await ledger.outbox.list({ limit: 99 }));

  test('a sale with nobody to tell writes no announcement', async (t) => {
    for (const announce of [undefined, announcing({ mails: [], endpoints: [] })]) {
      const database = await open(t, announce && { announce });
      await database.ledger.issue(issueOf());
      t.deepEqual(await topics(database), []);
      t.deepEqual(await database.ledger.outbox.targets(), []);
    }
  });

  test('a sale of three units is mailed once, at its first license, and told once a unit', async (t) => {
    const database = await open(t, { announce: announcing() });
    const issued = await database.ledger.issue(issueOf({ quantity: 3 }));
    t.deepEqual(await topics(database), [
      'sold 1',
      'license.issued 1',
      'license.issued 1',
      'license.issued 1',
    ]);
    const [, , , mail] = await database.ledger.outbox.list({ limit: 4 });
    const first = 'held' in issued ? issued.held.licenses[0].id : undefined;
    t.deepEqual(Buffer.from(mail?.license ?? []), Buffer.from(first ?? []));
    t.is(mail?.customer, 1);
    t.is(mail?.target, 'customer');
    await database.ledger.issue(issueOf({ quantity: 3 }));
    t.is((await topics(database)).length, 4, 'a repeat announces nothing');
  });

  test('each change of a life is announced once, also if its event comes again', async (t) => {
    const database = await open(t, { announce: MAILS_ONLY });
    const { ledger } = database;
    await ledger.ingest(sold());
    await ledger.ingest(paid('2028-12-01', 1));
    for (const again of [false, true]) {
      await ledger.ingest(paid('2028-12-01', 1), { again });
      await ledger.ingest(refunded, { again });
    }
    t.deepEqual(await topics(database), ['sold 1', 'renewed 2']);
  });

  test('a refund is mailed to a customer who has a code, and to nobody else', async (t) => {
    for (const [isAsked, expected] of [
      [true, ['sold 1', 'withdrawn 3']],
      [false, ['sold 1']],
    ] as const) {
      const database = await open(t, { announce: MAILS_ONLY });
      await database.ledger.ingest(sold());
      if (isAsked) await database.ledger.renew({ ...issueOf(PLAN), subscription: 's' });
      await database.ledger.ingest(eventOf('r', [factOf('order:R1', { kind: 'refunded' })]));
      const found = (await topics(database)).map((topic) => topic.replace(/withdrawn \d/, 'withdrawn 3'));
      t.deepEqual(found, expected);
    }
  });

  test('a code that the same act hands out is not mailed beside', async (t) => {
    const database = await open(t, { announce: announcing({ mails: ['renewed'], webhooks: [] }) });
    const { ledger } = database;
    await ledger.ingest(sold());
    await ledger.renew({ ...issueOf(PLAN), subscription: 's' });
    const renewal = issueOf({ ...PLAN, order: 'R1B' }, { at: SOLD_AT + 365 * DAY });
    const renewed = await ledger.renew({ ...renewal, subscription: 's' });
    t.true('held' in renewed);
    t.deepEqual(await topics(database), []);
  });

  test('a reissue mails the new code and not the withdrawal of the old license', async (t) => {
    const database = await open(t, { announce: announcing() });
    const { ledger } = database;
    await ledger.issue(issueOf());
    const [license] = await ledger.find({ by: 'order', order: '573252' });
    const fact = factOf(
      licenseSubject(license!.id),
      { kind: 'withdrawn' },
      { marketplace: 'paddle-classic' },
    );
    const fresh = await ledger.reissue(license!.id, fact);
    t.deepEqual(await topics(database), [
      'sold 1',
      'license.issued 1',
      'reissued 1',
      'license.reissued 1',
      'license.revoked 2',
    ]);
    const bodies = await bodiesOf(database);
    t.deepEqual(
      bodies.map(({ data }) => [data.license, data.state]),
      [
        [licenseIdText(license!.id), 'active'],
        [licenseIdText(fresh), 'active'],
        [licenseIdText(license!.id), 'revoked'],
      ],
    );
  });

  test('a webhook tells the license after its change: sequence, revision, state, days', async (t) => {
    const database = await open(t, { announce: WEBHOOKS_ONLY });
    const { ledger } = database;
    await ledger.ingest(sold());
    await ledger.ingest(paid('2028-12-01', 1));
    const [issued, renewed] = await bodiesOf(database);
    t.is(issued.type, 'license.issued');
    t.is(renewed.type, 'license.renewed');
    t.is(renewed.mode, 'live');
    const { license, cause, ...data } = renewed.data;
    t.regex(license, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    t.is(cause, 'a test: paid');
    t.deepEqual(data, {
      sequence: 2,
      revision: 1,
      state: 'active',
      lastValidDay: '2028-12-01',
      updatesUntil: null,
      product: 'app',
      marketplace: 'fastspring',
      order: 'R1',
      unit: 0,
    });
    t.deepEqual(Object.keys(renewed.data).slice(0, 3), ['license', 'sequence', 'revision']);
  });

  test('each state that a license takes has its topic', async (t) => {
    const database = await open(t, { announce: WEBHOOKS_ONLY });
    const { ledger } = database;
    await ledger.issue(issueOf());
    const [license] = await ledger.find({ by: 'order', order: '573252' });
    let hours = 1;
    for (const kind of ['stopped', 'reinstated', 'withdrawn'] as const) {
      hours += 1;
      const when = { at: SOLD_AT + hours * 3_600_000, marketplace: 'paddle-classic' };
      await ledger.addFacts([factOf(licenseSubject(license!.id), { kind }, when)]);
    }
    t.deepEqual(await topics(database), [
      'license.issued 1',
      'license.suspended 2',
      'license.reinstated 3',
      'license.revoked 4',
    ]);
  });

  test('a flag and a failed event are told once, without a license', async (t) => {
    const database = await open(t, { announce: WEBHOOKS_ONLY });
    const { ledger } = database;
    const unknown = factOf('order:R9', { kind: 'sold', product: null, quantity: 1, line: 'gone' });
    for (const again of [false, true]) {
      await ledger.ingest(eventOf('e1', [unknown]), { again });
      await ledger.keepFailed(eventOf('e2', []), 'it was not understood');
    }
    t.deepEqual(await topics(database), ['order.flagged 0', 'event.failed 0']);
    const [flag, event] = await bodiesOf(database);
    t.is(flag.data.kind, 'unknown-product');
    t.deepEqual(event.data, {
      event: 'e2',
      type: 'test.event',
      fault: 'it was not understood',
      marketplace: 'fastspring',
    });
  });

  test('a customer is reminded once before the last valid day, and not after a renewal', async (t) => {
    const announce = announcing({ mails: ['reminder'], webhooks: [], remindBefore: 'P14D' });
    const database = await open(t, { announce });
    const { ledger } = database;
    await ledger.ingest(sold());
    await ledger.ingest(paid('2027-12-01', 1));
    const settle = async (day: string) => {
      while ((await ledger.settleDue(Date.parse(day))) > 0);
      return topics(database);
    };
    t.deepEqual(await settle('2027-11-16T23:00:00Z'), []);
    t.deepEqual(await settle('2027-11-17T00:00:00Z'), ['reminder 2']);
    t.deepEqual(await settle('2027-11-30T00:00:00Z'), ['reminder 2']);
    await ledger.ingest(paid('2028-12-01', 372));
    t.deepEqual(await settle('2027-12-10T00:00:00Z'), ['reminder 2']);
    t.deepEqual(await settle('2028-11-20T00:00:00Z'), ['reminder 2', 'reminder 3']);
  });

  test('a plain sale is reminded too, once for all its units', async (t) => {
    const announce = announcing({ mails: ['reminder'], webhooks: [], remindBefore: 'P14D' });
    const database = await open(t, { announce });
    await database.ledger.issue(issueOf({ quantity: 2 }, { product: APP }));
    const day = Date.parse('2027-11-10T00:00:00Z');
    while ((await database.ledger.settleDue(day)) > 0);
    t.deepEqual(await topics(database), ['reminder 1']);
  });

  test('another plan of a subscription is a successor; the first plan is a sale', async (t) => {
    const database = await open(t, { announce: announcing({ webhooks: [] }) });
    const { ledger } = database;
    await ledger.ingest(sold());
    const lines = [{ line: 'app2', product: 'app2', quantity: 1 }];
    await ledger.ingest(
      eventOf('changed', [
        factOf(
          'subscription:s',
          {
            kind: 'paid',
            until: '2028-12-01',
            sequence: null,
            charge: 'order:R2',
            part: 'rebill',
            covers: lines,
          },
          { key: 'charge:R2', at: SOLD_AT + DAY },
        ),
      ]),
    );
    t.deepEqual(await topics(database), ['sold 1', 'successor 2']);
    const [successor] = await ledger.outbox.list({ limit: 1 });
    t.is(successor?.product, 'app2');
  });

  test('a corrected address is mailed again, one mail a product; a corrected name is not', async (t) => {
    const database = await open(t, { announce: announcing({ mails: ['corrected'], webhooks: [] }) });
    const { ledger } = database;
    await ledger.issue(issueOf({ quantity: 2 }));
    await ledger.correctCustomer(nameOf('573252'), { name: 'Ada' });
    t.deepEqual(await topics(database), []);
    await ledger.correctCustomer(nameOf('573252'), { email: 'byron@example.com' });
    t.deepEqual(await topics(database), ['corrected 1']);
  });

  test('a row holds no address, no name and no code', async (t) => {
    const database = await open(t, { announce: announcing() });
    const { ledger } = database;
    const issued = await ledger.issue(issueOf());
    const text = JSON.stringify(await ledger.outbox.list({ limit: 99 }), (_, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
    );
    t.true(text.includes('license.issued'));
    const code = 'held' in issued ? issued.held.licenses[0].code : '';
    for (const secret of ['ada@example.com', 'Ada Byron', code]) t.false(text.includes(secret));
  });
}
