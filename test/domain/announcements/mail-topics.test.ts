/** On which occasions a customer is mailed, by one change each; announce.test.ts has whole stories. */
import test from 'ava';
import { ADDRESS_NOTES, addressNote } from '../../../src/domain/announcements/corrected.ts';
import { customerTopics } from '../../../src/domain/announcements/mail-topics.ts';
import type { Changes, Found, LedgerLicense, LicenseChange } from '../../../src/domain/changes.ts';
import { HANDED_BEFORE } from '../../../src/domain/changes.ts';
import { startOfDay } from '../../../src/domain/values/day.ts';
import { announcing } from '../../kit/announcing.ts';
import { changeOf, changesOf, codeOf, foundOf, newLicenseOf } from '../../kit/changed.ts';
import { type ENTITLEMENT, recordOf } from '../../kit/records.ts';
import { told } from '../../kit/telling.ts';
import { at, PLAIN_MINTER } from '../../kit/world.ts';

const RULES = { announce: announcing({ remindBefore: 'P14D' }), minter: PLAIN_MINTER };
const NOW = at('2027-06-01');
const longer = codeOf({ lastValid: '2029-01-15' });
const seats = codeOf({ seats: 9 });

/** Each occasion: number, topic, and `unless waiting`. */
function topics(licenses: readonly LedgerLicense[], changes: Partial<Changes>, more: Partial<Found> = {}) {
  return customerTopics(foundOf(licenses, more), changesOf(changes), RULES, NOW).map(
    ({ license, topic, unlessWaiting }) =>
      `${license.number} ${topic}${unlessWaiting ? ' unless waiting' : ''}`,
  );
}

/** Of one license, which had its newest code unless `license` says otherwise. */
function topic(
  license: Partial<LedgerLicense>,
  change: Partial<LicenseChange>,
  { changes = {}, found = {} }: { changes?: Partial<Changes>; found?: Partial<Found> } = {},
): string | undefined {
  const before = recordOf({ handed: 0, ...license });
  const made = changeOf({ before: before.state, revision: before.revision, ...change });
  const [first, ...others] = topics([before], { changes: [made], ...changes }, found);
  if (others.length > 0) throw new Error(`more than one: ${others}`);
  return first?.replace(/^1 /, '');
}

test('licenses have their occasions once each: those of the ledger by number, then those that are issued', (t) => {
  const [change, other] = [3, 1].map((number) => changeOf({ number, revision: 1, code: longer }));
  const licenses = [1, 2, 3].map((number) => recordOf({ number, unit: number, handed: 0 }));
  const issued = [newLicenseOf({ unit: 7 }), newLicenseOf({ unit: 8 })];
  t.deepEqual(topics(licenses, { changes: [change!, other!, change!], licenses: issued }), [
    ...['1 renewed', '3 renewed'],
    ...['-1 sold', '-2 sold'],
  ]);
  const ended = changeOf({ number: -1, state: 'ended' });
  t.deepEqual(topics([], { changes: [ended], licenses: issued }), ['-2 sold'], 'one that ended at once');
  const longerAtOnce = changeOf({ number: -1, revision: 1, code: longer });
  t.deepEqual(topics([], { changes: [longerAtOnce], licenses: issued }), ['-1 sold', '-2 sold']);
});

test('a license that is due is looked at, too', (t) => {
  const last = '2027-06-15';
  const [code, due] = [codeOf({ lastValid: last }), startOfDay('2027-06-01')];
  const license = recordOf({ handed: 0, code, due });
  t.deepEqual(topics([license, recordOf({ number: 2 }), { ...license, number: 3 }], {}), [
    '1 reminder',
    '3 reminder',
  ]);
  t.deepEqual(
    customerTopics(foundOf([license]), changesOf(), RULES, due).map(({ topic: of }) => of),
    ['reminder'],
  );
  t.deepEqual(topics([{ ...license, due: NOW + 1 }], {}), []);
  t.is(topic({ code, due }, { state: 'suspended' }), undefined, 'it unlocks nothing');
});

