/** Holds docs/marketplaces/gumroad-fields.md against the readers, on pings and answers that have every field. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { readParsed } from '../../../src/marketplaces/gumroad/events.ts';
import { fetchLacking } from '../../../src/marketplaces/gumroad/fetching.ts';
import { findSold } from '../../../src/marketplaces/gumroad/product-keys.ts';
import type { Loose } from '../../../src/marketplaces/loose.ts';
import { rowsOf, withoutReader, withoutRow } from '../../kit/field-page.ts';
import {
  bought,
  changed,
  charged,
  GumroadSales,
  PRODUCTS,
  renewed,
  type Told,
  told,
} from '../../kit/gumroad.ts';
import { recorder } from '../../kit/recorder.ts';
import { storeApi } from '../../kit/store-api.ts';

const findProduct = findSold(PRODUCTS);
const DAY = '2026-01-10';
const [FIRST, SECOND] = [charged(DAY, { option: 'Plus' }), renewed('2026-02-10')];
const more = { free_trial_ends_on: '2026-01-24', free_trial_ended: false };
const installment = charged(DAY, { more: { is_recurring_billing: false, dead: true } });
const plan = { type: 'upgrade', 'new_plan[tier][name]': 'Plus', 'new_plan[quantity]': '3' };

/** Together they reach every branch of the readers. */
const EVENTS: readonly Told[] = [
  told(DAY, FIRST),
  told(DAY, charged(DAY, { price: 0, more })),
  told(DAY, charged(DAY, { price: 0, more: { offer_code: { code: 'spring' } } })),
  told(DAY, SECOND),
  told(DAY, { ...FIRST, purchase_email: null }),
  told(DAY, bought(DAY, { more: { disputed: true, chargedback: true, partially_refunded: true } }), 'refund'),
  told(DAY, bought(DAY, { more: { is_gift_receiver_purchase: true } }), 'sale', { giver: 'giver' }),
  told(DAY, bought(DAY, { more: { is_bundle_purchase: true, refunded: true } })),
  changed(DAY, 'subscription_updated', [SECOND, FIRST], plan),
  changed(DAY, 'cancellation', [{ ...SECOND, cancelled: true }]),
  changed(DAY, 'subscription_ended', [installment]),
];

/** The field on the page to which a path in an event belongs; undefined: what Mintmark itself keeps beside it. */
function fieldOf(path: string, about: string): string | undefined {
  const [, ofPing] = /^completes\.ping\.(.+?)(?:\[\])?$/.exec(path) ?? [];
  if (ofPing !== undefined) return `${about}.${ofPing === 'purchase_ids' ? 'purchase_ids[]' : ofPing}`;
  const [, ofSale] = /^fetched\.(?:sale|charges\[\])\.([^.]+)/.exec(path) ?? [];
  return ofSale === undefined ? undefined : `sale.${ofSale}`;
}

function readFields(): Set<string> {
  const fields = new Set<string>();
  for (const { payload } of EVENTS) {
    const parsed = JSON.parse(payload);
    const ping: Loose = parsed.completes.ping;
    const { paths, watch } = recorder();
    readParsed(watch(parsed), '', 'live', findProduct).read();
    const about = ping['sale_id'] === undefined ? 'change' : 'ping';
    for (const path of paths) {
      const field = fieldOf(path, about);
      if (field !== undefined) fields.add(field);
    }
  }
  return fields;
}

const ROWS = rowsOf(readFileSync('docs/marketplaces/gumroad-fields.md', 'utf8'));
const READ = readFields();

/** Read while the API is asked, before what it answers is kept. */
const WHILE_ASKED = ['sale.order_id', 'sale.giftee_email'];

test('every field that a reader reads has a row that says so', (t) => {
  t.deepEqual(withoutRow(READ, ROWS), []);
  t.true(READ.size > 35, 'the control: the payloads are read');
});

test('every row that says read is of a field that a reader reads', (t) => {
  t.deepEqual(withoutReader(new Set([...READ, ...WHILE_ASKED]), ROWS), []);
});

test('what is read while the API is asked decides what it says', async (t) => {
  const gift = bought(DAY, { id: 'gift', more: { is_gift_receiver_purchase: true } });
  const giver = bought(DAY, { id: 'giver', more: { is_gift_sender_purchase: true } });
  const listed = async (sold: Loose, of: Loose) => {
    const sales = new GumroadSales();
    sales.put(gift, false);
    sales.put(of);
    const { url, asked } = await storeApi(t, sales.answer);
    const words = JSON.stringify({ sale: sold['id'] });
    const answer = await fetchLacking(words, { key: 'a token', url }, new AbortController().signal);
    return [
      answer.outcome === 'fetched' && JSON.parse(answer.text).listed,
      asked.at(-1)?.searchParams.get('order_id'),
    ];
  };
  t.deepEqual(await listed(gift, { ...giver, giftee_email: 'ada@example.com' }), [true, null]);
  t.deepEqual(await listed(gift, giver), [false, null]);
  const sale = bought(DAY);
  t.deepEqual(await listed(sale, sale), [true, String(sale['order_id'])]);
});

test('each field has one row', (t) => {
  const fields = ROWS.map(({ field }) => field);
  t.deepEqual(
    fields.filter((field, place) => fields.indexOf(field) !== place),
    [],
  );
});

test('the control: a reader of an unlisted field, of a field marked not read, and a row without a reader are found', (t) => {
  const read = new Set(['sale.weight', 'sale.license_key', 'ping.email']);
  t.deepEqual(withoutRow(read, ROWS), ['sale.weight', 'sale.license_key', 'ping.email']);
  t.deepEqual(withoutReader(READ, [...ROWS, { field: 'sale.purse', isRead: true }]).slice(-1), [
    'sale.purse',
  ]);
});
