import test from 'ava';
import { decideDue } from '../../src/domain/decide.ts';
import type { FactBody } from '../../src/domain/fact.ts';
import { licenseSubject } from '../../src/domain/license-subject.ts';
import { sold, told } from '../kit/telling.ts';
import { after, BEGUN, begin } from '../kit/watched.ts';
import { at } from '../kit/world.ts';

const note: FactBody = { kind: 'noted', note: 'it failed: rerun', flag: true, why: 'undelivered' };

/** A failed fulfillment, as its event states it: the sale, and the note that is flagged. */
function failed(day: string, more: object = {}) {
  const cause = `fulfillment.failed ${day}`;
  const sale = told(day, 'order:A', sold('app', { failed: true, ...more }), `failed:A`);
  return [
    { ...sale, cause },
    { ...told(day, 'order:A', note, `failed:${day}`), cause },
  ];
}

test('the flag of a failed fulfillment settles once the rerun was answered for all units', (t) => {
  const world = begin();
  t.true(after(world, BEGUN, ...failed(BEGUN, { quantity: 2 })).includes('undelivered: it failed: rerun'));
  world.now = at('2027-01-02');
  world.ask({ order: 'A', product: 'app', line: 'app', quantity: 2 });
  t.deepEqual(world.flags, []);
  const [flag] = world.found.flags.filter(({ key }) => key.startsWith('noted:'));
  t.is(flag?.settledBy, 'by itself: the units were handed out');
});

test('the flag stays while a unit is missing, and where the answer came before the failure', (t) => {
  const fewer = begin();
  after(fewer, BEGUN, ...failed(BEGUN, { quantity: 2 }));
  fewer.now = at('2027-01-02');
  fewer.ask({ order: 'A', product: 'app', line: 'app' });
  t.true(fewer.flags.includes('undelivered: it failed: rerun'));
  const lost = begin();
  lost.ask({ order: 'A', product: 'app', line: 'app' });
  after(lost, '2027-01-02', ...failed('2027-01-02'));
  t.true(lost.flags.includes('undelivered: it failed: rerun'), 'this answer may not have arrived');
  const [license] = lost.records;
  const handed = told('2027-01-03', licenseSubject(license!.id), { kind: 'handed', revision: 0 });
  t.false(
    after(lost, '2027-01-03', handed).includes('undelivered: it failed: rerun'),
    'the seller mailed it',
  );
});

test('a note of an order that was not told as failed stays, whatever else was delivered', (t) => {
  const world = begin();
  after(world, BEGUN, told(BEGUN, 'order:A', sold('app')), told(BEGUN, 'order:A', note, 'unread'));
  world.now = at('2027-01-02');
  world.ask({ order: 'A', product: 'app', line: 'app' });
  t.deepEqual(world.flags, ['undelivered: it failed: rerun']);
});

test('the rerun settles the flag of its note alone, not one whose key is that of the note', (t) => {
  const world = begin();
  after(world, BEGUN, ...failed(BEGUN));
  world.now = at('2027-01-02');
  const { flags } = world.found;
  world.ask({ order: 'A', product: 'app', line: 'app' });
  const [flag] = flags.filter(({ reason }) => reason === 'it failed: rerun');
  const open = [flag!, { ...flag!, id: 90, key: flag!.key.replace(/^noted:/, ''), kind: 'refused' as const }];
  t.deepEqual(decideDue({ ...world.found, flags: open }, world.rules, world.now).changes.cleared, [
    { id: flag!.id, at: world.now, reason: 'by itself: the units were handed out' },
  ]);
});
