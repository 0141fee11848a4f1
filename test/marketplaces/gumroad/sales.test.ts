/** Gumroad's sales, as the API has them: what they sell, pay and take back, in a ledger. */
import test from 'ava';
import { salePing } from '../../../src/marketplaces/gumroad/shapes.ts';
import {
  bought,
  changed,
  charged,
  confirmed,
  GumroadWorld,
  gummed,
  PRODUCTS,
  pinged,
  renewed,
  told,
} from '../../kit/gumroad.ts';

const DAY = '2026-01-10';
const world = () => new GumroadWorld();

test('a sale has a license for each unit; its option is a line of its own, and chooses the product', (t) => {
  const seen = world().tell(
    told(DAY, bought(DAY, { quantity: 2 })),
    told(DAY, charged(DAY, { option: 'Plus' })),
    told(DAY, charged(DAY, { id: 'other', subscription: 'N==', option: 'Basic' })),
  );
  t.deepEqual(seen.states, [
    'app active 2026-02-24',
    'plus active 2026-02-24',
    'tool active perpetual',
    'tool active perpetual',
  ]);
});

test('a product that no file lists, and one whose options two files list, wait', (t) => {
  const two = [...PRODUCTS, gummed('large', ['app== (L)'])];
  const unknown = told(DAY, bought(DAY, { product: 'hat==' }));
  const both = told(DAY, charged(DAY, { more: { variants: { Size: 'L', Tier: 'Plus' } } }));
  const seen = new GumroadWorld(two).tell(unknown, both);
  t.deepEqual(seen.licenses, []);
  t.deepEqual(seen.owed, ['S1== hat==', 'M-2026-01-10 app== (L, Plus)']);
  t.deepEqual(seen.flagKinds, ['unknown-product', 'unknown-product']);
});

test('a refund takes a sale, and of a membership the period of its charge; a part is flagged', (t) => {
  const [first, second] = [charged(DAY), renewed('2026-02-10')];
  const part = { ...second, partially_refunded: true };
  const seen = world().tell(told(DAY, first), told('2026-02-10', second), told('2026-02-12', part, 'refund'));
  t.deepEqual(seen.states, ['app active 2026-03-24']);
  t.deepEqual(seen.flagKinds, ['partial-refund']);
  seen.tell(told('2026-02-13', { ...second, refunded: true }, 'refund'));
  t.deepEqual(seen.states, ['app active 2026-02-24']);
  const sale = bought(DAY);
  t.deepEqual(world().tell(told(DAY, sale), told(DAY, { ...sale, refunded: true }, 'refund')).states, [
    'tool revoked perpetual',
  ]);
});

test('what is refunded before its sale was told has no license', (t) => {
  const sale = { ...bought(DAY), refunded: true };
  t.deepEqual(world().tell(told(DAY, sale, 'refund'), told(DAY, sale)).states, ['tool revoked perpetual']);
});

test('a dispute suspends, one that was won does not, in any order; open after 120 days it is flagged until it is won', (t) => {
  const sale = bought(DAY);
  const open = { ...sale, disputed: true, chargedback: true };
  const won = { ...sale, disputed: true, dispute_won: true };
  t.deepEqual(world().tell(told(DAY, sale), told(DAY, open, 'dispute')).states, ['tool suspended perpetual']);
  const [early, late] = [told(DAY, open, 'dispute'), told('2026-01-12', won, 'dispute_won')];
  t.deepEqual(world().tell(told(DAY, sale), early, late).states, ['tool active perpetual']);
  t.deepEqual(world().tell(told(DAY, sale), late, early).states, ['tool active perpetual']);
  const long = world().tell(told(DAY, sale), told(DAY, open, 'dispute'));
  t.deepEqual(long.flagKinds, []);
  long.tell(told('2026-06-01', open, 'dispute'));
  t.deepEqual([long.states, long.flagKinds], [['tool suspended perpetual'], ['unclear']]);
  long.tell(told('2026-06-20', won, 'dispute_won'));
  t.deepEqual([long.states, long.flagKinds], [['tool active perpetual'], []]);
});

