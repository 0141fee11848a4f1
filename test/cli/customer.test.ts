import { readFileSync } from 'node:fs';
import test from 'ava';
import { FileOwner, type Market, openMarket } from '../kit/fastspring.ts';

const owner = new FileOwner();
let market: Market;
test.before(async () => {
  market = await openMarket(owner);
});
test.after.always(() => owner.end());

/** One license by an event and one by a request, both of one person. */
async function buy(order: string, email: string, name: string): Promise<void> {
  await market.tell(
    market.event('order.completed', {
      id: `${order}-id`,
      reference: order,
      customer: { first: name, last: 'Canary', email },
      items: [{ product: 'app', quantity: 1 }],
    }),
  );
  await market.ask('app', { reference: `${order}B`, quantity: '1', email, name: `${name} Canary` });
}

test('customer export prints all data of an address, in either case', async (t) => {
  await buy('ACM261120-1000-11001', 'Ada@example.com', 'Ada');
  for (const email of ['Ada@example.com', 'ada@EXAMPLE.com']) {
    const { status, out } = await market.cli(['customer', 'export', email]);
    t.is(status, 0);
    const held = JSON.parse(out);
    t.deepEqual(held.licenses.map(({ order }: { order: string }) => order).sort(), [
      'ACM261120-1000-11001',
      'ACM261120-1000-11001B',
    ]);
    t.is(held.licenses[0].customer.name, 'Ada Canary');
    t.is(held.events.length, 1);
    t.regex(held.events[0].payload, /Ada@example\.com/);
  }
});

test('customer erase removes name and address to the last byte; the licenses stay', async (t) => {
  await buy('ACM261120-1000-11002', 'grace.canary@example.com', 'Gracecanary');
  const before = await market.find('ACM261120-1000-11002');
  const { status, out } = await market.cli(['customer', 'erase', 'Grace.Canary@example.com', '--json']);
  t.is(status, 0);
  t.deepEqual(JSON.parse(out), { licenses: 2, events: 1, others: 0, clean: true });
  t.deepEqual(await market.find('ACM261120-1000-11002'), before);
  for (const end of ['', '-wal']) {
    const bytes = readFileSync(`${market.home.config.ledgerFile}${end}`).toString('latin1');
    t.false(/grace\.canary@|Gracecanary/i.test(bytes), `ledger${end}`);
  }
  t.is((await market.cli(['customer', 'export', 'grace.canary@example.com'])).status, 1);
  t.is((await market.cli(['ledger', 'check'])).status, 0);
  const replay = await market.ask('app', { reference: 'ACM261120-1000-11002B', quantity: '1' });
  t.is(replay.status, 200, 'a repeat is answered all the same');
});

test('customer erase by the former or the corrected address removes all data of the person', async (t) => {
  for (const [place, erased] of ['mistyped', 'mended'].entries()) {
    const order = `ACM261120-1000-1100${8 + place}`;
    const [wrong, right] = [`mistyped${place}@example.com`, `mended${place}@example.com`];
    await market.ask('app', { reference: order, quantity: '1', email: wrong, name: 'Typo Canary' });
    const correct = ['customer', 'correct', order, '--email', right, '--reason', 'ticket 1: a slip'];
    t.is((await market.cli(correct)).status, 0);
    // The marketplace still sends the former address.
    const customer = { first: 'Typo', last: 'Canary', email: wrong };
    const items = [{ product: 'app', quantity: 1 }];
    await market.tell(market.event('order.completed', { reference: order, customer, items }));
    const { out, status } = await market.cli(['customer', 'erase', `${erased}${place}@example.com`]);
    t.is(status, 0);
    t.notRegex(out, /still named/);
    for (const address of [wrong, right]) {
      t.is((await market.cli(['customer', 'export', address])).status, 1, address);
      t.is((await market.cli(['customer', 'erase', address])).status, 1, address);
    }
    t.regex((await market.cli(['ledger', 'find', order])).out, /^customer {4}unknown$/m);
  }
});

test('customer erase reports that the other person of a gift remains, and by the order erases both', async (t) => {
  const order = 'ACM261120-1000-11019';
  await market.ask('app', {
    reference: order,
    quantity: '1',
    email: 'receiver@example.com',
    name: 'Receiver',
  });
  const customer = { first: 'Gift', last: 'Giver', email: 'giver@example.com' };
  const items = [{ product: 'app', quantity: 1 }];
  await market.tell(market.event('order.completed', { reference: order, customer, items }));
  const { out } = await market.cli(['customer', 'erase', 'receiver@example.com']);
  t.regex(out, /remains with 1 license of these/);
  const both = await market.cli(['customer', 'erase', order]);
  t.is(both.status, 0);
  t.notRegex(both.out, /still named/, 'the control');
  t.is((await market.cli(['customer', 'export', 'giver@example.com'])).status, 1);
});

test('customer erase finds a customer by an order too, also one without an address (48)', async (t) => {
  await market.ask('app', { reference: 'ACM261120-1000-11003', quantity: '1', name: 'Noaddress Canary' });
  t.is((await market.cli(['customer', 'erase', 'ACM261120-1000-11003'])).status, 0);
  t.regex((await market.cli(['ledger', 'find', 'ACM261120-1000-11003'])).out, /^customer {4}unknown$/m);
  for (const end of ['', '-wal']) {
    const bytes = readFileSync(`${market.home.config.ledgerFile}${end}`).toString('latin1');
    t.false(bytes.includes('Noaddress'), `ledger${end}`);
  }
  const again = await market.cli(['customer', 'erase', 'ACM261120-1000-11003']);
  t.is(again.status, 1);
  t.regex(again.err, /The ledger has no data of this order/);
  t.is((await market.cli(['customer', 'erase'])).status, 1);
});

