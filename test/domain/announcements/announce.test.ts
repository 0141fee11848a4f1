/** Which mails a change announces (docs/outbox.md, What is announced); the ledger's contract has the rows. */
import test from 'ava';
import { announcingOf } from '../../../src/domain/announcements/announcing.ts';
import { ADDRESS_NOTES, addressNote } from '../../../src/domain/announcements/corrected.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import type { Product } from '../../../src/domain/values/product.ts';
import { announcing } from '../../kit/announcing.ts';
import { productOf } from '../../kit/product.ts';
import { charged, covers, dated, paid, repaid, sold, tie, told } from '../../kit/telling.ts';
import { at, MARKET, World } from '../../kit/world.ts';

const BEGUN = '2027-01-01';
const S = 'subscription:S';
const YEARLY = productOf({ id: 'pro', term: 'P1Y', grace: 'P0D' });

function worldOf(products: readonly Product[] = [YEARLY], announce = announcing({ webhooks: [] })): World {
  return new World(products, at(BEGUN), MARKET, announce);
}

function subscribed(product: Product = YEARLY, quantity = 1, announce = announcing({ webhooks: [] })): World {
  const world = worldOf([product], announce);
  world.ask({ order: 'A', product: 'pro', line: 'pro', quantity });
  world.tell([
    told(BEGUN, 'order-id:1', tie('order:A')),
    told(BEGUN, 'order:A', sold('pro', { quantity, price: 10 * quantity, subscription: 'S' })),
    told(BEGUN, S, dated('2028-01-01')),
  ]);
  return world;
}

/** What these facts announce on a day. */
function on(world: World, day: string, ...facts: Parameters<World['tell']>[0]): readonly string[] {
  const before = world.announced.length;
  world.now = at(day);
  world.tell(facts);
  return world.announced.slice(before);
}

/** Settles until nothing is due, as the service does. */
function settle(world: World, day: string): readonly string[] {
  const before = world.announced.length;
  for (let round = 0; round < 5; round++) world.wait(day);
  return world.announced.slice(before);
}

test('the licenses of an order and product are one mail, those of another product another one', (t) => {
  const world = worldOf([YEARLY, productOf({ id: 'app' })]);
  world.tell([
    told(BEGUN, 'order:A', sold('pro', { quantity: 3 })),
    told(BEGUN, 'order:A', sold('app', { quantity: 2 }), 'app'),
  ]);
  t.deepEqual([...world.announced].sort(), ['sold A/app', 'sold A/pro']);
});

test('a suspension and its end are not mailed', (t) => {
  const world = subscribed();
  const subject = licenseSubject(world.records[0]!.id);
  for (const [day, kind, state] of [
    ['2027-02-01', 'stopped', 'suspended'],
    ['2027-02-02', 'reinstated', 'active'],
  ] as const) {
    t.deepEqual(on(world, day, told(day, subject, { kind })), []);
    t.is(world.records[0]?.state, state);
  }
});

test('a code that was not mailed during a suspension is mailed at its end, once', (t) => {
  const world = subscribed();
  const subject = licenseSubject(world.records[0]!.id);
  const day = '2028-01-01';
  on(world, '2027-12-31', told('2027-12-31', subject, { kind: 'stopped' }));
  const charge = { charge: 'order-id:2', total: 10, currency: 'EUR', covers: covers('pro') } as const;
  const later = [told(day, 'order-id:2', tie(S)), told(day, S, paid('2029-01-01', charge))];
  t.deepEqual(on(world, day, ...later), []);
  const back = told('2028-01-02', subject, { kind: 'reinstated' });
  t.deepEqual(on(world, '2028-01-02', back), ['renewed A/pro']);
  const { revision } = world.records[0]!;
  on(world, '2028-01-03', told('2028-01-03', subject, { kind: 'handed', revision }));
  on(world, '2028-01-04', told('2028-01-04', subject, { kind: 'stopped' }));
  t.deepEqual(on(world, '2028-01-05', told('2028-01-05', subject, { kind: 'reinstated' })), []);

  const own = worldOf();
  own.tell([told(BEGUN, 'order:B', sold('pro'))]);
  t.deepEqual(own.announced, ['sold B/pro']);
  const license = licenseSubject(own.records[0]!.id);
  on(own, '2027-02-01', told('2027-02-01', license, { kind: 'stopped' }));
  const again = told('2027-02-02', license, { kind: 'reinstated' });
  t.deepEqual(on(own, '2027-02-02', again), ['sold B/pro'], 'its mail was not sent meanwhile');
});