test('a new license is sold or reissued; a further one of a subscription that has licenses is a successor', (t) => {
  const issue = (issued: Parameters<typeof newLicenseOf>[0], licenses: readonly LedgerLicense[] = []) =>
    topics(licenses, { licenses: [newLicenseOf(issued)] }).join();
  t.is(issue({}), '-1 sold');
  t.is(issue({ reissue: 1 }), '-1 reissued');
  t.is(issue({ reissue: 1, state: 'ended' }), '-1 reissued', 'the former code is withdrawn');
  t.is(issue({ reissue: 1, state: 'suspended' }), '', 'it unlocks nothing');
  t.is(issue({ reissue: 1, state: 'revoked' }), '');
  t.is(issue({ state: 'suspended' }), '');
  const order = 'subscription:S';
  t.is(issue({ order }), '-1 sold', 'its first');
  t.is(issue({ order }, [recordOf({ subscription: 'S' })]), '-1 successor');
  t.is(issue({ order }, [recordOf({ order })]), '-1 successor');
  t.is(issue({ order }, [recordOf(), recordOf({ subscription: 'S' })]), '-1 successor');
  t.is(issue({ order }, [recordOf({ subscription: 'T' }), recordOf()]), '-1 sold', 'of another subscription');
  t.is(issue({}, [recordOf({ unit: 1 })]), '-1 sold', 'a further unit of an order');
  const answer = { quantity: 1, message: '', byUnit: false };
  t.is(issue({ order, answer }, [recordOf({ order })]), '-1 sold', 'who asked has the code');
});

test('a revoked license is withdrawn, if its customer has a code and no other license takes its place', (t) => {
  const revoked = { state: 'revoked' } as const;
  t.is(topic({}, revoked), 'withdrawn');
  t.is(topic({ handed: null }, revoked), undefined);
  t.is(topic({ state: 'revoked' }, { ...revoked, code: longer }), undefined);
  t.is(topic({ state: 'suspended' }, revoked), 'withdrawn', 'not only where no mail waits');
  const replaced = (issued: Parameters<typeof newLicenseOf>[0], license = {}) => {
    const changes = { changes: [changeOf(revoked)], licenses: [newLicenseOf(issued)] };
    return topics([recordOf({ handed: 0, ...license })], changes);
  };
  t.deepEqual(replaced({ reissue: 1 }), ['-1 reissued']);
  t.deepEqual(replaced({ reissue: 1, unit: 1 }), ['1 withdrawn', '-1 reissued'], 'of another unit');
  t.deepEqual(replaced({ reissue: 1, order: 'B' }), ['1 withdrawn', '-1 reissued'], 'of another order');
  t.deepEqual(replaced({ reissue: 0 }), ['1 withdrawn', '-1 sold'], 'no later one of its unit');
  t.deepEqual(replaced({ reissue: 1 }, { reissue: 1 }), ['1 withdrawn', '-1 reissued']);
});

test('a code with more days, or as many and more updates, is renewed; any other change of it is a successor', (t) => {
  const changed = (more: Partial<typeof ENTITLEMENT>, before: Partial<typeof ENTITLEMENT> = {}) =>
    topic({ code: codeOf(before, 0) }, { revision: 1, code: codeOf(more) });
  t.is(changed({ lastValid: '2029-01-15' }), 'renewed');
  t.is(changed({ lastValid: null }), 'renewed');
  t.is(changed({ seats: 9 }), 'successor');
  t.is(changed({ lastValid: '2029-01-15', seats: 9 }), 'renewed');
  t.is(changed({ updatesUntil: '2029-01-01' }, { updatesUntil: '2028-01-01' }), 'renewed');
  const fewerDays = { lastValid: '2027-09-01', updatesUntil: '2029-01-01' };
  t.is(changed(fewerDays, { updatesUntil: '2028-01-01' }), 'successor');
  t.is(changed({ lastValid: '2027-09-01' }), undefined, 'the code that the customer has stays readable');
  t.is(changed({ lastValid: '2027-09-01', seats: 9 }), 'successor');
});

