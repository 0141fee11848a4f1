import test from 'ava';
import { factText } from '../../src/message/fact-text.ts';

test('a subscription that is said to be active is not told as paid: no payment was named', (t) => {
  t.is(factText({ kind: 'recovered' }), 'active: no payment is overdue');
});
