/** Holds docs/marketplaces/lemon-squeezy-fields.md against the readers, on payloads that have every field. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { lemonSqueezyEvents, readParsed } from '../../../src/marketplaces/lemon-squeezy/events.ts';
import { findByVariant } from '../../../src/marketplaces/lemon-squeezy/product-keys.ts';
import { rowsOf, withoutReader, withoutRow } from '../../kit/field-page.ts';
import {
  app,
  billed,
  ordered,
  PRODUCTS,
  refunded,
  stated,
  type Told,
  tool,
  withItems,
} from '../../kit/lemon-squeezy.ts';
import { recorder } from '../../kit/recorder.ts';

const findProduct = findByVariant(PRODUCTS);

const ownKey = {
  meta: { event_name: 'license_key_created', test_mode: false },
  data: {
    type: 'license-keys',
    id: '1',
    attributes: { order_id: 1, key: 'x', updated_at: '2026-01-10T12:00:00.000000Z' },
  },
};

const sale = ordered('2026-01-10', { items: [app(), tool()] });

/** Together they reach every branch of the readers. */
const EVENTS: readonly Told[] = [
  sale,
  ordered('2026-01-10', { discount: 2000, namesItems: true }),
  refunded('2026-01-10', 2000, { status: 'refunded' }),
  stated('created', '2026-01-10', { renews: '2026-02-10' }),
  ...['on_trial', 'past_due', 'cancelled', 'expired'].map((status) =>
    stated('updated', '2026-01-10', { status }),
  ),
  ...['void', 'free'].map((mode) =>
    stated('paused', '2026-01-10', { status: 'paused', pause: { mode, resumes_at: null } }),
  ),
  billed('2026-02-10'),
  billed('2026-02-10', { status: 'pending' }, 'failed'),
  billed('2026-02-10', { refunded: 500 }, 'refunded'),
  { day: '2026-01-10', payload: JSON.stringify(ownKey) },
  withItems(sale, [app(), tool()]),
];

const OBJECTS: Readonly<Record<string, string>> = {
  orders: 'order',
  subscriptions: 'subscription',
  'subscription-invoices': 'invoice',
  'license-keys': 'key',
};

/** The object on the page to which a path in an event belongs. */
function fieldOf(type: string, path: string): string | undefined {
  const object = OBJECTS[type] ?? type;
  const [, own] = /^data\.attributes\.(.+)$/.exec(path) ?? [];
  if (own === undefined) return `event.${path}`;
  const [, item] = /^first_order_item\.(.+)$/.exec(own) ?? [];
  if (item !== undefined) return `item.${item}`;
  // The readers of all objects look there for the time and the mode of an event.
  const isShared =
    /^first_(order|subscription)_item$/.test(own) || own.startsWith('first_subscription_item.');
  if (isShared && !own.startsWith(`first_${object}_item`)) return undefined;
  return `${object}.${own}`;
}

function readFields(): Set<string> {
  const fields = new Set<string>();
  for (const { payload } of EVENTS) {
    const parsed = JSON.parse(payload);
    const event = parsed.completes ?? parsed;
    const { paths, watch } = recorder();
    // The digest of an event takes all attributes, whatever they are.
    readParsed(watch(parsed), '', 'live', findProduct, () => 'id').read();
    for (const path of paths) {
      if (path === 'completes' || path === 'fetched') continue;
      const [, ofItem] = /^fetched\.data\[\]\.(?:attributes\.)?(.+)$/.exec(path) ?? [];
      const inEvent = path.replace(/^completes\./, '');
      const field = path.startsWith('fetched.')
        ? ofItem === undefined || ofItem === 'attributes'
          ? undefined
          : `item.${ofItem}`
        : fieldOf(event.data.type, inEvent);
      if (field !== undefined) fields.add(field);
    }
  }
  const { paths, watch } = recorder();
  const parts = { products: PRODUCTS, secrets: [] };
  lemonSqueezyEvents(parts).readBatch(Buffer.from('{}'), watch({ 'x-signature': 'x' }), 0);
  for (const name of paths) fields.add(`event.${name}`);
  return fields;
}

const ROWS = rowsOf(readFileSync('docs/marketplaces/lemon-squeezy-fields.md', 'utf8'));
const READ = readFields();

test('every field that a reader reads has a row that says so', (t) => {
  t.deepEqual(withoutRow(READ, ROWS), []);
  t.true(READ.size > 40, 'the control: the payloads are read');
});

test('every row that says read is of a field that a reader reads', (t) => {
  t.deepEqual(withoutReader(READ, ROWS), []);
});

test('each field has one row', (t) => {
  const fields = ROWS.map(({ field }) => field);
  t.deepEqual(
    fields.filter((field, place) => fields.indexOf(field) !== place),
    [],
  );
});

test('the control: a reader of an unlisted field, of a field marked not read, and a row without a reader are found', (t) => {
  const { paths, watch } = recorder();
  const event = watch({ data: { attributes: { purse: 1, store_id: 2, first_order_item: { weight: 3 } } } });
  const { purse, store_id, first_order_item } = event.data.attributes;
  void [purse, store_id, first_order_item.weight];
  const read = new Set([...paths].flatMap((path) => fieldOf('orders', path) ?? []));
  t.deepEqual(withoutRow(read, ROWS), ['order.purse', 'order.store_id', 'item.weight']);
  const row = { field: 'order.purse', isRead: true };
  t.deepEqual(withoutReader(READ, [...ROWS, row]), ['order.purse']);
});
