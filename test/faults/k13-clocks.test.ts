/** Kind 13: one order of facts from two clocks. */
import test from 'ava';
import { subscription } from './fastspring-says.ts';
import { buy, open, STUDIO_PLAN, subscribe } from './scenes.ts';

test('fault 55: an operator can reinstate even if the service’s clock is ten minutes late', async (t) => {
  const player = await open(t);
  await subscribe(player, 'studio', STUDIO_PLAN);
  await player.events(subscription('payment.overdue', STUDIO_PLAN, { state: 'overdue' }));
  const [license] = await player.licenses('A');
  t.is(license?.state, 'suspended');
  player.home.clock.now -= 600_000;
  const { status } = await player.cli('license', 'reinstate', license?.id ?? '', '--reason', 'paid by wire');
  t.is(status, 0);
  t.is((await player.licenses('A'))[0]?.state, 'active');
});

test('fault 55: a reinstatement that changes nothing exits with 1', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', { product: 'script' });
  const [license] = await player.licenses('A');
  const reinstate = () => player.cli('license', 'reinstate', license?.id ?? '', '--reason', 'asked');
  t.is((await reinstate()).status, 1);
  await player.cli('license', 'suspend', license?.id ?? '', '--reason', 'asked');
  t.is((await reinstate()).status, 0);
});

test('fault 56: an alert without a time is refused as a parse error and flagged', async (t) => {
  const player = await open(t);
  await player.paddle('script', { p_order_id: '101' });
  const refund = { alert_name: 'payment_refunded', order_id: '101', refund_type: 'full', quantity: '1' };
  const told = { ...refund, gross_refund: '39.00', currency: 'USD', event_time: undefined };
  const answer = await player.alert(told);
  t.is(answer.status, 503);
  t.deepEqual(await player.told('101'), ['script: active for good']);
  const flags = await player.flags();
  t.deepEqual(
    flags.map(({ kind }) => kind),
    ['unclear'],
  );
  t.regex(flags[0]?.reason ?? '', /event_time is missing/);
});

test('fault 56: a review opened and accepted in the same second is accepted', async (t) => {
  const player = await open(t);
  await player.paddle('script', { p_order_id: '101' });
  const review = { case_id: '77', product_id: '4710', event_time: '2026-11-20 12:30:00' };
  const risk = 'high_risk_transaction';
  await player.alert({ ...review, alert_name: `${risk}_updated`, status: 'accepted', order_id: '101' });
  await player.alert({ ...review, alert_name: `${risk}_created`, status: 'pending' });
  t.deepEqual(await player.told('101'), ['script: active for good']);
});

test('fault 56: an open review suspends', async (t) => {
  const player = await open(t);
  await player.paddle('script', { p_order_id: '101' });
  const review = { case_id: '77', product_id: '4710' };
  const risk = 'high_risk_transaction';
  await player.alert({ ...review, alert_name: `${risk}_created`, status: 'pending' });
  await player.alert({ ...review, alert_name: `${risk}_updated`, status: 'pending', order_id: '101' });
  t.deepEqual(await player.told('101'), ['script: suspended for good']);
});
