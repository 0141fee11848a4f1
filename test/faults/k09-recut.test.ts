/** Kind 9: one captured request, recut in every way that keeps its hash, gets no other license. */
import { createHash } from 'node:crypto';
import test from 'ava';
import { LICENSE_KEYS } from '../kit/fastspring-secrets.ts';
import type { Player } from './player.ts';
import { open } from './scenes.ts';

/** What the attacker saw: a test request of the cheap product, with values in the order of their names. */
const SEEN: Readonly<Record<string, string>> = {
  email: 'buyer@example.com',
  name: 'Robin Example',
  product: 'script',
  quantity: '1',
  reference: 'ACM261120-1111-22222',
  test: 'true',
};

const JOINED = Object.values(SEEN).join('');
const HASH = createHash('md5')
  .update(JOINED + LICENSE_KEYS[0])
  .digest('hex');

const BEFORE_QUANTITY = JOINED.slice(0, JOINED.indexOf('1ACM'));

/** The same values with other names and boundaries: each form has the genuine hash. */
function* recut(): Generator<Readonly<Record<string, string>>> {
  const email = 'buyer@example.com';
  yield { email, name: 'Robin Examplescript', quantity: '1', reference: 'ACM261120-1111-22222true' };
  yield { email, name: 'Robin Examplescript1ACM26', quantity: '1', reference: '120-1111-22222true' };
  const whole = SEEN['reference'] ?? '';
  for (let length = 1; length < whole.length; length++) {
    const [reference, rest] = [whole.slice(0, length), `${whole.slice(length)}true`];
    yield { aaa: BEFORE_QUANTITY, quantity: '1', reference, zzz: rest };
    yield { email: BEFORE_QUANTITY, quantity: '1', reference, sku: rest };
  }
  for (const { 0: digits, index } of JOINED.matchAll(/[1-9]\d{0,2}/g)) {
    for (let count = 1; count <= digits.length; count++) {
      const reference = JOINED.slice(index + count);
      yield { name: JOINED.slice(0, index), quantity: digits.slice(0, count), reference };
    }
  }
}

function form(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams({ ...fields, security_request_hash: HASH }).toString();
}

/** The codes in the answers to the forms at a product's address. */
async function codesOf(player: Player, product: string): Promise<readonly string[]> {
  const codes = new Set<string>();
  for (const fields of recut()) {
    const names = Object.keys(fields).sort();
    if (names.map((name) => fields[name]).join('') !== JOINED) throw new Error(`no genuine hash: ${names}`);
    const answer = await player.post(`/fulfillment/fastspring/${product}`, form(fields));
    if (answer.status === 200) for (const code of answer.codes) codes.add(code);
  }
  return [...codes];
}

for (const product of ['script', 'studio']) {
  test(`fault 45: one request, recut in every way, gets at most five flagged licenses of ${product}`, async (t) => {
    const player = await open(t);
    t.is((await player.post('/fulfillment/fastspring/script', form(SEEN))).status, 200);
    const codes = await codesOf(player, product);
    t.true(codes.length <= 5, `${codes.length} codes`);
    const odd = (await player.flags()).filter(({ kind }) => kind === 'odd-reference');
    t.true(codes.length === 0 || odd.length > 0);
  });
}

test('fault 45: a captured request that names its product gets nothing at another product’s address', async (t) => {
  const player = await open(t);
  const answer = await player.post('/fulfillment/fastspring/studio', form(SEEN));
  t.deepEqual([answer.status, answer.problem], [400, 'wrong_product']);
});
