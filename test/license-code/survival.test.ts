import { readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { findCodes } from '../../src/license-code/find-codes.ts';
import { compileMessage } from '../../src/message/template.ts';
import { flow, quote, quotedPrintable, shown, textOf, wrap } from '../kit/mail.ts';
import { read as readWith, vectors } from '../kit/sample-codes.ts';

/** Published codes, so that each run uses the same texts. */
const [code, other, third] = ['perpetual, one seat', 'smallest id', 'unlimited seats, all features'].map(
  (name) => vectors.mint.find((each) => each.name === name)!.code,
) as [string, string, string];

const keyring = vectors.keyring.map(({ id, mode, publicKey }) => ({
  ...{ id, mode, publicKey },
  state: 'active' as const,
  created: '2026-11-21',
}));
const read = (text: string) => readWith(text, { keyring });

/** The same code with two changed characters, more than a reader repairs. */
const other7 = (letter: string) => (letter === '7' ? '8' : '7');
const typo = `${code.slice(0, 80)}${other7(code.charAt(80))}${code.slice(81, 120)}${other7(code.charAt(120))}${code.slice(121)}`;
const groups = (text: string, separator: string) => text.match(/.{8}/g)!.join(separator);

const mail = (text: string) =>
  `Hello Zoë,\n\nthank you for buying Acme Editor! Here is your license code:\n\n${text}\n\n` +
  'To unlock it, choose Help > Enter License and paste the code.\n\n-- \nAcme Software\nsupport@acme.example\n';

type Rewrite = (text: string) => string;

/** The copied code must be read, and a copied code with changed characters must not. */
function readAfter(t: ExecutionContext, rewrite: Rewrite, title?: string) {
  t.is(read(rewrite(code)).verdict, 'valid', title);
  t.not(read(rewrite(typo)).verdict, 'valid', title);
}

/** Searches the e-mail as it was received. */
function findAfter(t: ExecutionContext, rewrite: Rewrite, title?: string) {
  t.deepEqual(findCodes(rewrite(code)), [code], title);
  t.deepEqual(findCodes(rewrite(typo)), [], title);
}

const MODES = { default: { gfm: true }, pedantic: { pedantic: true }, breaks: { gfm: true, breaks: true } };

const MARKDOWN: readonly Rewrite[] = [
  (text) => text,
  (text) => `\`${text}\``,
  (text) => `**${text}**`,
  (text) => `    ${text}`,
  (text) => `> ${text}`,
  (text) => `- ${text}`,
  (text) => `# ${text}`,
  (text) => `\`\`\`\n${text}\n\`\`\``,
  (text) => `| Code |\n|---|\n| ${text} |`,
  (text) => wrap(text, 60),
];

for (const [mode, options] of Object.entries(MODES)) {
  test(`a code survives Markdown shown as HTML and copied from it: ${mode}`, (t) => {
    for (const markdown of MARKDOWN) {
      const title = markdown('x');
      readAfter(t, (text) => shown(markdown(text), options), title);
      findAfter(t, (text) => shown(mail(markdown(text)), options), title);
    }
  });
}

const TEXTS: readonly (readonly [string, string])[] = [
  ['the example', readFileSync('data/products/example.md', 'utf8').split(/^---\n/m)[2]!],
  [
    'codes without fences',
    '{{ customer.name }}, order {{ order.id }}:\n\n{% for code in codes %}\n\n{{ code }}\n{% endfor %}\n',
  ],
];

for (const [name, body] of TEXTS) {
  test(`every code of a reply survives in every mode: ${name}`, (t) => {
    const codes = [code, other, third];
    const template = compileMessage({
      digest: '',
      productId: 'x',
      productName: 'X & Y',
      features: ['a'],
      body,
    });
    for (const sold of [codes.slice(0, 1), codes]) {
      const reply = template.render({
        codes: sold,
        license: { lastValid: '2027-11-24', updatesUntil: null, seats: 1, features: 0, trial: false },
        order: { id: '621267-5045403', quantity: sold.length, test: false },
        customer: { name: '> Zoë *_` O\u2019Neil ｆｕｌｌ', email: undefined },
      });
      const seen = [reply, ...Object.values(MODES).map((options) => shown(reply, options))];
      for (const text of seen) {
        t.deepEqual(findCodes(text), sold);
        t.deepEqual(findCodes(quote(wrap(text, 70), '> > > ')), sold);
        if (sold.length === 1) t.like(read(text), { verdict: 'valid', code });
      }
    }
  });
}

const MARKS = ['', '> ', '>', '> > > ', '>>> ', '>>>'];

/** Tests the search without signatures, which are slow to check; the next test uses a reader. */
test('a code survives wrapping at every width from 20 to 200, quoted three levels deep before or after the wrapping', (t) => {
  for (let width = 20; width <= 200; width++) {
    for (const mark of MARKS) {
      for (const rewrite of [
        (text: string) => quote(wrap(text, width), mark),
        (text: string) => wrap(quote(text, mark), width, '\r\n'),
      ]) {
        const title = `${width} ${mark}`;
        t.deepEqual(findCodes(rewrite(code)), [code], title);
        t.deepEqual(findCodes(rewrite(typo)), [], title);
      }
    }
    findAfter(t, (text) => quote(wrap(mail(text), width), '> > > '), `${width}`);
    findAfter(t, (text) => wrap(quote(mail(text), '>>> '), width, '\r\n'), `${width}`);
  }
});

test('a code that was wrapped and quoted is valid, and a changed code is not', (t) => {
  for (const width of [20, 64, 72, 76, 78, 80, 159, 160, 161, 200]) {
    for (const mark of ['> > > ', '>>>']) {
      readAfter(t, (text) => quote(wrap(text, width), mark), `${width} ${mark}`);
      readAfter(t, (text) => wrap(quote(wrap(quote(text, mark), width), '> '), 76), `${width} ${mark}`);
    }
  }
});

test('lines quoted with bars are joined', (t) => {
  readAfter(t, (text) => quote(wrap(text, 60), '| '));
  findAfter(t, (text) => quote(wrap(mail(text), 60), '| '));
});

test('a code in a link is found after the equals sign, however the sign was escaped', (t) => {
  const link = (text: string) => `https://acme.example/unlock?code=${text}&from=mail`;
  for (const rewrite of [link, quotedPrintable, encodeURIComponent]) {
    readAfter(t, (text) => rewrite(link(text)));
    findAfter(t, (text) => rewrite(link(text)));
  }
  readAfter(
    t,
    (text) => `https://safe.example/?url=${encodeURIComponent(link(encodeURIComponent(text)))}&data=1`,
  );
});

/** Each change is applied to the code alone and to the code in an e-mail. */
const TYPOGRAPHY: Readonly<Record<string, Rewrite>> = {
  'hyphens made en dashes': (text) => groups(text, '\u2013'),
  'two hyphens made an em dash': (text) => groups(text, '\u2014'),
  'hyphens that do not break': (text) => groups(text, '\u2011'),
  'hyphens made minus signs': (text) => groups(text, ' \u2212 '),
  'spaces that do not break': (text) => groups(text, '\u00a0'),
  'narrow spaces that do not break': (text) => groups(text, '\u202f'),
  'zero-width spaces, so that it wraps': (text) => groups(text, '\u200b'),
  'soft hyphens, so that it wraps': (text) => groups(text, '\u00ad'),
  'word joiners': (text) => groups(text, '\u2060'),
  'marks of direction around it': (text) => `\u202a${text}\u202c\u200e`,
  'isolates around it': (text) => `\u2068${text}\u2069`,
  'a byte-order mark before it': (text) => `\ufeff${text}`,
  'typed in lower case': (text) => text.toLowerCase(),
  'its first letter made a capital': (text) => text.charAt(0) + text.slice(1).toLowerCase(),
  'typed full-width': (text) =>
    text.replaceAll(/./g, (letter) => String.fromCodePoint(letter.codePointAt(0)! + 0xfee0)),
  'typed with letters O and l': (text) => text.replaceAll('0', 'O').replaceAll('1', 'l'),
  'groups on lines of their own': (text) => groups(text, '\r\n'),
  'a blank line between lines': (text) => wrap(text, 40, '\n\n'),
  'line breaks removed, a space for each': (text) => wrap(text, 60, ' '),
  'line breaks made line separators': (text) => wrap(text, 60, '\u2028'),
  'hyphenated at the end of each line': (text) => wrap(text, 60, '-\n'),
  'indented by tabs': (text) => quote(wrap(text, 60), '\t'),
  'a list item that goes on': (text) => `* ${wrap(text, 60, '\n  ')}`,
  'in bold': (text) => `*${text}*`,
  'format=flowed': (text) => flow(text),
  'format=flowed, narrow': (text) => flow(text, 40),
  'an entity between lines': (text) => textOf(wrap(text, 60, '&nbsp;<br>\n')),
  'taken for a telephone number in parts': (text) =>
    textOf(text.replaceAll(/\d{2,}/g, '<a href="tel:$&">$&</a>')),
  'broken where one may': (text) => textOf(groups(text, '<wbr>')),
  'soft hyphens as entities': (text) => textOf(groups(text, '&shy;')),
};

for (const [what, rewrite] of Object.entries(TYPOGRAPHY)) {
  test(`a code survives a mail program: ${what}`, (t) => {
    readAfter(t, rewrite);
    findAfter(t, (text) => mail(rewrite(text)));
    findAfter(t, (text) => quote(mail(rewrite(text)), '> > > '));
  });
}

/** Other words next to the code: the whole text is pasted or searched. */
const COMPANY: Readonly<Record<string, Rewrite>> = {
  'a word before it': (text) => `Code: ${text}`,
  'a bullet before it': (text) => `\u2022 ${text}`,
  'a bullet and a tab before it': (text) => `\u2022\t${text}`,
  'a number before it': (text) => `1. ${text}`,
  'a cell beside it': (text) => `Acme Editor\t${text}\t1 seat`,
  'cells with bars beside it': (text) => `| Acme Editor | ${text} | 1 seat |`,
  'a signature block below it': (text) => `${text}\n-- \nAcme Software\n`,
  'a whole e-mail around it': mail,
  'a whole e-mail, line breaks removed': (text) => mail(text).replaceAll('\n', ' '),
  'a whole e-mail, in format=flowed for longer lines': (text) => flow(mail(text), 998),
  'a whole e-mail, CRLF and tabs': (text) => quote(mail(text), '\t').replaceAll('\n', '\r\n'),
  'a whole e-mail, its marks typographic': (text) =>
    mail(groups(text, '-')).replaceAll("'", '\u2019').replaceAll('--', '\u2014').replaceAll('-', '\u2011'),
  'a whole e-mail, quoted three levels deep': (text) => quote(mail(text), '> > > '),
};

for (const [what, rewrite] of Object.entries(COMPANY)) {
  test(`a code is read among other words: ${what}`, (t) => {
    readAfter(t, rewrite);
    findAfter(t, rewrite);
  });
}

/** A program may get a whole e-mail or one line of it. */
const IN_MAIL: Readonly<Record<string, Rewrite>> = {
  'wrapped, among prose': (text) => wrap(mail(text), 72),
  'wrapped behind a word': (text) => `Code: ${wrap(text, 60)}`,
  'wrapped in a numbered list': (text) => `1. ${wrap(text, 60, '\n   ')}\n2. Start the program.`,
  'format=flowed, a whole e-mail': (text) => flow(mail(text)),
  'format=flowed, quoted': (text) => quote(flow(mail(text)), '> '),
  'quoted-printable': (text) => quotedPrintable(mail(text)),
  'quoted-printable HTML': (text) =>
    quotedPrintable(`<p style="margin:0">Hello Zoë, your code:</p>\n<p class="code">${text}</p>\n`),
  'a code in a link': (text) => `Unlock: <https://acme.example/unlock?code=${text}&from=mail>`,
  'a link made of the code': (text) => `[${text}](https://acme.example/unlock)`,
  'a full stop behind it': (text) => `Your code is ${text}.`,
  'in quotation marks': (text) => `Your code is \u201c${text}\u201d`,
};

for (const [what, rewrite] of Object.entries(IN_MAIL)) {
  test(`a code is read in an e-mail: ${what}`, (t) => {
    findAfter(t, rewrite);
    readAfter(t, rewrite);
  });
}

test('two codes of one e-mail survive the same changes as one code', (t) => {
  for (const rewrite of [
    (text: string) => quote(wrap(text, 40), '> > > '),
    (text: string) => flow(text),
    quotedPrintable,
    (text: string) => text.toLowerCase(),
  ]) {
    t.deepEqual(findCodes(rewrite(mail(`${code}\n\n${other}`))), [code, other]);
    t.deepEqual(findCodes(rewrite(mail(`${typo}\n\n${other}`))), [other]);
  }
});
