/**
 * The heart of the ledger: what it holds in the end does not depend on when, how often or in what company facts came.
 * Events are FastSpring's own, read by its reader, so that keys and other names are the real ones.
 */
import assert from 'node:assert/strict';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import type { MarketplaceEvent } from '../../../src/domain/event.ts';
import type { Fact, FactBody } from '../../../src/domain/fact.ts';
import { fulfill } from '../../../src/domain/fulfill.ts';
import { Handouts } from '../../../src/domain/handouts.ts';
import { formatLicenseId } from '../../../src/license-code/license-id.ts';
import { readEvent } from '../../../src/marketplaces/fastspring/events.ts';
import { createLicenseIds } from '../../../src/minter.ts';
import { productOf } from '../../domain/support.ts';
import {
  ENTITLEMENT,
  eventOf,
  factOf,
  findingsOf,
  ID_SECRET,
  MINTER,
  openLedger,
  openWithMessage,
  orderOf,
  SOLD_AT,
  standingOf,
} from '../support.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const APP = productOf();
const TEAM = productOf({ id: 'team', quantity: 'seats', seats: 5, ended: 'fallback' });
const PLUS = productOf({ id: 'plus', term: 'P1M', updates: 'P1Y', overdue: 'keep' });
const EXTRA = productOf({ id: 'extra', term: 'perpetual', ended: 'revoke' });
const PRODUCTS = [APP, TEAM, PLUS, EXTRA];
const findProduct = (path: string) => PRODUCTS.find(({ id }) => id === path);
const licenseIdOf = createLicenseIds(ID_SECRET);

type Step =
  | { is: 'activated'; link: 'reference' | 'id' | 'none' }
  | { is: 'charged'; expanded: boolean; sequence: number }
  | { is: 'overdue' | 'uncanceled' | 'paused' | 'resumed' }
  | { is: 'canceled' | 'deactivated'; days: number }
  | { is: 'updated'; product: string; quantity: number }
  | { is: 'returned'; quantity: number; of: 'order' | 'rebill' }
  | { is: 'refunded' | 'charged-back'; of: 'order' | 'rebill' }
  | { is: 'dispute-won' | 'order.canceled' }
  | { is: 'stopped' | 'reinstated' | 'withdrawn'; unit: number }
  | { is: 'set-until'; unit: number; days: number };

interface Sale {
  readonly product: string;
  readonly quantity: number;
  readonly subscribed: boolean;
  readonly features: string | undefined;
  readonly extra: boolean;
}

/** All events of a life, in the order of their times. `run` keeps lives in one ledger apart. */
function eventsOf(run: string, sale: Sale, steps: readonly (readonly [number, Step])[]): MarketplaceEvent[] {
  let at = SOLD_AT;
  const used = new Set<string>();
  const sold = readEvent(JSON.stringify(orderCompleted(run, sale)), findProduct);
  const later = steps.map(([gap, step], place) => {
    at += gap;
    // FastSpring tells one thing of one kind in a millisecond; things of different kinds may be told in the same.
    while (used.has(`${step.is} ${at}`)) at += 1;
    used.add(`${step.is} ${at}`);
    const told = toldBy(run, sale, step, at, place);
    return 'facts' in told ? told : readEvent(JSON.stringify(told), findProduct);
  });
  return [sold, ...later];
}

function orderCompleted(run: string, { product, quantity, subscribed, features, extra }: Sale) {
  const item = {
    product,
    quantity,
    ...(subscribed && { subscription: `S${run}` }),
    ...(features !== undefined && { attributes: { mintmark_features: features } }),
  };
  const companion = { product: 'extra', quantity: 1, ...(subscribed && { parentSubscription: `S${run}` }) };
  return {
    id: `${run}-sold`,
    type: 'order.completed',
    live: true,
    created: SOLD_AT,
    data: {
      order: `X${run}`,
      id: `X${run}`,
      reference: `R${run}`,
      customer: { first: 'Ada', last: 'Byron', email: 'ada@example.com' },
      items: extra ? [item, companion] : [item],
    },
  };
}

