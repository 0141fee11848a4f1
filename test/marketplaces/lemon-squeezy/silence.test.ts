/** Unknown is never silence (docs/architecture.md, rule 7): what an event lacks is flagged or refused, or changes nothing. */
import test from 'ava';
import { recordOf, textOf } from '../../../src/marketplaces/loose.ts';
import {
  app,
  billed,
  LemonWorld,
  ordered,
  plus,
  refunded,
  SALE,
  stated,
  type Told,
  tool,
  withItems,
} from '../../kit/lemon-squeezy.ts';
import { silentFields } from '../../kit/silence.ts';

const renews = '2026-03-10';
const RENEWED = [...SALE, stated('updated', '2026-02-10', { renews }), billed('2026-02-10')];
const items = [tool(), plus()] as const;
const isRefunded = { status: 'refunded', refunded: 2000 };
const trial = { status: 'on_trial', trialEnds: '2026-01-24', item: { ...app(), quantity: null } };
const of = (until: string, ...events: readonly Told[]) => ({ events, until });

const STORIES = [
  of('2026-02-12', ...RENEWED),
  of('2026-02-12', ...RENEWED, billed('2026-02-10', isRefunded, 'refunded')),
  of(
    '2026-01-13',
    ordered('2026-01-10', { items: [tool()] }),
    refunded('2026-01-12', 2000, { items: [tool()] }),
  ),
  of('2026-01-13', ordered('2026-01-10', { items }), withItems(ordered('2026-01-10', { items }), items)),
  of('2026-02-12', ...SALE, billed('2026-02-10', { status: 'pending' }, 'failed')),
  of('2026-02-12', ...SALE, stated('updated', '2026-02-10', { status: 'past_due' })),
  of('2026-01-13', ...SALE, stated('cancelled', '2026-01-12', { status: 'cancelled', ends: '2026-02-10' })),
  of('2026-01-13', ...SALE, stated('expired', '2026-01-12', { status: 'expired', ends: '2026-01-12' })),
  of('2026-02-12', ...SALE, stated('paused', '2026-01-12', { status: 'paused' })),
  of('2026-01-13', ...SALE, stated('updated', '2026-01-12', { item: app(3), renews: '2026-02-10' })),
  of(
    '2026-01-13',
    ordered('2026-01-10', { items: [app(1, { price: 0 })] }),
    stated('created', '2026-01-10', trial),
  ),
];

/** Each with the reason why nothing is told. */
const DOCUMENTED = {
  'completed order_created fetched.data[]': 'a list that has an item less says that less was bought',
  'subscription_updated data.attributes.first_subscription_item': 'null means that its size is as before',
  'subscription_updated data.attributes.first_subscription_item.quantity': 'likewise',
};

test('no field is missing in silence', (t) => {
  const typeOf = (payload: unknown) => {
    const { meta, completes } = recordOf(payload);
    const { event_name } = recordOf(meta ?? recordOf(completes)['meta']);
    return `${completes === undefined ? '' : 'completed '}${textOf(event_name)}`;
  };
  t.deepEqual(
    silentFields(STORIES, () => new LemonWorld(), typeOf),
    Object.keys(DOCUMENTED).sort(),
  );
});
