import { readFileSync } from 'node:fs';
import test from 'ava';
import type { Message } from '../../src/domain/values/product.ts';
import { AppError } from '../../src/errors.ts';
import { checkTemplate } from '../../src/message/check-template.ts';
import { escapeMarkdown } from '../../src/message/escape.ts';
import { formatDay } from '../../src/message/format-day.ts';
import { liquid } from '../../src/message/liquid.ts';
import { isEvidentlySafe } from '../../src/message/proof.ts';
import { sampleCodes } from '../../src/message/samples.ts';
import { canHaveSlots } from '../../src/message/skeleton.ts';
import { compileMessage, type MessageValues } from '../../src/message/template.ts';
import fc from '../kit/fast-check.ts';

const message = (body: string): Message => ({
  digest: '',
  productId: 'x',
  productName: 'X & Y',
  features: ['a', 'b', 'c'],
  body,
});
const example = message(readFileSync('data/products/example.md', 'utf8').split(/^---\n/m)[2]!);

const VALUES: MessageValues = {
  codes: sampleCodes(1),
  license: { lastValid: '2027-11-24', updatesUntil: null, seats: 1, features: 0b101, trial: false },
  order: { id: '621267-5045403', quantity: 1, test: false },
  customer: { name: 'Zoë', email: undefined },
};

const render = (body: string, values: Partial<MessageValues> = {}) =>
  compileMessage(message(body)).render({ ...VALUES, ...values });

test('a text may name everything about its order', (t) => {
  t.is(
    render(
      '{{ license.last_valid_day }} {{ license.updates_until }}|{{ license.seats }} {{ license.features | join: ", " }} ' +
        '{{ license.trial }} {{ order.id }} {{ order.quantity }} {{ order.test }} {{ customer.name }} {{ customer.email }}|' +
        '{{ product.id }} {{ product.name }} {{ codes.size }}',
    ),
    '2027-11-24 |1 a, c false 621267-5045403 1 false Zoë |x X & Y 1\n',
  );
});

test('a name or e-mail of blanks is not known', (t) => {
  const body = '{% if customer.name %}yes{% else %}no{% endif %}';
  t.is(render(body, { customer: { name: ' \u202e\n', email: undefined } }), 'no\n');
  t.is(render(body), 'yes\n');
});

test('every value is escaped, whatever the way to print it', (t) => {
  const customer = { name: '<b>[x](y)', email: 'a@b.de' };
  for (const body of [
    '{{ customer.name }}',
    '{% echo customer.name %}',
    '{% assign x = customer.name %}{{ x }}',
    '{{ customer.name | append: "" }}',
    '{% liquid echo customer.name %}',
    '{{ nil | default: customer.name }}',
    '{% for part in (1..1) %}{{ customer.name }}{% endfor %}',
  ]) {
    t.is(render(body, { customer }), '&lt;b&gt;\\[x\\]\\(y)\n', body);
  }
});

test('a text has no way around the escaping, to files, to the clock or to chance', (t) => {
  for (const body of [
    '{{ codes | raw }}',
    '{% raw %}x{% endraw %}',
    '{% include "x" %}',
    '{% render "x" %}',
    '{% layout "x" %}',
    '{% cycle customer.name %}',
    '{% tablerow i in codes %}{% endtablerow %}',
    '{{ codes | sample }}',
    '{{ codes | escape }}',
  ]) {
    t.throws(() => compileMessage(message(body)), { instanceOf: AppError, code: 'bad_configuration' }, body);
  }
  for (const body of [
    '{{ "now" | date }}',
    '{{ "today" | date: "%Y" }}',
    '{{ 0 | date }}',
    '{{ x }}',
    '{{ order.constructor }}',
    '{{ license.last_valid_day | date: "%c" }}',
    '{% for i in (1..9999999) %}x{% endfor %}',
  ]) {
    const error = t.throws(() => render(body), { instanceOf: AppError }, body);
    t.is(error?.code, 'internal');
    t.regex(error?.detail ?? '', /line 1 of its body/);
  }
});