test('a code that became good for ever during a suspension is mailed at its end, once', (t) => {
  const world = subscribed({ ...YEARLY, ended: 'fallback' });
  const first = () => licenseSubject(world.records[0]!.id);
  on(world, '2027-02-01', told('2027-02-01', first(), { kind: 'stopped' }));
  const over = told('2027-03-01', S, { kind: 'deactivated', on: '2027-03-01' });
  t.deepEqual(on(world, '2027-03-01', over), []);
  t.deepEqual(world.licenses, ['A/pro/pro/0 suspended perpetual updates 2028-01-01']);
  const back = (day: string) => on(world, day, told(day, first(), { kind: 'reinstated' }));
  t.deepEqual(back('2027-03-02'), ['successor A/pro']);
  t.deepEqual(world.licenses, ['A/pro/pro/0 ended perpetual updates 2028-01-01']);
  const { revision } = world.records[0]!;
  on(world, '2027-03-03', told('2027-03-03', first(), { kind: 'handed', revision }));
  on(world, '2027-03-04', told('2027-03-04', first(), { kind: 'stopped' }));
  t.deepEqual(back('2027-03-05'), [], 'the control: mailed already');
});

test('codes that were not mailed to a corrected address during a suspension are mailed to it at its end, once', (t) => {
  const world = subscribed();
  const subject = licenseSubject(world.records[0]!.id);
  const suspended = (day: string) => on(world, day, told(day, subject, { kind: 'stopped' }));
  const back = (day: string) => on(world, day, told(day, subject, { kind: 'reinstated' }));
  const corrected = (day: string, text: Parameters<typeof addressNote>[0] = ADDRESS_NOTES.corrected) =>
    on(world, day, told(day, 'order:A', addressNote(text)));
  for (const [month, text] of ['03', '04', '05'].map(
    (month, place) => [month, Object.values(ADDRESS_NOTES)[place]] as const,
  )) {
    suspended(`2027-${month}-01`);
    t.deepEqual(corrected(`2027-${month}-02`, text), []);
    t.deepEqual(back(`2027-${month}-03`), ['corrected A/pro'], text);
    suspended(`2027-${month}-04`);
    t.deepEqual(back(`2027-${month}-05`), [], 'mailed already');
  }
  corrected('2027-06-01');
  suspended('2027-06-02');
  t.deepEqual(back('2027-06-03'), [], 'corrected before the suspension, and mailed then');
  suspended('2027-06-04');
  on(
    world,
    '2027-06-05',
    told('2027-06-05', 'order:A', { kind: 'noted', note: 'the customer’s name was corrected' }),
  );
  t.deepEqual(back('2027-06-06'), [], 'a name is no address');
  suspended('2027-07-01');
  corrected('2027-07-02');
  on(world, '2027-07-03', told('2027-07-03', 'subscription:other', { kind: 'resumed' }));
  t.deepEqual(back('2027-07-04'), ['corrected A/pro'], 'another subscription lifts nothing of this license');
});

