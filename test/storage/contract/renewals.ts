/** Contract: a rebill gets the newest code, and its repeat the same code. */
import type { TestFn } from 'ava';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import type { Renewal, Renewed } from '../../../src/domain/ledger.ts';
import { eventOf, factOf, issueOf, issueTo } from '../../kit/ledger-data.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';
import { type Database, type MakeDatabase, openEmpty } from './database.ts';

const DAY = 86_400_000;
const FIRST = { marketplace: 'fastspring', order: 'R1', line: 'app' } as const;

const sold = factOf(
  'order:R1',
  { kind: 'sold', product: 'app', quantity: 1, line: 'app', subscription: 's' },
  { at: SOLD_AT },
);

/** The event of a charge for a period that ends on a day; the charge has its own order. */
const paid = (order: string, until: string, days: number) =>
  eventOf(`paid ${order}`, [
    factOf(
      'subscription:s',
      { kind: 'paid', until, sequence: null, charge: `order:${order}`, part: 'rebill' },
      { key: `charge:${order}`, at: SOLD_AT + days * DAY },
    ),
    factOf(`order:${order}`, { kind: 'alias', of: 'subscription:s' }, { at: SOLD_AT + days * DAY }),
  ]);

const renewal = (order: string, days = 0): Renewal => ({
  ...issueOf({ ...FIRST, order }, { at: SOLD_AT + days * DAY }),
  subscription: 's',
});

const codesOf = (renewed: Renewed) =>
  'held' in renewed ? renewed.held.licenses.map(({ answer }) => answer?.code) : renewed.outcome;

