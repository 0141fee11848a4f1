/** The page of Paddle's fields and the readers hold each other: no field is read without a row, and no row is idle. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import type { Fields } from '../../../src/marketplaces/marketplace.ts';
import { authenticate } from '../../../src/marketplaces/paddle-classic/authenticity.ts';
import { READERS, readAlert } from '../../../src/marketplaces/paddle-classic/events.ts';
import { languageFacts, readCharged, readOrder } from '../../../src/marketplaces/paddle-classic/requests.ts';
import { fieldsOf, PRODUCTS, productOf, TIME, type Values } from '../../kit/alerts.ts';
import { NOW } from '../../kit/sale.ts';

const PAGE = readFileSync(
  new URL('../../../docs/marketplaces/paddle-classic-fields.md', import.meta.url),
  'utf8',
);
const EVERY_VALUE = 'every value';

/** Fields that note which of them are read. */
class RecordedFields extends Map<string, string> {
  readonly seen = new Set<string>();

  override get(name: string): string | undefined {
    this.seen.add(name);
    return super.get(name);
  }

  override values(): MapIterator<string> {
    this.seen.add(EVERY_VALUE);
    return super.values();
  }
}

interface Section {
  /** Named at all. */
  readonly named: ReadonlySet<string>;
  /** With something in the column "read". */
  readonly read: ReadonlySet<string>;
}

/** The rows under a heading. */
function sectionOf(page: string, heading: string): Section {
  const [, body = ''] = page.split(`\n## ${heading}\n`);
  const [own = ''] = body.split('\n## ');
  const named = new Set<string>();
  const read = new Set<string>();
  for (const line of own.split('\n')) {
    const [, fields = '', meaning = '', source = '', what = ''] = line.split('|').map((cell) => cell.trim());
    if (source === '' || fields === 'field' || fields.startsWith('---')) continue;
    if (meaning === '' || what === '') throw new Error(`an empty cell: ${line}`);
    const names =
      fields === EVERY_VALUE
        ? [EVERY_VALUE]
        : [...fields.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name ?? '');
    if (names.length === 0) throw new Error(`no field: ${line}`);
    for (const name of names) {
      named.add(name);
      if (what !== '–') read.add(name);
    }
  }
  return { named, read };
}

/** What is wrong between the fields that were read and the rows. */
function faultsOf(seen: ReadonlySet<string>, { read }: Section): readonly string[] {
  const without = [...seen].filter((name) => !read.has(name)).map((name) => `${name} is read and has no row`);
  const idle = [...read].filter((name) => !seen.has(name)).map((name) => `${name} has a row and is not read`);
  return [...without, ...idle];
}

/** All fields that the page names for an alert, with values that say something. */
const RICH: Values = {
  alert_id: '900',
  event_time: TIME,
  order_id: '621267-5045403',
  product_id: '47023',
  quantity: '2',
  sale_gross: '39.00',
  currency: 'USD',
  customer_name: 'Grace Hopper',
  email: 'grace@example.com',
  licence: 'a text',
  gross_refund: '39.00',
  balance_gross_refund: '35.00',
  balance_currency: 'EUR',
  case_id: 'C-7',
  subscription_id: '700',
  subscription_plan_id: '47023',
  old_subscription_plan_id: '5520',
  new_quantity: '3',
  old_quantity: '2',
  next_bill_date: '2026-12-20',
  paused_from: '2026-12-20 00:00:00',
  paused_reason: 'voluntary',
  initial_payment: '1',
  cancellation_effective_date: '2026-12-20',
};

/** Among them they lead each reader through all that it reads. */
const VARIANTS: readonly Values[] = [
  { status: 'active', refund_type: 'full' },
  { status: 'past_due', old_status: 'active', refund_type: 'partial' },
  { status: 'paused', refund_type: 'partial', gross_refund: '' },
  { status: 'accepted', new_quantity: '', initial_payment: '0', refund_type: 'vat' },
];

const HEAD = ['alert_id', 'alert_name', 'event_time'];

