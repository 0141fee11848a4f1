import test from 'ava';
import type { OwedLine } from '../../../src/domain/changes.ts';
import { decideDue } from '../../../src/domain/decide.ts';
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import { answeredFailures } from '../../../src/domain/flags/answered-failures.ts';
import { rebillKey } from '../../../src/domain/flags/answered-rebills.ts';
import { answeredRefusals, refusalKey } from '../../../src/domain/flags/answered-refusals.ts';
import type { Evaluated } from '../../../src/domain/life/evaluate.ts';
import type { View } from '../../../src/domain/view.ts';
import { sold, told } from '../../kit/telling.ts';
import { after, BEGUN, begin } from '../../kit/watched.ts';
import { at } from '../../kit/world.ts';

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

/** Two lines of order A and one of order B, each with the times of what its units were answered. */
function linesWith(answered: Readonly<Record<string, readonly (number | null)[]>>) {
  const lines = ['A app', 'A pro', 'B app'].map((name) => {
    const [order = '', line = ''] = name.split(' ');
    return { order, line, path: line, product: line };
  });
  const evaluated = lines.flatMap((line, place) =>
    (answered[`${line.order} ${line.line}`] ?? []).map((time, unit) => ({
      line,
      license: {
        id: new Uint8Array(16).fill(place * 16 + unit),
        order: line.order,
        product: line.product,
        answer: time === null ? null : { at: time },
      },
    })),
  );
  return { lines, evaluated };
}
const AT = at(BEGUN);
const keysOf = (
  facts: readonly Fact[],
  { lines, evaluated }: ReturnType<typeof linesWith>,
  owed: readonly object[] = [],
) => {
  const names = { of: (subject: string) => subject };
  const factsOf = (subject: string) => facts.filter((fact) => fact.subject === subject);
  const view = { facts, names, lines, factsOf } as unknown as View;
  const given = [view, evaluated as unknown as Evaluated[], owed as OwedLine[]] as const;
  return [...answeredFailures(...given), ...answeredRefusals(...given)];
};

test('a failure is made good by an answer to each unit of its own line, from its own time on', (t) => {
  const facts = failed(BEGUN);
  const good = [`noted:failed:${BEGUN}`];
  t.deepEqual(keysOf(facts, linesWith({ 'A app': [AT, AT + 5] })), good);
  t.deepEqual(keysOf(facts, linesWith({ 'A app': [AT - 1] })), []);
  t.deepEqual(keysOf(facts, linesWith({ 'A app': [AT, AT - 1] })), []);
  t.deepEqual(keysOf(facts, linesWith({ 'A app': [AT, null] })), []);
  t.deepEqual(keysOf(facts, linesWith({ 'A app': [AT], 'A pro': [null], 'B app': [null] })), good);
  for (const other of ['A pro', 'B app']) t.deepEqual(keysOf(facts, linesWith({ [other]: [AT] })), [], other);
  t.deepEqual(keysOf(facts, linesWith({})), []);
});

test('of two lines of an order, or two orders of a line, each failure is made good by its own', (t) => {
  const pro = failed(BEGUN, { line: 'pro' });
  t.is(keysOf(pro, linesWith({ 'A app': [AT], 'A pro': [AT - 1] })).length, 0);
  t.is(keysOf(pro, linesWith({ 'A app': [AT - 1], 'A pro': [AT] })).length, 1);
  const other = failed(BEGUN).map((fact): Fact => ({ ...fact, subject: 'order:B' }));
  t.is(keysOf(other, linesWith({ 'A app': [AT], 'B app': [AT - 1] })).length, 0);
  t.is(keysOf(other, linesWith({ 'A app': [AT - 1], 'B app': [AT] })).length, 1);
});

test('a unit that is missing keeps the failure of its own line', (t) => {
  const facts = failed(BEGUN);
  const served = linesWith({ 'A app': [AT] });
  const kept = (...owed: readonly object[]) => keysOf(facts, served, owed).length === 0;
  t.true(kept({ order: 'A', line: 'app', missing: 1 }));
  t.true(kept({ order: 'A', line: 'pro', missing: 0 }, { order: 'A', line: 'app', missing: 1 }));
  t.false(kept({ order: 'A', line: 'app', missing: 0 }));
  t.false(kept({ order: 'A', line: 'pro', missing: 1 }));
  t.false(kept({ order: 'B', line: 'app', missing: 1 }));
});