test('the code of a license that was reissued during a suspension is mailed at its end, once', (t) => {
  for (const [hold, lift, subject] of [
    ['stopped', 'reinstated', undefined],
    ['overdue', 'recovered', S],
  ] as const) {
    const world = subscribed();
    const newest = () => world.records.at(-1)!;
    const held = (day: string) =>
      on(world, day, told(day, subject ?? licenseSubject(newest().id), { kind: hold }));
    const back = (day: string) =>
      on(world, day, told(day, subject ?? licenseSubject(newest().id), { kind: lift }));
    const reissue = (day: string) => {
      const before = world.announced.length;
      world.now = at(day);
      world.reissue(newest().id, told(day, licenseSubject(newest().id), { kind: 'withdrawn' }));
      return world.announced.slice(before);
    };
    const mail = (day: string) => {
      const { id, revision } = newest();
      on(world, day, told(day, licenseSubject(id), { kind: 'handed', revision }));
    };
    held('2027-02-01');
    t.deepEqual(reissue('2027-02-02'), [], `${hold}: it unlocks nothing`);
    t.is(newest().state, 'suspended');
    t.deepEqual(back('2027-02-03'), ['reissued A/pro'], `${lift}: the customer has no code`);
    mail('2027-02-03');
    held('2027-02-04');
    t.deepEqual(back('2027-02-05'), [], 'the control: mailed already');
    t.deepEqual(reissue('2027-02-06'), ['reissued A/pro'], 'the control: an active one is mailed at once');
    mail('2027-02-06');
    held('2027-02-07');
    t.deepEqual(back('2027-02-08'), [], 'the control: reissued before the suspension');
    t.is(newest().state, 'active');
    reissue('2027-02-09');
    held('2027-02-10');
    t.deepEqual(back('2027-02-11'), ['reissued A/pro'], 'its mail did not go out');
  }
});

test('a paid period is renewed; other seats without more days are a successor', (t) => {
  const seats = productOf({ id: 'pro', term: 'P1Y', grace: 'P0D', quantity: 'seats' });
  const world = subscribed(seats, 5);
  const day = '2028-01-01';
  const charge = { charge: 'order-id:2', total: 50, currency: 'EUR', covers: covers('pro', 5) } as const;
  t.deepEqual(on(world, day, told(day, 'order-id:2', tie(S)), told(day, S, paid('2029-01-01', charge))), [
    'renewed A/pro',
  ]);
  const fewer = subscribed(seats, 5);
  const lines = [{ line: 'pro', amount: 20, quantity: 2, full: false }];
  const back = told('2027-02-01', 'order-id:1', repaid(20, { lines }));
  t.deepEqual(on(fewer, '2027-02-01', told(BEGUN, 'order:A', charged(50)), back), ['successor A/pro']);
});

test('a refund of one charge that only takes days off is not mailed; with other seats it is a successor', (t) => {
  const charge = { charge: 'order-id:2', total: 10, currency: 'EUR', covers: covers('pro') } as const;
  const day = '2028-01-01';
  const world = subscribed();
  on(world, day, told(day, 'order-id:2', tie(S)), told(day, S, paid('2029-01-01', charge)));
  const codeBefore = world.records[0]?.code;
  t.deepEqual(on(world, '2028-01-02', told('2028-01-02', 'order-id:2', repaid(10))), []);
  t.is(world.records[0]?.state, 'active');
  t.not(world.records[0]?.code, codeBefore, 'control: there is a new code');
  const later = { ...charge, charge: 'order-id:3' } as const;
  const again = [told('2028-01-03', 'order-id:3', tie(S)), told('2028-01-03', S, paid('2029-01-03', later))];
  t.deepEqual(on(world, '2028-01-03', ...again), ['renewed A/pro'], 'paid again');
});

test('a license that stays good after its end is mailed, one that only ends is not', (t) => {
  const canceled = told('2027-06-01', S, { kind: 'canceled', last: '2027-12-31' });
  const expired = subscribed();
  on(expired, '2027-06-01', canceled);
  t.deepEqual(settle(expired, '2028-01-02'), []);
  t.is(expired.records[0]?.state, 'ended');
  const fallback = subscribed({ ...YEARLY, ended: 'fallback' });
  on(fallback, '2028-01-01', told('2028-01-01', S, paid('2029-01-01', { charge: 'order-id:2' })));
  on(fallback, '2028-06-01', told('2028-06-01', S, { kind: 'canceled', last: '2028-12-31' }));
  t.deepEqual(settle(fallback, '2029-01-02'), ['successor A/pro']);
});

