/** A ledger with all kinds of content, made by a service from calls that can be repeated. */
import { randomBytes } from 'node:crypto';
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import type { LicenseStory } from '../../../src/domain/ledger.ts';
import { formatLicenseId } from '../../../src/license-code/license-id.ts';
import { signRequest, signWebhook } from '../../../src/marketplaces/fastspring/simulator.ts';
import { stepsOf } from '../../../src/marketplaces/fastspring/stories.ts';
import { STORIES } from '../../../src/marketplaces/fastspring/story-names.ts';
import { signForm } from '../../../src/marketplaces/paddle-classic/simulator.ts';
import { type Opened, openParts } from '../../../src/service/open.ts';
import { productFile } from '../../kit/products.ts';
import { rsaKey } from '../../kit/rsa-keys.ts';
import { FORM, NOW, SALE } from '../../kit/sale.ts';
import { type Home, makeHome, type Owner, startHome } from '../../kit/service.ts';

export interface Call {
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Content {
  readonly home: Home;
  /** All calls that made it, in order, and the calls that follow. */
  readonly told: readonly Call[];
  readonly next: readonly Call[];
  readonly orders: readonly string[];
}

const DAY = 86_400_000;
const LICENSE_KEY = randomBytes(12).toString('hex');
const WEBHOOK_SECRET = randomBytes(12).toString('hex');

/** Without the customer: personal data can be changed and erased, and no reply here depends on it. */
const BODY = '\nOrder {{ order.id }}\n\n{% for code in codes %}\n```\n{{ code }}\n```\n{% endfor %}\n';
const PRODUCTS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ['app', 'term: P1Y'],
    ['plan', 'term: P1M\ngrace: P14D'],
    ['single', 'term: P1Y\nmultibuy: separate'],
  ].map(([id, rules]) => [
    id,
    productFile(`name: ${id}\n${rules}\nmarketplaces: { paddle-classic: {}, fastspring: {} }`, BODY),
  ]),
);
const LATER = { late: productFile('name: late\nterm: P1Y\nmarketplaces: { fastspring: {} }', BODY) };

/** `database`: LEDGER_URL; default: a file. */
export async function makeContent(owner: Owner, database?: string): Promise<Content> {
  const home = makeHome(owner, {
    products: { ...PRODUCTS, ...LATER },
    env: {
      FASTSPRING_LICENSE_KEYS: LICENSE_KEY,
      FASTSPRING_WEBHOOK_SECRETS: WEBHOOK_SECRET,
      FASTSPRING_REFERENCE_PATTERN: '[A-Za-z0-9]+',
      ...(database !== undefined && { LEDGER_URL: database }),
    },
  });
  const { told, next, orders } = calls();
  const { url, stop } = await startHome(owner, home);
  for (const call of told) {
    const { status, text } = await send(url, call);
    if (status !== 200) throw new Error(`${call.path} was answered ${status}: ${text} ${call.body}`);
    home.clock.now += 1000;
  }
  await stop();
  await decide(home);
  return { home, told, next, orders };
}

export async function send(
  url: string,
  { path, body, headers }: Call,
): Promise<{ status: number; text: string }> {
  const response = await fetch(
    `${url}${path}`,
    body === undefined ? {} : { method: 'POST', body, headers: { ...headers } },
  );
  return { status: response.status, text: await response.text() };
}

export const LISTS: readonly Call[] = Object.keys(PRODUCTS).map((id) => ({ path: `/v1/revocations/${id}` }));

/** The operator's acts meanwhile: suspension, revocation and reissue, renewal; and an erased customer. */
async function decide(home: Home): Promise<void> {
  const parts = await openParts(home.config, { modesNeeded: [], now: () => home.clock.now });
  const { ledger } = parts;
  try {
    const one = async (order: string) => {
      const [story] = await ledger.find({ by: 'order', order });
      if (story === undefined) throw new Error(`order ${order} is not there`);
      return story;
    };
    await ledger.addFacts([factOf(home, await one('p1'), 'suspend', { kind: 'stopped' })]);
    await ledger.addFacts([factOf(home, await one('p2'), 'revoke', { kind: 'withdrawn' })]);
    await ledger.addFacts([
      factOf(home, await one('p3'), 'renew', { kind: 'set-until', until: '2028-02-29' }),
    ]);
    const leaked = await one('p4');
    await ledger.reissue(leaked.id, factOf(home, leaked, 'reissue', { kind: 'withdrawn' }));
    await ledger.eraseCustomer({ email: 'erased@example.com' });
    await publish(parts, home);
    await ledger.addFacts([factOf(home, await one('p5'), 'revoke', { kind: 'withdrawn' })]);
    await keepFailed(parts);
  } finally {
    await ledger.close();
  }
}

