/** Malformed content with a valid signature: refused or stored, never a server error, and no license from it. */
import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import { readSimulatorKey, simulatorSecret } from '../../src/keyring/simulator-key.ts';
import { signRequest, signWebhook } from '../../src/marketplaces/fastspring/simulator.ts';
import { stepsOf } from '../../src/marketplaces/fastspring/stories.ts';
import { STORIES } from '../../src/marketplaces/fastspring/story-names.ts';
import { saleFields, signForm } from '../../src/marketplaces/paddle-classic/simulator.ts';
import { Machine } from '../kit/machine.ts';
import { atOnce, Buyers, type Reply } from './kit/buyers.ts';
import { findingsOf, ledgerOf } from './kit/check.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import { type Outcome, type Proof, pick, type Tools } from './proof.ts';

const CONNECTIONS = 16;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const LARGEST_QUANTITY = 1000;
const CODE = /^[0-9A-HJKMNP-TV-Z]{160}$/gm;

export const BELIEVES_QUANTITIES: Weakness = {
  file: 'src/marketplaces/paddle-classic/requests.ts',
  changes: [['const quantity = countIn(text);\n', 'const quantity = 1;\n']],
};

export const signedFuzz: Proof = {
  title:
    'signed but malformed requests and events: no 5xx but for an event that is kept to be seen, no license from nonsense',
  unit: 'calls',
  quick: 6_000,
  full: 500_000,
  run: tellInParts,
  controls: [
    { title: 'any quantity is believed', run: (tools) => tellNonsense(3000, tools, BELIEVES_QUANTITIES) },
  ],
};

/** Calls of one ledger: with more, nonsense that is the same again and again joins so many orders that each call takes long. */
const CALLS = 50_000;

async function tellInParts(calls: number, tools: Tools): Promise<Outcome> {
  const violations: string[] = [];
  for (let done = 0; done < calls; done += CALLS)
    violations.push(...(await tellNonsense(Math.min(CALLS, calls - done), tools)).violations);
  return { done: calls, violations };
}

async function tellNonsense(calls: number, tools: Tools, weakness?: Weakness): Promise<Outcome> {
  const machine = new Machine(tools, { LOG_LEVEL: 'silent' });
  const service = await machine.start(weakness === undefined ? {} : weakened(weakness));
  const buyers = new Buyers(service, CONNECTIONS);
  const keys = machine.path('keys');
  const signing = { paddle: readSimulatorKey(keys), fastSpring: simulatorSecret(keys) };
  const violations: string[] = [];
  const failed: (readonly string[])[] = [];
  const statuses = new Map<string, number>();
  const send = async (number: number) => {
    // A control has found enough.
    if (weakness !== undefined && violations.length > 0) return;
    const call = makeUp(number, signing, tools);
    const reply = await buyers.post(call.path, call.body, call.headers);
    const kind = `${call.path.split('/')[1]} ${reply.status}`;
    statuses.set(kind, (statuses.get(kind) ?? 0) + 1);
    const fault = faultIn(call, reply);
    if (fault !== undefined) violations.push(`${fault}: ${call.path} ${call.body.slice(0, 1500)}`);
    if (reply.status === 503) failed.push(...call.events);
  };
  await atOnce(Array(calls).keys(), CONNECTIONS, send);
  buyers.close();
  if (service.ran.child.exitCode !== null) violations.push(`the service ended: ${service.ran.err}`);
  await service.ran.kill();
  violations.push(...nonsenseIn(ledgerOf(machine), failed), ...(await findingsOf(machine)));
  const seen = [...statuses].sort().map(([kind, count]) => `${kind}: ${count}`);
  tools.note(`${seen.join(', ')}; ${failed.length} events kept as failed`);
  return { done: calls, violations };
}

interface Call {
  readonly path: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The number of codes in a 200: `some` for a rebill; undefined where a 200 would be a license from nonsense. */
  readonly codes?: number | 'some' | undefined;
  /** Other calls can name the same order: units that came back have no code, and units that an event says were sold have one. */
  readonly isShared?: boolean;
  /** For each event in it, the names under which it can be stored. */
  readonly events: readonly (readonly string[])[];
}

function faultIn({ path, codes, isShared, events }: Call, { status, text }: Reply): string | undefined {
  if (status >= 500 && !(status === 503 && events.length > 0 && text.includes('"event_failed"')))
    return String(status);
  if (!path.startsWith('/fulfillment') || status !== 200) return undefined;
  const got = text.match(CODE)?.length ?? 0;
  const isAny = codes === 'some' || (isShared === true && codes !== undefined);
  return got === codes || (isAny && got > 0) ? undefined : `${got} codes where ${codes ?? 'none'} may come`;
}

