import test from 'ava';
import { textOf } from '../../../src/marketplaces/fastspring/loose.ts';
import { openMarket } from '../../support/fastspring.ts';

test('a text of JSON that holds half of a character is read as the ledger can keep it', (t) => {
  t.is(textOf(JSON.parse('"a\\ud800b"')), 'a\ufffdb');
  t.is(textOf(JSON.parse('"\\ud83d\\udc69"')), '👩');
});

test('an event with half of a character in its id and its order leaves a ledger in which nothing is amiss', async (t) => {
  const market = await openMarket(t);
  await market.tell(
    market.event(
      'order.completed',
      { reference: 'F\udc00', items: [{ product: 'app', quantity: 1 }] },
      { id: 'x\ud800' },
    ),
  );
  const { status, out } = await market.cli(['ledger', 'check']);
  t.is(out, '1 licenses, nothing amiss.\n');
  t.is(status, 0);
});
