import test from 'ava';
import type { Product } from '../../../src/domain/values/product.ts';
import type { Caller } from '../../../src/marketplaces/marketplace.ts';
import { ask, LISTED, NOW, REFERENCE, refusal } from './asking.ts';
import { APP, PLAN, sold, TEAM } from './reading.ts';

test('a request names order, line, units and customer', (t) => {
  t.deepEqual(ask(APP, { quantity: '3', name: 'Grace Hopper', email: 'grace@example.com', product: 'APP' }), {
    order: {
      marketplace: 'fastspring',
      mode: 'live',
      order: REFERENCE,
      product: 'app',
      line: 'app',
      quantity: 3,
      soldAt: NOW,
      customer: { name: 'Grace Hopper', email: 'grace@example.com' },
    },
    facts: [],
    renewal: undefined,
    // Without `test` a test order looks like a live order: a test event can void it.
    isUnmarked: true,
  });
});

test('the only path of a product file need not be sent; of several the request must name one (15)', (t) => {
  t.is(ask(APP).order.line, 'app');
  t.is(ask(sold('pro', ['Pro-Yearly'])).order.line, 'pro-yearly');
  t.is(ask(PLAN, { product: 'Plan-Yearly' }).order.line, 'plan-yearly');
  t.is(ask(PLAN, { product: 'plan-yearly' }).ambiguity, undefined);
  const { order, ambiguity } = ask(PLAN);
  t.is(order.line, '');
  t.is(
    ambiguity,
    "product is missing: plan is sold under several paths, so the request must name the path. Add the parameter product with the product's path in FastSpring.",
  );
});

test('a path that the product file does not list is the wrong product (45)', (t) => {
  t.regex(
    refusal(t, () => ask(APP, { product: 'team' })),
    /^wrong_product: /,
  );
  t.regex(
    refusal(t, () => ask(PLAN, { product: 'plan' })),
    /^wrong_product: /,
    'the file’s name is no path where it lists paths',
  );
});

test('mintmark_product chooses the product of another path, where the file lists the parameter (20)', (t) => {
  t.is(ask(LISTED, { product: 'Bundle', mintmark_product: 'plan-monthly' }).order.line, 'bundle');
  t.regex(
    refusal(t, () => ask(LISTED, { product: 'plan-monthly', mintmark_product: 'app' })),
    /^wrong_product: /,
  );
  const { order, ambiguity } = ask(LISTED, { mintmark_product: 'plan-monthly' });
  t.is(order.line, '', 'the line is the path that was sold, and it is not told');
  t.regex(ambiguity ?? '', /^product is missing/);
});

test('mintmark_quantity and mintmark_features override the other fields, where listed (20)', (t) => {
  const { order, features } = ask(LISTED, {
    product: 'plan-yearly',
    mintmark_quantity: '5',
    mintmark_features: 'sync, export',
  });
  t.is(order.quantity, 5);
  t.deepEqual(features, ['sync', 'export']);
  t.is(
    refusal(t, () => ask(LISTED, { product: 'plan-yearly', mintmark_features: 'warp' })),
    'malformed_request: mintmark_features must be features of the product file: export, sync.',
  );
  t.is(
    refusal(t, () => ask(LISTED, { product: 'plan-yearly', mintmark_quantity: '0' })),
    'malformed_request: mintmark_quantity must be a whole number from 1 to 1000.',
  );
});

test('mintmark_quantity is what one of the product holds, so the bought quantity multiplies it, up to the limit', (t) => {
  const packs = { product: 'plan-yearly', mintmark_quantity: '5' };
  t.is(ask(LISTED, { ...packs, quantity: '2' }).order.quantity, 10);
  t.is(ask(LISTED, { ...packs, quantity: '200' }).order.quantity, 1000);
  for (const quantity of ['201', '0', 'two'])
    t.is(
      refusal(t, () => ask(LISTED, { ...packs, quantity })),
      'malformed_request: quantity must be a whole number from 1 to 200.',
    );
});

test('only parameters that FastSpring or the product file names are accepted (45)', (t) => {
  const known = ['name', 'company', 'email', 'product', 'internalProductName', 'subscriptionReference'];
  const more = ['subscription', 'referrer', 'tags', 'sku', 'attributes', 'sequence', 'periods', 'test'];
  for (const name of [...known, ...more, 'security_request_hash', 'trial', 'trialEnd']) {
    t.notThrows(() => ask(APP, { [name]: name === 'trialEnd' ? '2026-12-01' : 'app' }), name);
  }
  t.notThrows(() => ask(LISTED, { product: 'plan-yearly', campaign: 'spring' }), 'listed under parameters');
  for (const name of ['campaign', 'mintmark_quantity', 'Quantity', '', 'xquantity']) {
    t.is(
      refusal(t, () => ask(APP, { [name]: '1' })),
      `malformed_request: The parameter ${JSON.stringify(name)} is not known: remove it in FastSpring, or list it in the product file under parameters.`,
    );
  }
});

test('parameters that the product file names otherwise are read by those names', (t) => {
  const product: Product = {
    ...APP,
    fields: { ...APP.fields, reference: ['Bestellung'], quantity: ['Anzahl'], product: ['Artikel'] },
  };
  const { order } = ask(product, {
    reference: undefined,
    quantity: undefined,
    Bestellung: REFERENCE,
    Anzahl: '2',
    Artikel: 'app',
  });
  t.deepEqual([order.order, order.quantity, order.line], [REFERENCE, 2, 'app']);
  t.regex(
    refusal(t, () => ask(product)),
    /^malformed_request: Bestellung is missing/,
  );
});