/** Content that the ledger must not have, whatever was sent. */
function nonsenseIn(ledgerFile: string, failed: Call['events']): string[] {
  const ledger = new Database(ledgerFile, { readonly: true });
  try {
    const count = (sql: string) => Number(ledger.prepare(sql).pluck().get());
    const kept = new Set(ledger.prepare('SELECT event_id FROM event').pluck().all());
    const lost = failed.filter((names) => !names.some((name) => kept.has(name)));
    return [
      [count("SELECT count(*) FROM license WHERE mode <> 'test'"), 'live licenses from a simulator'] as const,
      [count("SELECT count(*) FROM license WHERE product <> 'example'"), 'licenses of no product'] as const,
      [count("SELECT count(*) FROM license WHERE trim(order_id) = ''"), 'licenses of no order'] as const,
      [
        count(`SELECT count(*) FROM license WHERE unit >= ${LARGEST_QUANTITY}`),
        'units beyond the largest quantity',
      ] as const,
    ]
      .flatMap(([number, what]) => (number > 0 ? [`${number} ${what}`] : []))
      .concat(lost.map((names) => `a failed event is not kept: ${names[0]}`));
  } finally {
    ledger.close();
  }
}

interface Signing {
  readonly paddle: ReturnType<typeof readSimulatorKey>;
  readonly fastSpring: string;
}

function makeUp(number: number, signing: Signing, tools: Tools): Call {
  // RSA is the most expensive, so it is rarer.
  const kind = tools.random();
  if (kind < 0.25) return paddleSale(number, signing, tools);
  if (kind < 0.35) return paddleAlert(number, signing, tools);
  if (kind < 0.6) return fastSpringRequest(number, signing, tools);
  return fastSpringBatch(number, signing, tools);
}

const JUNK: readonly string[] = [
  ...[
    '',
    ' ',
    '0',
    '-1',
    '1.5',
    '1e3',
    '1001',
    '99999999999999999999',
    'NaN',
    'null',
    'true',
    '[object Object]',
    '１',
  ],
  ...[
    '\u0000',
    '\ud7ff\u202e',
    '<b>',
    "' OR 1=1 --",
    '{{ code }}',
    '../../etc/passwd',
    'a\r\nb: c',
    '%00',
    '\ufeff1',
  ],
  ...['9999-99-99 99:99:99', '0000-00-00 00:00:00', '2026-02-31 10:00:00', 'x'.repeat(5000)],
];

function spoil(fields: Readonly<Record<string, string>>, tools: Tools): Record<string, string> {
  const spoilt = { ...fields };
  for (let change = 1 + pick(3, tools); change > 0; change--) {
    const names = Object.keys(spoilt);
    const name = names[pick(names.length, tools)] ?? 'x';
    const how = pick(4, tools);
    if (how === 0) delete spoilt[name];
    else if (how === 1) spoilt[`${name}[0]`] = 'x';
    else spoilt[name] = JUNK[pick(JUNK.length, tools)] ?? '';
  }
  return spoilt;
}

/** The rules for an order, implemented a second time. */
function codesFor(order: string | undefined, quantity: string | undefined): number | undefined {
  const sensible = /^[\x21-\x7e]{1,100}$/.test(order ?? '') && /^[1-9][0-9]*$/.test(quantity ?? '');
  return sensible && Number(quantity) <= LARGEST_QUANTITY ? Number(quantity) : undefined;
}

function paddleSale(number: number, { paddle }: Signing, tools: Tools): Call {
  const sale = {
    product: '1',
    order: `p${number}`,
    quantity: 1 + pick(3, tools),
    name: 'Ada',
    email: 'ada@example.com',
  };
  const fields = spoil(saleFields({ ...sale, at: Date.now() }), tools);
  const codes = codesFor(fields['p_order_id'], fields['p_quantity']);
  return {
    path: '/fulfillment/paddle-classic/example',
    body: signForm(fields, paddle),
    headers: FORM,
    codes,
    events: [],
  };
}

const ALERTS = [
  ...[
    'payment_succeeded',
    'locker_processed',
    'payment_refunded',
    'payment_dispute_created',
    'payment_dispute_closed',
  ],
  ...[
    'high_risk_transaction_created',
    'high_risk_transaction_updated',
    'subscription_created',
    'subscription_updated',
  ],
  ...[
    'subscription_payment_succeeded',
    'subscription_payment_failed',
    'subscription_payment_refunded',
    'subscription_cancelled',
    'x',
  ],
];

/** Shared by some concurrent calls, like a customer's: not by all, which would be nobody's. */
function subscriptionOf(number: number): string {
  return `s${Math.floor(number / 200)}`;
}