export function renewalContract(test: TestFn, makeDatabase: MakeDatabase): void {
  const subscribe = async (t: Parameters<MakeDatabase>[0]): Promise<Database> => {
    const database = await openEmpty(t, makeDatabase);
    await database.ledger.ingest(eventOf('sold', [sold]));
    await database.ledger.renew(renewal('R1'));
    return database;
  };

  test('a first request that comes after the dates of its subscription is answered with them, and its repeat the same bytes', async (t) => {
    const { ledger, open } = await openEmpty(t, makeDatabase);
    const trial = { kind: 'paid', until: '2026-12-04', sequence: null, part: 'first', free: true } as const;
    const told = eventOf('trial', [
      factOf('order:P1', { kind: 'linked', subscription: 's' }, { at: SOLD_AT }),
      factOf('subscription:s', { ...trial, charge: 'order:P1' }, { at: SOLD_AT }),
    ]);
    await ledger.ingest(told);
    const asked = () => issueOf({ ...FIRST, order: 'P1', line: '', quantity: 2 });
    const first = codesOf(await ledger.issue(asked()));
    const stories = await ledger.find({ by: 'order', order: 'P1' });
    t.deepEqual(
      stories.map(({ code, revision, handed }) => [code, revision, handed]),
      (first as readonly string[]).map((code) => [code, 1, 1]),
    );
    t.deepEqual(codesOf(await (await open()).issue(asked())), first);
  });

  test('a rebill gets the renewed code of the same license, and its repeat the same bytes, also after later charges', async (t) => {
    const { ledger, open } = await subscribe(t);
    const first = codesOf(await ledger.renew(renewal('R1')));
    await ledger.ingest(paid('R1B', '2028-12-01', 365));
    const second = codesOf(await ledger.renew(renewal('R1B', 365)));
    t.notDeepEqual(second, first);
    await ledger.ingest(paid('R1C', '2029-12-01', 730));
    const third = codesOf(await ledger.renew(renewal('R1C', 730)));
    t.notDeepEqual(third, second);
    const other = await open();
    for (const [order, codes] of [
      ['R1', first],
      ['R1B', second],
      ['R1C', third],
    ] as const) {
      t.deepEqual(codesOf(await other.renew(renewal(order, 731))), codes, order);
    }
    t.deepEqual(await ledger.count(), { live: 1, test: 0 });
    const [story] = await ledger.find({ by: 'subscription', subscription: 's' });
    t.is(story?.handed, story?.revision);
  });

  test('each name that an order was told by leads to its licenses: a charge, its request alone, an internal id, a subscription', async (t) => {
    const { ledger } = await subscribe(t);
    await ledger.ingest(
      eventOf('ids', [
        factOf('order-id:i1', { kind: 'alias', of: 'order:R1' }),
        factOf('order-id:i2', { kind: 'alias', of: 'order:R1B' }),
      ]),
    );
    await ledger.ingest(paid('R1B', '2028-12-01', 365));
    const [code] = codesOf(await ledger.renew(renewal('R1C', 365)));
    await ledger.issue(issueOf({ ...FIRST, order: 'other' }));
    const named = async (name: string, byAnyName = true) =>
      (await ledger.showOrder(name, { byAnyName })).licenses.map(({ order }) => order);
    for (const name of ['R1', 'R1B', 'R1C', 'i1', 'i2', 's', 'subscription:s', 'order-id:i2'])
      t.deepEqual(await named(name), ['R1'], name);
    t.deepEqual(await named('other'), ['other']);
    t.deepEqual(await named('unknown'), []);
    t.deepEqual(await named('i1', false), [], 'the control: by its own number alone');
    const [story] = await ledger.find({ by: 'order', order: 'R1' });
    t.deepEqual(
      story?.rebills.map(({ request, code, at }) => [request, code, at]),
      [['R1C', code, SOLD_AT + 365 * DAY]],
    );
  });

  test('where a number is that of an order and of another subscription, the order is meant', async (t) => {
    const { ledger } = await subscribe(t);
    await ledger.issue(issueOf({ ...FIRST, order: 's' }));
    const { licenses } = await ledger.showOrder('s', { byAnyName: true });
    t.deepEqual(
      licenses.map(({ order }) => order),
      ['s'],
    );
  });

  test('concurrent requests of one rebill, in two processes, get the same answer', async (t) => {
    const { ledger, open } = await subscribe(t);
    const second = await open();
    await ledger.ingest(paid('R1B', '2028-12-01', 365));
    const answers = await Promise.all(
      Array.from({ length: 32 }, (_, i) => (i % 2 === 0 ? ledger : second).renew(renewal('R1B', 365 + i))),
    );
    t.is(new Set(answers.map((answer) => JSON.stringify(codesOf(answer)))).size, 1);
    t.deepEqual(await ledger.count(), { live: 1, test: 0 });
  });

  test('a rebill of a revoked or suspended license gets no code, and raises a flag (31)', async (t) => {
    for (const [kind, outcome] of [
      ['withdrawn', 'revoked'],
      ['stopped', 'suspended'],
    ] as const) {
      const { ledger } = await subscribe(t);
      await ledger.ingest(paid('R1B', '2028-12-01', 365));
      const [story] = await ledger.find({ by: 'order', order: 'R1' });
      await ledger.addFacts([factOf(licenseSubject(story!.id), { kind }, { at: SOLD_AT + 366 * DAY })]);
      t.deepEqual(await ledger.renew(renewal('R1B', 367)), { outcome });
      t.deepEqual(await ledger.countFlags(), { 'revoked-but-paid': 1 });
    }
  });

  test('a license is reissued once: a second reissue, also at the same time, leads to the same successor', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const { held } = await issueTo(ledger, issueOf());
    const [{ id }] = held.licenses;
    const leak = (place: number) =>
      factOf(
        licenseSubject(id),
        { kind: 'withdrawn' },
        { marketplace: 'paddle-classic', key: `leak ${place}`, at: SOLD_AT + DAY + place },
      );
    const ids = await Promise.all([1, 2, 3].map((place) => ledger.reissue(id, leak(place))));
    t.is(new Set(ids.map((each) => Buffer.from(each).toString('hex'))).size, 1);
    const licenses = await ledger.find({ by: 'order', order: '573252' });
    t.deepEqual(
      licenses.map(({ state, reissue }) => [state, reissue]),
      [
        ['revoked', 0],
        ['active', 1],
      ],
    );
  });

  test('all licenses are walked in pages in the order of issue, each with its newest code', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await issueTo(ledger, issueOf({ quantity: 3 }));
    await issueTo(ledger, issueOf({ order: '573253', quantity: 2 }));
    const walked = [];
    for (let page = await ledger.codesAfter(0, 2); page.length > 0; ) {
      t.true(page.length <= 2);
      walked.push(...page);
      page = await ledger.codesAfter(page.at(-1)?.number ?? 0, 2);
    }
    const stories = [
      ...(await ledger.find({ by: 'order', order: '573252' })),
      ...(await ledger.find({ by: 'order', order: '573253' })),
    ];
    t.deepEqual(
      walked.map(({ number: _, id, ...rest }) => ({ id: Buffer.from(id), ...rest })),
      stories.map(({ id, mode, state, code }) => ({ id: Buffer.from(id), mode, state, code })),
    );
    t.is(walked.length, 5);
  });

  test('after a reissue the order is always answered with the same successor (54)', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const about = { marketplace: 'paddle-classic' } as const;
    await ledger.issue(issueOf());
    const [old] = (await ledger.findOrder(issueOf().order))!.licenses;
    const leaked = factOf(licenseSubject(old.id), { kind: 'withdrawn' }, about);
    const id = await ledger.reissue(old.id, leaked);
    const [next] = (await ledger.findOrder(issueOf().order))!.licenses;
    t.deepEqual(Buffer.from(next.id), Buffer.from(id));
    t.is(next.state, 'active');
    const repeat = codesOf(await ledger.issue(issueOf()));
    t.deepEqual(repeat, [next.answer?.code]);
    t.deepEqual(codesOf(await ledger.issue(issueOf())), repeat);
    t.deepEqual(
      (await ledger.find({ by: 'order', order: '573252' })).map(({ state, reissue }) => [state, reissue]),
      [
        ['revoked', 0],
        ['active', 1],
      ],
    );
  });
}