test('a revoked license is mailed once', (t) => {
  const world = subscribed();
  t.deepEqual(on(world, '2027-02-01', told('2027-02-01', 'order:A', { kind: 'refunded' })), [
    'withdrawn A/pro',
  ]);
  t.deepEqual(on(world, '2027-02-02', told('2027-02-02', 'order:A', { kind: 'dispute-lost' })), []);
});

test('a topic that is off for a product or marketplace is not announced', (t) => {
  const announce = {
    ...announcing({ webhooks: [] }),
    mail: (topic: string, sale: { product: string; marketplace: string; mode: string }) =>
      topic === 'sold' && sale.marketplace === 'fastspring' && sale.mode === 'live'
        ? undefined
        : { text: null },
  };
  const world = subscribed(YEARLY, 1, announce);
  t.deepEqual(world.announced, []);
  t.deepEqual(on(world, '2028-01-01', told('2028-01-01', S, paid('2029-01-01', { charge: 'order-id:2' }))), [
    'renewed A/pro',
  ]);
});

test('a reminder comes once, on its day; nothing is reminded after its last valid day', (t) => {
  const announce = announcing({ mails: ['reminder'], webhooks: [], remindBefore: 'P14D' });
  const world = subscribed(YEARLY, 2, announce);
  t.deepEqual(settle(world, '2027-12-17'), []);
  t.deepEqual(settle(world, '2027-12-18'), ['reminder A/pro']);
  t.deepEqual(settle(world, '2027-12-19'), []);
  const late = subscribed(YEARLY, 1, announce);
  t.deepEqual(settle(late, '2028-03-01'), []);
});

test('a suspended or revoked license is not reminded', (t) => {
  const announce = announcing({ mails: ['reminder'], webhooks: [], remindBefore: 'P14D' });
  for (const kind of ['overdue', 'refunded'] as const) {
    const world = subscribed(YEARLY, 1, announce);
    const subject = kind === 'overdue' ? S : 'order:A';
    on(world, '2027-02-01', told('2027-02-01', subject, { kind }));
    t.deepEqual(settle(world, '2027-12-20'), [], kind);
  }
});

test('a service that was stopped over a reminder and an end dates the end to its own day', (t) => {
  const announce = announcing({ mails: ['reminder'], webhooks: [], remindBefore: 'P14D' });
  const ends = (with_: typeof announce | undefined) => {
    const world = subscribed(YEARLY, 1, with_);
    on(world, '2027-06-01', told('2027-06-01', S, { kind: 'canceled', last: '2027-12-31' }));
    settle(world, '2028-02-01');
    return world.history.find(({ state }) => state === 'ended')?.at;
  };
  t.is(ends(announce), at('2028-01-01', 0));
  t.is(ends(announce), ends(announcing({ mails: [], webhooks: [] })), 'as without reminders');
});

test('mail and webhooks are switched on apart', (t) => {
  t.is(announcingOf({}), undefined);
  const { mail, remindBefore, endpoints } = announcing({ remindBefore: 'P1D' });
  const sale = { product: 'pro', ...MARKET };
  const mailOnly = announcingOf({ mailing: { mail, remindBefore } });
  t.deepEqual(mailOnly?.mail('sold', sale), { text: null });
  t.is(mailOnly?.remindBefore(sale), 'P1D');
  t.deepEqual(mailOnly?.endpoints('ping', 'live'), []);
  const webhooksOnly = announcingOf({ telling: { endpoints } });
  t.is(webhooksOnly?.mail('sold', sale), undefined);
  t.is(webhooksOnly?.remindBefore(sale), undefined);
  t.deepEqual(webhooksOnly?.endpoints('ping', 'live'), ['crm']);
});
