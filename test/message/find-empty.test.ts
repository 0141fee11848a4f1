import test from 'ava';
import { readProductFile } from '../../src/catalog/product-file.ts';
import { productFile } from '../kit/products.ts';

const CODES = '\n\n{% for code in codes %}\n\n{{ code }}\n\n{% endfor %}\n';
/** The front matter and the text's first line, which is line 6 or more of the file. */
const faultsOf = (head: string, sentence: string): string[] => {
  const read = readProductFile('x', Buffer.from(productFile(`name: X\n${head}`, sentence + CODES)));
  return Array.isArray(read) ? read.map(({ line, message }) => `${line}: ${message}`) : [];
};

const END = 'It is valid until {{ license.last_valid_day | date }}.';
const UPDATES = 'Updates come until {{ license.updates_until | date }}.';
const FEATURES = 'It has {{ license.features | join: ", " }}.';

test('a sentence that prints a last valid day is refused where a license can be valid for good, with its line', (t) => {
  const remedy = (line: number) =>
    `${line}: for a license that is valid for good the text reads "It is valid until .": put these words between {% if license.last_valid_day %} and {% endif %}`;
  t.deepEqual(faultsOf('term: perpetual', END), [remedy(5)]);
  t.deepEqual(faultsOf('term: P1Y\nended: fallback', END), [remedy(6)]);
  t.deepEqual(faultsOf('term: P1Y', END), [], 'the control: such a license always has a last valid day');
});

test('a sentence that prints when updates end is refused where they never end', (t) => {
  const [fault, ...others] = faultsOf('term: perpetual', UPDATES);
  t.deepEqual(others, []);
  t.regex(fault ?? '', /^5: for a license that has all updates the text reads "Updates come until \."/);
  t.regex(faultsOf('term: P1Y\nended: fallback', UPDATES)[0] ?? '', /^6: for a license that has all updates/);
  t.deepEqual(faultsOf('term: perpetual\nupdates: P1Y', UPDATES), [], 'the control');
});

test('a sentence that lists features is refused where a license has none', (t) => {
  for (const list of [
    FEATURES,
    'It has {{ license.features }}.',
    'It has {{ license.features | array_to_sentence_string }}.',
  ])
    t.regex(
      faultsOf('term: P1Y', list)[0] ?? '',
      /^5: for a license without features the text reads "It has \."/,
    );
  t.deepEqual(faultsOf('term: P1Y\nfeatures: [a, b]', FEATURES), [], 'the control');
  t.is(faultsOf('term: P1Y\nfeatures: [a, b]\ngrants: []', FEATURES).length, 1);
});

for (const [how, sentence] of [
  ['in a variable', '{% assign day = license.last_valid_day %}Valid until {{ day | date }}.'],
  [
    'in a captured text',
    '{% capture when %}{{ license.last_valid_day | date }}{% endcapture %}Valid until {{ when }}.',
  ],
  ['by echo', 'Valid until {% echo license.last_valid_day %}.'],
  [
    'in a branch for trials',
    '{% if license.trial %}Try it until {{ license.last_valid_day | date }}.{% endif %}',
  ],
  [
    'in a branch for many seats',
    '{% if license.seats > 1 %}Valid until {{ license.last_valid_day | date }}.{% endif %}',
  ],
  [
    'in a branch for several codes',
    '{% if codes.size > 1 %}Valid until {{ license.last_valid_day | date }}.{% endif %}',
  ],
  [
    'in a branch for test orders',
    '{% if order.test %}Valid until {{ license.last_valid_day | date }}.{% endif %}',
  ],
] as const) {
  test(`an empty value in a sentence is found ${how}`, (t) => {
    t.is(faultsOf('term: perpetual', sentence).length, 1);
    t.deepEqual(faultsOf('term: P1Y', sentence), [], 'the control');
  });
}

for (const [how, sentence] of [
  ['asked for first', `{% if license.last_valid_day %}${END}{% else %}It is yours for good.{% endif %}`],
  ['asked for by unless', `{% unless license.last_valid_day == nil %}${END}{% endunless %}`],
  ['given another word', 'Valid until {{ license.last_valid_day | date | default: "the end of days" }}.'],
  ['alone on a line', 'Valid until:\n\n{{ license.last_valid_day | date }}\n'],
  [
    'an empty text on purpose',
    '{% assign s = "" %}{% if codes.size > 1 %}{% assign s = "s" %}{% endif %}Your code{{ s }}.',
  ],
  ["the customer's name, which a marketplace may not tell", 'Hello {{ customer.name }},'],
] as const) {
  test(`a value that is ${how} is no fault`, (t) => t.deepEqual(faultsOf('term: perpetual', sentence), []));
}

test('each such sentence of a text is reported with its line, and a sentence without any value', (t) => {
  const text = `${END}\nThen:\n${UPDATES}\nThe tenth is {{ codes | slice: 9, 1 }}.`;
  t.deepEqual(
    faultsOf('term: perpetual', text).map((fault) => fault.slice(0, 35)),
    [
      '5: for a license that is valid for ',
      '7: for a license that has all updat',
      '8: the text reads "The tenth is .":',
    ],
  );
});
