/** Amounts of money, as each store writes them: never negative in a fact, and in the main unit of their currency. */
import test from 'ava';
import { decimalsOf, moneyText } from '../../src/domain/values/money-text.ts';
import { AppError } from '../../src/errors.ts';
import { MARKETPLACES } from '../../src/marketplaces/all.ts';
import { stepsOf as fastSpringSteps } from '../../src/marketplaces/fastspring/stories.ts';
import { STORIES as OF_FASTSPRING } from '../../src/marketplaces/fastspring/story-names.ts';
import { stepsOf as gumroadSteps } from '../../src/marketplaces/gumroad/stories.ts';
import { STORIES as OF_GUMROAD } from '../../src/marketplaces/gumroad/story-names.ts';
import { stepsOf as lemonSteps } from '../../src/marketplaces/lemon-squeezy/stories.ts';
import { STORIES as OF_LEMON } from '../../src/marketplaces/lemon-squeezy/story-names.ts';
import { stepsOf as billingSteps } from '../../src/marketplaces/paddle-billing/stories.ts';
import { STORIES as OF_BILLING } from '../../src/marketplaces/paddle-billing/story-names.ts';
import { type ChargeTold, charge } from '../../src/marketplaces/stripe/shapes.ts';
import { stepsOf as stripeSteps } from '../../src/marketplaces/stripe/stories.ts';
import { STORIES as OF_STRIPE } from '../../src/marketplaces/stripe/story-names.ts';
import fc from '../kit/fast-check.ts';
import { productOf } from '../kit/product.ts';
import { bodiesOf, event } from '../kit/stripe.ts';

const BEGUN = { quantity: 2, period: 31, run: '1', now: Date.UTC(2026, 0, 10) };
const ofPrices = (first: string) => ({ ...BEGUN, prices: [first] as const });
const eventsOf = (steps: readonly object[]): readonly object[] =>
  steps.flatMap((step) => ('events' in step ? (step.events as readonly object[]) : []));

const CLASSIC = [
  { alert_name: 'payment_succeeded', sale_gross: '20.00', quantity: '2', product_id: '1' },
  { alert_name: 'payment_refunded', refund_type: 'partial', gross_refund: '5.00', amount: '5.00' },
  { alert_name: 'payment_refunded', refund_type: 'vat', gross_refund: '5.00', balance_gross_refund: '4.00' },
].map((fields) => ({
  alert_id: '1',
  order_id: '9',
  event_time: '2026-01-10 12:00:00',
  currency: 'EUR',
  ...fields,
}));

/** Bodies of each store that state money: of whole lives, with sales, refunds and disputes. */
const TOLD: Readonly<Record<string, { readonly product: string; readonly bodies: readonly object[] }>> = {
  'paddle-classic': { product: '1', bodies: CLASSIC },
  fastspring: {
    product: 'app',
    bodies: OF_FASTSPRING.flatMap((story) =>
      eventsOf(fastSpringSteps(story, { ...BEGUN, paths: ['app'], products: ['app'] })),
    ),
  },
  'paddle-billing': {
    product: 'pri_a',
    bodies: OF_BILLING.flatMap((story) => eventsOf(billingSteps(story, ofPrices('pri_a')).steps)),
  },
  stripe: {
    product: 'price_A',
    bodies: OF_STRIPE.flatMap((story) => eventsOf(stripeSteps(story, ofPrices('price_A')).steps)),
  },
  'lemon-squeezy': {
    product: '101',
    bodies: OF_LEMON.flatMap((story) => eventsOf(lemonSteps(story, ofPrices('101')).steps)),
  },
  gumroad: {
    product: 'app==',
    bodies: OF_GUMROAD.flatMap((story) => eventsOf(gumroadSteps(story, ofPrices('app==')).steps)),
  },
};

const MONEY = /amount|total|discount|refund|price$|tax|gross|fee|return/i;

/** The same body with other amounts and another currency; a text stays a text. */
function withMoney(value: unknown, next: () => number, currency: string, name = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => withMoney(each, next, currency, name));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([own, each]) => [own, withMoney(each, next, currency, own)]),
    );
  if (/^currency(_code)?$/.test(name)) return currency;
  if (typeof value === 'number' && MONEY.test(name)) return next();
  return typeof value === 'string' && MONEY.test(name) && /^-?[\d.]+$/.test(value) ? String(next()) : value;
}

