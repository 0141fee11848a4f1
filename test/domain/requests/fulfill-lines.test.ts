/** Which line a fulfillment request is for, and which requests are answered at all. */
import test from 'ava';
import type { FactBody } from '../../../src/domain/facts/fact.ts';
import type { Issue, Renewal } from '../../../src/domain/ledger.ts';
import { type Asked, fulfill } from '../../../src/domain/requests/fulfill.ts';
import { benchFor, ledgerOn, orderOf, productOf } from '../../kit/memory-ledger.ts';
import { paid, sold, told } from '../../kit/telling.ts';
import { at, PLAIN_MINTER, World } from '../../kit/world.ts';

const PRODUCT = productOf({ term: 'P1M', grace: 'P3D' });
const SALE = '2027-01-01';

function begin() {
  const world = new World([PRODUCT], at(SALE));
  const bench = { ...benchFor(world), now: () => world.now };
  const ask = async (wanted: Parameters<typeof orderOf>[0], asked: Partial<Asked> = {}) => {
    const order = orderOf({ marketplace: 'fastspring', order: 'A', soldAt: world.now, ...wanted });
    const answer = await fulfill(order, PRODUCT, bench, { facts: [], renewal: undefined, ...asked });
    return 'licenses' in answer
      ? `${answer.outcome} ${answer.licenses.map(({ line, unit }) => `${line}/${unit}`).join(' ')}`
      : answer.outcome;
  };
  return { world, bench, ask };
}

const ambiguity = 'name the path';

test('fault 15: each line of an order gets its own codes', async (t) => {
  const { ask, world } = begin();
  t.is(await ask({ line: 'month' }), 'issued month/0');
  t.is(await ask({ line: 'year', quantity: 2 }), 'issued year/0 year/1');
  t.is(await ask({ line: 'month' }), 'repeated month/0');
  t.is(await ask({ line: 'year', quantity: 2 }), 'repeated year/0 year/1');
  t.is(new Set(world.records.map(({ code }) => code)).size, 3);
});

test('fault 15: a request without a line is answered only if one line is possible', async (t) => {
  const { ask, world } = begin();
  t.is(await ask({}, { ambiguity }), 'ambiguous');
  t.is(world.records.length, 0);
  await ask({ line: 'month' });
  t.is(await ask({}, { ambiguity }), 'repeated month/0');
  await ask({ line: 'year' });
  t.is(await ask({}, { ambiguity }), 'ambiguous');
  t.is(await ask({ line: 'else' }), 'issued else/0');
});

test('licenses without a line match any requested line', async (t) => {
  const { ask } = begin();
  t.is(await ask({}), 'issued /0');
  t.is(await ask({ line: 'month' }), 'repeated /0');
});

test('a line issued by an event is answered to the first request that may mean it', async (t) => {
  const { ask, world } = begin();
  world.tell([told(SALE, 'order:A', { ...sold('app'), line: 'month' })]);
  t.is(await ask({}, { ambiguity }), 'repeated month/0');
  t.is(world.records.length, 1);
});

test('facts of a request without a line name the line that was found', async (t) => {
  const { ask, world } = begin();
  world.tell([told(SALE, 'order:A', { ...sold('app'), line: 'month' })]);
  const linked: FactBody = { kind: 'linked', subscription: 'S', product: 'app', line: '' };
  const asked: FactBody = { kind: 'asked', order: 'A', line: '', product: 'app', quantity: 1 };
  const overdue: FactBody = { kind: 'overdue' };
  await ask(
    {},
    {
      ambiguity,
      facts: [
        told(SALE, 'order:A', linked),
        told(SALE, 'subscription:S', overdue),
        told(SALE, 'order:A', { ...linked, line: 'other' }, 'other'),
      ],
      renewal: { subscription: 'S', facts: [told(SALE, 'subscription:S', asked)] },
    },
  );
  const lines = world.found.facts.flatMap(({ body }) => (body.kind === 'linked' ? [body.line] : []));
  t.deepEqual(lines.sort(), ['month', 'other']);
});

