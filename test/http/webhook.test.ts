import test from 'ava';
import Database from 'better-sqlite3';
import { simulatorSecret } from '../../src/keyring/simulator-key.ts';
import { signWebhook } from '../../src/marketplaces/fastspring/simulator.ts';
import {
  batchOf,
  deliver,
  type EventText,
  FileOwner,
  type Market,
  only,
  openMarket,
} from '../kit/fastspring.ts';
import { WEBHOOK_SECRETS } from '../kit/fastspring-secrets.ts';
import { bodyOf, exchange, headerOf, portOf, statusOf } from '../kit/raw.ts';

const MEBIBYTE = 1024 * 1024;

const owner = new FileOwner();
let market: Market;
test.before(async () => {
  market = await openMarket(owner, { env: { SIMULATOR: 'on' } });
});
test.after.always(() => owner.end());

function sale(order: string, more: { live?: boolean; product?: string; quantity?: number | string } = {}) {
  const { live = true, product = 'app', quantity = 1 } = more;
  return market.event(
    'order.completed',
    {
      id: `${order}-id`,
      reference: order,
      live,
      items: [{ product, quantity, subtotal: Number(quantity) * 5 }],
    },
    { live },
  );
}

/** An event without a time, for which the parser throws. */
const poison = (order: string) => timeless(sale(order));

const timeless = ({ id, text }: EventText): EventText => ({
  id,
  text: text.replace(/"created":\d+/, '"created":null'),
});

/** The stored bytes of an event. */
function keptOf(which: Market, id: string): unknown {
  const ledger = new Database(which.home.config.ledgerFile, { readonly: true });
  try {
    return ledger.prepare('SELECT payload FROM event WHERE event_id = ?').pluck().get(id);
  } finally {
    ledger.close();
  }
}

test('a signature covers the raw bytes, not the parsed body', async (t) => {
  const payload = `{"type":"order.completed" ,\r\n\t"live":true,"data":{"reference":"W-1","id":"W-1-id","items":[{"quantity":4E+0,"product":"\\u0061pp","subtotal":60.0,"note":"]},{\\"id\\":\\"x\\""}],"total":4E+1},"created":1.793491200e12,"id":"w-\\u0031"}`;
  const body = `\r\n{ "events" : [ ${payload} ] }\r\n`;
  const { status } = await market.deliver(body);
  t.is(status, 200);
  t.is((await market.find('W-1')).length, 4);
  t.is(keptOf(market, 'w-1'), payload);
  const reserialised = JSON.stringify(JSON.parse(body));
  const { status: refused } = await deliver(market.url, reserialised, {
    'X-FS-Signature': signWebhook(body, WEBHOOK_SECRETS[0]),
  });
  t.is(refused, 401, 'the control');
});

test('unsigned and wrongly signed deliveries get 401 and store nothing', async (t) => {
  const event = sale('W-2');
  const body = batchOf([event]);
  const right = signWebhook(body, WEBHOOK_SECRETS[0]);
  const wrong = [
    {},
    { 'X-FS-Signature': '' },
    { 'X-FS-Signature': signWebhook(body, 'a-secret-of-another') },
    { 'X-FS-Signature': Buffer.from(right, 'base64').toString('hex') },
    { 'X-FS-Signature': right.slice(0, -1) },
    { 'X-FS-Signature': signWebhook(`${body} `, WEBHOOK_SECRETS[0]) },
  ];
  for (const headers of wrong) {
    const { status, headers: answered } = await deliver(market.url, body, headers as Record<string, string>);
    t.is(status, 401);
    t.regex(String(answered['content-type']), /problem\+json/);
  }
  t.is(keptOf(market, event.id), undefined);
  t.is((await deliver(market.url, body, { 'X-FS-Signature': right })).status, 200, 'the control');
});

test('the body of a delivery without a signature header is not read', async (t) => {
  const head = (signature: string) =>
    `POST /webhooks/fastspring HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${signature}Content-Length: 1000000\r\n\r\n`;
  // The bodies never arrive: a response shows that the service does not wait for them.
  const shaped = signWebhook('another body', WEBHOOK_SECRETS[0]);
  for (const signature of ['', 'X-FS-Signature: x\r\n', `X-FS-Signature: ${shaped.slice(1)}\r\n`]) {
    const answer = await exchange(portOf(market.url), head(signature), { cutAfter: 30_000 });
    t.is(statusOf(answer), 401, signature);
    t.is(headerOf(answer, 'Connection'), 'close');
  }
  const waited = await exchange(portOf(market.url), head(`X-FS-Signature: ${shaped}\r\n`), { cutAfter: 300 });
  t.is(waited, '', 'the control: what may be signed is read to its end');
});

