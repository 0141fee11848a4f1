/** Rules for every alert: its id, time, mode and codes. */
import test from 'ava';
import type { FactBody } from '../../../src/domain/facts/fact.ts';
import { byTime } from '../../../src/domain/facts/fact-order.ts';
import { AppError } from '../../../src/errors.ts';
import {
  paddleClassicEvents,
  readAgain,
  readAlertHead,
} from '../../../src/marketplaces/paddle-classic/events.ts';
import { signForm } from '../../../src/marketplaces/paddle-classic/simulator.ts';
import { AT, bodies, fieldsOf, PRODUCTS, read, TIME, type Values } from '../../kit/alerts.ts';
import { ENTITLEMENT, MINTER } from '../../kit/minting.ts';
import { rsaKey } from '../../kit/rsa-keys.ts';

const { readBatch } = paddleClassicEvents({
  keys: [
    ['live', rsaKey('live').publicKey],
    ['sandbox', rsaKey('sandbox').publicKey],
  ],
  products: PRODUCTS,
});

const REFUND = {
  alert_id: '900',
  alert_name: 'payment_refunded',
  event_time: TIME,
  order_id: '101',
  refund_type: 'full',
};

test('an alert’s facts have its mode, its time and a cause that names it', (t) => {
  const event = read('payment_refunded', REFUND);
  t.deepEqual(event.facts, [
    {
      marketplace: 'paddle-classic',
      mode: 'live',
      subject: 'order:101',
      key: `payment_refunded:order:101:${AT}:refunded:0`,
      at: AT,
      cause: 'payment_refunded 900',
      body: { kind: 'refunded' },
    },
  ]);
  const { facts: _, ...head } = event;
  t.deepEqual(head, {
    marketplace: 'paddle-classic',
    mode: 'live',
    id: '900',
    type: 'payment_refunded',
    at: AT,
    payload: 'payload',
    people: [],
    codes: [],
  });
});

test('fault 10: an alert has the mode of the key that signed it, whatever address it holds', (t) => {
  const email = 'blackhole+0123456789abc@paddle.com';
  const signs = { email, passthrough: 'Example passthrough', p_used_price_override: '1' };
  const modeBy = (key: string) => {
    const form = signForm({ ...REFUND, ...signs }, rsaKey(key).privateKey);
    const events = readBatch(Buffer.from(form), {}, 0);
    return events?.map(({ head, read }) => [head.mode, read().facts[0]?.mode]);
  };
  t.deepEqual(modeBy('live'), [['live', 'live']]);
  t.deepEqual(modeBy('sandbox'), [['test', 'test']]);
  t.is(modeBy('another'), undefined);
});

test('an alert is read from its stored payload as at first', (t) => {
  const form = signForm(REFUND, rsaKey('live').privateKey);
  const [first] = readBatch(Buffer.from(form), {}, 0) ?? [];
  const again = readAgain(form, 'live', PRODUCTS);
  t.deepEqual(again.head, first?.head);
  t.deepEqual(again.read(), first?.read());
});

test('fault 56: an alert without a readable time is refused, and its head is still read', (t) => {
  for (const event_time of [
    undefined,
    '',
    'event_time',
    '2026-13-20 12:00:00',
    '2026-11-20 25:00:00',
    '1970-01-01 00:00:00',
    '2026-11-20',
    '20 November 2026',
  ]) {
    const error = t.throws(() => read('payment_refunded', { ...REFUND, event_time }), {
      instanceOf: AppError,
    });
    t.is(error?.code, 'malformed_request');
    t.regex(error?.message ?? '', /^event_time /);
    t.like(readAlertHead(fieldsOf({ ...REFUND, event_time }), 'live', ''), { id: '900', at: 0 });
  }
  t.is(
    read('payment_refunded', { ...REFUND, event_time: '2016-02-29 23:59:59' }).at,
    Date.UTC(2016, 1, 29, 23, 59, 59),
  );
});

test('alerts that do not concern licenses or name nothing yield no facts', (t) => {
  for (const name of ['transfer_paid', 'new_audience_member', 'subscription_of_the_future', 'constructor']) {
    t.deepEqual(read(name, { ...REFUND, alert_name: name, event_time: undefined }).facts, []);
  }
  t.deepEqual(read('payment_refunded', { order_id: '', event_time: undefined }).facts, []);
});

test('a call without an id or a name is no alert', (t) => {
  for (const values of [
    { alert_id: undefined },
    { alert_id: '' },
    { alert_name: undefined },
    { alert_name: ' ' },
  ]) {
    const error = t.throws(() => readAlertHead(fieldsOf({ ...REFUND, ...values }), 'live', ''), {
      instanceOf: AppError,
    });
    t.is(error?.code, 'malformed_request');
  }
});

const units = [0, 1].map((unit) =>
  MINTER.mint(
    { marketplace: 'paddle-classic', mode: 'live', order: '101', line: '', product: 'app', unit },
    ENTITLEMENT,
    0,
  ),
);
const CODES = units.map(({ code }) => code);

test('the codes that Paddle stored become facts, by license and verbatim', (t) => {
  const licence = `Your codes:\n\n${CODES[0]}\n\n${CODES[1]}\n`;
  const event = read('locker_processed', { order_id: '101', licence });
  t.deepEqual(event.codes, CODES);
  const [body] = event.facts.map((fact) => fact.body);
  t.is(body?.kind === 'stored' ? new Set(body.licenses).size : 0, 2);
  const alone = read('locker_processed', { order_id: '101', licence: CODES[1] }).facts[0]?.body;
  t.deepEqual(alone, { kind: 'stored', licenses: body?.kind === 'stored' ? [body.licenses[1]] : [] });
});

test('a stored text without a code is in the history, and no other field is searched for codes', (t) => {
  const none: FactBody = { kind: 'noted', note: 'processed without a license code' };
  const texts: readonly Values[] = [
    {},
    { licence: '' },
    { licence: 'Example String' },
    { license: CODES[0] },
  ];
  for (const values of texts) t.deepEqual(bodies('locker_processed', { order_id: '101', ...values }), [none]);
  t.deepEqual(read('locker_processed', { licence: CODES[0] }).facts, []);
  t.deepEqual(read('payment_succeeded', { order_id: '101', quantity: '1', licence: CODES[0] }).codes, []);
});

test('of two changes in the same second the one of the higher alert_id counts, in either order of arrival', (t) => {
  const change = (alert_id: string, new_quantity: string) =>
    read('subscription_updated', {
      alert_id,
      new_quantity,
      subscription_id: '7',
      subscription_plan_id: '5520',
      status: 'active',
    }).facts.filter(({ body }) => body.kind === 'resized');
  const [earlier, later] = [change('999', '1'), change('1000', '3')];
  for (const arriving of [
    [...earlier, ...later],
    [...later, ...earlier],
  ]) {
    const [first, last] = [...arriving].sort(byTime);
    t.like(first?.body, { quantity: 1 });
    t.like(last?.body, { quantity: 3 });
  }
  t.deepEqual(change('999', '1'), earlier, 'the same alert sent again is the same fact');
});