test('days are written the same on every machine', (t) => {
  t.is(formatDay('2027-03-04'), '4 March 2027');
  t.is(
    formatDay('2028-12-31', '%Y %y %m %d %-d %e %j %B %b %A %a 100%%'),
    '2028 28 12 31 31 31 366 December Dec Sunday Sun 100%',
  );
  t.is(formatDay('2027-03-04', '%-m/%-d|%e|%m'), '3/4| 4|03');
  t.is(render('{{ license.updates_until | date }}x'), 'x\n');
  t.throws(() => formatDay('2027-13-01'));
  t.throws(() => formatDay('2027-11-24', '%X'));
});

test('lines end with one \\n, tags leave at most one empty line, and the last line ends', (t) => {
  t.is(
    render('\r\n{% if order.test %}\r\nx\r\n{% endif %}\r\n  \r\na  \r\nb\r\r\r\r\nc\n\n \n'),
    'a  \nb\n\nc\n',
  );
});

test('a text has at most 65,536 characters', (t) => {
  t.throws(() => compileMessage(message('x'.repeat(70_000))), { instanceOf: AppError });
});

const word = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.constantFrom(
    '',
    ' ',
    'Zoë',
    '<b>',
    '[x](y)',
    '\ue0000\ue001',
    '- x',
    '\n',
    '# x',
    'www.x.de',
    '{{ codes }}',
    '$&',
    '$1',
  ),
);
const day = fc.constantFrom(null, '2027-11-24', '2149-06-06');
const anyValues: fc.Arbitrary<MessageValues> = fc.record({
  codes: fc.integer({ min: 1, max: 4 }).map(sampleCodes),
  license: fc.record({
    lastValid: day,
    updatesUntil: day,
    seats: fc.constantFrom(0, 1, 25),
    features: fc.constantFrom(0, 7),
    trial: fc.boolean(),
  }),
  order: fc.record({ id: word, quantity: fc.constantFrom(1, 3), test: fc.boolean() }),
  customer: fc.record({
    name: fc.option(word, { nil: undefined }),
    email: fc.option(word, { nil: undefined }),
  }),
});

const SLOTTED = [
  example.body,
  '{{ customer.name }}\n{{- customer.email -}}\n\n{{order.id}}\n{% unless customer.email %}\n-{% endunless %}\n{% for c in codes reversed %}{{ c }},{% endfor %} ',
  'a\n{{ order.id }}\n\n\n{{ customer.name }}\n\n{% for c in codes %}{{ c }}{% if forloop.last %}.{% endif %}{% endfor %}{{ license.features | join }}',
];

test('a reply filled into the skeleton of its kind is the reply rendered whole', (t) => {
  for (const body of SLOTTED) {
    t.true(canHaveSlots(liquid.parse(body), body), body);
    const quick = compileMessage(message(body));
    const captured = `{%- capture x %}{% endcapture -%}${body}`;
    t.false(
      canHaveSlots(liquid.parse(captured), captured),
      'a captured text keeps a template from having slots',
    );
    const whole = compileMessage(message(captured));
    fc.assert(
      fc.property(anyValues, (values) => {
        t.is(quick.render(values), whole.render(values));
      }),
      { numRuns: 600 },
    );
  }
  t.pass();
});

