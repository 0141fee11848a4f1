/** Money that goes back: refunds, refunds that fail, disputes, credit notes; and whose money it was. */
import test from 'ava';
import { lacks } from '../../../src/marketplaces/stripe/events.ts';
import { charge, dispute, refund } from '../../../src/marketplaces/stripe/shapes.ts';
import {
  bodiesOf,
  boughtWhole,
  completed,
  event,
  once,
  paidInvoice,
  StripeWorld,
  soldWorld,
} from '../../kit/stripe.ts';

const SOLD = 'tool active perpetual';
const GONE = 'tool revoked perpetual';
const DAY = '2026-01-20';

/** Two units that were bought once. */
const bought = () =>
  new StripeWorld().tell(boughtWhole('2026-01-10', [once('price_Tool', 2)], { payment: 'pi_1' }));
const refunded = (day: string, sum: number, before = 0, payment = 'pi_1', amount = 4000) =>
  event('charge.refunded', day, charge({ payment, amount, refunded: sum }), {
    previous: { amount_refunded: before },
  });
const disputed = (type: string, status: string, day = DAY, amount = 4000, payment = 'pi_1') =>
  event(`charge.dispute.${type}`, day, dispute('dp_1', payment, amount, status));
const CHARGE = { charge: { payment_intent: 'pi_1', amount: 4000, amount_refunded: 0, currency: 'eur' } };

test('a whole refund of a sale revokes it; parts are flagged until they are the whole', (t) => {
  t.deepEqual(bought().tell(refunded(DAY, 4000)).states, [GONE, GONE]);
  const world = bought().tell(refunded(DAY, 1000));
  t.deepEqual([world.states, world.flagKinds], [[SOLD, SOLD], ['partial-refund']]);
  t.deepEqual(world.tell(refunded('2026-01-21', 4000, 1000)).states, [GONE, GONE]);
});

test('a refund that fails later is undone and flagged; one that is asked for is no refund yet', (t) => {
  for (const status of ['failed', 'canceled']) {
    const undone = event(`refund.${status}`, '2026-01-22', refund('re_1', 'pi_1', 4000, status));
    const world = bought().tell(refunded(DAY, 4000), undone);
    t.deepEqual([world.states, world.flagKinds], [[SOLD, SOLD], ['partial-refund']], status);
    t.deepEqual(world.tell(refunded('2026-01-25', 4000)).states, [GONE, GONE], 'refunded again');
    t.deepEqual(bought().tell(undone, refunded(DAY, 4000)).states, [SOLD, SOLD], 'in the other order');
  }
  for (const status of ['pending', 'requires_action', 'succeeded']) {
    const told = event('refund.updated', DAY, refund('re_1', 'pi_1', 4000, status));
    t.deepEqual(bought().tell(told).states, [SOLD, SOLD], status);
  }
});

test('whose payment it was is fetched: of a renewal, its period is gone', (t) => {
  const renewed = () => soldWorld().tell(paidInvoice('2026-02-10', '2026-03-10'));
  const told = refunded('2026-02-20', 2000, 0, 'pi_2', 2000);
  t.is(lacks(told.payload), '{"payment":"pi_2"}');
  t.deepEqual(renewed().tell(told).states, ['app active 2026-03-24'], 'not known yet');
  const known = completed(told, { invoices: [{ invoice: 'in_2026-02-10', payments: 1 }] });
  t.deepEqual(renewed().tell(told, known).states, ['app active 2026-02-24']);
  t.deepEqual(renewed().tell(known, told).states, ['app active 2026-02-24'], 'in the other order');
  const first = completed(told, { invoices: [{ invoice: 'in_1', payments: 1 }] });
  t.deepEqual(
    soldWorld().tell(told, first).states,
    ['app revoked 2026-02-24'],
    'of the first invoice: the sale',
  );
});

test('one of several payments of an invoice is not the invoice: flagged', (t) => {
  const told = refunded(DAY, 2000, 0, 'pi_2', 2000);
  const world = soldWorld().tell(told, completed(told, { invoices: [{ invoice: 'in_1', payments: 2 }] }));
  t.deepEqual([world.states, world.flagKinds], [['app active 2026-02-24'], ['partial-refund']]);
});

test('a session that is found by the payment is the order', (t) => {
  const sale = boughtWhole('2026-01-10', [once()]);
  const told = refunded(DAY, 2000, 0, 'pi_7', 2000);
  t.deepEqual(new StripeWorld().tell(sale, told).states, [SOLD], 'the control');
  t.deepEqual(new StripeWorld().tell(sale, told, completed(told, { session: 'cs_1' })).states, [GONE]);
});

test('before 2025-03-31 a charge named its invoice', (t) => {
  const object = { ...charge({ payment: 'pi_3', amount: 2000, refunded: 2000 }), invoice: 'in_1' };
  t.deepEqual(soldWorld().tell(event('charge.refunded', DAY, object)).states, ['app revoked 2026-02-24']);
});

test('a dispute suspends; won, it is over', (t) => {
  const world = bought().tell(disputed('created', 'needs_response'));
  t.deepEqual(world.states, ['tool suspended perpetual', 'tool suspended perpetual']);
  t.deepEqual(world.tell(disputed('closed', 'won', '2026-03-01')).states, [SOLD, SOLD]);
});

