import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import request from 'supertest';
import { unarmor } from '../../src/license-code/armor.ts';
import { signedBytes } from '../../src/license-code/product.ts';
import { OFFSET } from '../../src/license-code/record.ts';
import { FileOwner } from '../kit/fastspring.ts';
import { codesIn, signed } from '../kit/sale.ts';
import { post } from '../kit/send-sale.ts';
import { type Home, start } from '../kit/service.ts';

const owner = new FileOwner();
let url: string;
let home: Home;
test.before(async () => {
  ({ url, home } = await start(owner));
});
test.after.always(() => owner.end());

test('the keyring equals keyring.json, and a caller may cache it', async (t) => {
  const { status, headers, body } = await request(url).get('/v1/keyring');
  t.is(status, 200);
  t.is(headers['content-type'], 'application/json');
  t.is(headers['cache-control'], 'public, max-age=3600');
  t.regex(headers['etag'] ?? '', /^"[\w-]{22}"$/, 'strong');
  t.deepEqual(body, JSON.parse(readFileSync(join(home.config.keysDir, 'keyring.json'), 'utf8')));
  t.deepEqual(new Set(body.map(({ mode }: { mode: string }) => mode)), new Set(['live', 'test']));
});

test('?mode=live returns the keys for a released program; an unknown query is refused instead of ignored', async (t) => {
  for (const mode of ['live', 'test']) {
    const { body } = await request(url).get(`/v1/keyring?mode=${mode}`);
    t.true(body.length > 0 && body.every((key: { mode: string }) => key.mode === mode));
  }
  for (const query of ['mode=', 'mode=Live', 'mode=live&mode=test', 'modes=live', '__proto__=live']) {
    for (const path of ['/v1/keyring', '/v1/keyring.jwks']) {
      const { status, body } = await request(url).get(`${path}?${query}`);
      t.is(status, 400, query);
      t.is(body.code, 'malformed_request');
    }
  }
});

test('the JWK Set has the same keys, and a code verifies with the key of its key id', async (t) => {
  const { headers, body } = await request(url)
    .get('/v1/keyring.jwks')
    .buffer()
    .parse((response, done) => {
      response.setEncoding('utf8');
      let text = '';
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () => done(null, JSON.parse(text)));
    });
  t.is(headers['content-type'], 'application/jwk-set+json');
  const { body: keyring } = await request(url).get('/v1/keyring');
  t.is(body.keys.length, keyring.length);
  const [code = ''] = codesIn((await post(url, signed({ p_order_id: 'jwk' }))).text);
  const bytes = unarmor(code);
  const jwk: JsonWebKey = body.keys.find(({ kid }: { kid: string }) => kid === String(bytes[OFFSET.keyId]));
  t.like(jwk, { kty: 'OKP', crv: 'Ed25519', use: 'sig', alg: 'EdDSA' });
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  t.true(verify(null, signedBytes('app', bytes), key, bytes.subarray(OFFSET.signature, OFFSET.check)));
  const [another] = body.keys.filter(({ kid }: { kid: string }) => kid !== jwk['kid']);
  const wrong = createPublicKey({ key: another, format: 'jwk' });
  t.false(verify(null, signedBytes('app', bytes), wrong, bytes.subarray(OFFSET.signature, OFFSET.check)));
});

test('a matching If-None-Match gets 304 without a body', async (t) => {
  for (const path of ['/v1/keyring', '/v1/keyring?mode=live', '/v1/keyring.jwks']) {
    const { headers } = await request(url).get(path);
    const etag = headers['etag'] ?? '';
    for (const held of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await request(url).get(path).set('If-None-Match', held);
      t.is(again.status, 304, held);
      t.is(again.text, '');
      t.is(again.headers['etag'], etag);
      t.is(again.headers['cache-control'], headers['cache-control']);
    }
    t.is((await request(url).get(path).set('If-None-Match', '"other"')).status, 200);
  }
  const etags = await Promise.all(
    ['', '?mode=live', '?mode=test'].map(
      async (query) => (await request(url).get(`/v1/keyring${query}`)).headers['etag'],
    ),
  );
  t.is(new Set(etags).size, 3);
});

test('HEAD is GET without the body, and another method gets 405', async (t) => {
  for (const path of ['/v1/keyring', '/v1/keyring.jwks']) {
    const [got, head] = [await request(url).get(path), await request(url).head(path)];
    t.is(head.status, 200);
    t.is(head.headers['content-length'], got.headers['content-length']);
    t.is(head.headers['etag'], got.headers['etag']);
    const refused = await request(url).post(path);
    t.is(refused.status, 405);
    t.is(refused.headers['allow'], 'GET, HEAD');
  }
});
