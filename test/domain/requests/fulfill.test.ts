import test, { type ExecutionContext } from 'ava';
import { HANDED_BEFORE } from '../../../src/domain/changes.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import { type Fulfilled, fulfill } from '../../../src/domain/requests/fulfill.ts';
import { AppError } from '../../../src/errors.ts';
import { benchFor, orderOf, productOf, SOLD_AT, worldOf } from '../../kit/memory-ledger.ts';
import { separateProduct } from '../../kit/product.ts';
import { PLAIN_MINTER } from '../../kit/world.ts';

const SINGLE = productOf();
const SEATS = productOf({ quantity: 'seats', seats: 2 });
const SEPARATE = separateProduct();

test('one request gets all units, and each repeat the same codes', async (t) => {
  const bench = benchFor();
  const first = licensed(t, await fulfill(orderOf({ quantity: 3 }), SINGLE, bench));
  t.is(first.outcome, 'issued');
  t.is(first.delivery, undefined);
  t.deepEqual(
    first.licenses.map(({ unit }) => unit),
    [0, 1, 2],
  );
  t.is(new Set(codesOf(first)).size, 3);
  const again = licensed(t, await fulfill(orderOf({ quantity: 3 }), SINGLE, bench));
  t.is(again.outcome, 'repeated');
  t.deepEqual(again.licenses, first.licenses);
});

test('a repeat after a reissue is answered with the new code and hands it out, once', async (t) => {
  const bench = benchFor();
  const { world } = bench;
  const first = licensed(t, await fulfill(orderOf({ quantity: 2 }), SINGLE, bench));
  const [license] = first.licenses;
  const subject = licenseSubject(license.id);
  world.reissue(license.id, world.fact(subject, { kind: 'withdrawn' }, { at: SOLD_AT + 2000 }));
  const handed = () => world.records.map((one) => one.handed);
  t.deepEqual(handed(), [0, 0, HANDED_BEFORE]);
  t.is((await fulfill(orderOf({ quantity: 3 }), SINGLE, bench)).outcome, 'conflict');
  t.deepEqual(handed(), [0, 0, HANDED_BEFORE]);
  const again = licensed(t, await fulfill(orderOf({ quantity: 2 }), SINGLE, bench));
  t.deepEqual(codesOf(again), [world.records[2]?.code, codesOf(first)[1]]);
  t.deepEqual(handed(), [0, 0, 0]);
  const settled = JSON.stringify(world.found);
  t.deepEqual(codesOf(licensed(t, await fulfill(orderOf({ quantity: 2 }), SINGLE, bench))), codesOf(again));
  t.is(JSON.stringify(world.found), settled);
});

test('a repeat after a reissue gets the new code while the ledger takes no writes, which is noted with a later one', async (t) => {
  const bench = benchFor();
  const { world } = bench;
  const first = licensed(t, await fulfill(orderOf(), SINGLE, bench));
  const [license] = first.licenses;
  const subject = licenseSubject(license.id);
  world.reissue(license.id, world.fact(subject, { kind: 'withdrawn' }, { at: SOLD_AT + 2000 }));
  const code = world.records[1]?.code ?? '';
  const failing = (error: Error) => ({
    ...bench,
    ledger: { ...bench.ledger, issue: () => Promise.reject(error) },
  });
  const silent = failing(new AppError('ledger_unavailable', 'read-only'));
  const repeated = licensed(t, await fulfill(orderOf(), SINGLE, silent));
  t.deepEqual([repeated.outcome, codesOf(repeated)], ['repeated', [code]]);
  t.is((await fulfill(orderOf({ quantity: 2 }), SINGLE, silent)).outcome, 'conflict');
  t.is(world.records[1]?.handed, HANDED_BEFORE);
  await t.throwsAsync(fulfill(orderOf(), SINGLE, failing(new AppError('ledger_damaged', 'edited'))));
  t.deepEqual(codesOf(licensed(t, await fulfill(orderOf(), SINGLE, bench))), [code]);
  t.is(world.records[1]?.handed, 0);
});

test('a product of seats gets one code for all units', async (t) => {
  const bench = benchFor(worldOf(SEATS));
  const { licenses } = licensed(t, await fulfill(orderOf({ quantity: 3 }), SEATS, bench));
  t.is(licenses.length, 1);
  t.is(PLAIN_MINTER.entitlementOf(licenses[0].code).seats, 6);
  t.is((await fulfill(orderOf({ quantity: 4 }), SEATS, bench)).outcome, 'conflict');
});

test('a repeat gets the same answer after changes of product, clock and customer', async (t) => {
  const bench = benchFor();
  const first = licensed(t, await fulfill(orderOf({ quantity: 2 }), SINGLE, bench));
  const later = { ...bench, now: () => SOLD_AT + 400 * 86_400_000 };
  for (const product of [SEATS, productOf({ term: 'perpetual', seats: 9, trial: true })]) {
    const order = orderOf({ quantity: 2, soldAt: later.now(), customer: { name: 'Eve', email: undefined } });
    const again = licensed(t, await fulfill(order, product, later));
    t.deepEqual(again.licenses, first.licenses);
    t.deepEqual(again.held.customer, first.held.customer);
  }
});

