/** Holds docs/marketplaces/fastspring-fields.md against the readers, on payloads that have every field. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { isLicenseRequest } from '../../../src/marketplaces/fastspring/authenticity.ts';
import { readParsed } from '../../../src/marketplaces/fastspring/event.ts';
import { fastSpringEvents } from '../../../src/marketplaces/fastspring/events.ts';
import { readRequest } from '../../../src/marketplaces/fastspring/requests.ts';
import { rowsOf, withoutReader, withoutRow } from '../../kit/field-page.ts';
import { recorder } from '../../kit/recorder.ts';
import { findProduct, PLAN } from './reading.ts';
import { EVENTS, REQUESTS } from './rich-payloads.ts';

/** The object on the page to which a path of an event's data belongs. */
function fieldOf(type: string, path: string): string {
  if (path === 'live') return 'event.data.live';
  const [root, parts] = partsOf(type);
  for (const [start, object] of parts) if (path.startsWith(start)) return object + path.slice(start.length);
  return `${root}.${path}`;
}

type Parts = readonly (readonly [start: string, object: string])[];

const ITEM: Parts = [
  ['items[].subscription.', 'subscription.'],
  ['items[].', 'item.'],
];

function partsOf(type: string): readonly [root: string, parts: Parts] {
  const ofOrder: Parts = [
    ...ITEM.map(([start, object]) => [`order.${start}`, object] as const),
    ['order.', 'order.'],
  ];
  if (type.startsWith('order.')) return ['order', ITEM];
  if (type === 'return.created') return ['return', []];
  if (type === 'chargeback.created') return ['chargeback', [['order.', 'order.']]];
  if (type === 'fulfillment.failed')
    return [
      'fulfillment',
      [
        ['order.', 'order.'],
        ['subscription.', 'subscription.'],
      ],
    ];
  if (type.startsWith('subscription.group.'))
    return ['group', [['subscriptions[].', 'subscription.'], ...ofOrder]];
  if (type === 'subscription.charge.completed')
    return ['charge', [['subscription.', 'subscription.'], ...ofOrder]];
  return ['subscription', [['subscription.', 'subscription.']]];
}

/** Every field that a reader reads from the rich payloads, by its name on the page. */
function readFields(): Set<string> {
  const fields = new Set<string>();
  for (const { type, data } of EVENTS) {
    const { paths, watch } = recorder();
    readParsed(watch({ id: 'e', type, live: true, created: Date.UTC(2026, 10, 20), data }), '', findProduct);
    for (const path of paths) {
      fields.add(path.startsWith('data.') ? fieldOf(type, path.slice('data.'.length)) : `event.${path}`);
    }
  }
  for (const field of [...headerFields(), ...requestFields()]) fields.add(field);
  return fields;
}

function headerFields(): string[] {
  const { paths, watch } = recorder();
  const parts = { webhookSecrets: ['secret'], simulatorSecret: undefined, products: [] };
  fastSpringEvents(parts).readBatch(Buffer.from('{}'), watch({ 'x-fs-signature': 'x' }), 0);
  return [...paths].map((name) => `event.${name}`);
}

function requestFields(): string[] {
  const names = new Set<string>();
  const product = {
    ...PLAN,
    trialTerm: 'P14D',
    fields: {
      ...PLAN.fields,
      product: ['mintmark_product', 'product'],
      features: ['mintmark_features'],
      units: ['mintmark_quantity'],
    },
  };
  class Watched extends Map<string, string> {
    override get(name: string): string | undefined {
      names.add(name);
      return super.get(name);
    }
  }
  for (const values of REQUESTS) {
    const fields = new Watched(Object.entries(values));
    isLicenseRequest(fields, ['key']);
    readRequest(fields, product, 'live', Date.UTC(2026, 10, 20));
  }
  return [...names].map((name) => `request.${name}`);
}

const ROWS = rowsOf(readFileSync('docs/marketplaces/fastspring-fields.md', 'utf8'));
const READ = readFields();

test('every field that a reader reads has a row that says so', (t) => {
  t.deepEqual(withoutRow(READ, ROWS), []);
  t.true(READ.size > 100, 'the control: the payloads are read');
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
  const data = watch({ billDescriptor: 'x', customer: { phone: '1' }, discount: 3, items: [{ sku: 'y' }] });
  void [data.billDescriptor, data.customer.phone, data.discount, data.items[0]?.sku];
  const read = new Set([...paths].map((path) => fieldOf('order.completed', path)));
  t.deepEqual(withoutRow(read, ROWS), [
    'order.billDescriptor',
    'order.customer.phone',
    'order.discount',
    'item.sku',
  ]);
  const row = { field: 'order.billDescriptor', isRead: true };
  t.deepEqual(withoutReader(READ, [...ROWS, row]), ['order.billDescriptor']);
});
