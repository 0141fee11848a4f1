/** Who signed a delivery: raw bytes, several secrets and hashes, a time that is near. */
import { createHmac } from 'node:crypto';
import test from 'ava';
import { callerOf, isSignatureShaped } from '../../../src/marketplaces/paddle-billing/authenticity.ts';

const NOW = Date.UTC(2026, 0, 10, 12);
const AT = String(NOW / 1000);
const BODY = Buffer.from('{"data": "gr\\u00fcn", "n":1.0}');
const SECRETS = [
  ['live', ['pdl_ntfset_new', 'pdl_ntfset_old']],
  ['sandbox', ['pdl_ntfset_sandbox']],
  ['simulator', []],
] as const;

/** Written apart from the code: one text, the time and the colon in front of the body. */
const sign = (secret: string, at = AT, body = BODY) =>
  createHmac('sha256', secret)
    .update(Buffer.concat([Buffer.from(`${at}:`), body]))
    .digest('hex');
const callerWith = (header: unknown, now = NOW) => callerOf(BODY, header, SECRETS, now);

test('the secret that fits says who called: live, old or new, or the sandbox', (t) => {
  t.is(callerWith(`ts=${AT};h1=${sign('pdl_ntfset_new')}`), 'live');
  t.is(callerWith(`ts=${AT};h1=${sign('pdl_ntfset_old')}`), 'live');
  t.is(callerWith(`ts=${AT};h1=${sign('pdl_ntfset_sandbox')}`), 'sandbox');
  t.is(callerWith(`ts=${AT};h1=${sign('pdl_ntfset_other')}`), undefined);
});

test('any of several hashes is enough; unknown names and upper case are ignored', (t) => {
  const hash = sign('pdl_ntfset_old');
  t.is(callerWith(`ts=${AT};h1=${sign('x')};h1=${hash}`), 'live');
  t.is(callerWith(`ts=${AT};h1=${hash};h1=${sign('x')};h2=whatever`), 'live');
  t.is(callerWith(`ts=${AT}; h1=${hash.toUpperCase()}`), 'live');
  t.is(callerWith(`ts=${AT};h2=${hash}`), undefined, 'the control');
});

test('the signature is over the bytes as they came', (t) => {
  const header = `ts=${AT};h1=${sign('pdl_ntfset_new')}`;
  const rewritten = Buffer.from(JSON.stringify(JSON.parse(BODY.toString())));
  t.is(callerOf(rewritten, header, SECRETS, NOW), undefined);
  t.is(callerOf(BODY, header, SECRETS, NOW), 'live', 'the control');
});

test('a signature counts for five minutes, both ways, and its time is signed', (t) => {
  const header = `ts=${AT};h1=${sign('pdl_ntfset_new')}`;
  for (const seconds of [-300, -6, 0, 6, 300]) t.is(callerWith(header, NOW + seconds * 1000), 'live');
  for (const seconds of [-301, 301, 86_400]) t.is(callerWith(header, NOW + seconds * 1000), undefined);
  const later = String(Number(AT) + 60);
  t.is(callerWith(`ts=${later};h1=${sign('pdl_ntfset_new')}`), undefined);
});

test('a header of another shape is no signature', (t) => {
  const hash = sign('pdl_ntfset_new');
  for (const header of [
    undefined,
    '',
    'ts=1',
    `h1=${hash}`,
    `ts=;h1=${hash}`,
    `ts=x;h1=${hash}`,
    `ts=${AT};h1=`,
  ]) {
    t.false(isSignatureShaped(header), String(header));
    t.is(callerWith(header), undefined, String(header));
  }
  t.is(callerWith([`ts=${AT};h1=${hash}`]), undefined);
  t.true(isSignatureShaped(`ts=${AT};h1=${hash}`), 'the control');
});