/** The fields that were read of an alert, without those of every alert. */
function readOf(alert_name: string, read = readAlert): ReadonlySet<string> {
  const seen = new Set<string>();
  for (const variant of VARIANTS) {
    const fields = new RecordedFields(fieldsOf({ ...RICH, alert_name, ...variant }));
    read(fields, 'live', '', PRODUCTS);
    for (const name of fields.seen) seen.add(name);
  }
  return new Set([...seen].filter((name) => !HEAD.includes(name)));
}

for (const alert of READERS.keys()) {
  test(`what is read of ${alert} is what the page says`, (t) => {
    t.deepEqual(faultsOf(readOf(alert), sectionOf(PAGE, alert)), []);
  });
}

test('what is read of every alert, and of the signature, is what the page says', (t) => {
  const fields = new RecordedFields(fieldsOf({ ...RICH, alert_name: 'transfer_paid', p_signature: 'x' }));
  readAlert(fields, 'live', '', PRODUCTS);
  const seen = new Set([...fields.seen, ...signatureFields()]);
  t.deepEqual(faultsOf(seen, sectionOf(PAGE, 'Every alert')), []);
});

test('what is read of a fulfillment request is what the page says', (t) => {
  const seen = new Set(signatureFields());
  const bound = productOf('app', 'name: App\nterm: P1Y\nmarketplaces: { paddle-classic: { product: "1" } }');
  const fields = new RecordedFields(
    fieldsOf({
      p_product_id: '1',
      p_order_id: '7',
      p_quantity: '1',
      passthrough: 'Example passthrough',
      p_sale_gross: '9.00',
    }),
  );
  const order = readOrder(fields, bound, 'live', NOW);
  readCharged(fields);
  languageFacts(fields, order, bound);
  for (const name of fields.seen) seen.add(name);
  t.deepEqual(faultsOf(seen, sectionOf(PAGE, 'Fulfillment request')), []);
});

/** It covers all fields, and only one of them says something by its name. */
function signatureFields(): readonly string[] {
  const fields = new RecordedFields([['p_signature', 'AA==']]);
  authenticate(fields, []);
  return [...fields.seen];
}

/** Sources that rows name and that are not in the list of sources. */
function unknownSources(page: string): readonly string[] {
  const rows = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const listed = new Set(rows.filter(({ length }) => length === 4).map(([, mark]) => mark));
  const used = rows
    .filter(({ length, 1: first }) => length === 6 && first !== 'field' && first !== '---')
    .flatMap(([, , , sources = '']) => sources.split(/[,;]/).map((mark) => mark.trim()));
  return [...new Set(used)].filter((mark) => !listed.has(mark));
}

test('every source that a row names is in the list of sources', (t) => {
  t.deepEqual(unknownSources(PAGE), []);
  t.deepEqual(
    unknownSources(PAGE.replace('| VERIFY | webhook', '| OTHER | webhook')),
    ['VERIFY'],
    'the control',
  );
});

test('control: a field without a row, a row without a field and an empty cell are found', (t) => {
  const without = PAGE.replace('| `refund_type` | `full`', '| `refund_kind` | `full`');
  t.deepEqual(faultsOf(readOf('payment_refunded'), sectionOf(without, 'payment_refunded')), [
    'refund_type is read and has no row',
    'refund_kind has a row and is not read',
  ]);
  const unread = PAGE.replace(/(\| `gross_refund` \|.*\|).*\|\n/, '$1 – |\n');
  t.deepEqual(faultsOf(readOf('payment_refunded'), sectionOf(unread, 'payment_refunded')), [
    'gross_refund is read and has no row',
  ]);
  const curious = (fields: Fields, ...rest: [never, string, never]) => {
    fields.get('refund_reason');
    return readAlert(fields, ...rest);
  };
  t.deepEqual(
    faultsOf(readOf('payment_refunded', curious as typeof readAlert), sectionOf(PAGE, 'payment_refunded')),
    ['refund_reason is read and has no row'],
  );
  t.throws(() =>
    sectionOf(PAGE.replace('| the case; there is no order yet |', '| |'), 'high_risk_transaction_created'),
  );
});
