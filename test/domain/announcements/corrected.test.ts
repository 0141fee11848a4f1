/** What was corrected while a license was suspended. Each story ends with the end of the suspension. */
import test from 'ava';
import {
  ADDRESS_NOTES,
  addressNote,
  isCorrectedMeanwhile,
} from '../../../src/domain/announcements/corrected.ts';
import type { LedgerLicense } from '../../../src/domain/changes.ts';
import type { Fact, FactBody, Subject } from '../../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import { recordOf } from '../../kit/records.ts';
import { dated, paid, repaid, told } from '../../kit/telling.ts';

const S = 'subscription:S';
const correction = addressNote(ADDRESS_NOTES.corrected);
type Saying = FactBody | readonly [Subject, FactBody];

const LICENSE = recordOf({ order: 'A', subscription: 'S', customer: 5 });
/** Of the same customer, by the subscription. */
const UPGRADE = recordOf({
  order: 'subscription:S',
  number: 2,
  id: Buffer.alloc(16, 2),
  subscription: 'S',
  customer: 5,
});
const OTHERS = recordOf({ order: 'B', number: 3, id: Buffer.alloc(16, 3), customer: 6 });

/** One fact a day, told in any order. */
function isCorrected(...sayings: readonly Saying[]): boolean {
  return isCorrectedOf(LICENSE, ...sayings);
}

function isCorrectedOf(of: LedgerLicense, ...sayings: readonly Saying[]): boolean {
  const facts = sayings.map((saying, place): Fact => {
    const [subject, body] = 'kind' in saying ? ([S, saying] as const) : saying;
    return told(`2027-01-0${place + 1}`, subject, body);
  });
  return isCorrectedMeanwhile({ facts: facts.toReversed(), licenses: [LICENSE, UPGRADE, OTHERS] }, of);
}
const corrected: Saying = ['order:A', correction];

const HOLDS: readonly FactBody[] = [
  { kind: 'overdue' },
  { kind: 'paused' },
  { kind: 'reviewed' },
  { kind: 'disputed' },
  { kind: 'charged-back' },
  { kind: 'stopped' },
  { kind: 'withdrawn' },
  { kind: 'refunded' },
  repaid(10),
  { kind: 'dispute-lost' },
  { kind: 'voided' },
];
const LIFTS: readonly FactBody[] = [
  paid('2028-01-01'),
  { kind: 'recovered' },
  { kind: 'resumed' },
  { kind: 'cleared' },
  { kind: 'dispute-won' },
  { kind: 'reinstated' },
  dated('2028-01-01', { active: true }),
];

test('an address that was corrected after a license was held, by whatever holds one, was corrected meanwhile', (t) => {
  for (const hold of HOLDS) {
    t.true(isCorrected(hold, corrected), hold.kind);
    t.false(isCorrected(corrected, hold), `${hold.kind}: before`);
  }
  t.false(isCorrected(corrected), 'nothing held it');
  t.false(isCorrected({ kind: 'learned', revision: 3 }, corrected), 'this holds nothing');
});

test('what was corrected before a license was lifted, by whatever lifts one, does not count for the next suspension', (t) => {
  for (const lift of LIFTS) {
    t.false(isCorrected({ kind: 'paused' }, corrected, lift, { kind: 'overdue' }), lift.kind);
    t.true(isCorrected({ kind: 'paused' }, lift, { kind: 'overdue' }, corrected), `${lift.kind}: after`);
  }
  t.true(isCorrected({ kind: 'paused' }, corrected, dated('2028-01-01')), 'a date alone lifts nothing');
});

test('an address that was corrected by one order counts for what the subscription brought the same customer', (t) => {
  t.true(isCorrectedOf(UPGRADE, { kind: 'disputed' }, corrected));
  t.false(isCorrectedOf(OTHERS, { kind: 'disputed' }, corrected), 'of another customer');
  const nobodys = { ...UPGRADE, customer: null, id: Buffer.alloc(16, 9) };
  t.false(isCorrectedOf(nobodys, { kind: 'disputed' }, corrected), 'nobody is known');
});

test('what you decide about one license neither holds nor lifts another', (t) => {
  const [own, other] = [licenseSubject(LICENSE.id), licenseSubject(UPGRADE.id)];
  t.true(isCorrected({ kind: 'disputed' }, corrected, [other, { kind: 'reinstated' }]));
  t.false(isCorrected({ kind: 'disputed' }, corrected, [own, { kind: 'reinstated' }]), 'the control');
  t.false(isCorrected([other, { kind: 'stopped' }], corrected));
  t.true(isCorrected([own, { kind: 'stopped' }], corrected), 'the control');
});

test('an address counts alone, and of its own order; what is said of another subscription holds and lifts nothing', (t) => {
  const paused: FactBody = { kind: 'paused' };
  t.false(isCorrected(paused, ['order:B', correction]));
  t.false(isCorrected(paused, ['order:A', { kind: 'noted', note: 'the customer’s name was corrected' }]));
  t.false(isCorrected(['subscription:other', paused], corrected));
  t.true(isCorrected(paused, corrected, ['subscription:other', { kind: 'resumed' }]));
  t.true(isCorrected(['order:A', paused], corrected), 'what is said of the order');
});
