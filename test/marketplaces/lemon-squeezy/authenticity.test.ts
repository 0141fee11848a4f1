/** Who signed a delivery: raw bytes, several secrets, no time. */
import { createHmac } from 'node:crypto';
import test from 'ava';
import { callerOf, isSignatureShaped } from '../../../src/marketplaces/lemon-squeezy/authenticity.ts';

/** As PHP writes it: escaped slashes and letters. */
const BODY = Buffer.from(
  '{"meta":{"event_name":"x"},"url":"https:\\/\\/example.com","name":"gr\\u00fcn","n":1.0}',
);
const SECRETS = [
  ['live', ['a new secret', 'an old secret']],
  ['sandbox', ['a test secret']],
  ['simulator', []],
] as const;

/** Written apart from the code. */
const sign = (secret: string, body = BODY) => createHmac('sha256', secret).update(body).digest('hex');
const callerWith = (header: unknown) => callerOf(BODY, header, SECRETS);

test('the secret that fits says who called: live, old or new, or test mode', (t) => {
  t.is(callerWith(sign('a new secret')), 'live');
  t.is(callerWith(sign('an old secret')), 'live');
  t.is(callerWith(sign('a test secret')), 'sandbox');
  t.is(callerWith(sign('another secret')), undefined);
});

test('the letters of the hash may be upper case', (t) => {
  t.is(callerWith(sign('a new secret').toUpperCase()), 'live');
});

test('the signature is over the bytes as they came', (t) => {
  const header = sign('a new secret');
  const rewritten = Buffer.from(JSON.stringify(JSON.parse(BODY.toString())));
  t.is(callerOf(rewritten, header, SECRETS), undefined);
  t.is(callerOf(BODY, header, SECRETS), 'live', 'the control');
});

test('a header of another shape is no signature', (t) => {
  const hash = sign('a new secret');
  for (const header of [
    undefined,
    '',
    'x',
    hash.slice(1),
    `${hash}0`,
    ` ${hash}`,
    `sha256=${hash}`,
    [hash],
  ]) {
    t.false(isSignatureShaped(header), String(header));
    t.is(callerWith(header), undefined, String(header));
  }
  t.true(isSignatureShaped(hash), 'the control');
});
