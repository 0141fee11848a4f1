/** Made-up sales of all kinds that the marketplaces have, each with every call that they make of it, in their order. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSimulatorKey, simulatorSecret } from '../src/keyring/simulator-key.ts';
import { signRequest } from '../src/marketplaces/fastspring/simulator.ts';
import { STORIES, type Step, type Story, stepsOf } from '../src/marketplaces/fastspring/stories.ts';
import { saleFields, signForm } from '../src/marketplaces/paddle-classic/simulator.ts';
import { productFile } from '../test/support/products.ts';
import { pick, type Tools } from './proof.ts';

/** The day of all sales, milliseconds since 1970-01-01; what is told of them is told in its first hours. */
export const SALES_DAY = Date.UTC(2026, 10, 20);

const PRODUCTS = {
  app: 'term: P1Y',
  team: 'term: perpetual\nquantity: seats\nseats: 5',
  single: 'term: P1Y\nmultibuy: separate',
  plan: 'term: P1M\ngrace: P14D',
};

export interface FastSpringEvent {
  readonly id: string;
  readonly created: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export type Call = {
  /** 0: at any time. One of a higher round is made when all of the lower rounds were heard at least once. */
  readonly round: number;
} & (
  | {
      readonly kind: 'request';
      readonly path: string;
      readonly form: string;
      readonly method: 'GET' | 'POST';
      /** What each whole answer to it must be the same as. */
      readonly name: string;
    }
  | { readonly kind: 'alert'; readonly form: string }
  | { readonly kind: 'event'; readonly event: FastSpringEvent }
);

export interface Sale {
  readonly order: string;
  /** How many licenses of each product there must be in the end. */
  readonly units: Readonly<Record<string, number>>;
  /** Each request gets any one of so many units, instead of all. */
  readonly apart: number | undefined;
  readonly calls: readonly Call[];
}

export interface Signing {
  readonly paddle: ReturnType<typeof readSimulatorKey>;
  readonly fastSpring: string;
}

export function signingOf(keysFolder: string): Signing {
  return { paddle: readSimulatorKey(keysFolder), fastSpring: simulatorSecret(keysFolder) };
}

/** Writes the product files; their folder. */
export function putProducts(folder: string): string {
  const path = join(folder, 'products');
  mkdirSync(path);
  for (const [id, rules] of Object.entries(PRODUCTS)) {
    const text = `name: ${id}\n${rules}\nmarketplaces: { paddle-classic: {}, fastspring: {} }`;
    writeFileSync(join(path, `${id}.md`), productFile(text));
  }
  return path;
}

export function makeSale(number: number, signing: Signing, tools: Tools): Sale {
  const kinds = [paddleOrder, paddleUnits, paddleSubscription, story, story, partialReturns];
  const make = kinds[number % kinds.length] ?? paddleOrder;
  return make(number, signing, tools);
}

type Fields = Readonly<Record<string, string>>;

function paddleRequest(product: string, number: number, quantity: number, { paddle }: Signing, tools: Tools) {
  const at = SALES_DAY + 10 * 3_600_000;
  const order = orderOf(number);
  const fields = saleFields({
    product: '1',
    order,
    quantity,
    name: 'Ada Byron',
    email: 'ada@example.com',
    at,
  });
  return {
    kind: 'request',
    round: 0,
    path: `/fulfillment/paddle-classic/${product}`,
    form: signForm(fields, paddle),
    method: tools.random() < 0.3 ? 'GET' : 'POST',
    name: order,
  } as const;
}

function orderOf(number: number): string {
  return String(100_000 + number);
}

/** A minute apart from each other, with alert ids of their own. */
function paddleAlerts(
  number: number,
  { paddle }: Signing,
  alerts: readonly (readonly [string, Fields])[],
): Call[] {
  return alerts.map(([alert_name, fields], place) => {
    const event_time = `2026-11-20 10:${String(place + 1).padStart(2, '0')}:00`;
    const alert_id = String(number * 100 + place);
    return {
      kind: 'alert',
      round: 0,
      form: signForm({ alert_id, alert_name, event_time, ...fields }, paddle),
    };
  });
}

function paddleOrder(number: number, signing: Signing, tools: Tools): Sale {
  const product = tools.random() < 0.7 ? 'app' : 'team';
  const quantity = 1 + pick(4, tools);
  const order_id = orderOf(number);
  const back = (refund_type: string, units: number) =>
    ['payment_refunded', { order_id, refund_type, quantity: String(units) }] as const;
  const dispute = ['payment_dispute_created', { order_id }] as const;
  const endings = [
    [],
    [back('partial', 1)],
    [back('partial', 1), back('vat', quantity), back('partial', 1)],
    [back('full', quantity)],
    [dispute],
    [dispute, ['payment_dispute_closed', { order_id }] as const],
    [back('partial', 1), dispute, ['payment_dispute_closed', { order_id }] as const],
  ];
  const paid = ['payment_succeeded', { order_id, quantity: String(quantity) }] as const;
  const ending = endings[pick(endings.length, tools)] ?? [];
  return {
    order: order_id,
    units: { [product]: product === 'team' ? 1 : quantity },
    apart: undefined,
    calls: [
      paddleRequest(product, number, quantity, signing, tools),
      ...paddleAlerts(number, signing, [paid, ...ending]),
    ],
  };
}

/** Separate Multibuy: as many requests as units, the same to the byte. */
function paddleUnits(number: number, signing: Signing, tools: Tools): Sale {
  const quantity = 2 + pick(2, tools);
  const order_id = orderOf(number);
  const request = paddleRequest('single', number, quantity, signing, tools);
  const back = { order_id, refund_type: 'partial', quantity: '1' };
  return {
    order: order_id,
    units: { single: quantity },
    apart: quantity,
    calls: [
      ...Array<Call>(quantity).fill(request),
      ...paddleAlerts(number, signing, [
        ['payment_succeeded', { order_id, quantity: String(quantity) }],
        ...(tools.random() < 0.5 ? [['payment_refunded', back] as const] : []),
      ]),
    ],
  };
}

function paddleSubscription(number: number, signing: Signing, tools: Tools): Sale {
  const order_id = orderOf(number);
  const subscription = { subscription_id: `7${order_id}`, status: 'active' };
  const first = { ...subscription, order_id, initial_payment: '1', next_bill_date: '2026-12-20' };
  const second = {
    ...subscription,
    order_id: `${order_id}-2`,
    initial_payment: '0',
    next_bill_date: '2027-01-20',
  };
  const life: (readonly [string, Fields])[] = [
    ['subscription_created', { ...subscription, next_bill_date: '2026-12-20' }],
    ['subscription_payment_succeeded', first],
    ['subscription_payment_failed', { ...subscription, status: 'past_due', order_id: `${order_id}-2` }],
    ['subscription_payment_succeeded', second],
    [
      'subscription_cancelled',
      { ...subscription, status: 'deleted', cancellation_effective_date: '2027-01-19' },
    ],
    ['subscription_payment_refunded', { ...second, refund_type: 'full' }],
  ];
  return {
    order: order_id,
    units: { plan: 1 },
    apart: undefined,
    calls: [
      paddleRequest('plan', number, 1, signing, tools),
      ...paddleAlerts(number, signing, life.slice(0, 2 + pick(5, tools))),
    ],
  };
}

function story(number: number, signing: Signing, tools: Tools): Sale {
  const name = STORIES[pick(STORIES.length, tools)] ?? 'refund';
  return tellStory(name, number, signing, tools, 1 + pick(3, tools));
}

/** One unit after the other is given back: what is counted twice takes one too many. */
function partialReturns(number: number, signing: Signing, tools: Tools): Sale {
  const quantity = 3 + pick(2, tools);
  const sale = tellStory('refund', number, signing, tools, quantity);
  const last = sale.calls.at(-1);
  if (last?.kind !== 'event') throw new TypeError('the story of a refund does not end with it');
  const { event } = last;
  const product = Object.keys(sale.units)[0];
  const returns = Array.from({ length: 1 + pick(2, tools) }, (_, place): Call => {
    const items = [{ product, quantity: 1, refundType: 'Full Refund', subtotal: 20 }];
    const data = { ...event.data, return: `${sale.order}-return-${place}`, totalReturn: 20, items };
    const created = event.created + place * 1000;
    return { kind: 'event', round: 0, event: { ...event, id: `${event.id}-${place}`, created, data } };
  });
  return { ...sale, calls: [...sale.calls.slice(0, -1), ...returns] };
}

function tellStory(
  name: Story,
  number: number,
  { fastSpring }: Signing,
  tools: Tools,
  quantity: number,
): Sale {
  const subscribed = name === 'subscription' || name === 'overdue';
  const product = subscribed ? 'plan' : tools.random() < 0.7 ? 'app' : 'team';
  const others = name === 'bundle' ? ['plan'] : [];
  const names = [product, ...others] as const;
  const order = `SIM${number}`;
  const now = SALES_DAY + 11 * 3_600_000;
  const steps = stepsOf(name, {
    paths: names,
    products: names,
    quantity,
    period: 30,
    run: String(number),
    now,
  });
  const units = name === 'subscription' ? quantity + 1 : quantity;
  return {
    order,
    units: Object.fromEntries(names.map((id) => [id, id === 'team' ? 1 : units])),
    apart: undefined,
    calls: steps.flatMap((step, place) => callsOf(step, roundOf(name, steps, place), fastSpring)),
  };
}

/**
 * The licenses of a sale, and of a rebill, are asked for before the customer can change or end the subscription: one that
 * was changed before anybody asked is refused, as an order with another quantity is (domain/fulfill.ts).
 */
function roundOf(name: Story, steps: readonly Step[], place: number): number {
  const rebill = steps.findLastIndex((step) => 'request' in step);
  if (name !== 'subscription' || place < rebill) return 0;
  return place === rebill ? 1 : 2;
}

function callsOf(step: Step, round: number, secret: string): Call[] {
  if ('events' in step) {
    return step.events.map((event) => ({ kind: 'event', round, event: event as FastSpringEvent }));
  }
  const { request, product } = step;
  const path = `/fulfillment/fastspring/${product}`;
  return [
    {
      kind: 'request',
      round,
      path,
      form: signRequest(request, secret),
      method: 'POST',
      name: request['reference'] ?? '',
    },
  ];
}
