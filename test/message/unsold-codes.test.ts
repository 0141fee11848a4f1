import test from 'ava';
import { armor, unarmor } from '../../src/license-code/armor.ts';
import { crc16 } from '../../src/license-code/crc16.ts';
import { findCodes } from '../../src/license-code/find-codes.ts';
import { sampleCodes } from '../../src/message/samples.ts';
import { compileMessage, type MessageValues } from '../../src/message/template.ts';
import { lettersIn, roomOf } from '../../src/message/unsold-codes.ts';
import fc from '../kit/fast-check.ts';

/** Codes of which all but the signature is right: a reader finds them. */
const [SOLD = '', OTHER = ''] = sampleCodes(2).map((code) => {
  const bytes = unarmor(code);
  new DataView(bytes.buffer).setUint16(98, crc16(bytes, 98));
  return armor(bytes);
});

function reply(body: string, order: string, name: string) {
  const values: MessageValues = {
    codes: [SOLD],
    license: { lastValid: null, updatesUntil: null, seats: 1, features: 0, trial: false },
    order: { id: order, quantity: 1, test: false },
    customer: { name, email: undefined },
  };
  return compileMessage({ digest: '', productId: 'x', productName: 'X', features: [], body }).renderProven(
    values,
  );
}

const GREETING = 'Hello {{ customer.name }},\n\n{% for code in codes %}{{ code }}\n{% endfor %}\n';

test('a usual reply is proven to hold only the sold code', (t) => {
  for (const name of ['Ada Byron', 'Zoë Müller-Strauß', "O'Neil", 'Ada (2) *']) {
    const { text, holdsOnlyCodes } = reply(GREETING, '621267-5045403', name);
    t.true(holdsOnlyCodes, name);
    t.deepEqual(findCodes(text), [SOLD]);
  }
});

test('nothing is proven where name and words are found as a code together', (t) => {
  const { text, holdsOnlyCodes } = reply(
    `${GREETING}{{ customer.name }} ${OTHER.slice(10)}`,
    '7',
    OTHER.slice(0, 10),
  );
  t.deepEqual(findCodes(text), [SOLD, OTHER]);
  t.false(holdsOnlyCodes);
});

test('nothing is proven of a text that holds a code itself, or of a code that no program would find', (t) => {
  t.false(reply(`${GREETING}${OTHER}`, '7', 'Ada').holdsOnlyCodes);
  const values = { codes: [`${SOLD}0`], customer: { name: 'Ada', email: undefined } };
  const { renderProven } = compileMessage({
    digest: '',
    productId: 'x',
    productName: 'X',
    features: [],
    body: GREETING,
  });
  const order = { id: '7', quantity: 1, test: false };
  const license = { lastValid: null, updatesUntil: null, seats: 1, features: 0, trial: false };
  t.false(renderProven({ ...values, order, license }).holdsOnlyCodes);
});

test('an escape or a wrongly decoded character that goes over the border of a value proves nothing', (t) => {
  for (const text of ['see &', 'see & u', 'a=', '100 %', 'C:\\', '1 <b']) {
    t.is(roomOf([text, 'uuml; is fun']), -1, text);
    t.not(roomOf([`${text.replace('<', '')}\nover`, 'uuml; is fun']), -1, text);
  }
  for (const value of ['&', 'a=3', '%4', '\\u00', 'a\\', '\\\\n', 'Â', 'â€', '<', 'Ж']) {
    t.is(lettersIn(value), Number.POSITIVE_INFINITY, value);
  }
  t.is(lettersIn('Stra\u00dfe \\@'), 10);
});

/** Words that make codes by chance likely: parts of a real code, with and without what ends a run of letters. */
const part = fc.tuple(fc.nat(160), fc.nat(160)).map(([a, b]) => OTHER.slice(Math.min(a, b), Math.max(a, b)));
const word = fc.oneof(
  part,
  fc.constantFrom('U', 'you', 'aUa', '&', '=3D', '%', '\\', 'Â', 'â€', 'ï»', 'Ж', 'ß', '\n', ' ', '-'),
);
const phrase = fc.array(word, { maxLength: 4 }).map((words) => words.join(''));

test('a reader finds only the sold code in whatever is proven', (t) => {
  let proven = 0;
  fc.assert(
    fc.property(
      fc.array(phrase, { minLength: 4, maxLength: 4 }),
      phrase,
      phrase,
      ([a, b, c, d], order, name) => {
        const body = `${a}{{ customer.name }}${b}\n{% for code in codes %}{{ code }}{% endfor %}\n${c}{{ order.id }}${d}`;
        const { text, holdsOnlyCodes } = reply(body, `1${order}`, name);
        if (!holdsOnlyCodes) return;
        proven += 1;
        t.deepEqual(findCodes(text), [SOLD]);
      },
    ),
    { numRuns: 3000 },
  );
  t.true(proven > 30, `only ${proven} were proven`);
});

test('the proof would be wrong without the letters of the values', (t) => {
  const texts = ['', ` ${OTHER.slice(10)} u`];
  t.deepEqual(findCodes(texts.join(OTHER.slice(0, 10))), [OTHER]);
  t.true(roomOf(texts) >= 0);
  t.true(roomOf(texts) < lettersIn(OTHER.slice(0, 10)));
});