/** Amounts below zero, and texts that print one or a value that is none. */
function faultsIn(value: unknown, name = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => faultsIn(each, name));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([own, each]) => faultsIn(each, own));
  if (typeof value === 'number') return value >= 0 ? [] : [`${name}: ${value}`];
  return typeof value === 'string' && /(^| )-\d|NaN|undefined|Infinity/.test(value)
    ? [`${name}: ${value}`]
    : [];
}

const CURRENCIES = ['EUR', 'JPY', 'HUF', 'KWD', 'ISK', 'eur', 'XYZ', ''];

for (const { name, loadStoredEvents } of MARKETPLACES) {
  test(`${name}: whatever amounts it states, no fact has a negative one, and no note prints one`, async (t) => {
    const { readAgain } = await loadStoredEvents();
    const { product, bodies } = TOLD[name] ?? { product: '', bodies: [] };
    t.true(bodies.length >= 3);
    const products = [
      productOf({
        id: 'app',
        marketplaces: { [name]: { products: [product], reply: 'markdown', parameters: [] } },
      }),
    ];
    let stated = 0;
    const amounts = fc.array(fc.integer({ min: -5000, max: 5000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(
        fc.constantFrom(...bodies),
        amounts,
        fc.constantFrom(...CURRENCIES),
        (body, list, currency) => {
          let place = 0;
          const next = () => list[place++ % list.length] ?? 0;
          const told = withMoney(body, next, currency) as Record<string, string>;
          const payload =
            name === 'paddle-classic' ? String(new URLSearchParams(told)) : JSON.stringify(told);
          try {
            const { facts } = readAgain(payload, 'live', products).read();
            stated += facts.filter(
              ({ body }) => 'amount' in body || 'total' in body || 'price' in body,
            ).length;
            return faultsIn(facts.map(({ body }) => body)).length === 0;
          } catch (error) {
            return error instanceof AppError;
          }
        },
      ),
      { numRuns: 400 },
    );
    t.true(stated > 50, `${stated} facts stated money`);
  });
}

test('control: a negative amount, and a note that prints one, are found', (t) => {
  t.deepEqual(faultsIn([{ kind: 'repaid', amount: -5, lines: [{ amount: -1 }] }]), [
    'amount: -5',
    'amount: -1',
  ]);
  t.is(faultsIn({ note: 'a dispute of -5.00 EUR' }).length, 1);
  t.is(faultsIn({ note: 'paid to 2026-01-10', amount: 0 }).length, 0);
});

const refunded = (told: Omit<ChargeTold, 'payment'>, before: number, currency = 'eur') =>
  bodiesOf(
    event(
      'charge.refunded',
      '2026-01-20',
      { ...charge({ payment: 'pi_1', ...told }), currency },
      {
        previous: { amount_refunded: before },
      },
    ),
  )[0];

test('Stripe: a sum of refunds that fell states no refund of its own', (t) => {
  t.like(refunded({ amount: 4000, refunded: 1500 }, 500), { kind: 'repaid', amount: 10, total: 40 });
  t.like(refunded({ amount: 4000, refunded: 500 }, 1500), { kind: 'repaid', amount: null, total: 40 });
  t.like(refunded({ amount: 4000, refunded: 500 }, 500), { kind: 'repaid', amount: null, total: 40 });
});

test('Stripe: amounts are read in the unit of their currency, as Stripe counts it', (t) => {
  const units = { eur: 5, jpy: 500, krw: 500, kwd: 0.5, huf: 5, twd: 5, isk: 5, ugx: 5, mga: 500, rsd: 5 };
  for (const [currency, amount] of Object.entries(units))
    t.like(refunded({ amount: 4000, refunded: 500 }, 0, currency), {
      amount,
      currency: currency.toUpperCase(),
    });
});

test('an amount is printed with the decimals of its currency', (t) => {
  t.is(moneyText(500, 'JPY'), '500 JPY');
  t.is(moneyText(19.9, 'EUR'), '19.90 EUR');
  t.is(moneyText(1.25, 'KWD'), '1.250 KWD');
  t.is(moneyText(5, null), '5.00');
  t.deepEqual(['HUF', 'RSD', 'XYZ', undefined].map(decimalsOf), [2, 2, 2, 2]);
});
