/** What of a ping is asked of Gumroad's API, here a local server: found, paid, given, and how it fails. */
import test, { type ExecutionContext } from 'ava';
import { fetchLacking } from '../../../src/marketplaces/gumroad/fetching.ts';
import type { Loose } from '../../../src/marketplaces/loose.ts';
import { bought, charged, GumroadSales, renewed } from '../../kit/gumroad.ts';
import { type Answered, storeApi } from '../../kit/store-api.ts';

const DAY = '2026-01-10';
const KEY = 'a token of a test';

async function asking(
  t: ExecutionContext,
  sales: GumroadSales,
  spoil?: (place: number) => Answered | undefined,
) {
  const { url, asked } = await storeApi(t, (call, place) => spoil?.(place) ?? sales.answer(call));
  const { signal } = new AbortController();
  const ask = async (lacking: object) => {
    const answer = await fetchLacking(JSON.stringify(lacking), { key: KEY, url }, signal);
    return answer.outcome === 'fetched' ? (JSON.parse(answer.text) as Loose) : answer;
  };
  return { ask, asked };
}

test('a sale is read, and the list says by its number that it was paid', async (t) => {
  const sales = new GumroadSales();
  const sale = sales.put(bought(DAY));
  const { ask, asked } = await asking(t, sales);
  t.like(await ask({ sale: 'S1==' }), {
    listed: true,
    sale: { id: 'S1==', purchase_email: 'ada@example.com' },
  });
  t.deepEqual(
    asked.map(({ pathname, search }) => pathname + search),
    ['/sales/S1%3D%3D', `/sales?order_id=${sale['order_id']}`],
  );
});

test('what is kept is what is read: no key of Gumroad’s own, no answers of the checkout', async (t) => {
  const sales = new GumroadSales();
  sales.put(bought(DAY));
  const { sale } = (await (await asking(t, sales)).ask({ sale: 'S1==' })) as { sale: Loose };
  for (const name of ['license_key', 'custom_fields', 'seller_id', 'gumroad_fee'])
    t.false(name in sale, name);
});

test('a purchase that is not listed was not paid; a list that ignores its filter is searched', async (t) => {
  const sales = new GumroadSales();
  sales.put(bought(DAY), false);
  for (let each = 0; each < 25; each++) sales.put(bought('2026-01-11', { id: `other-${each}` }));
  t.like(await (await asking(t, sales)).ask({ sale: 'S1==' }), { listed: false, sale: { id: 'S1==' } });
  sales.put({ ...bought(DAY), order_id: null });
  const { ask, asked } = await asking(t, sales);
  t.like(await ask({ sale: 'S1==' }), { listed: true });
  t.is(asked.length, 4, 'three pages');
});

test('a sale that is not on the pages that are read is not called unpaid; nor is one whose list turns in a circle', async (t) => {
  const many = new GumroadSales();
  many.put({ ...bought(DAY), order_id: null });
  for (let each = 0; each < 220; each++) many.put(bought('2026-01-11', { id: `other-${each}` }));
  const { ask, asked } = await asking(t, many);
  t.like(await ask({ sale: 'S1==' }), { outcome: 'failed' });
  t.is(asked.length, 21);
  many.put(GIFT, false);
  t.like(await ask({ sale: 'gift' }), { outcome: 'failed' });
  const page = { success: true, sales: [bought(DAY, { id: 'other' })], next_page_key: 'next' };
  const circle = await asking(t, many, (place) => (place > 0 ? { json: page } : undefined));
  t.like(await circle.ask({ sale: 'S1==' }), { outcome: 'failed' });
  t.is(circle.asked.length, 3);
});

const GIFT = bought(DAY, { id: 'gift', price: 0, more: { is_gift_receiver_purchase: true } });
const given = (id: string, more: Loose = {}) =>
  bought(DAY, { id, more: { is_gift_sender_purchase: true, giftee_email: 'ADA@example.com', ...more } });

test('a gift was paid where its giver’s sale is listed: the same product and address, of its time', async (t) => {
  const ask = async (giver: Loose | undefined, gifter?: string) => {
    const sales = new GumroadSales();
    sales.put(GIFT, false);
    if (giver !== undefined) sales.put({ ...giver, purchase_email: 'giver@example.com' });
    return (await asking(t, sales)).ask({ sale: 'gift', gifter });
  };
  t.like(await ask(given('giver')), { listed: true, giver: 'giver' });
  t.like(await ask(given('giver'), 'giver@example.com'), { listed: true, giver: 'giver' });
  for (const other of [
    undefined,
    given('giver', { giftee_email: 'bob@example.com' }),
    given('giver', { product_id: 'app==' }),
    given('giver', { created_at: '2026-02-10T00:00:00Z' }),
    given('giver', { is_gift_sender_purchase: false }),
  ]) {
    t.like(await ask(other), { listed: false, giver: undefined });
  }
});

test('two gifts to one address within a day are not told apart', async (t) => {
  const sales = new GumroadSales();
  sales.put(GIFT, false);
  sales.put(given('one'));
  sales.put(given('two'));
  t.like(await (await asking(t, sales)).ask({ sale: 'gift' }), { listed: true, giver: undefined });
});