function toldBy(
  run: string,
  sale: Sale,
  step: Step,
  at: number,
  place: number,
): MarketplaceEvent | { type: string } {
  const id = `${run}-${place}`;
  const event = (type: string, data: object) => ({ id, type, live: true, created: at, data });
  const next = Math.floor(at / DAY) * DAY + 30 * DAY;
  const subscription = { id: `S${run}`, subscription: `S${run}`, state: 'active', nextChargeDate: next };
  const original = (of: 'order' | 'rebill') =>
    of === 'order'
      ? { id: `X${run}`, order: `X${run}`, reference: `R${run}`, total: 100 }
      : { id: `X${run}B2`, order: `X${run}B2`, reference: `R${run}B2`, total: 100 };
  const license = (unit: number) => {
    const identity = {
      marketplace: 'fastspring',
      mode: 'live',
      order: `R${run}`,
      product: sale.product,
      unit,
    } as const;
    return `license:${formatLicenseId(licenseIdOf(identity))}` as const;
  };
  const told = (...args: Parameters<typeof factOf>) =>
    eventOf(id, [factOf(args[0], args[1], { at, key: id })], { at });
  switch (step.is) {
    case 'activated': {
      const link =
        step.link === 'reference'
          ? { initialOrderReference: `R${run}` }
          : step.link === 'id'
            ? { initialOrderId: `X${run}` }
            : {};
      return event('subscription.activated', {
        ...subscription,
        ...link,
        product: sale.product,
        sequence: 1,
      });
    }
    case 'charged': {
      const { sequence, expanded } = step;
      return event('subscription.charge.completed', {
        order: { id: `X${run}B${sequence}`, reference: `R${run}B${sequence}` },
        sequence,
        subscription: expanded ? { ...subscription, sequence } : `S${run}`,
      });
    }
    case 'overdue':
      return event('subscription.payment.overdue', subscription);
    case 'uncanceled':
    case 'paused':
    case 'resumed':
      return event(`subscription.${step.is}`, subscription);
    case 'canceled':
    case 'deactivated':
      return event(`subscription.${step.is}`, {
        ...subscription,
        state: step.is,
        deactivationDate: at + step.days * DAY,
      });
    case 'updated':
      return event('subscription.updated', {
        ...subscription,
        product: step.product,
        quantity: step.quantity,
        sequence: 2,
        initialOrderReference: `R${run}`,
      });
    case 'returned':
      return event('return.created', {
        return: `T${id}`,
        totalReturn: 10,
        original: original(step.of),
        items: [{ product: sale.product, quantity: step.quantity }],
      });
    case 'refunded':
      return event('return.created', {
        return: `T${id}`,
        totalReturn: 100,
        original: original(step.of),
        items: [],
      });
    case 'charged-back':
      return event('chargeback.created', { id: `C${id}`, order: original(step.of).id });
    case 'order.canceled':
      return event('order.canceled', original('order'));
    case 'dispute-won':
      return told(`order:R${run}`, { kind: 'dispute-won' });
    case 'set-until':
      return told(license(step.unit), { kind: 'set-until', until: `2027-0${1 + (step.days % 9)}-15` });
    case 'stopped':
    case 'reinstated':
    case 'withdrawn':
      return told(license(step.unit), { kind: step.is });
  }
}

/** The same under a new event id, as a manual resend comes. */
function resent(event: MarketplaceEvent, number: number): MarketplaceEvent {
  const id = `${event.id}-again-${number}`;
  if (event.type === 'test.told') return { ...event, id };
  return readEvent(event.payload.replace(`"id":"${event.id}"`, `"id":"${id}"`), findProduct);
}

function permutationsOf<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((each, place) =>
    permutationsOf([...list.slice(0, place), ...list.slice(place + 1)]).map((rest) => [each, ...rest]),
  );
}

const SIX: readonly (readonly [number, Step])[] = [
  [30 * DAY, { is: 'overdue' }],
  [HOUR, { is: 'charged', expanded: true, sequence: 2 }],
  [DAY, { is: 'updated', product: 'app', quantity: 3 }],
  [DAY, { is: 'returned', quantity: 1, of: 'rebill' }],
  [DAY, { is: 'canceled', days: 20 }],
];
const SALE: Sale = { product: 'app', quantity: 2, subscribed: true, features: 'sync', extra: true };

/** The standings that all permutations of a life end in, as texts; `change` is what the control does to it. */
async function standingsOfAll(
  ledger: Awaited<ReturnType<typeof openWithMessage>>['ledger'],
  change: (event: MarketplaceEvent, received: number) => MarketplaceEvent = (event) => event,
  every = 1,
) {
  const places = permutationsOf([0, 1, 2, 3, 4, 5]).filter((_, place) => place % every === 0);
  const results = await Promise.all(
    places.map(async (order, run) => {
      const events = eventsOf(`P${run}P`, SALE, SIX);
      await Promise.all(order.map((place, received) => ledger.ingest(change(events[place]!, received))));
      return JSON.stringify(await standingOf(ledger, `RP${run}P`)).replaceAll(`P${run}P`, '');
    }),
  );
  return { size: results.length, standings: [...new Set(results)] };
}

