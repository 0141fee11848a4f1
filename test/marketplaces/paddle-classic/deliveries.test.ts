import test from 'ava';
import request from 'supertest';
import { signForm } from '../../../src/marketplaces/paddle-classic/simulator.ts';
import { type Cli, cliOf } from '../../kit/cli.ts';
import { FileOwner, type LicenseJson, told } from '../../kit/fastspring.ts';
import { productFile } from '../../kit/products.ts';
import { rsaKey } from '../../kit/rsa-keys.ts';
import { codesIn, FORM, signed } from '../../kit/sale.ts';
import { post } from '../../kit/send-sale.ts';
import { start } from '../../kit/service.ts';

const owner = new FileOwner();
let url: string;
let cli: Cli;
test.before(async () => {
  const { home, ...service } = await start(owner, {
    products: {
      app: productFile('name: App\nterm: P1Y\nmarketplaces: { paddle-classic: {} }'),
      plan: productFile(
        'name: Plan\nterm: P1M\ngrace: P7D\nmarketplaces: { paddle-classic: { product: "47023" } }',
      ),
      single: productFile(
        'name: Single\nterm: P1Y\nmultibuy: separate\nmarketplaces: { paddle-classic: {} }',
      ),
    },
  });
  url = service.url;
  cli = cliOf(home);
});
test.after.always(() => owner.end());

let alerts = 0;
let orders = 0;
const nextOrder = () => {
  orders += 1;
  return `7000${orders}`;
};

type Fields = Readonly<Record<string, string>>;

/** The fields of an alert; an alert without a time is a second later than the alert before. */
function alert(name: string, fields: Fields): Fields {
  alerts += 1;
  const time = new Date(Date.UTC(2026, 10, 20, 12, 0, alerts)).toISOString();
  return {
    alert_id: String(900_000 + alerts),
    alert_name: name,
    event_time: time.slice(0, 19).replace('T', ' '),
    marketing_consent: '',
    passthrough: 'a+b%20c&d=ü',
    email: 'grace@example.com',
    ...fields,
  };
}

function send(fields: Fields, key = rsaKey('live')): request.Test {
  return sendForm(signForm(fields, key.privateKey));
}

function sendForm(form: string): request.Test {
  return request(url)
    .post('/webhooks/paddle-classic')
    .set('Content-Type', FORM)
    .set('User-Agent', 'Paddle')
    .serialize((body) => body)
    .send(form);
}

/** Sends an alert and demands 200. */
async function tell(name: string, fields: Fields): Promise<void> {
  const { status, text } = await send(alert(name, fields));
  if (status !== 200) throw new Error(`${name} was answered ${status}: ${text}`);
}

async function find(order: string): Promise<readonly LicenseJson[]> {
  const { out, status } = await cli(['ledger', 'find', order, '--json']);
  return status === 0 ? (JSON.parse(out) as { licenses: LicenseJson[] }).licenses : [];
}

const states = async (order: string) => (await find(order)).map(({ state }) => state);

/** An order with its licenses; Paddle calls the license server before it sends an alert. */
async function buy(product = 'app', quantity = 1): Promise<string> {
  const order = nextOrder();
  const count = String(quantity);
  const { status } = await post(
    url,
    signed({ p_order_id: order, p_quantity: count, quantity: count }),
    product,
  );
  if (status !== 200) throw new Error(`the sale was answered ${status}`);
  return order;
}

/** A subscription with its first payment. */
async function subscribe(): Promise<{ order: string; subscription: string; first: Fields }> {
  const order = await buy('plan');
  const subscription = `5${order}`;
  const first = { order_id: order, subscription_id: subscription, status: 'active', initial_payment: '1' };
  await tell('subscription_payment_succeeded', { ...first, next_bill_date: '2026-12-20' });
  return { order, subscription, first };
}