const MONTHS = ['02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'].map(
  (month) => `2026-${month}-10`,
);

test('of a subscription a paid sale is found, and all that was paid for it', async (t) => {
  const sales = new GumroadSales();
  sales.put(charged(DAY));
  for (const month of MONTHS) sales.put(renewed(month));
  sales.put(renewed('2026-12-20', { id: 'failed' }), false);
  sales.put(charged(DAY, { id: 'of another', subscription: 'N==' }));
  const { ask } = await asking(t, sales);
  const found = await ask({ subscription: 'M==', sales: ['of another', 'gone', 'failed', 'M-2026-02-10'] });
  t.like(found, { listed: true, sale: { id: 'M-2026-02-10' } });
  const charges = (found as { charges: readonly Loose[] }).charges;
  t.is(charges.length, 12);
});

test('the newest charge decides, whatever address the older ones have, and in whatever order the ping names them', async (t) => {
  const sales = new GumroadSales();
  sales.put({ ...charged(DAY), purchase_email: 'old@example.com' });
  for (const month of MONTHS) sales.put(renewed(month));
  for (let day = 11; day < 16; day++) sales.put(renewed(`2027-01-${day}`, { id: `failed-${day}` }), false);
  const failed = Array.from({ length: 5 }, (_, each) => `failed-${each + 11}`);
  const names = ['M-2026-01-10', ...MONTHS.map((month) => `M-${month}`), ...failed];
  const { ask } = await asking(t, sales);
  for (const order of [names, names.toReversed()]) {
    t.like(await ask({ subscription: 'M==', sales: order }), { sale: { id: 'M-2026-12-10' }, listed: true });
  }
});

test('of a subscription without a paid sale nothing is listed; without any of its sales it is refused', async (t) => {
  const sales = new GumroadSales();
  sales.put(charged(DAY), false);
  const { ask } = await asking(t, sales);
  t.like(await ask({ subscription: 'M==', sales: ['M-2026-01-10'] }), {
    listed: false,
    charges: { length: 0 },
  });
  for (const named of [[], ['gone'], ['../sales'], undefined]) {
    t.like(await ask({ subscription: 'M==', sales: named }), { outcome: 'refused' });
  }
  t.like(await ask({ subscription: 'N==', sales: ['M-2026-01-10'] }), { outcome: 'refused' });
});

test('a charge that the list does not show by the buyer’s address is there all the same', async (t) => {
  const sales = new GumroadSales();
  sales.put(charged(DAY));
  const { url } = await storeApi(t, (call) =>
    call.searchParams.has('email') ? { json: { success: true, sales: [] } } : sales.answer(call),
  );
  const { signal } = new AbortController();
  const words = JSON.stringify({ subscription: 'M==', sales: ['M-2026-01-10'] });
  const answer = await fetchLacking(words, { key: KEY, url }, signal);
  t.is(answer.outcome === 'fetched' && JSON.parse(answer.text).charges.length, 1);
});

test('a sale that Gumroad does not know is refused, whatever it answers then', async (t) => {
  const { ask } = await asking(t, new GumroadSales());
  t.like(await ask({ sale: 'gone' }), { outcome: 'refused' });
  for (const answer of [
    { status: 404, json: {} },
    { json: { success: true } },
    { json: { success: true, sale: bought(DAY) } },
    { json: [] },
  ]) {
    t.like(await (await asking(t, new GumroadSales(), () => answer)).ask({ sale: 'other' }), {
      outcome: 'refused',
    });
  }
});

test('an API that fails, is busy or refuses the token is asked again, at each call', async (t) => {
  const FAILURES: readonly (readonly [Answered, object])[] = [
    [{ status: 500, json: {} }, { outcome: 'failed' }],
    [{ status: 400, json: {} }, { outcome: 'failed' }],
    [{ json: undefined }, { outcome: 'failed' }],
    [{ json: { success: true }, isCut: true }, { outcome: 'failed' }],
    [
      { status: 429, headers: { 'Retry-After': '7' }, json: {} },
      { outcome: 'failed', pause: 7000 },
    ],
    [{ status: 401, json: {} }, { outcome: 'target failed' }],
  ];
  const sales = new GumroadSales();
  sales.put(bought(DAY));
  sales.put(charged(DAY));
  sales.put(GIFT, false);
  for (const [failure, wanted] of FAILURES) {
    for (const [lacking, calls] of [
      [{ sale: 'S1==' }, 2],
      [{ sale: 'gift' }, 2],
      [{ subscription: 'M==', sales: ['M-2026-01-10'] }, 3],
    ] as const) {
      for (let place = 0; place < calls; place++) {
        const { ask, asked } = await asking(t, sales, (own) => (own === place ? failure : undefined));
        t.like(await ask(lacking), wanted);
        t.is(asked.length, place + 1);
      }
    }
  }
  const odd = await asking(t, sales, (place) => (place === 1 ? { status: 404, json: {} } : undefined));
  t.like(
    await odd.ask({ sale: 'S1==' }),
    { outcome: 'failed' },
    'a list that is not there says nothing of a sale',
  );
});
