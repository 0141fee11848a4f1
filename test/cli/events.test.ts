import test from 'ava';
import { FileOwner, type Market, openMarket } from '../kit/fastspring.ts';

const owner = new FileOwner();
let market: Market;
test.before(async () => {
  market = await openMarket(owner);
});
test.after.always(() => owner.end());

interface EventJson {
  readonly id: string;
  readonly outcome: string;
  readonly fault: string | null;
  readonly flagged: boolean;
  readonly payload?: string;
}

async function list(...words: readonly string[]): Promise<readonly EventJson[]> {
  const { status, out } = await market.cli(['events', 'list', ...words, '--json']);
  if (status !== 0) throw new Error(`status ${status}`);
  return (JSON.parse(out) as { events: EventJson[] }).events;
}

function sale(order: string, quantity = 1, more: { readonly created?: number } = {}) {
  const data = {
    id: `${order}-id`,
    reference: order,
    customer: { first: 'Grace', last: 'Hopper', email: `${order}@example.com` },
    items: [{ product: 'app', quantity }],
  };
  return market.event('order.completed', data, more);
}

/** An event without a time cannot be read. */
const timeless = (order: string) => sale(order, 1, { created: 0 });

test('events list prints the newest first, only failed or only flagged events, up to the limit', async (t) => {
  const [first, bad] = [sale('E-1'), timeless('E-2')];
  const flagged = market.event('fulfillment.failed', { reference: 'E-1', reason: 'none left' });
  const last = sale('E-3');
  for (const event of [first, bad, flagged, last]) await market.deliver([event]);
  const ids = (await list('--limit', '1000')).map(({ id }) => id);
  const places = [last, flagged, bad, first].map(({ id }) => ids.indexOf(id));
  t.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
  );
  t.true(places[0]! >= 0);
  t.true((await list('--failed')).every(({ outcome }) => outcome === 'failed'));
  t.true((await list('--failed')).some(({ id }) => id === bad.id));
  t.true((await list('--flagged')).every((event) => event.flagged));
  t.true((await list('--flagged')).some(({ id }) => id === flagged.id));
  t.is((await list('--limit', '2')).length, 2);
  t.true(
    (await list()).every((event) => !('payload' in event)),
    'payloads may hold personal data',
  );
  const { out } = await market.cli(['events', 'list', '--failed']);
  t.regex(
    out,
    new RegExp(
      `^\\d{4}-.*Z  fastspring live  order\\.completed  ${bad.id}  failed, flagged, An event has no time\\.\\n {4}flag \\d+, unclear: `,
      'm',
    ),
  );
});

test('events show prints the payload byte for byte, and only on request', async (t) => {
  const event = sale('E-4');
  await market.tell(event);
  const { out: bare } = await market.cli(['events', 'show', event.id]);
  t.false(bare.includes('E-4@example.com'));
  const { out } = await market.cli(['events', 'show', event.id, '--personal']);
  t.true(out.endsWith(`\n${event.text}\n`));
  const { out: json } = await market.cli(['events', 'show', event.id, '--personal', '--json']);
  t.is((JSON.parse(json) as { events: EventJson[] }).events[0]!.payload, event.text);
});

test('replaying an applied event changes nothing twice', async (t) => {
  const event = sale('E-5', 2);
  await market.tell(event);
  const before = await market.find('E-5');
  const { status, out } = await market.cli(['events', 'replay', event.id, '--json']);
  t.is(status, 0);
  t.deepEqual(JSON.parse(out), {
    event: event.id,
    outcome: 'applied',
    replayed: [{ marketplace: 'fastspring', mode: 'live', outcome: 'applied' }],
  });
  t.deepEqual(await market.find('E-5'), before);
  t.is(
    (await market.cli(['events', 'replay', event.id])).out,
    `Event ${event.id} (order.completed) was applied.\n`,
  );
});

test('a replay that fails again says why and leaves the event failed', async (t) => {
  const event = timeless('E-6');
  await market.deliver([event]);
  const { status, err, out } = await market.cli(['events', 'replay', event.id]);
  t.is(status, 1);
  t.is(out, '');
  t.regex(err, /An event has no time/);
  t.true((await list('--failed')).some(({ id }) => id === event.id));
});

/** Two events with one id, in test mode and in live mode; the live event is the newer event. */
async function tellNamesakes(order: string): Promise<string> {
  const event = sale(order);
  const tested = event.text.replace('"live":true', '"live":false').replaceAll(order, `${order}-test`);
  await market.tell({ ...event, text: tested });
  await market.tell(event);
  return event.id;
}

const TEST = { marketplace: 'fastspring', mode: 'test' };
const LIVE = { marketplace: 'fastspring', mode: 'live' };

test('events of one id in two modes are replayed each, in one document', async (t) => {
  const id = await tellNamesakes('E-7');
  const { status, out } = await market.cli(['events', 'replay', id, '--json']);
  t.is(status, 0);
  t.deepEqual(JSON.parse(out), {
    event: id,
    outcome: 'applied',
    replayed: [
      { ...LIVE, outcome: 'applied' },
      { ...TEST, outcome: 'applied' },
    ],
  });
  t.is(
    (await market.cli(['events', 'replay', id])).out,
    `Event ${id} (fastspring live, order.completed) was applied.\nEvent ${id} (fastspring test, order.completed) was applied.\n`,
  );
});

test('where the payload of one of two events was deleted, the other is replayed, and status 1 says which was not', async (t) => {
  const id = await tellNamesakes('E-8');
  t.is((await market.cli(['customer', 'erase', 'E-8@example.com'])).status, 0);
  const { status, out, err } = await market.cli(['events', 'replay', id, '--json']);
  t.is(status, 1);
  t.like(JSON.parse(out), {
    outcome: 'forgotten',
    replayed: [
      { ...LIVE, outcome: 'forgotten' },
      { ...TEST, outcome: 'applied' },
    ],
  });
  t.regex(
    err,
    new RegExp(`^The payload of event ${id} \\(fastspring live, order\\.completed\\) was deleted, so`),
  );
  await market.cli(['customer', 'erase', 'E-8-test@example.com']);
  const none = await market.cli(['events', 'replay', id, '--json']);
  t.deepEqual([none.status, none.out], [1, '']);
  t.regex(none.err, /fastspring live.*deleted.*\n.*fastspring test.*deleted/);
});

test('where one of two events cannot be read, the other is replayed, and status 1 says why', async (t) => {
  const [readable, unreadable] = [sale('E-9'), timeless('E-10')];
  const { id } = readable;
  await market.tell(readable);
  const text = unreadable.text.replace(unreadable.id, id).replace('"live":true', '"live":false');
  await market.deliver([{ id, text }]);
  const { status, out, err } = await market.cli(['events', 'replay', id]);
  t.is(status, 1);
  t.is(out, `Event ${id} (fastspring live, order.completed) was applied.\n`);
  t.regex(err, new RegExp(`^Event ${id} \\(fastspring test, order\\.completed\\): An event has no time`));
});

test('a missing event and a mistyped argument are errors with status 1', async (t) => {
  for (const words of [
    ['show', 'nothing'],
    ['replay', 'nothing'],
  ]) {
    const { status, err } = await market.cli(['events', ...words]);
    t.is(status, 1);
    t.regex(err, /There is no event nothing/);
  }
  for (const limit of ['0', '-1', '10001', 'all']) {
    t.is((await market.cli(['events', 'list', '--limit', limit])).status, 1, limit);
  }
});