test('control: a text that does more than print a value has no slots', (t) => {
  for (const body of [
    '{{ customer.name | upcase }}',
    '{{ "x" | append: order.id }}',
    '{% if customer.name == "x" %}{% endif %}',
    '{% if customer.name and order.test %}{% endif %}',
    '{% case order.id %}{% when "1" %}{% endcase %}',
    '{% assign c = customer %}{{ c.name | upcase }}',
    '{% assign c = codes %}',
    '{{ codes }}',
    '{{ codes | join: "x" }}',
    '{% for c in codes %}{{ c | slice: 1 }}{% endfor %}',
    '{% for c in codes %}{% assign d = c %}{% endfor %}',
    '{% capture x %}{{ order.id }}{% endcapture %}{{ x | size }}',
    '{{ customer["name"] }}',
    '{{ order.id.size }}',
    '{% assign k = "name" %}{{ customer[k] | upcase }}',
    '{% for c in codes limit: 1 %}{{ c }}{% endfor %}',
    '{{ codes[0] }}',
    '{{ x | default: 1, allow_false: order.id }}',
    '{% if order.test %}{% elsif customer.name == "x" %}{% endif %}',
    '{{ [order.id] }}',
    '{{ order["id"] | upcase }}',
    '{% for i in (1..order.id) %}{% endfor %}',
    '{% for i in license.features offset: order.id %}{% endfor %}',
    '{% case 1 %}{% when order.id %}{% endcase %}',
    '{% for c in codes %}{% else %}{{ order.id | size }}{% endfor %}',
    '{% for c in codes %}{{ license[c] }}{% endfor %}',
    '{% if not customer.name %}{% endif %}',
  ]) {
    t.false(canHaveSlots(liquid.parse(body), body), body);
  }
});

test('the reply of the example is evidently safe for every buyer', (t) => {
  const template = compileMessage(example);
  fc.assert(
    fc.property(anyValues, (values) => isEvidentlySafe(template.render(values), values.codes)),
    { numRuns: 500 },
  );
  t.deepEqual(checkTemplate(example), []);
});

test('the example has wordings for one unit, for many, for a test, and greets a known customer', (t) => {
  const one = compileMessage(example).render(VALUES);
  t.regex(one, /^Hello Zoë,\n/);
  t.regex(one, /your license code:/);
  t.regex(one, /Valid until 24 November 2027/);
  t.notRegex(one, /test order/);
  const many = compileMessage(example).render({
    ...VALUES,
    codes: sampleCodes(3),
    customer: { name: undefined, email: undefined },
    order: { ...VALUES.order, test: true },
    license: { ...VALUES.license, lastValid: null, seats: 0 },
  });
  t.regex(many, /^\*\*This is a test order/);
  t.regex(many, /\nHello,\n/);
  t.regex(many, /your 3 license codes/);
  t.regex(many, /Valid for good/);
  t.regex(many, /as many computers/);
});

test('control: without the escaping a customer could put a link into the mail', (t) => {
  t.not(escapeMarkdown('[free](http://x)'), '[free](http://x)');
  t.deepEqual(
    checkTemplate(message('Hi {{ customer.name }}\n\n{% for c in codes %}\n\n{{ c }}\n\n{% endfor %}')),
    [],
  );
});

const BODY = 'Hi\n{% for code in codes %}\n\n{{ code }}\n\n{% endfor %}\n';

for (const [how, condition] of [
  ['by its name', '{% if license.trial %}<b>{% endif %}'],
  ['under two conditions', '{% if license.seats == 25 %}{% if order.test %}<b>{% endif %}{% endif %}'],
  ['by another name for the whole', '{% assign l = license %}{% if l.trial %}<b>{% endif %}'],
  ['by a computed name', '{% assign name = "trial" %}{% if license[name] %}<b>{% endif %}'],
  ['in a string', '{% if license["updates_until"] %}<b>{% endif %}'],
  ['through a filter', '{% assign n = customer.name | size %}{% if n > 5 %}<b>{% endif %}'],
  ['as a loop', '{% for feature in license.features %}<b>{% endfor %}'],
] as const) {
  test(`a fault that shows for some values only is found, whichever way the text takes the value: ${how}`, (t) => {
    const message = { ...example, features: ['export'], body: `${BODY}${condition}\n` };
    t.regex(checkTemplate(message)[0]?.reason ?? '', /HTML/);
    t.deepEqual(checkTemplate({ ...message, body: BODY + condition.replace('<b>', 'b') }), [], 'control');
  });
}
