/** Who signed a delivery: raw bytes, several secrets and hashes, a time that is near. */
import { createHmac } from 'node:crypto';
import test from 'ava';
import { callerOf, isSignatureShaped } from '../../../src/marketplaces/stripe/authenticity.ts';

const NOW = Date.UTC(2026, 0, 10, 12);
const AT = String(NOW / 1000);
const BODY = Buffer.from('{"data": "gr\\u00fcn", "n":1.0}');
const SECRETS = [
  ['live', ['whsec_new', 'whsec_old']],
  ['sandbox', ['whsec_test']],
  ['simulator', []],
] as const;

/** Written apart from the code: one text, the time and the dot in front of the body. */
const sign = (secret: string, at = AT, body = BODY) =>
  createHmac('sha256', secret)
    .update(Buffer.concat([Buffer.from(`${at}.`), body]))
    .digest('hex');
const callerWith = (header: unknown, now = NOW) => callerOf(BODY, header, SECRETS, now);

test('the secret that fits says who called: live, old or new, or test mode', (t) => {
  t.is(callerWith(`t=${AT},v1=${sign('whsec_new')}`), 'live');
  t.is(callerWith(`t=${AT},v1=${sign('whsec_old')}`), 'live');
  t.is(callerWith(`t=${AT},v1=${sign('whsec_test')}`), 'sandbox');
  t.is(callerWith(`t=${AT},v1=${sign('whsec_other')}`), undefined);
});

test('any of several hashes is enough; v0 and unknown names are ignored', (t) => {
  const hash = sign('whsec_old');
  t.is(callerWith(`t=${AT},v1=${sign('x')},v1=${hash}`), 'live');
  t.is(callerWith(`t=${AT},v1=${hash},v1=${sign('x')},v0=whatever`), 'live');
  t.is(callerWith(`t=${AT}, v1=${hash}`), 'live');
  t.is(callerWith(`t=${AT},v0=${hash}`), undefined, 'the control');
});

test('the signature is over the bytes as they came', (t) => {
  const header = `t=${AT},v1=${sign('whsec_new')}`;
  const rewritten = Buffer.from(JSON.stringify(JSON.parse(BODY.toString())));
  t.is(callerOf(rewritten, header, SECRETS, NOW), undefined);
  t.is(callerOf(BODY, header, SECRETS, NOW), 'live', 'the control');
});

test('a signature counts for five minutes, both ways, and its time is signed', (t) => {
  const header = `t=${AT},v1=${sign('whsec_new')}`;
  for (const seconds of [-300, -6, 0, 6, 300]) t.is(callerWith(header, NOW + seconds * 1000), 'live');
  for (const seconds of [-301, 301, 86_400]) t.is(callerWith(header, NOW + seconds * 1000), undefined);
  const later = String(Number(AT) + 60);
  t.is(callerWith(`t=${later},v1=${sign('whsec_new')}`), undefined);
});

test('a header of another shape is no signature', (t) => {
  const hash = sign('whsec_new');
  for (const header of [
    undefined,
    '',
    't=1',
    `v1=${hash}`,
    `t=,v1=${hash}`,
    `t=x,v1=${hash}`,
    `t=${AT},v1=`,
  ]) {
    t.false(isSignatureShaped(header), String(header));
    t.is(callerWith(header), undefined, String(header));
  }
  t.is(callerWith([`t=${AT},v1=${hash}`]), undefined);
  t.true(isSignatureShaped(`t=${AT},v1=${hash}`), 'the control');
});

test('the whole secret is the key, its prefix included and never decoded', (t) => {
  const key = Buffer.from('new', 'base64');
  const hash = createHmac('sha256', key).update(`${AT}.`).update(BODY).digest('hex');
  t.is(callerWith(`t=${AT},v1=${hash}`), undefined);
  t.is(callerWith(`t=${AT},v1=${sign('new')}`), undefined);
});