test('all 720 orders in which the six events of a life may come end in the same', async (t) => {
  const { ledger, connection } = await openWithMessage(t, { products: PRODUCTS });
  const { size, standings } = await standingsOfAll(ledger);
  t.is(size, 720);
  t.is(standings.length, 1, standings.join('\n'));
  t.deepEqual(
    (
      JSON.parse(standings[0]!) as { product: string; state: string; lastValid: string; features: number }[]
    ).map(({ product, state, lastValid, features }) => [product, state, lastValid, features]),
    [
      ['app', 'active', '2027-01-13', 2],
      ['app', 'active', '2027-01-13', 2],
      ['app', 'revoked', '2027-01-13', 2],
      ['extra', 'active', '2027-01-13', 3],
    ],
  );
  t.deepEqual(findingsOf(connection), []);
});

test('with the time of receipt for the time of the event they would not: the control', async (t) => {
  const { ledger } = await openWithMessage(t, { products: PRODUCTS });
  const { standings } = await standingsOfAll(
    ledger,
    (event, received) => ({
      ...event,
      facts: event.facts.map((fact) => ({ ...fact, at: SOLD_AT + received })),
    }),
    20,
  );
  t.true(standings.length > 1);
});

const unit = fc.integer({ min: 0, max: 3 });
const of = fc.constantFrom('order' as const, 'rebill' as const);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    is: fc.constant('activated' as const),
    link: fc.constantFrom('reference' as const, 'id' as const, 'none' as const),
  }),
  fc.record({
    is: fc.constant('charged' as const),
    expanded: fc.boolean(),
    sequence: fc.integer({ min: 2, max: 5 }),
  }),
  fc.record({
    is: fc.constantFrom('overdue' as const, 'uncanceled' as const, 'paused' as const, 'resumed' as const),
  }),
  fc.record({
    is: fc.constantFrom('canceled' as const, 'deactivated' as const),
    days: fc.integer({ min: 0, max: 40 }),
  }),
  fc.record({
    is: fc.constant('updated' as const),
    product: fc.constantFrom('app', 'team', 'plus'),
    quantity: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({ is: fc.constant('returned' as const), quantity: fc.integer({ min: 1, max: 2 }), of }),
  fc.record({ is: fc.constantFrom('refunded' as const, 'charged-back' as const), of }),
  fc.record({ is: fc.constantFrom('dispute-won' as const, 'order.canceled' as const) }),
  fc.record({ is: fc.constantFrom('stopped' as const, 'reinstated' as const, 'withdrawn' as const), unit }),
  fc.record({ is: fc.constant('set-until' as const), unit, days: fc.integer({ min: 0, max: 400 }) }),
);
const life = fc.record({
  sale: fc.record({
    product: fc.constantFrom('app', 'team', 'plus'),
    quantity: fc.integer({ min: 1, max: 3 }),
    subscribed: fc.boolean(),
    features: fc.constantFrom(undefined, 'export', 'sync, unheard-of'),
    extra: fc.boolean(),
  }),
  steps: fc.array(fc.tuple(fc.constantFrom(0, 1000, HOUR, DAY, 29 * DAY), step), {
    minLength: 1,
    maxLength: 9,
  }),
  seed: fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
});

test('random lives told shuffled, twice, in batches, again under new ids, with requests and restarts between, end as told in order', async (t) => {
  const straight = await openWithMessage(t, { products: PRODUCTS });
  let crooked = await openWithMessage(t, { products: PRODUCTS });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(life, async ({ sale, steps, seed }) => {
      const name = `F${run++}F`;
      const events = eventsOf(name, sale, steps);
      await Promise.all(events.map((event) => straight.ledger.ingest(event)));

      const random = () => seed.next().value ?? 0;
      const twice = events.filter(() => random() < 0.3);
      const again = events.filter(() => random() < 0.3).map((event) => resent(event, run));
      const deliveries = [...events, ...twice, ...again]
        .map((event) => ({ event, place: random() }))
        .sort((a, b) => a.place - b.place);
      const request = Math.floor(random() * deliveries.length * 1.5);
      const parts = () => ({
        ledger: crooked.ledger,
        minter: MINTER,
        handouts: new Handouts(),
        now: () => SOLD_AT + 1000,
      });
      const ask = () =>
        fulfill(
          orderOf({
            marketplace: 'fastspring',
            order: `R${name}`,
            product: sale.product,
            quantity: sale.quantity,
          }),
          findProduct(sale.product)!,
          parts(),
        );
      let batch: Promise<unknown>[] = [];
      let asking: Promise<unknown> | undefined;
      for (const [place, { event }] of deliveries.entries()) {
        if (place === request) {
          asking = ask();
          batch.push(asking);
        }
        batch.push(crooked.ledger.ingest(event));
        if (random() < 0.4) {
          await Promise.all(batch);
          batch = [];
        }
        if (random() < 0.03) {
          // A request takes several acts; the events that wait are done by the stop.
          await asking;
          const { file } = crooked;
          await crooked.ledger.close();
          crooked = openLedger(t, { file, products: PRODUCTS });
        }
      }
      await Promise.all(batch);
      assert.deepEqual(
        await standingOf(crooked.ledger, `R${name}`),
        await standingOf(straight.ledger, `R${name}`),
      );
    }),
    { numRuns: 40, includeErrorInReport: true },
  );
  t.deepEqual(findingsOf(crooked.connection), []);
  t.deepEqual(findingsOf(straight.connection), []);
});