test('the sale options of a request apply to the first code', async (t) => {
  const { ask, world } = begin();
  await ask({}, { trialEnd: '2027-01-15', features: ['sync'], charged: { total: 9, currency: 'EUR' } });
  const [license] = world.records;
  t.like(PLAIN_MINTER.entitlementOf(license?.firstCode ?? ''), { lastValid: '2027-01-18', features: 2 });
  t.deepEqual(license?.charged, { total: 9, currency: 'EUR' });
  t.is(license?.cause, 'fulfillment request');
});

test('fault 45: odd references are answered for five orders of one unit each, and then refused', async (t) => {
  const { ask, world } = begin();
  t.is(await ask({ order: 'odd', quantity: 2 }, { oddReference: true }), 'odd');
  for (const order of ['1', '2', '3', '4', '5']) {
    t.is(await ask({ order }, { oddReference: true }), 'issued /0');
    t.is(await ask({ order }, { oddReference: true }), 'repeated /0');
  }
  t.is(world.flagKinds.filter((kind) => kind === 'odd-reference').length, 5);
  t.is(await ask({ order: '6' }, { oddReference: true }), 'odd');
  t.is(await ask({ order: '6' }), 'issued /0');
  t.is(await ask({ order: '1' }, { oddReference: true }), 'repeated /0');
});

test('fault 45: an order that a signed event names is answered, even with an odd reference', async (t) => {
  const { ask, world } = begin();
  for (const order of ['1', '2', '3', '4', '5']) await ask({ order }, { oddReference: true });
  world.tell([told(SALE, 'order:6', sold(null))]);
  t.is(await ask({ order: '6', line: 'app', quantity: 2 }, { oddReference: true }), 'issued app/0 app/1');
  world.tell([told(SALE, 'order:1', sold('app', { line: '' }))]);
  t.is(world.flagKinds.filter((kind) => kind === 'odd-reference').length, 4, 'its flag goes away by itself');
});

test('fault 12, 31: a revoked license is never mailed', async (t) => {
  const { ask, world } = begin();
  await ask({});
  world.tell([told(SALE, 'order:A', { kind: 'refunded' })]);
  t.is(await ask({}), 'revoked');
});

test('a request that names a subscription renews it', async (t) => {
  const { ask, world } = begin();
  world.tell([
    told(SALE, 'order:A', sold('app', { subscription: 'S' })),
    told(SALE, 'subscription:S', paid('2027-02-01', { part: 'first' })),
  ]);
  t.is(await ask({ line: 'app' }, { renewal: { subscription: 'S', facts: [] } }), 'repeated app/0');
  world.now = at('2027-02-01');
  const asked: FactBody = { kind: 'asked', order: 'R', line: 'app', product: 'app', quantity: 1 };
  const renewal = { subscription: 'S', facts: [told('2027-02-01', 'subscription:S', asked)] };
  t.is(await ask({ order: 'R', line: 'app' }, { renewal }), 'repeated app/0');
  t.deepEqual(world.licenses, ['A/app/app/0 active 2027-03-04']);
});

test('licenses without a line are repeated for any line, without a write', async (t) => {
  const { ask, world, bench } = begin();
  await ask({});
  const parts = { ...bench, ledger: ledgerOn(world, true) };
  const again = orderOf({ marketplace: 'fastspring', order: 'A', line: 'month' });
  t.like(await fulfill(again, PRODUCT, parts), { outcome: 'repeated' });
});

test('a line with some answered units is repeated without a write, for the answered units', async (t) => {
  const { ask, world, bench } = begin();
  await ask({ line: 'app' });
  world.tell([told(SALE, 'order:A', sold('app', { quantity: 2 }))]);
  t.is(world.records.length, 2);
  const parts = { ...bench, ledger: ledgerOn(world, true) };
  const again = orderOf({ marketplace: 'fastspring', order: 'A', line: 'app' });
  const answer = await fulfill(again, PRODUCT, parts);
  t.deepEqual('licenses' in answer && answer.licenses.map(({ unit }) => unit), [0]);
});