test('a code that a person handed out counts like an answer', (t) => {
  const served = linesWith({ 'A app': [null] });
  const [unit] = served.evaluated;
  const handed = (time: number, body: FactBody = { kind: 'handed', revision: 0 }) => ({
    ...told(BEGUN, licenseSubject(unit!.license.id), body),
    at: time,
  });
  t.is(keysOf([...failed(BEGUN), handed(AT)], served).length, 1);
  t.is(keysOf([...failed(BEGUN), handed(AT - 1)], served).length, 0);
  t.is(keysOf([...failed(BEGUN), handed(AT, { kind: 'stopped' })], served).length, 0);
});

test('a note is of the failure that its own event states of its order, and no other note', (t) => {
  const served = linesWith({ 'A app': [AT], 'B app': [AT] });
  const [sale, own] = failed(BEGUN);
  t.is(keysOf([sale!, own!], served).length, 1, 'the control');
  t.is(keysOf([{ ...sale!, cause: 'fulfillment.failed other' }, own!], served).length, 0);
  t.is(keysOf([{ ...sale!, subject: 'order:B' }, own!], served).length, 0);
  t.is(keysOf([{ ...sale!, body: sold('app') }, own!], served).length, 0, 'it did not fail');
  t.is(keysOf([sale!, { ...own!, body: { ...note, why: 'unclear' } }], served).length, 0);
  t.is(keysOf([sale!, { ...own!, body: { kind: 'stopped' } }], served).length, 0);
  const other = failed(BEGUN, { line: 'gone' });
  t.is(keysOf(other, served, [{ order: 'A', line: 'app', missing: 1 }]).length, 0, 'no such line');
});

test('a failure of a rebill is made good by an answer under its own order, from its own time on', (t) => {
  const facts = failed(BEGUN);
  const answered = (time: number, order = 'A', product = 'app'): Fact => ({
    ...told(BEGUN, `order:${order}`, { kind: 'noted', note: 'answered' }, rebillKey(order, product, time)),
    at: time,
  });
  const [rebill, sold] = [linesWith({}), linesWith({ 'A app': [null] })];
  t.deepEqual(keysOf([...facts, answered(AT)], rebill), [`noted:failed:${BEGUN}`]);
  t.deepEqual(keysOf([...facts, answered(AT - 1)], rebill), []);
  t.deepEqual(keysOf([...facts, answered(AT, 'B')], rebill), [], 'another order');
  t.deepEqual(keysOf([...facts, answered(AT, 'A', 'pro')], rebill), [], 'another product');
  t.deepEqual(keysOf([...facts, answered(AT)], sold), [], 'the order has units of its own');
});

test('a refused request is made good by an answer to its order and product, if that came later', (t) => {
  const key = refusalKey('A', 'app', 'malformed_request');
  const refused = told(BEGUN, 'order:A', { ...note, why: 'refused' }, key);
  const good = [`noted:${key}`];
  t.deepEqual(keysOf([refused], linesWith({ 'A app': [null, AT + 1] })), good);
  t.deepEqual(keysOf([refused], linesWith({ 'A app': [AT] })), []);
  t.deepEqual(keysOf([refused], linesWith({ 'A pro': [AT + 1], 'B app': [AT + 1] })), []);
  const body = { kind: 'noted', note: 'answered' } as const;
  const answered = { ...told(BEGUN, 'order:A', body, rebillKey('A', 'app', AT)), at: AT + 1 };
  t.deepEqual(keysOf([refused, answered], linesWith({})), good, 'as a rebill');
  const nameless = { ...refused, key: refusalKey('A', '', 'unknown_product') };
  t.deepEqual(keysOf([nameless], linesWith({ 'A app': [AT + 1] })), [], 'of no known product');
});
