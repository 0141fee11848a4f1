import test from 'ava';
import { FileOwner, type Market, openMarket } from '../kit/fastspring.ts';

const owner = new FileOwner();
let market: Market;
test.before(async () => {
  market = await openMarket(owner);
});
test.after.always(() => owner.end());

const REFERENCE = 'ACM261120-1000-20001';

async function buy(product: string, order: string): Promise<string> {
  const person = { name: 'Grace Hopper', email: 'grace@example.com' };
  const { status, text } = await market.ask(product, { reference: order, quantity: '1', ...person });
  if (status !== 200) throw new Error(text);
  return text;
}

async function show(order: string, ...words: readonly string[]) {
  const { status, out, err } = await market.cli(['order', 'show', order, ...words]);
  if (status !== 0) throw new Error(err);
  return out;
}

test.serial(
  'order show prints licenses, facts, events and flags, and the text byte for byte (58)',
  async (t) => {
    const text = await buy('text', REFERENCE);
    const completed = market.event('order.completed', {
      id: 'internal-1',
      reference: REFERENCE,
      total: 20,
      currency: 'USD',
      items: [{ product: 'text', quantity: 1, subtotal: 20 }],
    });
    const returned = market.event('return.created', {
      return: 'R-1',
      original: { id: 'internal-1', reference: REFERENCE, total: 20 },
      totalReturn: 5,
      currency: 'USD',
      items: [{ product: 'text', quantity: 1, subtotal: 5 }],
    });
    await market.tell(completed);
    await market.tell(returned);
    const screen = await show(REFERENCE);
    t.true(screen.startsWith(`Order ${REFERENCE}\n`));
    t.true(screen.endsWith(`:\n${text}`), 'the text that was sent');
    for (const part of [
      'Grace Hopper, grace@example.com',
      'active, revision 0',
      completed.id,
      returned.id,
      'partial-refund: ',
    ]) {
      t.true(screen.includes(part), part);
    }
  },
);

test.serial('where the marketplace sent the codes in its own mail, the codes are shown', async (t) => {
  const order = 'ACM261120-1000-20002';
  const code = await buy('app', order);
  t.true((await show(order)).endsWith(`which the marketplace sent in its own mail:\n${code}\n`));
});

test.serial('--json prints customer and text only on request', async (t) => {
  const bare = await show(REFERENCE, '--json');
  t.false(bare.includes('Grace'));
  const { licenses, flags, events, texts } = JSON.parse(bare);
  t.is(licenses.length, 1);
  t.is(flags[0].kind, 'partial-refund');
  t.is(events.length, 2);
  t.is(texts, undefined);
  const personal = JSON.parse(await show(REFERENCE, '--json', '--personal'));
  t.is(personal.licenses[0].customer.name, 'Grace Hopper');
  t.regex(personal.texts[0].text, /Grace Hopper/);
});

test('an unknown order is an error with status 1', async (t) => {
  const { status, err } = await market.cli(['order', 'show', 'nothing']);
  t.is(status, 1);
  t.regex(err, /The ledger has no order nothing/);
});

test('where two marketplaces use an order number, order show says of each text and fact which order it is of', async (t) => {
  const order = 'ACM261120-1000-20077';
  await buy('text', order);
  t.notRegex(await show(order), /\((fastspring|manual), (live|test)\)(:| {2}\()/, 'the control: one order');
  const own = ['issue', 'app', '--order', order];
  for (const mode of ['live', 'test']) t.is((await market.cli([...own, '--mode', mode])).status, 0);
  const id = (await market.find(order)).find(({ mode }) => mode === 'test')?.id ?? '';
  t.is((await market.cli(['license', 'suspend', id, '--reason', 'x'])).status, 0);
  const out = await show(order);
  for (const which of ['text (fastspring, live)', 'app (manual, live)', 'app (manual, test)'])
    t.regex(out, new RegExp(`\nSent \\S+ for unit 0 of ${which.replace(/[()]/g, '\\$&')}:`), which);
  t.regex(out, /suspended \(manual, test\) {2}\(suspend by operator: x\)/);
  const texts = JSON.parse(await show(order, '--json', '--personal')).texts as { mode: string }[];
  t.deepEqual(texts.map(({ mode }) => mode).sort(), ['live', 'live', 'test']);
});

test.serial(
  'the number of a renewal leads to the licenses, and the order has its text too (58)',
  async (t) => {
    const [order, renewal] = ['ACM261120-1000-20011', 'ACM261120-1000-20012B'];
    const subscription = { subscriptionReference: 'SUB-11' };
    const ask = (reference: string) => market.ask('text', { reference, quantity: '1', ...subscription });
    const first = await ask(order);
    market.home.clock.now += 360 * 86_400_000;
    const renewed = await ask(renewal);
    t.is(renewed.status, 200, renewed.text);
    t.not(renewed.text, first.text);
    const own = await show(order);
    t.true(own.includes(first.text) && own.endsWith(`under order ${renewal}:\n${renewed.text}`));
    t.regex(own, new RegExp(`answered .*, under order ${renewal}`));
    const [license] = await market.find(order);
    for (const name of [renewal, 'SUB-11']) {
      t.true((await show(name)).startsWith(`Order ${name}, which belongs to ${order}\n`), name);
      t.is((await market.find(name))[0]?.id, license?.id, name);
      const { out } = await market.cli(['explain', '-'], { stdin: `My order is ${name}.` });
      t.true(out.includes(license!.id), name);
    }
    t.is((await market.cli(['order', 'show', 'SUB-12'])).status, 1);
  },
);