test('fault 1: a full refund revokes; some money or the tax does not; an unknown kind is flagged', async (t) => {
  const [full, vat, partial, vague] = [await buy(), await buy(), await buy('app', 5), await buy('app', 2)];
  const back = (order_id: string, refund_type: string, more: Fields = {}) =>
    tell('payment_refunded', { order_id, refund_type, quantity: '5', currency: 'USD', ...more });
  await back(full, 'full', { gross_refund: '39.00' });
  await back(vat, 'vat', { gross_refund: '6.23' });
  await back(partial, 'partial', { gross_refund: '19.50' });
  await back(vague, 'goodwill', { gross_refund: '1.00' });
  t.deepEqual(await states(full), ['revoked']);
  t.deepEqual(await states(vat), ['active']);
  t.deepEqual(await states(partial), Array(5).fill('active'));
  t.deepEqual(await states(vague), ['active', 'active']);
  const { out } = await cli(['events', 'list', '--flagged']);
  t.regex(out, /payment_refunded/);
});

test('an open dispute suspends, a won one reinstates', async (t) => {
  const order = await buy();
  await tell('payment_dispute_created', { order_id: order, status: 'open' });
  t.deepEqual(await states(order), ['suspended']);
  await tell('payment_dispute_closed', { order_id: order, status: 'closed' });
  t.deepEqual(await states(order), ['active']);
});

test('a high risk review suspends what has a license, and clears it when it is accepted', async (t) => {
  const [accepted, rejected] = [await buy(), await buy()];
  for (const order of [accepted, rejected]) {
    await tell('high_risk_transaction_created', { case_id: `case-${order}`, status: 'pending' });
    t.deepEqual(await states(order), ['active'], 'it names no order yet');
  }
  await tell('high_risk_transaction_updated', {
    case_id: `case-${rejected}`,
    order_id: rejected,
    status: 'rejected',
  });
  t.deepEqual(await states(rejected), ['suspended']);
  await tell('high_risk_transaction_updated', {
    case_id: `case-${accepted}`,
    order_id: accepted,
    status: 'accepted',
  });
  t.deepEqual(await states(accepted), ['active']);
});

test('payments of a subscription set its last valid day, a failed payment suspends, a later payment reinstates', async (t) => {
  const { order, subscription } = await subscribe();
  t.deepEqual(told(await find(order)), ['plan 0: active to 2026-12-27, 1']);
  await tell('subscription_payment_failed', {
    order_id: order,
    subscription_id: subscription,
    status: 'past_due',
  });
  t.deepEqual(await states(order), ['suspended']);
  await tell('subscription_payment_succeeded', {
    order_id: `${order}-2`,
    subscription_id: subscription,
    initial_payment: '0',
    next_bill_date: '2027-01-20',
    status: 'active',
  });
  t.deepEqual(told(await find(order)), ['plan 0: active to 2027-01-27, 1']);
  const [renewed, ...others] = await find(`${order}-2`);
  t.deepEqual([renewed?.order, others], [order, []], 'a renewal has no license of its own');
});

test('a payment that failed while Paddle still calls the subscription active suspends nothing', async (t) => {
  const { order, first } = await subscribe();
  await tell('subscription_payment_failed', { ...first, status: 'active' });
  t.deepEqual(await states(order), ['active']);
});

test('the refund of a first payment concerns its order, whether Paddle writes 1 or true', async (t) => {
  for (const initial of ['1', 'true']) {
    const { order, subscription } = await subscribe();
    await tell('subscription_payment_refunded', {
      order_id: order,
      subscription_id: subscription,
      initial_payment: initial,
      refund_type: 'full',
    });
    t.deepEqual(await states(order), ['revoked']);
  }
});

test('the licenses follow a subscription that is created, changed, paused and resumed', async (t) => {
  const { order, subscription } = await subscribe();
  const update = (fields: Fields) =>
    tell('subscription_updated', {
      subscription_id: subscription,
      subscription_plan_id: '47023',
      status: 'active',
      old_status: 'active',
      next_bill_date: '2026-12-24',
      new_quantity: '1',
      ...fields,
    });
  await tell('subscription_created', {
    subscription_id: subscription,
    status: 'active',
    next_bill_date: '2026-12-22',
  });
  t.deepEqual(told(await find(order)), ['plan 0: active to 2026-12-29, 1']);
  await update({});
  t.deepEqual(told(await find(order)), ['plan 0: active to 2026-12-31, 1']);
  await update({ status: 'paused' });
  t.deepEqual(await states(order), ['suspended']);
  await update({ old_status: 'paused' });
  t.deepEqual(await states(order), ['active']);
  await update({ new_quantity: '2' });
  // The later unit belongs to the subscription, not to its first order.
  t.deepEqual(await states(subscription), ['active', 'active']);
  await update({ new_quantity: '999999' });
  t.deepEqual(await states(subscription), ['active', 'active'], 'flagged instead');
  await update({ status: 'past_due', new_quantity: '2' });
  t.deepEqual(await states(subscription), ['suspended', 'suspended']);
});