test('a code that was handed out by the same act, or of a suspended license, is not mailed', (t) => {
  const change = { revision: 1, code: longer };
  t.is(topic({}, change), 'renewed', 'the control');
  t.is(topic({}, change, { changes: { touches: [{ number: 1, handed: 1 }] } }), undefined);
  t.is(topic({ state: 'suspended' }, { ...change, state: 'suspended' }), undefined);
  t.is(topic({}, { ...change, state: 'suspended' }), undefined);
  t.is(topic({}, {}), undefined, 'no new code');
});

test('at its end a license that stays good for its versions has a code that is mailed', (t) => {
  const ended = (after: string | null, before: string | null = '2028-01-15') =>
    topic(
      { code: codeOf({ lastValid: before }, 0) },
      { state: 'ended', revision: 1, code: codeOf({ lastValid: after, seats: 9 }) },
    );
  t.is(ended(null), 'successor');
  t.is(ended('2027-05-31'), undefined);
  t.is(ended(null, null), undefined, 'it was perpetual before');
  const extended = (after: string, before: string) =>
    topic(
      { state: 'ended', code: codeOf({ lastValid: null, updatesUntil: before }, 0) },
      { state: 'ended', revision: 1, code: codeOf({ lastValid: null, updatesUntil: after }) },
    );
  t.is(extended('2029-01-01', '2028-01-01'), 'renewed', 'for versions of a later day');
  t.is(extended('2027-01-01', '2028-01-01'), undefined);
  t.is(ended('2027-05-31', null), undefined);
  t.is(topic({}, { state: 'ended' }), undefined);
  const due = startOfDay('2027-06-01');
  t.is(topic({ code: codeOf({ lastValid: '2027-06-15' }), due }, { state: 'ended' }), undefined);
});

for (const [what, state] of [
  ['suspension', 'suspended'],
  ['revocation', 'revoked'],
] as const) {
  test(`the end of a ${what} mails what was not mailed during it, unless such a mail waits`, (t) => {
    const lifted = (license: Partial<LedgerLicense>, change: Partial<LicenseChange> = {}, more = {}) =>
      topic({ state, ...license }, { state: 'active', ...change }, more);
    t.is(lifted({}), undefined, 'the customer has the newest code');
    t.is(lifted({ handed: null }), 'sold unless waiting');
    const order = 'subscription:S';
    const licenses = [recordOf({ state, order, handed: null }), recordOf({ number: 2, subscription: 'S' })];
    t.is(lifted({ order, handed: null }, {}, { found: { licenses } }), 'successor unless waiting');
    t.is(lifted({ order, handed: null }), 'sold unless waiting', 'the first of its subscription');
    t.is(lifted({ revision: 2, handed: 1 }), 'renewed unless waiting');
    t.is(lifted({ revision: 2, handed: 2 }), undefined);
    t.is(lifted({}, { revision: 1, code: longer }), 'renewed unless waiting');
    t.is(lifted({}, { revision: 1, code: seats }), 'successor unless waiting');
    const shorter = codeOf({ lastValid: '2027-01-02' });
    t.is(lifted({ handed: null }, { revision: 1, code: shorter }), 'sold unless waiting');
    t.is(
      lifted({ revision: 2, handed: 1 }, { revision: 3, code: shorter }),
      undefined,
      'the customer has more',
    );
    t.is(lifted({ handed: HANDED_BEFORE }), 'reissued unless waiting');
    t.is(lifted({ handed: HANDED_BEFORE }, { revision: 1, code: longer }), 'reissued unless waiting');
    const handed = { changes: { touches: [{ number: 1, handed: 0 }] } };
    t.is(lifted({ handed: HANDED_BEFORE }, {}, handed), undefined, 'handed out by the same act');
    const facts = [
      told('2027-02-01', 'order:A', { kind: 'overdue' }),
      told('2027-02-02', 'order:A', addressNote(ADDRESS_NOTES.corrected)),
    ];
    t.is(lifted({}, {}, { found: { facts } }), 'corrected unless waiting');
    t.is(topic({}, { revision: 1, code: longer }, { found: { facts } }), 'renewed', 'it was not suspended');
    t.is(topic({ state: 'ended', handed: null }, { state: 'active' }), undefined, 'nor was this one');
    t.is(
      topic({ state, handed: HANDED_BEFORE }, { state: 'ended' }, { found: { facts } }),
      undefined,
      'its end',
    );
  });
}