test('the same order with another quantity is a conflict and changes nothing', async (t) => {
  const bench = benchFor();
  const first = licensed(t, await fulfill(orderOf({ quantity: 2 }), SINGLE, bench));
  const before = JSON.stringify(bench.world.found);
  for (const quantity of [1, 3, 1000]) {
    const conflict = await fulfill(orderOf({ quantity }), SINGLE, bench);
    t.deepEqual(conflict, { outcome: 'conflict', heldQuantity: 2 });
  }
  t.is(JSON.stringify(bench.world.found), before);
  t.deepEqual(licensed(t, await fulfill(orderOf({ quantity: 2 }), SINGLE, bench)).licenses, first.licenses);
});

test('of two concurrent quantities one is fulfilled and the other is a conflict', async (t) => {
  const bench = benchFor();
  const all = await Promise.all([2, 3].map((quantity) => fulfill(orderOf({ quantity }), SINGLE, bench)));
  t.deepEqual(all.map(({ outcome }) => outcome).sort(), ['conflict', 'issued']);
  t.is(bench.world.records.length, 2);
});

test('separate multibuy: each request gets the next unit once the previous unit was delivered', async (t) => {
  const bench = benchFor();
  const codes: string[] = [];
  for (const unit of [0, 1, 2]) {
    const { licenses, delivery, outcome } = licensed(t, await fulfill(orderOf(), SEPARATE, bench));
    t.is(outcome, 'issued');
    t.deepEqual(
      licenses.map((license) => license.unit),
      [unit],
    );
    codes.push(licenses[0].code);
    await delivery?.finished();
  }
  t.is(new Set(codes).size, 3);
});

test('separate multibuy: a unit whose answer was lost is handed out again, by a restarted service too', async (t) => {
  const bench = benchFor();
  const lost = licensed(t, await fulfill(orderOf(), SEPARATE, bench));
  lost.delivery?.abandoned();
  const retry = licensed(t, await fulfill(orderOf(), SEPARATE, bench));
  t.deepEqual(retry.licenses, lost.licenses);
  // Still being sent when the process dies.
  const restarted = benchFor(bench.world);
  t.deepEqual(licensed(t, await fulfill(orderOf(), SEPARATE, restarted)).licenses, lost.licenses);
});

test('a product no longer handed out unit by unit: requested units count', async (t) => {
  const bench = benchFor();
  for (let unit = 0; unit < 2; unit++) {
    const { delivery } = licensed(t, await fulfill(orderOf(), SEPARATE, bench));
    await delivery?.finished();
  }
  t.deepEqual(await fulfill(orderOf(), SINGLE, bench), { outcome: 'conflict', heldQuantity: 2 });
  const both = licensed(t, await fulfill(orderOf({ quantity: 2 }), SINGLE, bench));
  t.is(both.outcome, 'repeated');
  t.is(both.licenses.length, 2);
});

test('a product handed out at once and now unit by unit keeps its quantity', async (t) => {
  const bench = benchFor();
  const all = licensed(t, await fulfill(orderOf({ quantity: 3 }), SINGLE, bench));
  t.deepEqual(await fulfill(orderOf({ quantity: 4 }), SEPARATE, bench), {
    outcome: 'conflict',
    heldQuantity: 3,
  });
  const one = licensed(t, await fulfill(orderOf({ quantity: 3 }), SEPARATE, bench));
  t.deepEqual(codesOf(one), codesOf(all).slice(0, 1));
});

test('separate multibuy: requests at the same time get a unit each', async (t) => {
  const bench = benchFor();
  const all = await Promise.all(Array.from({ length: 5 }, () => fulfill(orderOf(), SEPARATE, bench)));
  t.deepEqual(
    all.map((each) => licensed(t, each).licenses[0].unit),
    [0, 1, 2, 3, 4],
  );
});

test('separate multibuy: a connection that closes after a complete response does not release its unit', async (t) => {
  const bench = benchFor();
  const first = licensed(t, await fulfill(orderOf(), SEPARATE, bench));
  // As Node.js emits it: finish, then close at once, while the note is not on disk yet.
  const noted = first.delivery?.finished();
  first.delivery?.abandoned();
  const second = licensed(t, await fulfill(orderOf(), SEPARATE, bench));
  await noted;
  t.is(second.licenses[0].unit, 1);
});

test('separate multibuy: a quantity caps the count, and a request beyond it repeats a unit', async (t) => {
  const bench = benchFor();
  const units: number[] = [];
  for (let i = 0; i < 5; i++) {
    const { licenses, delivery } = licensed(t, await fulfill(orderOf({ quantity: 2 }), SEPARATE, bench));
    units.push(licenses[0].unit);
    await delivery?.finished();
  }
  t.deepEqual(units.slice(0, 2), [0, 1]);
  t.true(units.every((unit) => unit < 2));
  t.is(bench.world.records.length, 2);
  t.is((await fulfill(orderOf({ quantity: 3 }), SEPARATE, bench)).outcome, 'conflict');
  t.is(bench.world.records.length, 2);
});

type Licensed = Extract<Fulfilled, { readonly licenses: unknown }>;

function licensed(t: ExecutionContext, fulfilled: Fulfilled): Licensed {
  if ('licenses' in fulfilled) return fulfilled;
  t.fail(fulfilled.outcome);
  throw new Error(fulfilled.outcome);
}

function codesOf({ licenses }: { licenses: readonly { code: string }[] }): string[] {
  return licenses.map(({ code }) => code);
}
