/** The facts and the lines of a request for a renamed product (sold-as.ts). */
import test from 'ava';
import type { FactBody } from '../../../src/domain/facts/fact.ts';
import type { Issue } from '../../../src/domain/ledger.ts';
import { issueAsSold } from '../../../src/domain/sales/sold-as.ts';
import { productOf } from '../../kit/product.ts';
import { recordOf } from '../../kit/records.ts';
import { sold, told } from '../../kit/telling.ts';
import { at, MARKET } from '../../kit/world.ts';

const DAY = '2027-01-01';
const product = productOf({ id: 'pro-2027' });

const issueOf = (line: string, bodies: readonly FactBody[] = []): Issue => ({
  order: {
    ...MARKET,
    order: 'A',
    product: product.id,
    line,
    quantity: 1,
    soldAt: at(DAY),
    customer: { name: undefined, email: undefined },
  },
  product,
  units: 'all',
  facts: bodies.map((body) => told(DAY, 'order:A', body)),
  at: at(DAY),
  cause: 'a test',
});

/** The product that a request is for, where these licenses are sold and these product files are there. */
function soldAs(licenses: Parameters<typeof recordOf>[0][], line: string, files: readonly string[] = []) {
  const findProduct = (id: string) => (files.includes(id) ? productOf({ id }) : undefined);
  const issue = issueAsSold({ licenses: licenses.map(recordOf), facts: [] }, issueOf(line), { findProduct });
  return [issue.order.product, issue.product.id];
}

const asBefore = [product.id, product.id];

test('a line is the product that it was sold as, whether or not the file of that product is there', (t) => {
  const licenses = [
    { line: 'pro', product: 'pro' },
    { line: 'app', product: 'app' },
  ];
  t.deepEqual(soldAs(licenses, 'pro'), ['pro', 'pro']);
  t.deepEqual(soldAs(licenses, 'app', ['app']), ['app', 'app']);
  t.deepEqual(soldAs(licenses, 'other'), asBefore);
});

test('without a line in the request or in the ledger, it is the only product without a file', (t) => {
  for (const [held, asked] of [
    ['', 'pro'],
    ['pro', ''],
    ['', ''],
  ] as const) {
    const licenses = [{ line: held, product: 'pro' }];
    t.deepEqual(soldAs(licenses, asked), ['pro', 'pro'], `${held} ${asked}`);
    t.deepEqual(soldAs(licenses, asked, ['pro']), asBefore, `${held} ${asked}`);
    t.deepEqual(
      soldAs([...licenses, { line: held, product: 'app', unit: 1 }], asked),
      asBefore,
      'two of them',
    );
    t.deepEqual(soldAs([...licenses, { line: held, product: 'app', unit: 1 }], asked, ['app']), [
      'pro',
      'pro',
    ]);
  }
});

test('the item of a request is the product that a payment names it as, also where that product has a file', (t) => {
  const confirmed = { kind: 'confirmed', quantity: 1, line: '88', product: 'pro' } as const;
  const covered = { line: '88', product: 'pro', quantity: 1 } as const;
  const first = { kind: 'paid', until: null, sequence: null, part: 'first', covers: [covered] } as const;
  const findProduct = (id: string) => productOf({ id });
  const asked = (item: string | undefined, body: FactBody, held = 'pro') => {
    const found = { licenses: [recordOf({ line: '', product: held })], facts: [told(DAY, 'order:A', body)] };
    return issueAsSold(found, { ...issueOf(''), ...(item !== undefined && { item }) }, { findProduct }).order
      .product;
  };
  for (const body of [confirmed, first] as const) {
    t.is(asked('88', body), 'pro', body.kind);
    t.is(asked('87', body), product.id, 'another item');
    t.is(asked(undefined, body), product.id, 'no item');
    t.is(asked('88', body, 'app'), product.id, 'it was answered with something else');
  }
  t.is(asked('88', { ...confirmed, product: null }), product.id, 'no file named it');
});

test('an order that holds the requested product, or nothing, is left as it is', (t) => {
  t.deepEqual(soldAs([], ''), asBefore);
  t.deepEqual(
    soldAs(
      [
        { line: 'pro', product: 'pro' },
        { line: 'x', product: product.id },
      ],
      'pro',
    ),
    asBefore,
  );
});

test('of the facts of the request, what is asked or linked for the requested product is renamed', (t) => {
  const asked = { kind: 'asked', order: 'A', line: 'pro', product: product.id, quantity: 1 } as const;
  const linked = { kind: 'linked', subscription: 'S', product: product.id } as const;
  const others: readonly FactBody[] = [
    { ...asked, product: 'app' },
    { kind: 'linked', subscription: 'T', product: 'app' },
    sold(product.id),
  ];
  const given = issueOf('pro', [asked, linked, ...others]);
  const renamed = issueAsSold({ licenses: [recordOf()], facts: [] }, given, { findProduct: () => undefined });
  t.deepEqual(
    renamed.facts,
    given.facts.map((fact, place) => ({
      ...fact,
      body:
        [
          { ...asked, product: 'pro' },
          { ...linked, product: 'pro' },
        ][place] ?? fact.body,
    })),
  );
});
