import test from 'ava';
import { isRequest } from '../../src/domain/causes.ts';

test('a license that any version issued for a request is known by the text in its history', (t) => {
  t.true(isRequest('fulfillment request'));
  t.true(isRequest('fulfillment request that did not tell test from live'));
  t.false(isRequest('what subscription S is for'));
});