function factOf(home: Home, { id, marketplace, mode }: LicenseStory, name: string, body: FactBody): Fact {
  home.clock.now += 1000;
  const at = home.clock.now;
  const license = formatLicenseId(id);
  const key = `operator:${license}:${name}:${at}`;
  return {
    marketplace,
    mode,
    subject: `license:${license}`,
    key,
    at,
    cause: `${name} by operator: a test`,
    body,
  };
}

/** The list of one product is current; another's changed since; the third was never requested. */
async function publish({ ledger, signers }: Opened, home: Home): Promise<void> {
  const signer = signers.signerFor('live');
  if (signer === undefined) throw new Error('there is no signing key');
  for (const product of ['app', 'plan']) await ledger.publishList(product, signer.keyId, home.clock.now);
}

/** As if the event's product had been missing: the marketplace sends it again. */
async function keepFailed({ ledger }: Opened): Promise<void> {
  const [event] = lateEvents();
  await ledger.keepFailed(
    {
      marketplace: 'fastspring',
      mode: 'test',
      id: Object(event).id,
      type: 'order.completed',
      at: NOW,
      payload: JSON.stringify(event),
    },
    'The product file late.md is gone.',
  );
}

function lateEvents(): readonly object[] {
  const steps = stepsOf('bundle', castOf('late', 'late', 1));
  return steps.flatMap((step) => ('events' in step ? step.events : []));
}

function castOf(run: string, product: string, quantity: number) {
  return { quantity, period: 30, run, now: NOW, paths: [product], products: [product] } as const;
}

function calls(): Pick<Content, 'told' | 'next' | 'orders'> {
  const told: Call[] = [];
  const next: Call[] = [];
  const orders: string[] = [];
  for (let number = 1; number <= 8; number++) {
    const quantity = number % 4 === 0 ? 3 : 1;
    const email = number === 6 ? 'erased@example.com' : 'ada@example.com';
    const sale = { p_order_id: `p${number}`, p_quantity: String(quantity), email };
    told.push(paddle('/fulfillment/paddle-classic/app', sale));
    if (number === 7)
      told.push(alert('payment_refunded', { order_id: 'p7', refund_type: 'full', quantity: '1' }));
    orders.push(`p${number}`);
    next.push(alert('high_risk_transaction_created', { order_id: `p${number}`, status: 'pending' }));
  }
  // Two of three units, one by one.
  for (let unit = 0; unit < 2; unit++)
    told.push(paddle('/fulfillment/paddle-classic/single', { p_order_id: 's1', p_quantity: '3' }));
  orders.push('s1');
  for (const [place, story] of [...STORIES, 'subscription' as const].entries()) {
    const run = `${story}${place}`;
    const product = story === 'subscription' || story === 'overdue' ? 'plan' : 'app';
    const steps = stepsOf(story, castOf(run, product, 1 + (place % 2)));
    const asCalls = steps.map((step) =>
      'events' in step ? batch(step.events) : request(step.product, step.request),
    );
    // The last request is still open.
    const until = place === STORIES.length ? 4 : asCalls.length;
    told.push(...asCalls.slice(0, until));
    next.push(...asCalls.slice(until));
    orders.push(`SIM${run}`);
    if (product === 'plan') next.push(batch([chargeOf(run)]));
  }
  orders.push('SIMlate');
  next.push(batch(lateEvents()));
  return { told, next, orders };
}

/** A later period of a subscription is paid: the subscription's row shows in the result of its licenses. */
function chargeOf(run: string): object {
  const [charge] = stepsOf('overdue', castOf(run, 'plan', 1)).flatMap((step) =>
    'events' in step && step.title.includes('is paid') ? step.events : [],
  );
  const event = structuredClone(charge) as { id: string; created: number; data: Record<string, unknown> };
  event.id = `next-${run}`;
  event.created += 40 * DAY;
  event.data['sequence'] = 9;
  return event;
}

function paddle(path: string, changes: Readonly<Record<string, string>>): Call {
  const body = signForm({ ...SALE, ...changes }, rsaKey('live').privateKey);
  return { path, body, headers: { 'content-type': FORM } };
}

let alerts = 0;
function alert(alert_name: string, fields: Readonly<Record<string, string>>): Call {
  alerts += 1;
  const event_time = '2026-11-20 13:00:00';
  return paddleAlert({ alert_id: String(alerts), alert_name, event_time, ...fields });
}

function paddleAlert(fields: Readonly<Record<string, string>>): Call {
  return {
    path: '/webhooks/paddle-classic',
    body: signForm(fields, rsaKey('live').privateKey),
    headers: { 'content-type': FORM },
  };
}

function request(product: string, fields: Readonly<Record<string, string>>): Call {
  return {
    path: `/fulfillment/fastspring/${product}`,
    body: signRequest(fields, LICENSE_KEY),
    headers: { 'content-type': FORM },
  };
}

function batch(events: readonly object[]): Call {
  const body = JSON.stringify({ events });
  return {
    path: '/webhooks/fastspring',
    body,
    headers: { 'content-type': 'application/json', 'x-fs-signature': signWebhook(body, WEBHOOK_SECRET) },
  };
}
