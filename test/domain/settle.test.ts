import test from 'ava';
import { productOf } from './product.ts';
import { at, World } from './world.ts';

const yearly = productOf({ id: 'pro', term: 'P1Y', grace: 'P14D' });
const forever = productOf({ id: 'app', term: 'perpetual' });

const sold = (line: string, product: string, more = {}) =>
  ({ kind: 'sold', line, product, quantity: 1, ...more }) as const;

test('a plain order that is asked for gets one license a unit', (t) => {
  const world = new World([forever], at('2027-01-01'));
  world.ask({ order: 'A', product: 'app', line: 'app', quantity: 2 });
  t.deepEqual(world.licenses, ['A/app/app/0 active perpetual', 'A/app/app/1 active perpetual']);
});

test('the event of an order that was asked for changes nothing', (t) => {
  const world = new World([forever], at('2027-01-01'));
  world.ask({ order: 'A', product: 'app', line: 'app' });
  world.tell([world.fact('order:A', sold('app', 'app'), { at: at('2027-01-01') })]);
  t.deepEqual(world.licenses, ['A/app/app/0 active perpetual']);
  t.deepEqual(world.flags, []);
});

test('a paid rebill moves the last valid day, and its full return moves it back', (t) => {
  const world = new World([yearly], at('2027-01-01'));
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  world.tell([
    world.fact('order:A', sold('pro', 'pro', { subscription: 'S' }), { at: at('2027-01-01') }),
    world.fact(
      'subscription:S',
      { kind: 'dated', until: '2028-01-01', sequence: 1, active: true },
      { at: at('2027-01-01') },
    ),
  ]);
  t.deepEqual(world.licenses, ['A/pro/pro/0 active 2028-01-15']);
  world.now = at('2028-01-01');
  world.tell([
    world.fact('order-id:2', { kind: 'alias', of: 'subscription:S' }, { at: world.now, key: 'tie2' }),
    world.fact(
      'subscription:S',
      { kind: 'paid', until: '2029-01-01', sequence: 2, charge: 'order-id:2', total: 39, currency: 'EUR' },
      { at: world.now },
    ),
  ]);
  t.deepEqual(world.licenses, ['A/pro/pro/0 active 2029-01-15']);
  world.tell([
    world.fact(
      'order-id:2',
      { kind: 'repaid', amount: 39, currency: 'EUR', total: 39 },
      { at: at('2028-02-01') },
    ),
  ]);
  t.deepEqual(world.licenses, ['A/pro/pro/0 active 2028-01-15']);
  t.deepEqual(world.flags, []);
});

test('a partial refund revokes nothing and is flagged; parts that add up to the whole revoke', (t) => {
  const world = new World([forever], at('2027-01-01'));
  world.ask({ order: 'A', product: 'app', line: 'app' });
  world.tell([
    world.fact('order:A', sold('app', 'app'), { at: at('2027-01-01') }),
    world.fact('order:A', { kind: 'charged', total: 39, currency: 'EUR' }, { at: at('2027-01-01') }),
  ]);
  world.tell([
    world.fact('order:A', { kind: 'repaid', amount: 5, currency: 'EUR' }, { at: at('2027-01-02') }),
  ]);
  t.deepEqual(world.licenses, ['A/app/app/0 active perpetual']);
  t.deepEqual(world.flags, ['partial-refund: 5.00 EUR of 39.00 of order A went back: nothing was revoked']);
  world.tell([
    world.fact('order:A', { kind: 'repaid', amount: 34, currency: 'EUR' }, { at: at('2027-01-03') }),
  ]);
  t.deepEqual(world.licenses, ['A/app/app/0 revoked perpetual']);
  t.deepEqual(world.flags, []);
});

test('a plan that is swapped ends the old license and brings about the new one', (t) => {
  const basic = productOf({ id: 'basic', term: 'P1M', grace: 'P3D' });
  const world = new World([yearly, basic], at('2027-01-01'));
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  world.tell([
    world.fact('order:A', sold('pro', 'pro', { subscription: 'S' }), { at: at('2027-01-01') }),
    world.fact(
      'subscription:S',
      { kind: 'dated', until: '2027-02-01', sequence: 1 },
      { at: at('2027-01-01') },
    ),
  ]);
  world.now = at('2027-02-01');
  world.tell([
    world.fact('order-id:2', { kind: 'alias', of: 'subscription:S' }, { at: world.now, key: 'tie2' }),
    world.fact(
      'subscription:S',
      {
        kind: 'paid',
        until: '2027-03-01',
        sequence: 2,
        charge: 'order-id:2',
        total: 9,
        currency: 'EUR',
        covers: [{ line: 'basic', product: 'basic', quantity: 1 }],
      },
      { at: world.now },
    ),
  ]);
  t.deepEqual(world.licenses, [
    'A/pro/pro/0 ended 2027-02-15',
    'subscription:S/basic/basic/0 active 2027-03-04',
  ]);
  t.deepEqual(world.flags, []);
  world.wait('2027-02-02');
  t.deepEqual(world.flagKinds, ['undelivered']);
});

test('a canceled subscription is active to its last day and ended after it, by time alone', (t) => {
  const world = new World([yearly], at('2027-01-01'));
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  world.tell([
    world.fact('order:A', sold('pro', 'pro', { subscription: 'S' }), { at: at('2027-01-01') }),
    world.fact(
      'subscription:S',
      { kind: 'dated', until: '2028-01-01', sequence: 1 },
      { at: at('2027-01-01') },
    ),
    world.fact('subscription:S', { kind: 'canceled', last: '2027-12-31' }, { at: at('2027-03-01') }),
  ]);
  t.deepEqual(world.licenses, ['A/pro/pro/0 active 2027-12-31']);
  world.wait('2027-12-31');
  t.deepEqual(world.licenses, ['A/pro/pro/0 active 2027-12-31']);
  world.wait('2028-01-01');
  t.deepEqual(world.licenses, ['A/pro/pro/0 ended 2027-12-31']);
});

test('an order of an unknown product is owed and flagged once for its path', (t) => {
  const world = new World([forever], at('2027-01-01'));
  world.tell([world.fact('order:A', { ...sold('edu', 'x'), product: null }, { at: at('2027-01-01') })]);
  t.deepEqual(world.flagKinds, ['unknown-product']);
  t.is(world.story.owed[0]?.missing, 1);
});
