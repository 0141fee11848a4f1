import { randomBytes } from 'node:crypto';
import test from 'ava';
import { Webhook } from 'standardwebhooks';
import { parseSecret, signatureHeaders } from '../../../src/outbox/webhook/signature.ts';

const now = () => Math.floor(Date.now() / 1000);
const body = new TextEncoder().encode('{"type":"license.issued","data":{"order":"Ä-1"}}');
const text = new TextDecoder().decode(body);
const written = (bytes: Uint8Array) => `whsec_${Buffer.from(bytes).toString('base64')}`;

test('the reference library verifies what is signed, with secrets of 24, 32 and 64 bytes', (t) => {
  for (const length of [24, 32, 64]) {
    const secret = randomBytes(length);
    const headers = signatureHeaders({ id: 'msg-1', timestamp: now(), body }, [secret]);
    t.deepEqual(new Webhook(written(secret)).verify(text, headers), JSON.parse(text));
  }
});

test('while a secret changes, receivers with the old and with the new secret both verify', (t) => {
  const [first, second, other] = [randomBytes(32), randomBytes(32), randomBytes(32)];
  const headers = signatureHeaders({ id: 'msg-1', timestamp: now(), body }, [second, first]);
  for (const secret of [first, second]) t.truthy(new Webhook(written(secret)).verify(text, headers));
  t.throws(() => new Webhook(written(other)).verify(text, headers), undefined, 'the control');
});

test('a changed body, id or time is refused by the reference library', (t) => {
  const secret = randomBytes(32);
  const receiver = new Webhook(written(secret));
  const headers = signatureHeaders({ id: 'msg-1', timestamp: now(), body }, [secret]);
  t.truthy(receiver.verify(text, headers), 'the control');
  t.throws(() => receiver.verify(text.replace('Ä-1', 'Ä-2'), headers));
  t.throws(() => receiver.verify(text, { ...headers, 'webhook-id': 'msg-2' }));
  t.throws(() => receiver.verify(text, { ...headers, 'webhook-timestamp': String(now() - 1) }));
  const late = signatureHeaders({ id: 'msg-1', timestamp: now() - 301, body }, [secret]);
  t.throws(() => receiver.verify(text, late), { message: /timestamp too old/i });
});

test('a secret is whsec_ and base64 of 24 to 64 bytes, with any line end around it', (t) => {
  const secret = randomBytes(24);
  t.deepEqual(parseSecret(`${written(secret)}\n`), secret);
  const refused: readonly (readonly [string, RegExp])[] = [
    [secret.toString('base64'), /does not begin with whsec_/],
    [`whsec_${secret.toString('base64').replace(/.$/, '!')}`, /is not base64/],
    [`whsec_${secret.toString('base64')} x`, /is not base64/],
    [written(randomBytes(23)), /has 23 bytes/],
    [written(randomBytes(65)), /has 65 bytes/],
    ['', /does not begin/],
  ];
  for (const [given, expected] of refused) {
    const said = parseSecret(given);
    t.regex(typeof said === 'string' ? said : 'taken', expected);
    t.false(String(said).includes(secret.toString('base64')), 'the secret is not repeated');
  }
});