test('customer correct changes a name or an address, and the history records it without either (58)', async (t) => {
  await buy('ACM261120-1000-11004', 'slip@exmaple.com', 'Margaret');
  const why = ['--reason', 'ticket 17', '--actor', 'ada'];
  const { status, out } = await market.cli([
    'customer',
    'correct',
    'ACM261120-1000-11004',
    '--email',
    'right@example.com',
    ...why,
    '--json',
  ]);
  t.is(status, 0);
  t.deepEqual(JSON.parse(out), { order: 'ACM261120-1000-11004', licenses: 1 });
  const shown = (await market.cli(['ledger', 'find', 'right@example.com'])).out;
  t.regex(shown, /Margaret Canary, right@example\.com/);
  const slip = await market.find('slip@exmaple.com');
  t.deepEqual(
    slip.map(({ order }) => order),
    ['ACM261120-1000-11004B'],
    'the other order of the same customer is left as it was',
  );
  const story = (await market.cli(['order', 'show', 'ACM261120-1000-11004', '--json'])).out;
  t.regex(story, /correct address of the customer by ada: ticket 17/);
  t.false(story.includes('example.com'));
  t.is(
    (
      await market.cli([
        'customer',
        'correct',
        'ACM261120-1000-11004',
        '--email',
        'right@example.com',
        ...why,
      ])
    ).status,
    1,
  );
  t.is((await market.cli(['customer', 'correct', 'ACM261120-1000-11004', ...why])).status, 1);
  t.is((await market.cli(['customer', 'correct', 'nothing', '--name', 'x', ...why])).status, 1);
  t.is((await market.cli(['ledger', 'check'])).status, 0);
});

test('a sale and a correction take an address that can be mailed, and nothing else', async (t) => {
  const order = 'ACM261120-1000-11020';
  await market.ask('app', { reference: order, quantity: '1', email: 'right@example.net', name: 'R' });
  for (const slip of ['<ada@example.org>', 'Ada <ada@example.org>', 'ada,b@example.org', 'ada', '']) {
    const why = ['--reason', 'ticket 2'];
    for (const words of [
      ['customer', 'correct', order, '--email', slip, ...why],
      ['issue', 'app', '--order', 'invoice-21', '--email', slip],
    ]) {
      const { status, err } = await market.cli(words);
      t.is(status, 1, slip);
      t.regex(err, /Write one address and nothing else, such as ada@example\.com\./);
    }
  }
  t.is((await market.cli(['customer', 'export', 'right@example.net'])).status, 0, 'nothing was changed');
  t.is((await market.cli(['ledger', 'find', 'invoice-21'])).status, 1);
});

test('an address that the ledger lacks and a text that is no address are errors with status 1', async (t) => {
  for (const command of ['export', 'erase']) {
    const nobody = await market.cli(['customer', command, 'nobody@example.com']);
    t.is(nobody.status, 1);
    t.regex(nobody.err, /The ledger has no data of this address/);
    t.is((await market.cli(['customer', command, 'not an address'])).status, 1);
  }
});

test('a name that is empty, only white space or longer than a marketplace states is a slip', async (t) => {
  const order = 'ACM261120-1000-11020';
  await buy(order, 'ada.name@example.com', 'Ada');
  const own = ['issue', 'app', '--mode', 'test', '--order', 'named'];
  const correct = ['customer', 'correct', order, '--reason', 'x'];
  for (const words of [own, correct]) {
    for (const name of ['', ' \n', 'x'.repeat(201)]) {
      const { status, err } = await market.cli([...words, '--name', name]);
      t.is(status, 1);
      t.regex(err, /--name.*Write a name of 1 to 200 characters/s);
    }
    t.is((await market.cli([...words, '--name', `${'x'.repeat(200)} `])).status, 0, 'the control');
  }
  const held = JSON.parse((await market.cli(['customer', 'export', 'ada.name@example.com'])).out);
  t.is(held.licenses[0].customer.name, 'x'.repeat(200));
});

test('a correction that the ledger cannot keep says so: the order has no license yet', async (t) => {
  const reference = 'ACM261120-1000-11021';
  const items = [{ product: 'unnamed', quantity: 1 }];
  await market.tell(market.event('order.completed', { id: 'no-license', reference, items }));
  const words = ['customer', 'correct', reference, '--email', 'new@example.com', '--reason', 'x'];
  const { status, out, err } = await market.cli(words);
  t.deepEqual([status, out], [1, '']);
  t.regex(err, /Nothing changed: order ACM261120-1000-11021 has no license yet.*order show/);
});

test('a correction after an erasure changes nothing, says so, and is not in the history', async (t) => {
  const order = 'ACM261120-1000-11022';
  await buy(order, 'erased@example.com', 'Erased');
  t.is((await market.cli(['customer', 'erase', order])).status, 0);
  const words = ['customer', 'correct', order, '--email', 'new@example.com', '--reason', 'x'];
  const { status, out, err } = await market.cli(words);
  t.deepEqual([status, out], [1, '']);
  t.regex(err, /Nothing changed: the customer of order ACM261120-1000-11022 was erased/);
  t.notRegex((await market.cli(['order', 'show', order])).out, /corrected/);
  const other = `${order}B`;
  const right = ['customer', 'correct', other, '--email', 'new@example.com', '--reason', 'x'];
  t.is((await market.cli(right)).status, 0, 'the control');
  t.regex((await market.cli(['order', 'show', other])).out, /corrected/);
});
