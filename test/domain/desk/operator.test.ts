import test from 'ava';
import { decisionTime, isFit, LONGEST_GROUNDS, operatorFact } from '../../../src/domain/desk/operator.ts';
import type { Fact } from '../../../src/domain/facts/fact.ts';
import { GROUNDS, NOW } from '../../kit/desk.ts';
import { fakeLedger, storyOf } from '../../kit/desk-ledger.ts';
import { told } from '../../kit/telling.ts';

const NAME = { marketplace: 'fastspring', mode: 'live', order: 'ACME-1' } as const;

test('reason and actor fit into the history, and neither is empty', (t) => {
  t.true(isFit(GROUNDS));
  t.true(isFit({ actor: 'a', reason: 'x'.repeat(LONGEST_GROUNDS - 1) }));
  t.false(isFit({ actor: 'a', reason: 'x'.repeat(LONGEST_GROUNDS) }));
  t.false(isFit({ actor: 'a', reason: ' ' }));
  t.false(isFit({ actor: ' ', reason: 'x' }));
  t.is(LONGEST_GROUNDS, 200);
});

test('a decision names its market and subject, and its key is unique', (t) => {
  const body = { kind: 'stopped' } as const;
  const decided = { act: 'suspend', at: NOW, grounds: GROUNDS };
  const fact = operatorFact(NAME, 'order:ACME-1', body, decided);
  t.deepEqual(fact, {
    marketplace: 'fastspring',
    mode: 'live',
    subject: 'order:ACME-1',
    key: fact.key,
    at: NOW,
    cause: 'suspend by ada: ticket 17',
    body,
  });
  const keys = [
    fact,
    operatorFact(NAME, 'order:ACME-2', body, decided),
    operatorFact(NAME, 'order:ACME-1', body, { ...decided, act: 'revoke' }),
    operatorFact(NAME, 'order:ACME-1', body, { ...decided, at: NOW + 1 }),
  ].map(({ key }) => key);
  t.is(new Set(keys).size, 4);
});

test('a decision counts just after the newest fact and the newest change of its order, in its own market', async (t) => {
  const timeWith = (facts: readonly Partial<Fact>[], changedAt: number) => {
    const fake = fakeLedger();
    const note = told('2026-11-21', 'order:ACME-1', { kind: 'noted', note: 'x' });
    fake.facts.push(...facts.map((more) => ({ ...note, ...more })));
    const changed = { at: changedAt, from: null, to: 'active', revision: 0, cause: 'sold' } as const;
    fake.stories.push(
      storyOf({ history: [changed] }),
      storyOf({ mode: 'test', history: [{ ...changed, at: NOW + 99 }] }),
    );
    return decisionTime(fake.ledger, NAME, NOW);
  };
  t.is(await timeWith([{ at: NOW - 1 }], NOW - 5), NOW, 'its own clock, where nothing is newer');
  t.is(await timeWith([{ at: NOW }], NOW - 5), NOW + 1);
  t.is(await timeWith([{ at: NOW + 7 }, { at: NOW + 3 }], NOW - 5), NOW + 8);
  t.is(await timeWith([], NOW + 9), NOW + 10);
  t.is(
    await timeWith(
      [
        { at: NOW + 7, marketplace: 'manual' },
        { at: NOW + 7, mode: 'test' },
      ],
      0,
    ),
    NOW,
  );
});