test('either secret is accepted, and the header name in any case', async (t) => {
  for (const secret of WEBHOOK_SECRETS) {
    for (const name of ['X-FS-Signature', 'X-Fs-Signature', 'x-fs-signature', 'X-FS-SIGNATURE']) {
      const body = String(batchOf([sale('W-3')]));
      const answer = await exchange(
        portOf(market.url),
        `POST /webhooks/fastspring HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n${name}: ${signWebhook(body, secret)}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
      t.is(statusOf(answer), 200, name);
    }
  }
  t.is((await market.find('W-3')).length, 1);
});

test('200 if all events are done, 202 with the ids of the done events, 503 if none is done', async (t) => {
  const [good, bad, fine] = [sale('W-4'), poison('W-4x'), sale('W-5')];
  const all = await market.deliver([good]);
  t.is(all.status, 200);
  const some = await market.deliver([good, bad, fine]);
  t.is(some.status, 202);
  t.is(some.text, `${good.id}\n${fine.id}\n`);
  t.is(some.headers['content-type'], 'text/plain; charset=utf-8');
  const none = await market.deliver([bad]);
  t.is(none.status, 503);
  t.false(none.text.includes(fine.id));
  t.is((await market.deliver([])).status, 200, 'no events are all done');
  t.is((await market.find('W-5')).length, 1, 'the poison stopped nobody');
});

// Alone: another test keeps such events too.
test.serial(
  'an event without an id or of a wrong shape does not block other events and is kept as failed',
  async (t) => {
    const good = sale('W-6');
    const shapeless = ['null', '7', '"event"', '[]', '{}', '{"id":"only-an-id"}'];
    const body = `{"events":[${shapeless.join()},${good.text}]}`;
    const { status, text } = await market.deliver(body);
    t.is(status, 202);
    t.is(text, `${good.id}\n`);
    const { out } = await market.cli(['events', 'list', '--failed', '--limit', '1000', '--json']);
    const failed = (JSON.parse(out) as { events: { type: string; fault: string }[] }).events;
    const unreadable = failed.filter(({ type }) => type === 'unreadable');
    t.is(unreadable.length, shapeless.length);
    t.regex(unreadable[0]!.fault, /no id or no type/);
  },
);

test.serial(
  'an event without an id is kept in its stated mode, or in mode test without a stated mode',
  async (t) => {
    const modes = {
      live: '{"type":"a","live":true}',
      test: '{"type":"b","live":false}',
      none: '{"type":"c"}',
    };
    const contradiction = '{"type":"d","live":true,"data":{"live":false}}';
    await market.deliver(`{"events":[${[...Object.values(modes), contradiction].join()}]}`);
    const { out } = await market.cli(['events', 'list', '--failed', '--limit', '4', '--json']);
    const { events } = JSON.parse(out) as { events: { type: string; mode: string }[] };
    t.true(events.every(({ type }) => type === 'unreadable'));
    t.deepEqual(events.map(({ mode }) => mode).sort(), ['live', 'test', 'test', 'test']);
  },
);

test.serial(
  'a body that is not a batch, also one with two events members, gets 503 and is kept',
  async (t) => {
    const bodies = [
      '',
      'no JSON',
      '[]',
      '{}',
      '{"events":{}}',
      '{"events":[],"events":[{"id":"a","type":"b"}]}',
      '{"events":[{"id":"a","type":"b"}],"\\u0065vents":[]}',
      Buffer.from([...Buffer.from('{"events":["'), 0xff, ...Buffer.from('"]}')]),
    ];
    for (const body of bodies) t.is((await market.deliver(body)).status, 503, String(body));
    const { out } = await market.cli(['events', 'list', '--failed', '--limit', '8', '--json']);
    const { events } = JSON.parse(out) as { events: { type: string; mode: string }[] };
    t.true(events.every(({ type, mode }) => type === 'unreadable' && mode === 'live'));
    t.is((await market.deliver('{"events":[],"data":{"events":[{}]}}')).status, 200, 'the control');
  },
);

test('a failed event is listed, and can be replayed once its cause is fixed', async (t) => {
  const own = await openMarket(owner);
  const bought = own.event('order.completed', {
    id: 'W-7-id',
    reference: 'W-7',
    items: [{ product: 'plan-monthly', quantity: 1, subscription: 'sub-W-7' }],
  });
  await own.tell(bought);
  // A ledger fault that affects one order only.
  const ledger = new Database(own.home.config.ledgerFile);
  t.teardown(() => ledger.close());
  ledger.exec(
    "CREATE TRIGGER fault BEFORE INSERT ON history WHEN (SELECT order_id FROM license WHERE number = new.license) = 'W-7' BEGIN SELECT RAISE(ABORT, 'a fault'); END",
  );
  const overdue = own.event('subscription.payment.overdue', { id: 'sub-W-7', state: 'overdue' });
  const other = own.event('order.completed', { id: 'W-8-id', reference: 'W-8', items: [{ product: 'app' }] });
  const { status, text } = await own.deliver([overdue, other]);
  t.is(status, 202);
  t.is(text, `${other.id}\n`);
  const { out } = await own.cli(['events', 'list', '--failed']);
  t.regex(out, new RegExp(`${overdue.id}  failed, .*The ledger refused`));
  t.notRegex(out, new RegExp(other.id));
  t.is((await own.cli(['events', 'replay', overdue.id])).status, 1, 'not mended yet');
  ledger.exec('DROP TRIGGER fault');
  const { status: replayed } = await own.cli(['events', 'replay', overdue.id]);
  t.is(replayed, 0);
  t.is((await own.find('W-7'))[0]!.state, 'suspended');
  t.is((await own.cli(['events', 'list', '--failed'])).out, 'No such events.\n');
});

test('FastSpring’s next delivery of a failed event retries it', async (t) => {
  const bad = poison('W-9');
  for (let attempt = 1; attempt <= 3; attempt++) t.is((await market.deliver([bad])).status, 503);
  const { out } = await market.cli(['events', 'show', bad.id, '--json']);
  t.like(JSON.parse(out).events[0], { outcome: 'failed', attempts: 3 });
});

test('an event resent manually under a new id has no second effect', async (t) => {
  await market.tell(sale('W-16', { quantity: 3 }));
  const data = {
    return: 'return-W-16',
    totalReturn: 5,
    original: { reference: 'W-16', total: 15 },
    items: [{ product: 'app', quantity: 1, refundType: 'Partial Refund', subtotal: 5 }],
  };
  for (let time = 1; time <= 3; time++) await market.tell(market.event('return.created', data));
  const states = async () => (await market.find('W-16')).map(({ state }) => state);
  t.deepEqual(await states(), ['active', 'active', 'revoked']);
  await market.tell(market.event('return.created', { ...data, return: 'another-return' }));
  t.deepEqual(await states(), ['active', 'revoked', 'revoked'], 'the control');
});

test('a time may be any number; an event without a time is kept as failed', async (t) => {
  const timed = (order: string, created: string) => {
    const { id, text } = sale(order);
    return { id, text: text.replace(/"created":\d+/, `"created":${created}`) };
  };
  for (const [place, created] of ['1794960000000.5', '1.79496e12', '"1794960000000"'].entries()) {
    t.is((await market.deliver([timed(`W-17-${place}`, created)])).status, 200, created);
    t.is((await only(t, market, `W-17-${place}`)).issued, '2026-11-18', created);
  }
  for (const [place, created] of ['1.5', '-1', '1e300', 'null', '"soon"', '{}'].entries()) {
    const event = timed(`W-18-${place}`, created);
    t.is((await market.deliver([event])).status, 503, created);
    t.deepEqual(await market.find(`W-18-${place}`), [], 'no license from 1970 on');
    t.is(keptOf(market, event.id), event.text);
    t.regex((await market.cli(['events', 'show', event.id])).out, /An event has no time/);
  }
  const unknown = '{"id":"w-19","type":"account.created","data":{}}';
  t.is((await market.deliver(`{"events":[${unknown}]}`)).status, 200, 'where nothing depends on it');
});

test('a batch of a hundred events is accepted', async (t) => {
  const events = Array.from({ length: 100 }, (_, place) => sale(`W-100-${place}`));
  const { status, text } = await market.deliver(events);
  t.is(status, 200, text);
  for (const place of [0, 50, 99]) t.is((await market.find(`W-100-${place}`)).length, 1);
});

test('a body of 2 MiB is accepted, and one byte more gets 413', async (t) => {
  const fitting = (size: number) => {
    const event = sale('W-10').text.replace(/\}\}$/, ',"pad":""}}');
    const bare = `{"events":[${event}]}`;
    return bare.replace('"pad":""', `"pad":"${'x'.repeat(size - bare.length)}"`);
  };
  const body = fitting(2 * MEBIBYTE);
  t.is(body.length, 2 * MEBIBYTE);
  t.is((await market.deliver(body)).status, 200);
  t.is((await market.find('W-10')).length, 1);
  const larger = fitting(2 * MEBIBYTE + 1);
  const answer = await exchange(
    portOf(market.url),
    `POST /webhooks/fastspring HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nX-FS-Signature: ${signWebhook(larger, WEBHOOK_SECRETS[0])}\r\nContent-Length: ${larger.length}\r\n\r\n`,
  );
  t.is(statusOf(answer), 413);
  t.regex(bodyOf(answer), /body_too_large/);
});

test('one batch sent on 32 concurrent connections has one effect', async (t) => {
  const subscription = { id: 'sub-W-11', state: 'active', nextChargeDate: Date.UTC(2027, 0, 1) };
  const batch = [
    market.event('subscription.charge.completed', { order: 'W-11B-id', sequence: 2, subscription }),
    market.event('order.completed', {
      id: 'W-11-id',
      reference: 'W-11',
      items: [
        { product: 'plan-monthly', quantity: 3, subtotal: 60, subscription: 'sub-W-11' },
        { product: 'app', quantity: 2, subtotal: 40 },
      ],
    }),
    market.event('return.created', {
      return: 'return-W-11',
      totalReturn: 20,
      original: { reference: 'W-11', total: 100 },
      items: [{ product: 'app', quantity: 1, refundType: 'Partial Refund', subtotal: 20 }],
    }),
  ];
  const answers = await Promise.all(Array.from({ length: 32 }, () => market.deliver(batch)));
  t.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  const licenses = await market.find('W-11');
  t.deepEqual(
    licenses
      .map(({ product, state, lastValid }) => `${product} ${state} ${product === 'app' ? '' : lastValid}`)
      .toSorted(),
    [
      'app active ',
      'app revoked ',
      'plan active 2027-01-15',
      'plan active 2027-01-15',
      'plan active 2027-01-15',
    ],
  );
  const histories = licenses.map(({ history }) => history.length);
  await market.tell(...batch);
  t.deepEqual(
    (await market.find('W-11')).map(({ history }) => history.length),
    histories,
    'and later nothing more',
  );
  t.is((await market.cli(['ledger', 'check'])).status, 0);
});

test('a test event never changes a live license of the same order id', async (t) => {
  await market.tell(
    market.event('order.completed', {
      id: 'W-12-id',
      reference: 'W-12',
      items: [{ product: 'plan-monthly', subscription: 'sub-W-12' }],
    }),
  );
  const before = await only(t, market, 'W-12');
  for (const [type, data] of [
    [
      'return.created',
      { return: 'r', totalReturn: 20, original: { reference: 'W-12', total: 20 }, items: [] },
    ],
    ['chargeback.created', { id: 'c', order: 'W-12-id' }],
    ['order.canceled', { id: 'W-12-id', reference: 'W-12' }],
    ['subscription.deactivated', { id: 'sub-W-12', state: 'deactivated' }],
  ] as const) {
    await market.tell(market.event(type, data, { live: false }));
    await market.tell(market.event(type, { ...data, live: false }, { live: true }));
  }
  t.deepEqual(await only(t, market, 'W-12'), before);
});

test('a test order’s event voids the live license that a request without test made', async (t) => {
  await market.ask('app', { reference: 'W-13', quantity: '1' });
  t.is((await only(t, market, 'W-13')).mode, 'live');
  await market.tell(sale('W-13', { live: false }));
  const licenses = await market.find('W-13');
  t.deepEqual(licenses.map(({ mode, state }) => `${mode} ${state}`).sort(), ['live revoked', 'test active']);
});

test('an event signed with the simulator’s secret never changes live licenses, not even to void them', async (t) => {
  await market.ask('app', { reference: 'W-14', quantity: '1' });
  const secret = simulatorSecret(market.home.config.keysDir);
  for (const live of [false, true]) {
    const body = batchOf([sale('W-14', { live })]);
    const { status } = await deliver(market.url, body, { 'X-FS-Signature': signWebhook(body, secret) });
    t.is(status, 200);
  }
  const licenses = await market.find('W-14');
  t.deepEqual(licenses.map(({ mode, state }) => `${mode} ${state}`).sort(), ['live active', 'test active']);
});

test('a received event is stored verbatim, also with nesting, escapes and repeated names', async (t) => {
  const payloads = [
    '{"id":"v-1","type":"x","data":{"events":[{"id":"inner","type":"y"}],"s":"a ] } , \\" \\\\ \\u007d"}}',
    '{ "type" : "x" ,"id":"v-2","data":{"a":1,"a":2},"n":-0.0,"e":1e-7,"big":12345678901234567890}',
    '{"id":"v-3","type":"x","data":{"name":"Grüße \\ud83d\\ude00 😀","empty":[],"none":null}}',
  ];
  const body = `{"more":["events",[{}]],\n"events":[\t${payloads.join('\r\n,  ')} \n]}`;
  t.is((await market.deliver(body)).status, 200);
  for (const [place, payload] of payloads.entries()) t.is(keptOf(market, `v-${place + 1}`), payload);
  t.is(keptOf(market, 'inner'), undefined);
});

test('no personal data is in log lines, lists of events or metrics', async (t) => {
  const own = await openMarket(owner, { env: { LOG_LEVEL: 'trace' } });
  const canaries = ['Canaryfirst', 'Canarylast', 'canary@example.com', 'Canary Street', '203.0.113.77'];
  const person = { first: canaries[0], last: canaries[1], email: canaries[2], company: null, phone: null };
  const data = (order: string, quantity: number) => ({
    id: `${order}-id`,
    reference: order,
    ipAddress: canaries[4],
    customer: person,
    recipients: [{ recipient: { ...person, address: { 'address line 1': canaries[3] } } }],
    items: [{ product: 'app', quantity }],
  });
  const events: EventText[] = [
    own.event('order.completed', data('C-1', 1)),
    timeless(own.event('order.completed', data('C-2', 1))),
    own.event('fulfillment.failed', { ...data('C-1', 1), reason: 'none left' }),
    own.event('account.created', { contact: person }),
  ];
  t.is((await own.deliver(events)).status, 202);
  t.is((await own.deliver(`{"events":[{"x":${JSON.stringify(person)}}]}`)).status, 503);
  t.is((await own.deliver(`{"events":[${JSON.stringify(person)}`)).status, 503);
  await own.ask('app', { reference: 'C-3', quantity: '1', email: canaries[2]!, name: canaries[0]! });
  const { out: list } = await own.cli(['events', 'list', '--json']);
  const { out: lines } = await own.cli(['events', 'list']);
  const { out: shown } = await own.cli(['events', 'show', events[0]!.id]);
  const { out: story } = await own.cli(['ledger', 'find', 'C-1', '--json']);
  const metrics = await (await fetch(`${own.url}/metrics`)).text();
  const log = JSON.stringify(own.home.lines);
  t.true(own.home.requestLines().length >= 4);
  for (const text of [list, lines, shown, story, metrics, log]) {
    for (const canary of canaries) t.false(text.includes(canary), canary);
  }
  for (const text of [log, metrics]) t.notRegex(text, /[0-9A-Z]{160}/);
  const { out: told } = await own.cli(['events', 'show', events[0]!.id, '--personal']);
  for (const canary of canaries) t.true(told.includes(canary), 'the control');
});

test('other methods get 405, other media types and encodings 415', async (t) => {
  t.is((await fetch(`${market.url}/webhooks/fastspring`)).status, 405);
  const body = String(batchOf([]));
  for (const headers of [
    { 'Content-Type': 'text/plain' },
    { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
  ]) {
    const { status } = await fetch(`${market.url}/webhooks/fastspring`, {
      method: 'POST',
      body,
      headers: { ...headers, 'X-FS-Signature': signWebhook(body, WEBHOOK_SECRETS[0]) } as Record<
        string,
        string
      >,
    });
    t.is(status, 415);
  }
});
