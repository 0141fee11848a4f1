import test from 'ava';
import { FileOwner, type Market, openMarket } from '../kit/fastspring.ts';

const owner = new FileOwner();
let market: Market;
test.before(async () => {
  market = await openMarket(owner);
});
test.after.always(() => owner.end());

let orders = 0;

async function buy(): Promise<{ readonly id: string; readonly code: string; readonly order: string }> {
  orders += 1;
  const order = `ACM261120-1000-4000${orders}`;
  const person = { name: 'Grace Hopper', email: 'grace@example.com' };
  const { text: code } = await market.ask('app', { reference: order, quantity: '1', ...person });
  const [license] = await market.find(order);
  return { id: license!.id, code, order };
}

async function decide(...words: readonly string[]): Promise<void> {
  market.home.clock.now += 1000;
  const { status, err } = await market.cli(['license', ...words, '--reason', 'ticket 17']);
  if (status !== 0) throw new Error(err);
}

const explain = (stdin: string, ...words: readonly string[]) =>
  market.cli(['explain', '-', ...words], { stdin });

const wrap = (code: string) => code.replace(/.{72}/g, '$&\n> ');

test.serial(
  'a pasted mail is explained: its license, the state, the alterations, the code to send',
  async (t) => {
    const { id, code, order } = await buy();
    const { status, out } = await explain(
      `Hello,\n\nit does not work:\n\n> ${wrap(code).toLowerCase()}\n\nGrace`,
    );
    t.is(status, 0);
    t.true(out.includes(id));
    t.true(out.includes(order));
    t.regex(out, /Grace Hopper, grace@example\.com/);
    t.regex(out, /It is active since /);
    t.regex(out, /wrapped over 3 lines; quoted with >; white space in it; lower-case letters/);
    t.true(out.includes(`the same code again, on a line of its own:\n${code}\n`));
  },
);

test.serial(
  'a code with a slip in its license id is explained as a program repairs it, alone and on lines',
  async (t) => {
    const [first, second] = [await buy(), await buy()];
    const without = (code: string, at: number) => `${code.slice(0, at)}${code.slice(at + 1)}`;
    for (const at of [10, 30]) {
      const { status, out } = await explain(`My code:\n${without(first.code, at)}\nGrace`);
      t.is(status, 0);
      t.true(out.includes(first.id));
      t.regex(out, /a program repairs it: 1 missing from character \d+ on/);
      t.true(out.includes(`this code, on a line of its own:\n${first.code}\n`));
    }
    const both = await explain(`${without(first.code, 20)}\n${without(second.code, 20)}\n`);
    t.true(both.out.includes(first.id) && both.out.includes(second.id));
    const forged = [...first.code].map((letter, place) => (place > 40 && place < 60 ? '0' : letter)).join('');
    t.is(
      (await explain(without(forged, 20))).status,
      1,
      'the control: what no program repairs is not guessed',
    );
  },
);

test.serial('an older code, a mistyped code and a replaced license each get the present code', async (t) => {
  const { id, code } = await buy();
  await decide('renew', id, '--until', '2029-01-01');
  const [renewed] = await market.find(id);
  const typed = `${code.slice(0, 120)}U${code.slice(121)}`;
  for (const text of [code, typed]) {
    const { status, out } = await explain(text);
    t.is(status, 0);
    t.regex(out, /an older code: revision 0, and the newest is 1/);
    t.true(out.includes(`this code, on a line of its own:\n${renewed!.code}\n`));
  }
  await decide('reissue', id);
  const { out } = await explain(code, '--json');
  const [explained] = (JSON.parse(out) as { codes: { successor: string; send: string; why: string[] }[] })
    .codes;
  t.not(explained!.successor, id);
  t.is((await market.find(explained!.successor))[0]!.code, explained!.send);
});

test.serial('a revoked license is explained with the cause, and there is no code to send', async (t) => {
  const { id, code } = await buy();
  await decide('revoke', id);
  const { status, out } = await explain(code);
  t.is(status, 0);
  t.regex(out, /It is revoked since .*: revoke by operator: ticket 17\./);
  t.regex(out, /nothing: no code of this license unlocks anything now/);
});

test.serial('several codes are explained one by one', async (t) => {
  const [first, second] = [await buy(), await buy()];
  const { out } = await explain(`${first.code}\n\nand\n\n${second.code}\n`);
  t.regex(out, new RegExp(`Code 1\\n[^]*${first.id}[^]*Code 2\\n[^]*${second.id}`));
});

test.serial(
  'without a code, licenses of the addresses in it are listed; without both, status 1 says what to ask',
  async (t) => {
    const { id } = await buy();
    const { status, out } = await explain('From: Grace <grace@example.com>\n\nI lost my code');
    t.is(status, 1, 'no license was told for sure');
    t.true(out.includes(id));
    const nothing = await explain('my code is gone');
    t.is(nothing.status, 1);
    t.regex(nothing.out, /Ask for the order number or the e-mail address/);
  },
);

test.serial('without a code, licenses of the orders in it are named, each once', async (t) => {
  const [first, second] = [await buy(), await buy()];
  for (const text of [
    `my order is ${first.order}`,
    `(Order #${first.order}.)`,
    `<b>${first.order}</b> grace`,
  ]) {
    const { status, out } = await explain(text);
    t.is(status, 1, 'no license was told for sure');
    t.regex(out, new RegExp(`Licenses of the orders and addresses in it:\\n {2}${first.id} `));
    t.notRegex(out, /Ask for/);
    t.false(out.includes(second.id), 'the control: another order of the same customer');
  }
  const { out } = await explain(`From: grace@example.com\n\n${first.order}`, '--json');
  const ids = (JSON.parse(out) as { customers: { id: string }[] }).customers.map(({ id }) => id);
  t.is(ids[0], first.id, 'orders come first');
  t.is(ids.filter((id) => id === first.id).length, 1);
  t.true(ids.includes(second.id));
});

test('a code of another service is reported as such', async (t) => {
  const other = await openMarket(owner);
  const { text: code } = await other.ask('app', { reference: 'ACM261120-1000-49999', quantity: '1' });
  const { status, out } = await explain(code);
  t.is(status, 1);
  t.regex(out, /not genuine: no key of this keyring signed it/);
});
