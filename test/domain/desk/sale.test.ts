import test from 'ava';
import { issueSale } from '../../../src/domain/desk/sale.ts';
import type { Issue } from '../../../src/domain/ledger.ts';
import { NOW } from '../../kit/desk.ts';
import { fakeLedger } from '../../kit/desk-ledger.ts';
import { productOf } from '../../kit/memory-ledger.ts';

test('a seller’s own sale is issued as one order, all units at once, also with Separate Multibuy', async (t) => {
  const issues: Issue[] = [];
  const answer = { outcome: 'revoked' } as const;
  const { ledger } = fakeLedger({
    issue: async (issue) => {
      issues.push(issue);
      return answer;
    },
  });
  const product = productOf({ multibuy: 'separate' });
  const customer = { name: 'Ada Byron', email: 'ada@example.com' };
  const sale = { product, mode: 'test', order: 'INV-7', quantity: 3, customer } as const;
  t.deepEqual(await issueSale({ ledger }, sale, NOW), answer);
  t.deepEqual(issues, [
    {
      order: {
        marketplace: 'manual',
        mode: 'test',
        order: 'INV-7',
        line: '',
        product: 'app',
        quantity: 3,
        soldAt: NOW,
        customer,
      },
      product: { ...product, multibuy: 'single' },
      units: 'all',
      facts: [],
      at: NOW,
      cause: 'issued by an operator',
    },
  ]);
});