test('test states the mode; an empty test is refused (45)', (t) => {
  const mode = (value: string | undefined, caller?: Caller) => ask(APP, { test: value }, caller).order.mode;
  for (const no of [undefined, 'false', 'No', '0', 'live', 'off', 'N', 'None', 'null', 'undefined', '-'])
    t.is(mode(no), 'live', no);
  for (const yes of ['true', '1', 'test', 'whatever']) t.is(mode(yes), 'test', yes);
  for (const blank of ['', ' ']) {
    t.is(
      refusal(t, () => ask(APP, { test: blank })),
      'malformed_request: test must be left out, or true or false.',
    );
  }
  t.is(mode('false', 'simulator'), 'test', 'the simulator never sells live');
});

test('a word that says no, or whether there is a subscription, names none: else all orders would share its license', (t) => {
  const named = (subscription: string) => ask(PLAN, { subscription, product: 'plan-yearly' });
  for (const word of ['null', 'None', 'undefined', 'n/a', '-', '0', '1', 'true', 'FALSE', 'yes', 'no', ' ']) {
    const { renewal, facts } = named(word);
    t.deepEqual([renewal, facts], [undefined, []], word);
  }
  t.is(named('c5XWkUQiQSyqrDTHM8J5Kw').renewal?.subscription, 'c5XWkUQiQSyqrDTHM8J5Kw');
});

test('a quantity may be written as a decimal number of whole units', (t) => {
  t.is(ask(APP, { quantity: '2.0' }).order.quantity, 2);
  for (const quantity of ['2.5', '2.', '0.0', '1e3'])
    t.regex(
      refusal(t, () => ask(APP, { quantity })),
      /^malformed_request: quantity must be/,
    );
});

test('an order reference of an unusual shape is marked, and the simulator’s is not (45)', (t) => {
  const odd = (reference: string, caller?: Caller, pattern?: RegExp) =>
    ask(APP, { reference }, caller, pattern).oddReference;
  for (const usual of [REFERENCE, 'ACME261120-1234-56789B', 'acmeLTD1234567-1234-56789']) {
    t.is(odd(usual), undefined, usual);
  }
  for (const other of [
    'C04',
    'o1-id',
    '261120-1234-56789',
    `${REFERENCE}BX`,
    `x ${REFERENCE}`.replace(' ', '-'),
  ]) {
    t.is(odd(other), true, other);
  }
  t.is(odd('SIM123', 'simulator'), undefined);
  t.is(odd('C04', 'live', /^C\d+$/), undefined, 'the seller says what is usual');
  t.is(odd(REFERENCE, 'live', /^C\d+$/), true);
});

test('units are whole and at most what can be delivered: 1,000 codes, 65,535 seats (6)', (t) => {
  t.is(ask(APP, { quantity: '1000' }).order.quantity, 1000);
  t.is(ask(TEAM, { quantity: '13107' }).order.quantity, 13_107);
  t.is(ask({ ...TEAM, seats: 0 }, { quantity: '65535' }).order.quantity, 65_535);
  for (const quantity of ['0', '1001', '-1', '1.5', '01', '1e3', '', undefined]) {
    t.regex(
      refusal(t, () => ask(APP, { quantity })),
      /^malformed_request: quantity /,
      quantity,
    );
  }
  t.is(
    refusal(t, () => ask(TEAM, { quantity: '13108' })),
    'malformed_request: quantity must be a whole number from 1 to 13107.',
  );
});

test('a reference that is no id is refused', (t) => {
  for (const reference of [undefined, '', 'a b', 'ä', 'x'.repeat(101)]) {
    t.regex(
      refusal(t, () => ask(APP, { reference })),
      /^malformed_request: reference /,
      reference,
    );
  }
});

test('a request with a subscription is a request of the subscription, and links the order’s line to it (17, 77)', (t) => {
  const { facts, renewal } = ask(PLAN, {
    product: 'plan-yearly',
    quantity: '2',
    subscription: 's1',
    sequence: '7',
  });
  const told = { marketplace: 'fastspring', mode: 'live', at: NOW, cause: `license request ${REFERENCE}` };
  t.deepEqual(facts as readonly object[], [
    {
      ...told,
      subject: `order:${REFERENCE}`,
      key: `linked:order:${REFERENCE}:plan-yearly:s1`,
      body: { kind: 'linked', subscription: 's1', product: 'plan', line: 'plan-yearly' },
    },
  ]);
  t.deepEqual(renewal as object, {
    subscription: 's1',
    facts: [
      {
        ...told,
        subject: 'subscription:s1',
        key: `asked:${REFERENCE}:plan-yearly`,
        body: { kind: 'asked', order: REFERENCE, line: 'plan-yearly', product: 'plan', quantity: 2 },
      },
    ],
  });
});

test('the number of a period in a request is no evidence (26)', (t) => {
  const asked = (sequence: string | undefined) => ask(APP, { subscription: 's1', sequence });
  t.deepEqual(asked('999999'), asked(undefined));
  t.deepEqual(asked('not a number'), asked(undefined));
});
