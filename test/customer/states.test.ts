/** Pages of units in different states, of an ended subscription; and changes of address around a refund. */
import test from 'ava';
import { type CustomerShop, openCustomerShop, pathIn } from '../kit/customer.ts';

const DAY = 86_400_000;

async function decide(shop: CustomerShop, order: string, act: string, unit = 0): Promise<void> {
  const license = (await shop.find(order))[unit];
  const { status, err } = await shop.cli(['license', act, license?.id ?? '', '--reason', 'ticket 1']);
  if (status !== 0) throw new Error(err);
}

const cardOf = (page: string, number: number) =>
  page.split('<section').find((each) => each.includes(`id="unit-${number}"`)) ?? '';

test('each of several units says its state and its day; a withdrawn one is not handed on', async (t) => {
  const shop = await openCustomerShop(t);
  const order = await shop.sell({ quantity: 3 });
  const path = await shop.pageOf(order);
  await decide(shop, order, 'revoke', 0);
  await decide(shop, order, 'suspend', 1);
  const { text } = await shop.page(path);
  const [revoked, suspended, active] = [1, 2, 3].map((number) => cardOf(text, number));
  t.true(revoked?.includes('was refunded or undone') && !revoked.includes('Hand it on'));
  t.true(suspended?.includes('a decision about this order is open') && suspended.includes('Hand it on'));
  t.regex(active ?? '', /It is valid to <strong>4 December 2027<\/strong>/);
  t.true(
    text.includes('<dt>Computers</dt><dd>1</dd>'),
    'what was bought is said by the unit that can be used',
  );
  await shop.post(`${path}/handed`, { unit: '1', note: 'Grace' });
  t.true(cardOf((await shop.page(path)).text, 1).includes('Handed to: Grace'), 'a note is not lost');
});

test('the end of a subscription is no renewal', async (t) => {
  const shop = await openCustomerShop(t);
  const order = await shop.sell({ subscription: 'sub-1' });
  const path = await shop.pageOf(order);
  const deactivationDate = shop.home.clock.now - DAY;
  const about = { id: 'sub-1', state: 'deactivated', deactivationDate };
  await shop.tell(shop.event('subscription.deactivated', about));
  const { text } = await shop.page(path);
  t.true(text.includes('Your license has ended'));
  t.false(text.includes('Renewed'));
  const other = await shop.sell({ email: 'eve@example.com' });
  const renewed = await shop.pageOf(other, 'eve@example.com');
  const [license] = await shop.find(other);
  await shop.cli(['license', 'renew', license?.id ?? '', '--until', '2028-11-20', '--reason', 'ticket 2']);
  t.regex((await shop.page(renewed)).text, /<dt>Renewed<\/dt><dd>2\d November 2026, to/, 'control');
});

test('a newer change of address ends the one that waits; a refund ends neither the new address nor its undo', async (t) => {
  t.timeout(120_000);
  const shop = await openCustomerShop(t);
  const order = await shop.sell();
  const path = await shop.pageOf(order);
  const ask = async (email: string) => {
    await shop.post(`${path}/address`, { email });
    return pathIn(await shop.mailbox.next(email));
  };
  const [typo, right] = [await ask('ada@tpyo.example'), await ask('ada@new.example')];
  t.is((await shop.post(typo)).status, 410, 'a newer one was asked for');
  t.is((await shop.post(right)).status, 200);
  t.is((await shop.post(right)).status, 410, 'good once');
  const told = await shop.mailbox.next('ada@example.com');
  t.true(told.email.subject?.includes('was changed'));
  await decide(shop, order, 'revoke');
  t.true((await shop.page(path)).text.includes('Your license was withdrawn'));
  const undo = pathIn(told);
  t.is((await shop.page(undo)).status, 200);
  t.is((await shop.post(undo)).status, 200);
  t.is((await shop.post(undo)).status, 410, 'good once');
  t.is((await shop.post(right)).status, 410, 'what was undone is not confirmed again');
  await shop.inquire(order, 'ada@example.com');
  const { email } = await shop.mailbox.next('ada@example.com');
  t.true(email.subject?.includes('was withdrawn'), 'the former address is the order’s again');
  t.is((await shop.cli(['ledger', 'check'])).status, 0);
});

test('of a gift only the receiver changes the address: the buyer’s page has no such form, and its act is nothing', async (t) => {
  const shop = await openCustomerShop(t);
  const order = await shop.sell({ email: 'ada@example.com', receiver: 'rita@example.org' });
  const [buyers, receivers] = [await shop.pageOf(order), await shop.pageOf(order, 'rita@example.org')];
  for (const [path, isTheirs] of [
    [buyers, false],
    [receivers, true],
  ] as const) {
    t.is((await shop.page(path)).text.includes('name="email"'), isTheirs);
    const { status } = await shop.post(`${path}/address`, { email: 'eve@example.com' });
    t.is(status, isTheirs ? 303 : 404);
    // The receiver's new address waits for its confirmation.
    const made = await shop.post(`${path}/reissue`, { unit: '1', sure: 'yes' });
    t.is(made.headers['location']?.includes('leak.done') ?? false, isTheirs, 'nor makes a new code');
  }
  t.true((await shop.page(receivers)).text.includes('r•••@example.org'));
});