test('a period ends with the recurrence after its charge; an unknown one is flagged', (t) => {
  const until = (every: string) => world().tell(told(DAY, charged(DAY, { every }))).states[0];
  const ends = ['monthly', 'quarterly', 'biannually', 'yearly', 'every_two_years'].map(until);
  t.deepEqual(ends, [
    'app active 2026-02-24',
    'app active 2026-04-24',
    'app active 2026-07-24',
    'app active 2027-01-24',
    'app active 2028-01-24',
  ]);
  const seen = world().tell(told(DAY, charged(DAY, { every: 'weekly' })));
  t.deepEqual([seen.states, seen.flagKinds], [['app active 2026-02-24'], ['unclear']]);
});

test('a trial is valid to its end, also where its price is stated; the first charge begins a period', (t) => {
  const more = { free_trial_ends_on: '2026-01-24', free_trial_ended: false };
  const seen = world().tell(told(DAY, charged(DAY, { more })));
  t.deepEqual(seen.states, ['app active 2026-02-07']);
  seen.tell(told('2026-01-24', renewed('2026-01-24')));
  t.deepEqual(seen.states, ['app active 2026-03-10']);
  const unstated = world().tell(told(DAY, charged(DAY, { more: { free_trial_ended: false } })));
  t.deepEqual(unstated.flagKinds, ['unclear']);
});

test('a membership of price 0 lasts until its end is told', (t) => {
  const free = charged(DAY, { price: 0 });
  const seen = world().tell(told(DAY, free)).wait('2030-01-01');
  t.deepEqual(seen.states, ['app active 2036-01-24']);
  const over = { ...free, cancelled: true, dead: true };
  seen.tell(changed('2030-01-01', 'subscription_ended', [over])).wait('2030-01-02');
  t.deepEqual(seen.states, ['app ended 2029-12-31']);
  const charge = told('2026-02-10', renewed('2026-02-10'));
  t.deepEqual(
    world().tell(told(DAY, free), charge).states,
    ['app active 2026-03-24'],
    'a discount that ended',
  );
});

test('a later charge whose ping does not say so is no order that waits', (t) => {
  const second = renewed('2026-02-10');
  const { is_recurring_charge: _, ...ping } = salePing('sale', second);
  const seen = world().tell(told(DAY, charged(DAY)), pinged('2026-02-10', ping));
  t.is(seen.owed.length, 1, 'the control');
  seen.tell(told('2026-02-10', second));
  t.deepEqual([seen.states, seen.owed], [['app active 2026-03-24'], []]);
});

test('an upgrade begins a period of what its charge names; the charge after it goes on', (t) => {
  const up = renewed('2026-01-20', { option: 'Plus', quantity: 2, more: { is_upgrade_purchase: true } });
  const seen = world().tell(told(DAY, charged(DAY)), told('2026-01-20', up));
  t.deepEqual(seen.states, ['app ended 2026-02-24', 'plus active 2026-03-06', 'plus active 2026-03-06']);
});

test('a later charge without its subscription is flagged, and a sale that is charged again without one', (t) => {
  const lost = { ...renewed('2026-02-10'), subscription_id: null };
  const seen = world().tell(told(DAY, charged(DAY)), told('2026-02-10', lost));
  t.deepEqual([seen.states, seen.flagKinds], [['app active 2026-02-24'], ['undelivered']]);
  const alone = { ...charged(DAY), subscription_id: null };
  t.deepEqual(world().tell(told(DAY, alone)).flagKinds, ['unclear']);
});

test('installments are one sale: paid off it stays, and that they stopped is flagged', (t) => {
  const more = { is_recurring_billing: false };
  const part = { product: 'tool==', more };
  const [first, second] = [charged(DAY, part), renewed('2026-02-10', part)];
  const seen = world().tell(told(DAY, first), told('2026-02-10', second));
  const done = { ...second, dead: true, ended: true };
  const paidOff = changed('2026-03-10', 'subscription_ended', [done, first]);
  t.deepEqual([seen.tell(paidOff).states, seen.flags], [['tool active perpetual'], []]);
  const stopped = changed('2026-03-10', 'subscription_ended', [{ ...second, dead: true }, first]);
  const other = world().tell(told(DAY, first), told('2026-02-10', second), stopped);
  t.deepEqual([other.states, other.flagKinds], [['tool active perpetual'], ['unclear']]);
  const back = told('2026-02-12', { ...second, refunded: true }, 'refund');
  t.deepEqual(world().tell(told(DAY, first), told('2026-02-10', second), back).flagKinds, ['partial-refund']);
});