test('a cancelled subscription is valid to its effective day, written with or without a time', async (t) => {
  for (const day of ['2026-12-10', '2026-12-10 23:59:59']) {
    const { order, subscription } = await subscribe();
    await tell('subscription_cancelled', {
      subscription_id: subscription,
      status: 'deleted',
      cancellation_effective_date: day,
    });
    t.deepEqual(told(await find(order)), ['plan 0: active to 2026-12-10, 1']);
  }
});

test('an alert takes effect once per alert_id, however often it is sent', async (t) => {
  const order = await buy();
  const fields = alert('payment_refunded', { order_id: order, refund_type: 'full' });
  const answers = await Promise.all(Array.from({ length: 16 }, () => send(fields)));
  t.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  const [license] = await find(order);
  t.is(license?.history.filter(({ to }) => to === 'revoked').length, 1);
});

test('event_time decides what is newer: shuffled alerts end like ordered ones', async (t) => {
  const lifeOf = (order: string) => {
    const subscription = { subscription_id: `6${order}` };
    const at = (minute: number) => ({ event_time: `2026-11-20 11:${String(minute).padStart(2, '0')}:00` });
    return [
      alert('subscription_payment_succeeded', {
        ...subscription,
        ...at(0),
        order_id: order,
        initial_payment: '1',
        next_bill_date: '2026-12-20',
      }),
      alert('subscription_payment_failed', { ...subscription, ...at(1), status: 'past_due' }),
      alert('subscription_payment_succeeded', {
        ...subscription,
        ...at(2),
        order_id: `${order}-2`,
        initial_payment: '0',
        next_bill_date: '2027-01-20',
      }),
      alert('payment_dispute_created', { ...at(3), order_id: order }),
      alert('payment_dispute_closed', { ...at(4), order_id: order }),
      alert('subscription_cancelled', {
        ...subscription,
        ...at(5),
        cancellation_effective_date: '2027-01-19',
      }),
    ];
  };
  for (const places of [
    [0, 1, 2, 3, 4, 5],
    [5, 4, 3, 2, 1, 0],
    [2, 0, 4, 1, 5, 3],
    [1, 3, 5, 0, 2, 4],
  ]) {
    const order = await buy('plan');
    const life = lifeOf(order);
    for (const place of places) t.is((await send(life[place]!)).status, 200);
    t.deepEqual(told(await find(order)), ['plan 0: active to 2027-01-19, 1'], places.join());
  }
});

