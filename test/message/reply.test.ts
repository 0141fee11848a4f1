import test from 'ava';
import type { AnsweredLicense } from '../../src/domain/requests/fulfill.ts';
import { armor, unarmor } from '../../src/license-code/armor.ts';
import { crc16 } from '../../src/license-code/crc16.ts';
import { findCodes } from '../../src/license-code/find-codes.ts';
import { writeMessage } from '../../src/message/reply.ts';
import { sampleCodes } from '../../src/message/samples.ts';
import { Templates } from '../../src/message/templates.ts';

const MESSAGE = {
  digest: 'digest',
  productId: 'app',
  productName: 'App',
  features: [],
  body: 'Hello{% if customer.name %} {{ customer.name }}{% endif %},\n\n{% for code in codes %}\n```\n{{ code }}\n```\n{% endfor %}\n\nYours, {{ customer.email }}',
};

/** Codes of which all but the signature is right. */
const [SOLD = '', OTHER = ''] = sampleCodes(2).map((code) => {
  const bytes = unarmor(code);
  new DataView(bytes.buffer).setUint16(98, crc16(bytes, 98));
  return armor(bytes);
});

const replyTo = (customer: { name: string; email?: string }, words = '') => {
  const answer = { code: SOLD, message: 'digest', quantity: 1 } as AnsweredLicense['answer'];
  return writeMessage(
    [{ answer } as AnsweredLicense],
    { order: '1', mode: 'live' },
    { name: customer.name, email: customer.email },
    {
      templates: new Templates([{ ...MESSAGE, body: `${MESSAGE.body}${words}` }], async () => undefined),
      minter: {
        entitlementOf: () => ({
          issued: '2026-11-22',
          lastValid: null,
          updatesUntil: null,
          seats: 1,
          features: 0,
          trial: false,
        }),
      },
    },
  );
};

test('a customer whose name looks like a code is not named: a program finds only the sold code', async (t) => {
  for (const written of [OTHER, OTHER.toLowerCase(), `Ada ${OTHER}`, OTHER.replace(/.{10}/g, '$& ').trim()]) {
    for (const customer of [
      { name: written, email: 'ada@example.com' },
      { name: 'Ada', email: `${written}@x` },
    ]) {
      const reply = await replyTo(customer);
      t.deepEqual(findCodes(reply), [SOLD]);
      t.regex(reply, /^Hello,/);
    }
  }
});

test('a long name that is no code stays', async (t) => {
  const name = 'Pablo Diego José Francisco de Paula Juan Nepomuceno';
  t.regex(await replyTo({ name }), new RegExp(`^Hello ${name},`));
});

test('a short name is left out where it and the words beside it would be found as a code', async (t) => {
  const [name, words] = [OTHER.slice(0, 10), `\n\n{{ customer.name }} ${OTHER.slice(10)}`];
  const reply = await replyTo({ name }, words);
  t.deepEqual(findCodes(reply), [SOLD]);
  t.regex(reply, /^Hello,/);
  t.regex(await replyTo({ name: 'Ada' }, words), /^Hello Ada,/);
});

test("a name stays where the product's own words are found as a code: to leave it out would not help", async (t) => {
  const reply = await replyTo({ name: 'Ada' }, `\n\n${OTHER}`);
  t.deepEqual(findCodes(reply), [SOLD, OTHER]);
  t.regex(reply, /^Hello Ada,/);
});