const FIRST = factOf(
  'order:R1',
  { kind: 'sold', product: 'app', quantity: 2, subscription: 'S1' },
  { at: SOLD_AT },
);
const size = (product: string, quantity: number, hours: number) =>
  factOf('subscription:S1', { kind: 'resized', product, quantity }, { at: SOLD_AT + hours * HOUR });

/** A ledger to which these facts were told one by one, and what it then holds of each license. */
async function told(t: ExecutionContext, facts: readonly Fact[]) {
  const opened = await openWithMessage(t, { products: PRODUCTS });
  for (const [place, fact] of facts.entries()) await opened.ledger.ingest(eventOf(`e${place}`, [fact]));
  const states = async () =>
    (await standingOf(opened.ledger, 'R1')).map(({ product, state }) => `${product} ${state}`);
  return { ...opened, states };
}

test('a lower quantity ends the surplus licenses, a higher one brings them back and issues those that are missing', async (t) => {
  t.deepEqual(await (await told(t, [FIRST, size('app', 1, 1)])).states(), ['app active', 'app ended']);
  const { states, connection } = await told(t, [FIRST, size('app', 1, 1), size('app', 3, 2)]);
  t.deepEqual(await states(), ['app active', 'app active', 'app active']);
  t.deepEqual(findingsOf(connection), []);
});

test('a change of product ends the licenses of the old one and issues the new one, and back again', async (t) => {
  const changed = [FIRST, size('plus', 1, 1)];
  t.deepEqual(await (await told(t, changed)).states(), ['app ended', 'app ended', 'plus active']);
  const { states, connection } = await told(t, [...changed, size('app', 2, 2)]);
  t.deepEqual(await states(), ['app active', 'app active', 'plus ended']);
  t.deepEqual(findingsOf(connection), []);
});

test('an add-on that follows its parent keeps what it has whatever the parent becomes', async (t) => {
  const extra = factOf(
    'order:R1',
    { kind: 'sold', product: 'extra', quantity: 1, subscription: 'S1' },
    { key: 'x' },
  );
  const facts = [FIRST, extra, size('app', 2, 1), size('plus', 1, 2)];
  t.deepEqual(await (await told(t, facts)).states(), [
    'app ended',
    'app ended',
    'extra active',
    'plus active',
  ]);
  const over = factOf('subscription:S1', { kind: 'deactivated', on: '2027-01-01' });
  // By the rule of its product: ended: revoke.
  t.true((await (await told(t, [...facts, over])).states()).includes('extra revoked'));
});

test('a subscription adds no license to an order of which nobody told what was sold', async (t) => {
  const linked = factOf('order:R1', { kind: 'linked', subscription: 'S1', product: 'app' });
  const { states, ledger } = await told(t, [linked, size('app', 3, 1)]);
  t.deepEqual(await states(), []);
  await ledger.ingest(eventOf('sold', [FIRST]));
  t.deepEqual(await states(), ['app active', 'app active', 'app active']);
  t.true((await standingOf(ledger, 'R1')).every(({ issued }) => issued === '2026-11-21'));
});

test('a genuine code of an order that the ledger lacks is adopted, the newest of several; a forged or foreign one is not', async (t) => {
  const identity = { marketplace: 'fastspring', mode: 'live', order: 'R1', product: 'app', unit: 0 } as const;
  const rules = { ...ENTITLEMENT, features: 1 };
  const mine = [0, 3, 1].map((revision) => MINTER.mint(identity, rules, revision).code);
  const foreign = MINTER.mint({ ...identity, order: 'R2' }, rules, 5).code;
  const forged = `${mine[1]!.slice(0, -4)}${mine[1]!.endsWith('2222') ? '3333' : '2222'}`;
  const { ledger } = await openWithMessage(t, { products: PRODUCTS });
  await ledger.ingest(eventOf('e1', [FIRST], { codes: [foreign, forged, ...mine] }));
  const [adopted, minted] = await ledger.find({ by: 'order', order: 'R1' });
  t.is(adopted?.revision, 3);
  t.is(adopted?.code, mine[1]);
  t.is(minted?.revision, 0);
  const other = await openWithMessage(t, { products: PRODUCTS });
  await other.ledger.ingest(eventOf('e1', [FIRST], { codes: [foreign, forged] }));
  t.true((await other.ledger.find({ by: 'order', order: 'R1' })).every(({ revision }) => revision === 0));
});