/** The call that a request for a line of the order A makes to the ledger. */
async function handedOver(asked: Partial<Asked>): Promise<Issue | Renewal | undefined> {
  const { bench, world } = begin();
  const acts: (Issue | Renewal)[] = [];
  const note = async (act: Issue | Renewal) => {
    acts.push(act);
    return { outcome: 'revoked' } as const;
  };
  const ledger = { ...ledgerOn(world), issueFirst: note, renew: note };
  const order = orderOf({ marketplace: 'fastspring', order: 'A', line: 'month', soldAt: world.now });
  await fulfill(order, PRODUCT, { ...bench, ledger }, { facts: [], renewal: undefined, ...asked });
  return acts[0];
}

test('a request passes on what it states and nothing else', async (t) => {
  t.deepEqual(Object.keys((await handedOver({})) ?? {}).sort(), [
    'at',
    'cause',
    'facts',
    'order',
    'product',
    'units',
  ]);
  const told = {
    trialEnd: '2027-01-15',
    features: ['sync'],
    charged: { total: 9, currency: 'EUR' },
  } as const;
  t.like(await handedOver(told), told);
});

test('facts about the requested line get that line; other facts stay unchanged', async (t) => {
  const asked: FactBody = { kind: 'asked', order: 'A', line: '', product: 'app', quantity: 1 };
  const linked: FactBody = { kind: 'linked', subscription: 'S', product: 'app', line: '' };
  const changed: FactBody = { kind: 'resized', product: 'app', quantity: 1, line: '' };
  const facts = [told(SALE, 'order:A', linked), told(SALE, 'subscription:S', changed)];
  const renewal = { subscription: 'S', facts: [told(SALE, 'subscription:S', asked)] };
  const act = await handedOver({ facts, renewal });
  t.deepEqual(
    act?.facts.map(({ body }) => body),
    [{ ...linked, line: 'month' }, changed, { ...asked, line: 'month' }],
  );
});

test('fault 45: only a sale fact confirms an odd order', async (t) => {
  const { ask, world } = begin();
  for (const order of ['1', '2', '3', '4', '5']) await ask({ order }, { oddReference: true });
  world.tell([told(SALE, 'order:6', { kind: 'noted', note: 'x' })]);
  t.is(await ask({ order: '6' }, { oddReference: true }), 'odd');
  t.true(
    world.flags.some((flag) => /^odd-reference: Order 5 has a reference of an unusual shape/.test(flag)),
  );
});

test('fault 45: an odd order with licenses is answered without a check of its reference', async (t) => {
  const { bench, world } = begin();
  const order = orderOf({ marketplace: 'fastspring', order: 'A', soldAt: world.now });
  await fulfill(order, PRODUCT, bench);
  const held = await bench.ledger.findOrder(order);
  const [license] = held?.licenses ?? [];
  if (held === undefined || license === undefined) return t.fail();
  const unanswered = { ...held, licenses: [{ ...license, answer: null }] as const };
  const ledger = { ...ledgerOn(world), findOrder: async () => unanswered };
  const asked = { facts: [], renewal: undefined, oddReference: true } as const;
  await fulfill(order, PRODUCT, { ...bench, ledger }, asked);
  t.deepEqual(world.found.facts, []);
});

test('only Paddle requests units one by one: elsewhere one request gets all units', async (t) => {
  const { bench, world } = begin();
  const order = orderOf({ marketplace: 'fastspring', order: 'A', quantity: 2, soldAt: world.now });
  const answer = await fulfill(order, { ...PRODUCT, multibuy: 'separate' }, bench);
  t.deepEqual('licenses' in answer && answer.licenses.map(({ unit }) => unit), [0, 1]);
});