const GIVEN = bought(DAY, {
  id: 'giver',
  more: { is_gift_sender_purchase: true, giftee_email: 'ada@example.com' },
});
const GIFT = bought(DAY, { id: 'gift', price: 0, more: { is_gift_receiver_purchase: true } });

test('a gift is the receiver’s license; what becomes of the giver’s sale becomes of it', (t) => {
  const received = told(DAY, GIFT, 'sale', { giver: 'giver' });
  const seen = world().tell(received);
  t.deepEqual([seen.licenses, seen.owed, seen.flags], [['tool gift/0 active perpetual'], [], []]);
  const disputed = told('2026-01-12', { ...GIVEN, disputed: true }, 'dispute');
  t.deepEqual(world().tell(received, disputed).states, ['tool suspended perpetual']);
  t.deepEqual(world().tell(disputed, received).states, ['tool suspended perpetual']);
  const refunded = told('2026-01-12', { ...GIVEN, refunded: true }, 'refund');
  t.deepEqual(world().tell(received, refunded).states, ['tool revoked perpetual']);
});

test('a gift whose receiver was not told waits, and the giver gets nothing', (t) => {
  const seen = world().tell(told(DAY, GIVEN)).wait('2026-01-12');
  t.deepEqual([seen.licenses, seen.flagKinds], [[], ['undelivered']]);
  const unclear = world().tell(told(DAY, GIFT));
  t.deepEqual([unclear.states, unclear.flagKinds], [['tool active perpetual'], ['unclear']]);
});

test('of a bundle its products are sold, and its refund is flagged', (t) => {
  const bundle = bought(DAY, { id: 'bundle', product: 'both==', more: { is_bundle_purchase: true } });
  const part = bought(DAY, { price: 0, more: { is_bundle_product_purchase: true } });
  const claimed = [pinged(DAY, salePing('sale', bundle)), pinged(DAY, salePing('sale', part))];
  const seen = world()
    .tell(...claimed, told(DAY, bundle), told(DAY, part))
    .wait('2026-01-12');
  t.deepEqual(seen.owed, []);
  t.deepEqual([seen.licenses, seen.flags], [['tool S1==/0 active perpetual'], []]);
  seen.tell(told('2026-01-12', { ...bundle, refunded: true }, 'refund'));
  t.deepEqual([seen.states, seen.flagKinds], [['tool active perpetual'], ['partial-refund']]);
});

test('what nothing ties to the order with the license is flagged by itself: of a bundle, and of our products', (t) => {
  const flagsOf = (payload: ReturnType<typeof told>) => world().tell(payload).flagKinds;
  const bundle = bought(DAY, { id: 'bundle', product: 'both==', more: { is_bundle_purchase: true } });
  t.deepEqual(flagsOf(told(DAY, { ...bundle, refunded: true }, 'refund')), ['partial-refund']);
  for (const [product, isOurs] of [
    ['tool==', true],
    ['hat==', false],
  ] as const) {
    const part = renewed('2026-02-10', { product, more: { is_recurring_billing: false } });
    const back = told('2026-02-12', { ...part, partially_refunded: true }, 'refund');
    const stopped = changed('2026-03-10', 'subscription_ended', [{ ...part, dead: true }]);
    const onTop = told(DAY, bought(DAY, { product, more: { is_additional_contribution: true } }));
    t.deepEqual(
      [flagsOf(back), flagsOf(stopped), flagsOf(onTop)],
      isOurs ? [['partial-refund'], ['unclear'], ['unclear']] : [[], [], []],
      product,
    );
  }
});

test('units that cannot be delivered are flagged', (t) => {
  for (const [quantity, kind] of [
    [0, 'undelivered'],
    [100_000, 'too-many-units'],
  ] as const) {
    const seen = world().tell(told(DAY, bought(DAY, { quantity })));
    t.deepEqual([seen.licenses, seen.flagKinds], [[], [kind]]);
  }
});

test('what the API has, and not among what was paid, sells nothing and is flagged; a pre-order is not', (t) => {
  const sale = bought(DAY);
  const unpaid = confirmed(DAY, salePing('sale', sale), { sale, listed: false });
  const seen = world().tell(unpaid);
  t.deepEqual([seen.licenses, seen.flagKinds], [[], ['undelivered']]);
  const ordered = confirmed(DAY, salePing('sale', sale, { is_preorder_authorization: 'true' }), {
    sale,
    listed: false,
  });
  t.deepEqual([world().tell(ordered).licenses, world().tell(ordered).flags], [[], []]);
});