test('a license whose revisions are used up gets no code more, and is revoked all the same', async (t) => {
  const identity = { marketplace: 'fastspring', mode: 'live', order: 'R1', product: 'app', unit: 0 } as const;
  const { code } = MINTER.mint(identity, ENTITLEMENT, 65_535);
  const { ledger } = await openWithMessage(t, { products: PRODUCTS });
  await ledger.ingest(eventOf('e1', [FIRST], { codes: [code] }));
  const paid = factOf('subscription:S1', { kind: 'paid', until: '2029-01-01', sequence: 2 });
  await ledger.ingest(eventOf('e2', [paid]));
  await ledger.ingest(eventOf('e3', [factOf('order:R1', { kind: 'refunded' })]));
  const [license] = await ledger.find({ by: 'order', order: 'R1' });
  t.deepEqual([license?.state, license?.revision, license?.code], ['revoked', 65_535, code]);
  t.true(license?.history.some(({ cause }) => /no further code/.test(cause)));
});

test('a reissue gives the unit a new license and revokes the old one; the order is answered as before', async (t) => {
  const { ledger, connection, states } = await told(t, [FIRST]);
  const parts = { ledger, minter: MINTER, handouts: new Handouts(), now: () => SOLD_AT + 1000 };
  const ask = () => fulfill(orderOf({ marketplace: 'fastspring', order: 'R1', quantity: 2 }), APP, parts);
  const codes = async () => {
    const answer = await ask();
    return answer.outcome === 'conflict' ? [] : answer.licenses.map(({ answer: { code } }) => code);
  };
  const before = await codes();
  t.is(before.length, 2);
  const [old] = await ledger.find({ by: 'order', order: 'R1' });
  const withdrawn = factOf(`license:${formatLicenseId(old!.id)}`, { kind: 'withdrawn' });
  const id = await ledger.reissue(old!.id, withdrawn);
  t.notDeepEqual(Buffer.from(id), Buffer.from(old!.id));
  t.deepEqual(await codes(), before);
  t.deepEqual((await states()).toSorted(), ['app active', 'app active', 'app revoked']);
  // It is no unit more: the return of one takes the newest of two.
  await ledger.ingest(eventOf('r', [factOf('order:R1', { kind: 'returned', product: 'app', quantity: 1 })]));
  const [reissued] = await ledger.find({ by: 'license', id });
  t.is(reissued?.state, 'active');
  t.deepEqual((await states()).toSorted(), ['app active', 'app revoked', 'app revoked']);
  t.deepEqual(findingsOf(connection), []);
});

test('a reissue keeps what an operator decided of the old license', async (t) => {
  const { ledger, connection } = await told(t, [FIRST]);
  const [old] = await ledger.find({ by: 'order', order: 'R1' });
  const subject = `license:${formatLicenseId(old!.id)}` as const;
  await ledger.addFacts([factOf(subject, { kind: 'set-until', until: '2031-12-31' })]);
  const id = await ledger.reissue(old!.id, factOf(subject, { kind: 'withdrawn' }));
  const [reissued] = await ledger.find({ by: 'license', id });
  t.is(reissued?.state, 'active');
  t.is(MINTER.entitlementOf(reissued?.code ?? '').lastValid, '2031-12-31');
  t.deepEqual(findingsOf(connection), []);
});

test('a request that came before gets the features that the sale names, in its next code', async (t) => {
  const { ledger } = await openWithMessage(t, { products: PRODUCTS });
  const parts = { ledger, minter: MINTER, handouts: new Handouts(), now: () => SOLD_AT + 1000 };
  await fulfill(orderOf({ marketplace: 'fastspring', order: 'R1', quantity: 2 }), APP, parts);
  const body = { ...FIRST.body, features: ['sync'] } as FactBody;
  await ledger.ingest(eventOf('e1', [{ ...FIRST, body }]));
  t.deepEqual(
    (await standingOf(ledger, 'R1')).map(({ features }) => features),
    [2, 2],
  );
});
