/** `mail:` and translations of product files: what is read, and each fault with its file and line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { listProductIds, loadCatalog } from '../../src/catalog/catalog.ts';
import { AppError } from '../../src/errors.ts';

const CODES = '{% for code in codes %}\n\n{{ code }}\n\n{% endfor %}\n';
const file = (mail: string, body = CODES) => `---\nname: X\nterm: P1Y\n${mail}\n---\n${body}`;

async function within<T>(
  files: Readonly<Record<string, string>>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'mintmark-catalog-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function faultsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return within(files, async (folder) => {
    try {
      await loadCatalog(folder);
      return [];
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return error.message.replaceAll(`${folder}/`, '').split('\n').slice(1);
    }
  });
}

const FAULTY: readonly (readonly [string, string])[] = [
  ['mail: { sold: maybe }', '4: mail.sold: "maybe" is not one of on, off'],
  ['mail:\n  sold: on\n  renewd: on', '6: mail.renewd: there is no such key; did you mean renewed?'],
  ['mail: { reminder: 0 }', '4: mail.reminder: "0" is not a number of days'],
  ['mail: { reminder: two weeks }', '4: mail.reminder: "two weeks" is not a number of days'],
  ['mail: { renew_url: example.com }', '4: mail.renew_url: "example.com" is not an address'],
  ['mail: { renew_url: "https://example.com/> x" }', '4: mail.renew_url: '],
  ['mail: on', '4: mail: must be lines of "key: value"'],
  ['mail:\n  subject: "{{ product.nam }}"', '5: mail.subject: "product" has no "nam"'],
  ['mail:\n  subject: "{{ codes }}"', '5: mail.subject: a code has no place in a subject'],
  ['mail:\n  subject: "{{ customer.name }}"', '5: mail.subject: is empty for some orders'],
  ['mail:\n  subject: "{% if %}"', '5: mail.subject: '],
  ['mail: { withdrawn: on }', '6: mail.withdrawn is on, and the text has no words for it'],
];

for (const [mail, fault] of FAULTY) {
  test(`refused, with the line: ${JSON.stringify(mail)}`, async (t) => {
    const faults = await faultsOf({ 'x.md': file(mail) });
    t.is(faults.length, 1, faults.join('\n'));
    t.true(faults[0]?.startsWith(`x.md:${fault}`), faults[0]);
  });
}

test('a text with words for a withdrawn license may mail them; with a code there, or HTML, it is refused', async (t) => {
  const body = (words: string) => `{% if mail.reason == "withdrawn" %}${words}{% else %}${CODES}{% endif %}`;
  t.deepEqual(await faultsOf({ 'x.md': file('mail: { withdrawn: on }', body('It ended.')) }), []);
  for (const [words, fault] of [
    ['', 'no words for it'],
    ['<b>It ended.</b>', 'there is HTML'],
  ] as const) {
    const faults = await faultsOf({ 'x.md': file('mail: { withdrawn: on }', body(words)) });
    t.true(
      faults.some((each) => each.includes(fault)),
      faults.join('\n'),
    );
  }
});

test('a fault in one occasion of a text is found', async (t) => {
  const body = `{% if mail.reason == "reminder" %}Renew at {{ mail.renew_url }}.{% endif %}\n\n${CODES}`;
  t.regex((await faultsOf({ 'x.md': file('', body) })).join(), /the text reads "Renew at \."/);
  t.deepEqual(await faultsOf({ 'x.md': file('mail: { renew_url: "https://example.com/r" }', body) }), []);
});

test('NAME.de.md beside NAME.md is its text in that language, with a subject if it has one', async (t) => {
  const files = {
    'x.md': file('mail: { renew_url: "https://example.com/r" }'),
    'x.de.md': `---\nsubject: Lizenz {{ order.id }}\n---\nGültig bis {{ license.last_valid_day | date }}\n${CODES}`,
    'x.fr.md': `Merci\n${CODES}`,
    // No language that has a table, and no product file of that name: products of their own.
    'x.zz.md': file(''),
    'y.de.md': file(''),
    // It sells something.
    'x.it.md': file(''),
  };
  await within(files, async (folder) => {
    const catalog = await loadCatalog(folder);
    t.deepEqual(
      catalog.all().map(({ id }) => id),
      ['x.it', 'x', 'x.zz', 'y.de'],
    );
    t.deepEqual(await listProductIds(folder), ['x.it', 'x', 'x.zz', 'y.de']);
    const { message, translations } = catalog.get('x') ?? {};
    t.deepEqual(Object.keys(translations ?? {}), ['de', 'fr']);
    t.like(translations?.['de'], {
      language: 'de',
      subject: 'Lizenz {{ order.id }}',
      productName: 'X',
      renewUrl: 'https://example.com/r',
    });
    t.is(translations?.['fr']?.subject, undefined);
    const digests = [message, ...Object.values(translations ?? {})].map((each) => each?.digest);
    t.is(new Set(digests).size, 3);
  });
});

test('a text in a language that is not known is told which there are; a product of its own keeps its faults', async (t) => {
  for (const tag of ['ru', 'de-AT', 'DE']) {
    const [fault = '', ...more] = await faultsOf({ 'x.md': file(''), [`x.${tag}.md`]: CODES });
    t.true(
      fault.startsWith(
        `x.${tag}.md:1: "${tag}" is no language that a text can have: name the file after one of cs, da, de,`,
      ),
      fault,
    );
    t.deepEqual(more, []);
  }
  t.regex((await faultsOf({ 'x.md': file(''), 'x.zz.md': file('foo: 1') })).join(), /^x\.zz\.md:\d+: foo: /);
  t.regex((await faultsOf({ 'y.zz.md': CODES })).join(), /the front matter is missing/, 'no such product');
});

test('faults of a translation have its file and line', async (t) => {
  const of = async (text: string) => await faultsOf({ 'x.md': file(''), 'x.de.md': text });
  t.regex((await of('Kein Code')).join(), /^x\.de\.md:1: a code is missing/);
  t.regex((await of(`---\nsubject: x\n---\nHallo <b>\n${CODES}`)).join(), /^x\.de\.md:4: there is HTML/);
  t.regex(
    (await of(`---\nsubjct: x\n---\n${CODES}`)).join(),
    /^x\.de\.md:2: subjct: a translation has a subject/,
  );
  t.regex(
    (await of(`---\nsubject: "{{ cod }}"\n---\n${CODES}`)).join(),
    /^x\.de\.md:2: subject: there is no "cod"/,
  );
  t.regex((await of('')).join(), /^x\.de\.md:1: the text of the mail is missing/);
  t.regex(
    (await of(`{{ license.last_valid_day | date: "%b" }}\n${CODES}`)).join(),
    /knows %b in English texts only/,
  );
});
