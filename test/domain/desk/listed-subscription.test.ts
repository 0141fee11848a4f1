import test from 'ava';
import {
  compareSubscription,
  type ListedSubscription,
} from '../../../src/domain/desk/listed-subscription.ts';
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import type { LicenseStory } from '../../../src/domain/ledger.ts';
import { entitlementOf } from '../../../src/keyring/minter.ts';
import { fakeLedger, storyOf } from '../../kit/desk-ledger.ts';
import { told } from '../../kit/telling.ts';
import { MARKET } from '../../kit/world.ts';

const S = 'subscription:S';
const canceled: FactBody = { kind: 'canceled', last: '2027-01-31' };
const deactivated: FactBody = { kind: 'deactivated', on: '2027-01-31' };
const said = (...bodies: readonly FactBody[]) =>
  bodies.map((body, place) => told(`2027-01-0${place + 1}`, S, body));

const RUNNING = { subscription: 'S', at: 0, isSold: true, standing: 'running' } as const;
const ENDING = { ...RUNNING, standing: 'ending', payload: 'its event' } as const;
const ENDED = { ...RUNNING, standing: 'ended', payload: 'its event' } as const;
const FOLLOWS = storyOf({ subscription: 'S' }, { lastValid: '2028-01-15' });

function compare(
  listed: ListedSubscription,
  licenses: readonly LicenseStory[] = [FOLLOWS],
  facts: readonly Fact[] = [],
) {
  const { ledger, stories } = fakeLedger({
    showOrder: async (order) => ({ licenses: [], owed: [], flags: [], facts: order === S ? facts : [] }),
  });
  stories.push(...licenses);
  const lastValidOf = (code: string) => entitlementOf(code).lastValid;
  return compareSubscription(listed, { ledger, ...MARKET, lastValidOf });
}
/** The note, without its advice. */
async function noteOf(...args: Parameters<typeof compare>): Promise<string> {
  const compared = await compare(...args);
  return typeof compared === 'object' && 'note' in compared ? compared.note : JSON.stringify(compared);
}

test('a subscription that no license follows is for a person, where a product file names it and it has not ended', async (t) => {
  const lacks =
    'fastspring lists subscription S, and no license follows it: look at it there, and issue what was sold';
  t.is(await noteOf(RUNNING, []), lacks);
  t.is(await noteOf(ENDING, []), lacks);
  t.is(await compare(ENDED, []), 'there');
  t.is(await compare({ ...RUNNING, isSold: false }, []), 'there');
  t.is(await compare(RUNNING, [], said({ kind: 'overdue' })), 'there', 'the ledger knows it');
  const elsewhere = [storyOf({ subscription: 'S', mode: 'test' }), storyOf({ subscription: 'T' })];
  t.is(await noteOf(RUNNING, [...elsewhere, storyOf({ subscription: 'S', marketplace: 'stripe' })]), lacks);
  const others = said({ kind: 'overdue' }).flatMap((fact) => [
    { ...fact, mode: 'test' as const },
    { ...fact, marketplace: 'stripe' as const },
  ]);
  t.is(await noteOf(RUNNING, [], others), lacks, 'known in other markets alone');
});

test('the end of a subscription is fed in where the ledger has none', async (t) => {
  t.deepEqual(await compare(ENDED), { feed: 'its event' });
  t.deepEqual(await compare(ENDED, [FOLLOWS], said(canceled)), { feed: 'its event' });
  t.is(await compare(ENDED, [FOLLOWS], said(deactivated)), 'there');
});

test('a cancellation is fed in where the ledger has none that stands', async (t) => {
  t.deepEqual(await compare(ENDING), { feed: 'its event' });
  t.is(await compare(ENDING, [FOLLOWS], said(canceled)), 'there');
  t.is(await compare(ENDING, [FOLLOWS], said(deactivated)), 'there');
  t.deepEqual(await compare(ENDING, [FOLLOWS], said(canceled, { kind: 'uncanceled' })), {
    feed: 'its event',
  });
  t.is(await compare(ENDING, [FOLLOWS], said({ kind: 'uncanceled' }, canceled)), 'there');
});

test('a running subscription that the ledger has as canceled is fed in, where an event tells it', async (t) => {
  const payload = 'its event';
  t.deepEqual(await compare({ ...RUNNING, payload }, [FOLLOWS], said(canceled)), { feed: payload });
  t.is(await compare({ ...RUNNING, payload }), 'there');
  t.is(await compare(RUNNING, [FOLLOWS], said(canceled)), 'there', 'no event tells it, and it is served');
});

test('a running subscription is served by an active license up to its next charge, and else for a person', async (t) => {
  const until = '2028-01-15';
  t.is(await compare({ ...RUNNING, until }), 'there');
  const later = { ...RUNNING, until: '2028-01-16' };
  t.is(
    await noteOf(later),
    'fastspring lists subscription S as running to 2028-01-16, and no license of it is: look at its charges there',
  );
  t.is(
    await compare(later, [FOLLOWS, storyOf({ subscription: 'S', unit: 1 }, { lastValid: null })]),
    'there',
  );
  const suspended = storyOf({ subscription: 'S', state: 'suspended' });
  t.regex(await noteOf(RUNNING, [suspended]), /^fastspring lists subscription S as running, and no license/);
});
