/** The languages of texts: the dates are those of the Unicode project, and a text cannot reach around its language. */
import test from 'ava';
import { marked } from 'marked';
import type { Message } from '../../src/domain/values/product.ts';
import { formatDay } from '../../src/message/format-day.ts';
import { ENGLISH, LANGUAGES, languageOf } from '../../src/message/languages.ts';
import { checkSubject, writeSubject } from '../../src/message/subject.ts';
import { compileMessage, type MessageValues } from '../../src/message/template.ts';

const VALUES: MessageValues = {
  codes: [],
  license: { lastValid: '2027-12-06', updatesUntil: null, seats: 1, features: 0, trial: false },
  order: { id: '7', quantity: 1, test: false },
  customer: { name: 'Zoë_O*Brien\r\nBcc: x@example.com \u202e', email: undefined },
};
const message = (body: string, more: Partial<Message> = {}): Message => ({
  ...{ digest: '', productId: 'x', productName: 'X_1', features: [], body },
  ...more,
});

for (const tag of LANGUAGES) {
  test(`${tag}: twelve months and seven weekdays as Unicode has them, and a subject that names the product`, (t) => {
    const language = languageOf(tag);
    for (let month = 1; month <= 12; month++) {
      const day = `2027-${String(month).padStart(2, '0')}-06`;
      const unicode = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC' });
      t.is(formatDay(day, undefined, language).replace('\u00a0', ' '), unicode.format(new Date(day)));
    }
    for (let day = 10; day < 17; day++) {
      const unicode = new Intl.DateTimeFormat(tag, { weekday: 'long', timeZone: 'UTC' });
      t.is(formatDay(`2027-01-${day}`, '%A', language), unicode.format(new Date(`2027-01-${day}`)));
    }
    const of = message('x', { language: tag });
    t.is(checkSubject(of), undefined);
    t.true(writeSubject(of, VALUES).includes('X_1'));
  });
}

test('an unknown language, and none, is English', (t) => {
  for (const tag of [undefined, 'xx', 'constructor', 'en']) t.is(languageOf(tag), ENGLISH);
});

test('dates follow the language of the text; no value of the text is its language', (t) => {
  const body = '{{ license.last_valid_day | date }}';
  t.is(compileMessage(message(body)).render(VALUES), '6 December 2027\n');
  t.is(compileMessage(message(body, { language: 'de' })).render(VALUES), '6.\u00a0Dezember 2027\n');
  t.is(marked.parse('6.\u00a0Dezember 2027'), '<p>6.\u00a0Dezember 2027</p>\n');
  t.throws(() => compileMessage(message('{{ language }}')).render(VALUES));
});

test('a subject is one line of plain text, whatever is in a value: no header begins in it', (t) => {
  const subject = writeSubject(
    message('x', { subject: '{{ product.name }} for {{ customer.name }}' }),
    VALUES,
  );
  t.is(subject, 'X_1 for Zoë_O*Brien Bcc: x@example.com');
  const long = { ...VALUES, customer: { name: 'x'.repeat(5000), email: undefined } };
  t.is(writeSubject(message('x', { subject: '{{ customer.name }}' }), long).length, 200);
});

test('the occasion of a mail, and the page for renewing, are values of a text; without an occasion it is a sale', (t) => {
  const text = compileMessage(
    message('{{ mail.reason }} {{ mail.renew_url }}', { renewUrl: 'https://example.com/r?a=b_c_d' }),
  );
  t.is(text.render(VALUES), 'sold <https://example.com/r?a=b_c_d>\n');
  t.is(text.render({ ...VALUES, reason: 'renewed' }), 'renewed <https://example.com/r?a=b_c_d>\n');
});