function paddleAlert(number: number, { paddle }: Signing, tools: Tools): Call {
  const fields = spoil(
    {
      alert_id: `a${number}`,
      alert_name: ALERTS[pick(ALERTS.length, tools)] ?? '',
      event_time: '2026-11-21 10:00:00',
      order_id: `p${pick(number + 1, tools)}`,
      subscription_id: subscriptionOf(number),
      p_product_id: '1',
      product_id: '1',
      quantity: '1',
      refund_type: 'full',
      status: 'active',
      next_bill_date: '2027-01-01',
      cancellation_effective_date: '2027-01-01',
      licence: 'x',
      initial_payment: '1',
    },
    tools,
  );
  const id = storedName(fields['alert_id'] ?? '');
  const body = signForm(fields, paddle);
  return { path: '/webhooks/paddle-classic', body, headers: FORM, events: [[id, digestOf(body)]] };
}

function fastSpringRequest(number: number, { fastSpring }: Signing, tools: Tools): Call {
  const whole = {
    reference: `f${number}`,
    quantity: String(1 + pick(3, tools)),
    name: 'Ada',
    email: 'a@example.com',
    test: 'true',
  };
  const more = { subscriptionReference: subscriptionOf(number), sequence: '2' };
  const fields = spoil(tools.random() < 0.3 ? { ...whole, ...more } : whole, tools);
  const sensible = codesFor(fields['reference']?.trim(), fields['quantity']?.trim());
  // The codes of a rebill are those of the subscription, whatever quantity was bought at first.
  const codes = sensible !== undefined && fields['subscriptionReference'] ? 'some' : sensible;
  return {
    path: '/fulfillment/fastspring/example',
    body: signRequest(fields, fastSpring),
    headers: FORM,
    codes,
    isShared: fields['reference'] !== whole.reference,
    events: [],
  };
}

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

const JSON_JUNK: readonly Json[] = [
  ...[
    null,
    true,
    0,
    -1,
    0.5,
    1e300,
    2 ** 53,
    [],
    {},
    [[]],
    { a: 1 },
    [null],
    ['x', 1],
    { product: 'example' },
  ],
  ...JUNK,
];

function fastSpringBatch(number: number, { fastSpring }: Signing, tools: Tools): Call {
  const story = STORIES[pick(STORIES.length, tools)] ?? 'refund';
  const cast = {
    quantity: 1 + pick(3, tools),
    period: 30,
    run: `${number}`,
    now: Date.UTC(2026, 10, 21, 10),
  } as const;
  const steps = stepsOf(story, { ...cast, paths: ['example'], products: ['example'] });
  const events = structuredClone(steps.flatMap((step) => ('events' in step ? step.events : []))) as Json[];
  for (let change = 1 + pick(3, tools); change > 0; change--) spoilJson(events, tools);
  const batch: Json = tools.random() < 0.05 ? junk(tools) : { events };
  let body = JSON.stringify(batch);
  if (tools.random() < 0.05) body = body.slice(0, pick(body.length, tools));
  const headers = { 'content-type': 'application/json', 'x-fs-signature': signWebhook(body, fastSpring) };
  const stored = isBatch(body) ? events.filter(isHeard).map(namesOf) : [[digestOf(body)]];
  return { path: '/webhooks/fastspring', body, headers, events: stored };
}

/** What is no batch is stored as one event. */
function isBatch(body: string): boolean {
  try {
    return Array.isArray(Object(JSON.parse(body))['events']);
  } catch {
    return false;
  }
}

/** A text with a NUL is stored with U+FFFD for it. */
function storedName(id: string): string {
  return id.replaceAll('\0', '\uFFFD').trim();
}

/** The name of what has none. */
function digestOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('hex')}`;
}

/** A simulator's call cannot change live licenses: what says that it is live is passed over, also where it cannot be read. */
function isHeard(event: Json): boolean {
  const { live, data } = Object(event);
  const isLive = (value: unknown) => (value === 'true' ? true : value);
  return isLive(live) !== true || isLive(Object(data)['live']) === false;
}

/** Its own id, or, without one, its digest. */
function namesOf(event: Json): string[] {
  const id =
    event !== null && typeof event === 'object' && 'id' in event
      ? [storedName(String(Object(event)['id']))]
      : [];
  return [...id, digestOf(JSON.stringify(event))];
}

/** A copy, since an inserted value is damaged further. */
function junk(tools: Tools): Json {
  return structuredClone(JSON_JUNK[pick(JSON_JUNK.length, tools)] ?? null);
}

/** Replaces or removes a value at any position. */
function spoilJson(value: Json, tools: Tools): void {
  if (value === null || typeof value !== 'object') return;
  const names = Object.keys(value);
  const name = names[pick(names.length, tools)];
  if (name === undefined) return;
  const holder = value as Record<string, Json>;
  const inside = holder[name] ?? null;
  if (inside !== null && typeof inside === 'object' && tools.random() < 0.8) {
    spoilJson(inside, tools);
  } else if (tools.random() < 0.25) {
    if (Array.isArray(value)) value.splice(Number(name), 1);
    else delete holder[name];
  } else {
    holder[name] = junk(tools);
  }
}