test('a dispute that is lost takes the charge; the amount of the charge is fetched', (t) => {
  const lost = disputed('closed', 'lost', '2026-03-01');
  t.is(lacks(lost.payload), '{"payment":"pi_1"}');
  const world = bought().tell(disputed('created', 'under_review'), lost, completed(lost, CHARGE));
  t.deepEqual(world.states, [GONE, GONE]);
  const rest = disputed('closed', 'lost', '2026-03-01', 3000);
  const refundedBefore = { charge: { ...CHARGE.charge, amount_refunded: 1000 } };
  t.deepEqual(
    bought().tell(rest, completed(rest, refundedBefore)).states,
    [GONE, GONE],
    'with a refund before',
  );
});

test('a lost dispute of a part is flagged and revokes nothing', (t) => {
  const part = disputed('closed', 'lost', '2026-03-01', 1000);
  const world = bought().tell(part, completed(part, CHARGE));
  t.deepEqual([world.states, world.flagKinds], [[SOLD, SOLD], ['partial-refund']]);
});

test('an inquiry of the bank and a prevented dispute change nothing; an unknown status is flagged', (t) => {
  for (const status of ['warning_needs_response', 'warning_under_review', 'warning_closed', 'prevented']) {
    const world = bought().tell(disputed('created', status));
    t.deepEqual([world.states, world.flagKinds], [[SOLD, SOLD], []], status);
  }
  t.deepEqual(bought().tell(disputed('updated', 'thinking')).flagKinds, ['unclear']);
});

test('a dispute that names its charge alone is found by what was fetched', (t) => {
  const object = { ...dispute('dp_1', 'pi_1', 4000, 'needs_response'), payment_intent: null, charge: 'ch_1' };
  const told = event('charge.dispute.created', DAY, object);
  t.is(lacks(told.payload), '{"payment":"ch_1"}');
  t.deepEqual(bought().tell(told).states, [SOLD, SOLD]);
  const world = bought().tell(told, completed(told, CHARGE));
  t.deepEqual(world.states, ['tool suspended perpetual', 'tool suspended perpetual']);
});

test('a credit note with money is flagged, other ones are noted', (t) => {
  const note = { id: 'cn_1', invoice: 'in_1', status: 'issued', type: 'post_payment' };
  t.deepEqual(soldWorld().tell(event('credit_note.created', DAY, note)).flagKinds, ['partial-refund']);
  const before = { ...note, type: 'pre_payment' };
  t.deepEqual(soldWorld().tell(event('credit_note.created', DAY, before)).flagKinds, []);
});

test('other events of charges say nothing', (t) => {
  for (const type of ['charge.succeeded', 'charge.failed', 'charge.updated']) {
    t.deepEqual(bodiesOf(event(type, DAY, charge({ payment: 'pi_1', amount: 1, refunded: 0 }))), [], type);
  }
});

test('money of what was billed once beside a subscription takes nothing from it', (t) => {
  const extra = paidInvoice('2026-01-15', null, { id: 'in_x', reason: 'manual', items: [once()] });
  const known = { invoices: [{ invoice: 'in_x', payments: 1 }] };
  const dispute = disputed('created', 'needs_response', DAY, 2000, 'pi_x');
  const world = soldWorld().tell(extra, dispute, completed(dispute, known));
  t.deepEqual(world.states, ['app active 2026-02-24', 'tool suspended perpetual']);
  const back = refunded(DAY, 2000, 0, 'pi_x', 2000);
  const other = soldWorld().tell(extra, back, completed(back, known));
  t.deepEqual(other.states, ['app active 2026-02-24', 'tool revoked perpetual']);
});

test('parts without what was before are flagged and never add up: the charge says when it is back whole', (t) => {
  const part = (day: string, sum: number) =>
    event('charge.refunded', day, charge({ payment: 'pi_1', amount: 4000, refunded: sum }));
  const world = bought().tell(part(DAY, 1500), part('2026-01-21', 2500));
  t.deepEqual(
    [world.states, world.flagKinds],
    [
      [SOLD, SOLD],
      ['partial-refund', 'partial-refund'],
    ],
  );
  t.deepEqual(world.tell(part('2026-01-22', 4000)).states, [GONE, GONE]);
});

test('two parts of one second are two', (t) => {
  const told = [refunded(DAY, 1000), refunded(DAY, 2000, 1000)].map(({ day, payload }) => ({
    day,
    payload: JSON.stringify({ ...JSON.parse(payload), created: 1_768_912_000 }),
  }));
  t.is(bought().tell(...told).flagKinds.length, 2);
});

test('a lost dispute in another currency than its charge is for a person to decide', (t) => {
  const object = { ...dispute('dp_1', 'pi_1', 100, 'lost'), currency: 'usd' };
  const lost = event('charge.dispute.closed', '2026-03-01', object);
  const world = bought().tell(disputed('created', 'needs_response'), lost, completed(lost, CHARGE));
  t.deepEqual(world.states, ['tool suspended perpetual', 'tool suspended perpetual']);
  t.deepEqual(world.flagKinds, ['partial-refund']);
});
