/** Holds docs/marketplaces/paddle-billing-fields.md against the readers, on payloads that have every field. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { paddleBillingEvents, readParsed } from '../../../src/marketplaces/paddle-billing/events.ts';
import { findByPrice } from '../../../src/marketplaces/paddle-billing/product-keys.ts';
import { rowsOf, withoutReader, withoutRow } from '../../kit/field-page.ts';
import {
  adjusted,
  completed,
  once,
  PRODUCTS,
  recurring,
  renewed,
  stated,
  type Told,
} from '../../kit/paddle-billing.ts';
import { recorder } from '../../kit/recorder.ts';

const findProduct = findByPrice(PRODUCTS);

const item = { item: 'txnitm_1_0', type: 'partial', amount: 5 };
const trial = recurring('pri_month', 1, { trial: 14 });
const scheduled = { action: 'cancel', at: Date.UTC(2026, 1, 10) };

/** The event with other data. */
function withData({ day, payload }: Told, more: object): Told {
  const event = JSON.parse(payload);
  return { day, payload: JSON.stringify({ ...event, data: { ...event.data, ...more } }) };
}

/** Together they reach every branch of the readers. */
const EVENTS: readonly Told[] = [
  completed('2026-01-10', [recurring(), once()], { subscription: 'sub_1', until: '2026-02-10' }),
  completed('2026-01-10', [trial], { subscription: 'sub_1', until: '2026-02-10' }),
  completed('2026-01-10', [once()], { status: 'past_due' }),
  ...['subscription_recurring', 'subscription_update', 'subscription_charge', 'other'].map((origin) =>
    renewed('2026-02-10', '2026-03-10', { origin }),
  ),
  stated('created', '2026-01-10', [recurring()], { until: '2026-02-10', transaction: 'txn_1' }),
  stated('updated', '2026-01-10', [recurring()], { until: '2026-02-10', scheduled }),
  ...['trialing', 'past_due', 'paused', 'canceled'].map((status) =>
    stated('updated', '2026-01-10', [recurring()], { status }),
  ),
  withData(stated('imported', '2026-01-10', [recurring()], { until: '2026-02-10' }), {
    import_meta: { imported_from: 'paddle_classic' },
  }),
  withData(completed('2026-01-10', [once()]), { customer: undefined }),
  adjusted('2026-01-11', { items: [item] }),
  adjusted('2026-01-11', { type: 'partial', items: [item] }),
];

/** The object on the page to which a path of an event's data belongs. */
function fieldOf(type: string, path: string): string {
  const [root = ''] = type.split('.');
  if (path === 'customer' || !path.startsWith('customer.')) {
    const isItem = path.startsWith('items[].') && root !== 'adjustment';
    return isItem ? `item.${path.slice('items[].'.length)}` : `${root}.${path}`;
  }
  return path;
}

function readFields(): Set<string> {
  const fields = new Set<string>();
  for (const { payload } of EVENTS) {
    const parsed = JSON.parse(payload);
    // Where a price's id stands beside the price.
    const beside = structuredClone(parsed);
    for (const each of beside.data.items ?? []) delete each.price?.id;
    for (const event of [parsed, beside]) {
      const { paths, watch } = recorder();
      readParsed(watch(event), '', 'live', findProduct).read();
      for (const path of paths) {
        const isOfData = path.startsWith('data.');
        // Whether the body is a completed event.
        if (path === 'completes' || path === 'fetched') continue;
        fields.add(isOfData ? fieldOf(parsed.event_type, path.slice('data.'.length)) : `event.${path}`);
      }
    }
  }
  const { paths, watch } = recorder();
  const parts = { products: PRODUCTS, secrets: [] };
  paddleBillingEvents(parts).readBatch(Buffer.from('{}'), watch({ 'paddle-signature': 'x' }), 0);
  for (const name of paths) fields.add(`event.${name}`);
  return fields;
}

const ROWS = rowsOf(readFileSync('docs/marketplaces/paddle-billing-fields.md', 'utf8'));
const READ = readFields();

test('every field that a reader reads has a row that says so', (t) => {
  t.deepEqual(withoutRow(READ, ROWS), []);
  t.true(READ.size > 50, 'the control: the payloads are read');
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
  const data = watch({ payments: [], purse: 3, items: [{ status: 'active' }] });
  void [data.payments, data.purse, data.items[0]?.status];
  const read = new Set([...paths].map((path) => fieldOf('transaction.completed', path)));
  t.deepEqual(withoutRow(read, ROWS), ['transaction.payments', 'transaction.purse', 'item.status']);
  const row = { field: 'transaction.payments', isRead: true };
  t.deepEqual(withoutReader(READ, [...ROWS, row]), ['transaction.payments']);
});
