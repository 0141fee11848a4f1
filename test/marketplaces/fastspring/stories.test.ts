/** The simulator's requests are accepted like FastSpring's, and its events yield facts like FastSpring's. */
import test from 'ava';
import type { Fact } from '../../../src/domain/facts/fact.ts';
import { readParsed } from '../../../src/marketplaces/fastspring/event.ts';
import { fastSpringRequests } from '../../../src/marketplaces/fastspring/requests.ts';
import { signRequest } from '../../../src/marketplaces/fastspring/simulator.ts';
import { stepsOf } from '../../../src/marketplaces/fastspring/stories.ts';
import { STORIES, type Story } from '../../../src/marketplaces/fastspring/story-names.ts';
import { findProduct, PRODUCTS } from './reading.ts';

const NOW = Date.UTC(2026, 10, 20, 9);
const CAST = {
  paths: ['plan-monthly', 'app'],
  products: ['plan', 'app'],
  quantity: 2,
  period: 30,
  run: '1',
  now: NOW,
} as const;

const requests = fastSpringRequests({
  licenseKeys: [],
  simulatorSecret: 'secret',
  templates: undefined as never,
} as never);

function play(story: Story) {
  const asked: { readonly order: string; readonly line: string; readonly mode: string }[] = [];
  const facts: Fact[] = [];
  for (const step of stepsOf(story, CAST)) {
    if ('request' in step) {
      const fields = new Map(new URLSearchParams(signRequest(step.request, 'secret')));
      const caller = requests.authenticate(fields);
      const product = PRODUCTS.find(({ id }) => id === step.product);
      if (caller === undefined || product === undefined)
        throw new Error(`${step.title}: not signed, or of no product`);
      const { order, oddReference, ambiguity } = requests.readRequest(fields, product, caller, NOW);
      if (oddReference || ambiguity) throw new Error(`${step.title}: an odd request`);
      asked.push(order);
    } else {
      for (const event of step.events) facts.push(...readParsed(event, '', findProduct).facts);
    }
  }
  return { asked, facts };
}

/** The facts of a story, without names and notes. */
const kinds = (facts: readonly Fact[]) =>
  facts.map(({ body }) => body.kind).filter((kind) => !['alias', 'noted', 'announced'].includes(kind));

test('each story’s requests are in test mode, and name order and line', (t) => {
  for (const story of STORIES) {
    for (const { order, line, mode } of play(story).asked) {
      t.deepEqual([order.startsWith('SIM1'), line, mode], [true, 'plan-monthly', 'test'], story);
    }
  }
});

test('each story yields the facts of its steps', (t) => {
  const voided = 'voided';
  t.deepEqual(kinds(play('subscription').facts), [
    ...['linked', 'dated', 'charged', 'sold', voided],
    ...['linked', 'paid'],
    ...['linked', 'resumed', 'dated', 'linked', 'paid'],
    'canceled',
    'deactivated',
  ]);
  t.deepEqual(kinds(play('refund').facts), ['charged', 'sold', voided, 'repaid']);
  t.deepEqual(kinds(play('bundle').facts), ['charged', 'sold', 'sold', voided]);
  t.deepEqual(kinds(play('chargeback').facts), ['charged', 'sold', voided, 'charged-back']);
  t.deepEqual(kinds(play('overdue').facts), [
    ...['linked', 'dated', 'charged', 'sold', voided],
    'overdue',
    ...['linked', 'paid'],
  ]);
});

test('the rebill begins a period, and the added unit is a proration that covers all units', (t) => {
  const paid = play('subscription').facts.flatMap(({ body }) => (body.kind === 'paid' ? [body] : []));
  t.deepEqual(
    paid.map(({ part, total, until, covers }) => ({ part, total, until, covers })),
    [
      {
        part: undefined,
        total: 40,
        until: '2027-01-19',
        covers: [{ line: 'plan-monthly', product: 'plan', quantity: 2 }],
      },
      {
        part: 'proration',
        total: 20,
        until: '2027-01-19',
        covers: [{ line: 'plan-monthly', product: 'plan', quantity: 3 }],
      },
    ],
  );
});

test('a refund returns the charged amount', (t) => {
  const bodies = play('refund').facts.map(({ body }) => body);
  const charged = bodies.find((body) => body.kind === 'charged');
  const repaid = bodies.find((body) => body.kind === 'repaid');
  t.is(charged?.total, 40);
  t.deepEqual([repaid?.amount, repaid?.total, repaid?.currency], [40, 40, 'EUR']);
});
