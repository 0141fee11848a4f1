import test from 'ava';
import {
  eventIn,
  isRequest,
  LICENSE_REQUEST,
  MAIL_REFUSED,
  REFUSED_REQUEST,
  REQUEST,
  UNMARKED_REQUEST,
} from '../../../src/domain/values/causes.ts';

test('a license that any version issued for a request is known by the text in its history', (t) => {
  t.true(isRequest('fulfillment request'));
  t.true(isRequest('fulfillment request that did not tell test from live'));
  t.false(isRequest('what subscription S is for'));
});

test('a fact names its event; one that a request or a refused mail stated names none', (t) => {
  t.is(eventIn('return.created abc'), 'abc');
  t.is(eventIn('return.created abc (reconciled)'), 'abc');
  for (const cause of [REQUEST, UNMARKED_REQUEST, REFUSED_REQUEST, `${LICENSE_REQUEST} A-1`, MAIL_REFUSED])
    t.is(eventIn(cause), null, cause);
});
