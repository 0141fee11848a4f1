/** What becomes of Gumroad's memberships: the state that their sales show. */
import test from 'ava';
import { changed, charged, GumroadWorld, renewed, told } from '../../kit/gumroad.ts';

const DAY = '2026-01-10';
const FIRST = charged(DAY);
const SECOND = renewed('2026-02-10');
const both = (state: object) => [
  { ...SECOND, ...state },
  { ...FIRST, ...state },
];
const begun = () => new GumroadWorld().tell(told(DAY, FIRST), told('2026-02-10', SECOND));

test('a cancellation is valid to the paid day, and its withdrawal is as before', (t) => {
  const seen = begun().tell(changed('2026-02-20', 'cancellation', both({ cancelled: true })));
  t.deepEqual(seen.states, ['app active 2026-03-10']);
  t.deepEqual(seen.tell(changed('2026-02-21', 'subscription_restarted', both({}))).states, [
    'app active 2026-03-24',
  ]);
});

test('what the ping says of days and reasons counts for nothing', (t) => {
  const ping = { cancelled_at: '2026-02-11T00:00:00Z', cancelled_due_to_payment_failures: 'true' };
  const seen = begun().tell(changed('2026-02-20', 'cancellation', both({ cancelled: true }), ping));
  t.deepEqual(seen.states, ['app active 2026-03-10']);
  const ended = changed('2026-02-20', 'subscription_ended', both({}), { ended_at: '2026-02-11T00:00:00Z' });
  t.deepEqual(begun().tell(ended).states, ['app active 2026-03-24']);
});

test('an end is after the paid day, or at once before it; a restart and the next charge take it back', (t) => {
  const over = both({ cancelled: true, dead: true });
  t.deepEqual(
    begun()
      .tell(changed('2026-03-10', 'subscription_ended', over))
      .wait('2026-03-11').states,
    ['app ended 2026-03-10'],
  );
  const seen = begun().tell(changed('2026-02-20', 'subscription_ended', over));
  t.deepEqual(seen.states, ['app ended 2026-02-19']);
  seen.tell(changed('2026-02-22', 'subscription_restarted', both({})));
  t.deepEqual(seen.states, ['app active 2026-03-24']);
  const next = told('2026-03-15', renewed('2026-03-15'));
  t.deepEqual(begun().tell(changed('2026-03-10', 'subscription_ended', over), next).states, [
    'app active 2026-04-29',
  ]);
});

test('a charge that was never told is seen with the next ping of its subscription', (t) => {
  const seen = new GumroadWorld().tell(changed('2026-02-20', 'subscription_updated', both({})));
  t.deepEqual(seen.states, ['app active 2026-03-24']);
});

test('a change to more that no charge shows is flagged; one to less, and one that is charged, are not', (t) => {
  const plan = (quantity: string, type: string) => ({
    type,
    'new_plan[tier][name]': '',
    'new_plan[quantity]': quantity,
  });
  const kindsAfter = (quantity: string, type: string, charges = both({})) =>
    begun().tell(changed('2026-02-20', 'subscription_updated', charges, plan(quantity, type))).flagKinds;
  t.deepEqual(kindsAfter('3', 'upgrade'), ['unclear']);
  t.deepEqual(kindsAfter('3', 'downgrade'), []);
  t.deepEqual(kindsAfter('1', 'upgrade'), []);
  const up = renewed('2026-02-20', { quantity: 3, more: { is_upgrade_purchase: true } });
  t.deepEqual(kindsAfter('3', 'upgrade', [up, ...both({})]), []);
});

test('a subscription whose state is not shown is flagged', (t) => {
  const seen = begun().tell(changed('2026-02-20', 'subscription_ended', both({ dead: null })));
  t.deepEqual([seen.states, seen.flagKinds], [['app active 2026-03-24'], ['unclear']]);
});

test('a won dispute goes on with its membership, though the ping of the restart is lost', (t) => {
  const dead = { cancelled: true, dead: true };
  const disputed = { ...SECOND, ...dead, disputed: true };
  const lost = () =>
    begun().tell(
      told('2026-02-15', disputed, 'dispute'),
      changed('2026-02-15', 'cancellation', [disputed, { ...FIRST, ...dead }]),
    );
  const won = { ...SECOND, disputed: true, dispute_won: true };
  const wonAs = (state: object) =>
    lost().tell(told('2026-02-20', { ...won, ...state }, 'dispute_won')).states;
  t.deepEqual(lost().states, ['app ended 2026-02-14']);
  t.deepEqual(wonAs({}), ['app active 2026-03-24']);
  t.deepEqual(wonAs(dead), ['app ended 2026-02-14'], 'the control: it does not run');
});