test('Separate Multibuy is settled when as many codes are stored as units were bought', async (t) => {
  const order = nextOrder();
  const ask = async () =>
    codesIn(
      (await post(url, signed({ p_order_id: order, p_quantity: '1', quantity: '1' }), 'single')).text,
    )[0]!;
  const stored: string[] = [];
  for (let unit = 0; unit < 3; unit++) {
    // A unit is delivered when its answer is noted, which the service does behind the answer.
    stored.push(await ask());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  t.is(new Set(stored).size, 3);
  await tell('payment_succeeded', { order_id: order, quantity: '2' });
  await tell('locker_processed', { order_id: order, licence: stored[2]! });
  t.deepEqual(await states(order), ['active', 'active', 'active'], 'not settled yet');
  const flagged = await cli(['flags', 'list']);
  t.regex(flagged.out, new RegExp(order), 'a unit more than was paid for is for the seller to see');
  await tell('locker_processed', { order_id: order, licence: `Your code:\n\n${stored[0]!}\n` });
  t.deepEqual(await states(order), ['active', 'revoked', 'active']);
});

test('alerts of the same second for different units of Separate Multibuy all count', async (t) => {
  const order = nextOrder();
  const stored: string[] = [];
  for (let unit = 0; unit < 3; unit++) {
    const asked = signed({ p_order_id: order, p_quantity: '1', quantity: '1' });
    stored.push(codesIn((await post(url, asked, 'single')).text)[0]!);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await tell('payment_succeeded', { order_id: order, quantity: '2' });
  const event_time = '2026-11-20 11:00:00';
  await tell('locker_processed', { order_id: order, licence: stored[0]!, event_time });
  await tell('locker_processed', { order_id: order, licence: stored[1]!, event_time });
  t.deepEqual(await states(order), ['active', 'active', 'revoked'], 'two are stored, and two were paid for');
});

test('a dispute told before the sale’s request refuses it, and the retry after a won dispute gets the code', async (t) => {
  const order = nextOrder();
  const ask = () => post(url, signed({ p_order_id: order }), 'app');
  await tell('payment_dispute_created', { order_id: order, status: 'open' });
  const refused = await ask();
  t.deepEqual([refused.status, refused.body.code], [409, 'license_suspended']);
  t.deepEqual(await states(order), ['suspended'], 'the sale is on record');
  await tell('payment_dispute_closed', { order_id: order, status: 'closed' });
  const answered = await ask();
  t.deepEqual([answered.status, codesIn(answered.text).length], [200, 1]);
});

test('Paddle’s test values yield no facts and are 200', async (t) => {
  const order = await buy('plan');
  const before = await find(order);
  const names = [
    'payment_succeeded',
    'payment_refunded',
    'locker_processed',
    'payment_dispute_created',
    'high_risk_transaction_created',
    'high_risk_transaction_updated',
    'subscription_created',
    'subscription_updated',
    'subscription_payment_succeeded',
    'subscription_payment_failed',
    'subscription_payment_refunded',
    'subscription_cancelled',
    'subscription_of_the_future',
    'transfer_paid',
  ];
  const all = [
    'order_id',
    'quantity',
    'subscription_id',
    'status',
    'refund_type',
    'next_bill_date',
    'case_id',
    'licence',
    'cancellation_effective_date',
    'subscription_plan_id',
    'new_quantity',
  ];
  const placeholders = Object.fromEntries(all.map((name) => [name, name]));
  const empty = Object.fromEntries(all.map((name) => [name, '']));
  for (const name of names) {
    for (const fields of [
      placeholders,
      empty,
      {},
      { initial_payment: 'true', used_price_override: 'true' },
    ]) {
      await tell(name, fields);
    }
  }
  t.deepEqual(await find(order), before);
});

test('an alert with an unknown or invalid signature is 401, and stores nothing', async (t) => {
  const order = await buy();
  const fields = alert('payment_refunded', { order_id: order, refund_type: 'full' });
  const form = signForm(fields, rsaKey('live').privateKey);
  const unsigned = new URLSearchParams(fields).toString();
  for (const wrong of [
    unsigned,
    form.replace('refund_type=full', 'refund_type=vat'),
    `${form}&more=1`,
    signForm(fields, rsaKey('another').privateKey),
  ]) {
    t.is((await sendForm(wrong)).status, 401);
  }
  t.is((await cli(['events', 'show', fields['alert_id']!])).status, 1);
  t.deepEqual(await states(order), ['active']);
  t.is((await sendForm(form)).status, 200, 'the control');
  t.deepEqual(await states(order), ['revoked']);
});

test('an alert of the sandbox never changes a live license', async (t) => {
  const order = await buy();
  const fields = alert('payment_refunded', { order_id: order, refund_type: 'full' });
  t.is((await send(fields, rsaKey('sandbox'))).status, 200);
  t.deepEqual(await states(order), ['active']);
});

test('fault 56: an alert without its time is stored as failed and refused, and changes nothing', async (t) => {
  const order = await buy();
  const fields = alert('payment_refunded', { order_id: order, refund_type: 'full', event_time: '' });
  t.is((await send(fields)).status, 503);
  t.deepEqual(await states(order), ['active']);
  const { out } = await cli(['events', 'list', '--failed']);
  t.regex(out, new RegExp(fields['alert_id'] ?? 'none'));
  t.is((await send(alert('transfer_paid', { event_time: '' }))).status, 200, 'of no license');
});

test('a signed call that is no alert is kept and refused', async (t) => {
  t.is((await sendForm(signed({ alert_name: 'payment_of_nothing' }))).status, 503);
  const { out } = await cli(['events', 'list', '--failed', '--json']);
  t.regex(out, /"type": ?"unreadable"/);
});
