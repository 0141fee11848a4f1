import test from 'ava';
import { type Migration, type MovedPair, migrate } from '../../../src/domain/desk/migrate.ts';
import type { Fact } from '../../../src/domain/facts/fact.ts';
import { factsOfMoved } from '../../../src/domain/facts/moved.ts';
import { subscriptionSubject } from '../../../src/domain/values/order-subject.ts';
import { fakeLedger, storyOf } from '../../kit/desk-ledger.ts';

const FROM = 'paddle-classic';
const TO = 'paddle-billing';
const NOW = Date.UTC(2027, 1, 1);
const pair = (line: number, former: string, subscription: string): MovedPair => ({
  line,
  former,
  subscription,
});
const PAIRS = [pair(2, '101', 'sub_1'), pair(3, '102', 'sub_2')];
const sold = (subscription: string) =>
  storyOf({ marketplace: FROM, order: `O${subscription}`, subscription });

/** A ledger in which two subscriptions were sold. */
function begun() {
  const { ledger, stories, facts } = fakeLedger({
    showOrder: async (order) => ({
      licenses: [],
      owed: [],
      flags: [],
      facts: facts.filter(({ subject }) => subject === order),
    }),
  });
  stories.push(sold('101'), sold('102'));
  const move = (more: Partial<Migration> = {}) =>
    migrate(ledger, { from: FROM, to: TO, mode: 'live', pairs: PAIRS, apply: true, now: NOW, ...more });
  return { move, stories, facts };
}

/** As the ledger stores it: what is said of the new subscription is said of the former one. */
function mirror(facts: Fact[]): void {
  facts.push(...factsOfMoved([...facts]));
}

test('each pair of the list is tied by a fact of the new subscription, which names its line', async (t) => {
  const { move, facts } = begun();
  t.deepEqual(await move({ apply: false }), { tied: PAIRS, known: 0, faults: [] });
  t.deepEqual(facts, [], 'only shown');
  t.deepEqual(await move(), { tied: PAIRS, known: 0, faults: [] });
  t.deepEqual(facts[0], {
    marketplace: TO,
    mode: 'live',
    subject: 'subscription:sub_1',
    key: 'from:sub_1',
    at: NOW,
    cause: 'migrate, line 2',
    body: { kind: 'moved', from: FROM, subscription: '101' },
  });
  t.is(facts.length, 2);
  mirror(facts);
  t.deepEqual(await move(), { tied: [], known: 2, faults: [] }, 'again');
});

test('with a fault nothing is tied, and the faults come in the order of the list', async (t) => {
  const { move, facts } = begun();
  const pairs = [pair(5, '999', 'sub_9'), pair(2, '101', 'sub_1'), pair(4, '998', 'sub_8')];
  t.deepEqual(await move({ pairs }), {
    tied: [pair(2, '101', 'sub_1')],
    known: 0,
    faults: [
      { line: 4, fault: `no license follows 998 of ${FROM}` },
      { line: 5, fault: `no license follows 999 of ${FROM}` },
    ],
  });
  t.deepEqual(facts, []);
});

test('each subscription stands in the list once, on either side', async (t) => {
  const { move } = begun();
  const pairs = [...PAIRS, pair(4, '101', 'sub_3'), pair(5, '102', 'sub_1')];
  t.deepEqual((await move({ pairs })).faults, [
    { line: 4, fault: '101 stands in line 2 too' },
    { line: 5, fault: '102 stands in line 3 too' },
    { line: 5, fault: 'sub_1 stands in line 2 too' },
  ]);
});

test('a subscription is moved once: from one, to one that was not sold itself', async (t) => {
  const { move, facts, stories } = begun();
  await move({ pairs: [PAIRS[0]!] });
  mirror(facts);
  const faultOf = async (former: string, subscription: string) =>
    (await move({ pairs: [pair(2, former, subscription)] })).faults[0]?.fault;
  t.is(await faultOf('102', 'sub_1'), 'sub_1 is tied to 101 already');
  t.is(await faultOf('101', 'sub_5'), '101 goes on as sub_1 already');
  stories.push(storyOf({ marketplace: TO, subscription: 'sub_7' }));
  t.is(await faultOf('102', 'sub_7'), `sub_7 has licenses of its own: it was sold at ${TO}`);
  t.is(await faultOf('102', 'sub_6'), undefined, 'the control');
});

test('rows of another mode or marketplace say nothing', async (t) => {
  const { move, facts, stories } = begun();
  stories.push(
    storyOf({ marketplace: FROM, mode: 'test', subscription: '103' }),
    storyOf({ marketplace: 'stripe', subscription: '103' }),
    storyOf({ marketplace: TO, mode: 'test', subscription: 'sub_1' }),
    storyOf({ marketplace: 'stripe', subscription: 'sub_1' }),
  );
  const moved: Fact = {
    ...{ marketplace: TO, mode: 'test', subject: subscriptionSubject('sub_1'), key: 'from:sub_1' },
    ...{ at: NOW, cause: 'migrate, line 2', body: { kind: 'moved', from: FROM, subscription: '102' } },
  };
  facts.push(moved, { ...moved, marketplace: 'stripe', mode: 'live' });
  mirror(facts);
  t.deepEqual(await move({ pairs: [PAIRS[0]!] }), { tied: [PAIRS[0]!], known: 0, faults: [] });
  const { faults } = await move({ pairs: [pair(2, '103', 'sub_3')] });
  t.deepEqual(faults, [{ line: 2, fault: `no license follows 103 of ${FROM}` }]);
});
