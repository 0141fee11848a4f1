import test from 'ava';
import { byText } from '../../src/cli/flag-text.ts';
import { FileOwner, type Market, openMarket } from '../kit/fastspring.ts';

const owner = new FileOwner();
let market: Market;
test.before(async () => {
  market = await openMarket(owner);
});
test.after.always(() => owner.end());

interface FlagJson {
  readonly id: number;
  readonly kind: string;
  readonly order: string | null;
  readonly product: string | null;
  readonly event: string | null;
  readonly reason: string;
  readonly settledBy: string | null;
}

async function list(...words: readonly string[]): Promise<readonly FlagJson[]> {
  const { status, out, err } = await market.cli(['flags', 'list', ...words, '--json']);
  if (status !== 0) throw new Error(err);
  return (JSON.parse(out) as { flags: FlagJson[] }).flags;
}

let returns = 0;

/** A sale of 20, of which 5 went back; the event that says so. */
async function returnPart(order: string): Promise<string> {
  returns += 1;
  const id = `internal-${returns}`;
  const items = [{ product: 'app', quantity: 1, subtotal: 20 }];
  await market.tell(
    market.event('order.completed', { id, reference: order, total: 20, currency: 'USD', items }),
  );
  const part = market.event('return.created', {
    return: `R-${returns}`,
    original: { id, reference: order, total: 20 },
    totalReturn: 5,
    currency: 'USD',
    items: [{ product: 'app', quantity: 1, subtotal: 5 }],
  });
  await market.tell(part);
  return part.id;
}

test.serial('a flag shows its reason, order, product and event, until it is settled (57)', async (t) => {
  const order = 'ACM261120-1000-30001';
  const event = await returnPart(order);
  const [flag, ...others] = await list('--order', order);
  t.is(others.length, 0);
  t.like(flag, { kind: 'partial-refund', order, product: 'app', event, settledBy: null });
  t.regex(flag?.reason ?? '', /5/);
  const id = String(flag?.id);
  const settled = await market.cli(['flags', 'settle', id, '--reason', 'goodwill', '--actor', 'ada']);
  t.is(settled.status, 0, settled.err);
  t.deepEqual(await list('--order', order), []);
  t.is((await list('--order', order, '--all'))[0]?.settledBy, 'ada: goodwill');
  const again = await market.cli(['flags', 'settle', id, '--reason', 'again']);
  t.is(again.status, 1);
  t.regex(again.err, /was settled before, by ada: goodwill/);
});

test('who settled a flag is named, and what settled by itself says so', (t) => {
  t.is(byText('ada: goodwill'), 'by ada: goodwill');
  t.is(byText('by itself: its cause is gone'), 'by itself: its cause is gone');
  t.is(byText(null), 'by nobody');
});

test.serial(
  'events settle settles the flags of an event, which is then no longer flagged (57)',
  async (t) => {
    const order = 'ACM261120-1000-30002';
    const event = await returnPart(order);
    const { out } = await market.cli(['events', 'list', '--flagged']);
    t.regex(
      out,
      new RegExp(
        `  ${event}  .*flagged.*\\n    flag \\d+, partial-refund: .*\\(order ${order}, product app\\)`,
      ),
    );
    t.is((await market.cli(['events', 'settle', event, '--reason', 'goodwill'])).status, 0);
    t.false((await market.cli(['events', 'list', '--flagged'])).out.includes(event));
    t.is((await market.cli(['events', 'settle', event, '--reason', 'again'])).status, 1);
  },
);

test('a missing flag and a decision without a reason are errors with status 1', async (t) => {
  for (const words of [
    ['flags', 'settle', '999', '--reason', 'x'],
    ['flags', 'settle', 'one', '--reason', 'x'],
    ['flags', 'settle', '1'],
    ['flags', 'settle', '1', '--reason', ' '],
    ['events', 'settle', 'nothing', '--reason', 'x'],
  ]) {
    const { status, err } = await market.cli(words);
    t.is(status, 1, words.join(' '));
    t.not(err, '');
  }
});
