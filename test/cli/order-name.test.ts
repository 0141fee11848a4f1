import test from 'ava';
import { findOrderName } from '../../src/cli/order-name.ts';
import { fakeLedger, storyOf } from '../kit/desk-ledger.ts';

const live = { marketplace: 'fastspring', mode: 'live', order: 'ACME-1' } as const;

test('an order number that two markets use needs a marketplace or a mode', async (t) => {
  const { ledger, stories } = fakeLedger();
  stories.push(storyOf(), storyOf({ unit: 1 }));
  t.deepEqual(await findOrderName(ledger, 'ACME-1', {}), live, 'the control: one market');
  stories.push(storyOf({ mode: 'test' }), storyOf({ marketplace: 'paddle-classic' }));
  const error = await t.throwsAsync(findOrderName(ledger, 'ACME-1', {}), { code: 'bad_usage' });
  t.regex(
    error?.message ?? '',
    /--marketplace fastspring --mode live, or .*--mode test, or .*paddle-classic/,
  );
  await t.throwsAsync(findOrderName(ledger, 'ACME-1', { mode: 'live' }), { code: 'bad_usage' });
  t.deepEqual(await findOrderName(ledger, 'ACME-1', { marketplace: 'fastspring', mode: 'live' }), live);
  t.is(await findOrderName(ledger, 'ACME-2', {}), undefined);
});
