/** Texts that customers paste, by kind, each with its expected verdict. */
import test from 'ava';
import { armor, unarmor } from '../../src/license-code/armor.ts';
import type { Verdict } from '../../src/license-code/verdict.ts';
import { mint, read } from '../kit/sample-codes.ts';

const code = mint();
const newer = mint({ revision: 4 });
const another = mint({ licenseId: new Uint8Array(16).fill(7), revision: 9 });
const wrap = (width: number, between: string, text = code) =>
  (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(between);
const spread = (between: string) => wrap(8, between);

const FOUND: Readonly<Record<string, string>> = {
  'straight quotes': `"${code}"`,
  'single quotes': `'${code}'`,
  'quotes of books': `«${code}»`,
  'German quotes': `„${code}“`,
  'angle brackets': `<${code}>`,
  'all brackets': `[({${code}})]`,
  'a comma behind it': `${code},`,
  'a sentence': `I was sent ${code}; does it work?`,
  'a label without a space': `Key:${code}`,
  'a label with an equals sign': `license_key=${code}`,
  'a label on the line of a wrapped code': `License code: ${wrap(60, '\n')}`,
  'a label in bold': `**License:** ${code}`,
  'an .env file': `MODE=live\nACME_LICENSE="${code}"\nPORT=1\n`,
  'a link of the program': `acme://activate?code=${code}`,
  'a link with more behind it': `https://acme.example/a/${code}?utm_source=mail#top`,
  'a link in a link': `https://safe.example/?url=acme%3A%2F%2Factivate%3Fcode%3D${code}%26x%3D1&data=05`,
  'a link escaped twice': `https://safe.example/?url=x%253Fcode%253D${code}%2526y`,
  'a link behind it': `${code}<https://safe.example/?url=x>`,
  'an anchor with it': `<a href="acme://activate?code=${code}">Activate</a>`,
  'an anchor around it': `<a href="https://acme.example/">${code}</a>`,
  HTML: `<html><body><p style="margin:0">Hello,</p><code>${code}</code></body></html>`,
  'HTML that lets it wrap': spread('<wbr>'),
  'HTML with line breaks': wrap(40, '<br />\n'),
  'entities in it': spread('&nbsp;'),
  'entities by number in it': spread('&#8203;'),
  'entities by hexadecimal number in it': spread('&#xAD;'),
  'entities escaped twice': spread('&amp;shy;'),
  'entities around it': `&quot;${code}&quot;`,
  'a character as an entity': code.replace('Q', '&#81;'),
  quoted: `> License code:\n> ${wrap(72, '\n> ')}`,
  'quoted with bars': `| ${wrap(72, '\n| ')}`,
  'quoted thrice, mixed': `> | > ${wrap(50, '\n> | > ')}`,
  'quoted-printable': wrap(75, '=\r\n'),
  'quoted-printable with a space before the break': wrap(70, '=20=\r\n'),
  'quoted-printable no-break spaces': spread('=C2=A0'),
  'quoted-printable link': `https://acme.example/?code=3D${wrap(60, '=\r\n')}`,
  'mojibake no-break spaces': spread('Â\u00a0'),
  'mojibake that lost its no-break spaces': spread('Â '),
  'mojibake zero-width spaces': spread('â€‹'),
  'a mojibake byte-order mark': `ï»¿${code}`,
  JSON: JSON.stringify({ product: 'x', license: code, seats: 5 }),
  'JSON of a wrapped code': JSON.stringify({ license: wrap(64, '\n') }),
  'JSON with escapes': `{"license":"${spread('\\u200b')}"}`,
  CSV: `Acme Editor,"${code}",1\r\n`,
  cells: `Acme Editor\t${code}\t2027-12-06`,
  'a row of a table': `| Acme Editor | ${code} | 1 |`,
  'groups by dots': spread('.'),
  'groups by middle dots': spread('·'),
  'groups by slashes': spread('/'),
  'groups by commas': spread(', '),
  'groups by colons': spread(':'),
  'groups of five in lower case': wrap(5, '-').toLowerCase(),
  'groups on lines': spread('\n'),
  'an exclamation mark within': `${code.slice(0, 80)}!${code.slice(80)}`,
  'a backslash behind it': `${code}\\`,
  'a shell command': `acme activate \\\n  ${wrap(64, '\\\n  ')}`,
  'a bullet': `• ${code}`,
  'a picture': `🔑${code}`,
  'a number before it': `1. ${code}`,
  'BEGIN and END': `-----BEGIN LICENSE-----\n${wrap(64, '\n')}\n-----END LICENSE-----`,
  'a code fence': `\`\`\`text\n${code}\n\`\`\``,
  'twice with nothing between': code + code,
  'four times with nothing between, wrapped': wrap(76, '\n', code.repeat(4)),
  'three times on lines': `${code}\n${code}\n${code}`,
  'the newest of two, first': `${newer}\nold: ${code}`,
  'text joined to both ends': `Your license code${code}Valid for good`,
  'a half of it before it, with nothing between': code.slice(0, 97) + code,
  'colors of a terminal': `\u001b[32m${code}\u001b[0m`,
  'full-width': code.replaceAll(/./g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
  'direction marks': `\u202a${spread('\u200e')}\u202c`,
  'letters for digits': code.replaceAll('0', 'o').replaceAll('1', 'l'),
};

for (const [what, text] of Object.entries(FOUND)) {
  test(`a pasted code is read without a repair: ${what}`, (t) => {
    const got = read(text);
    t.like(got, { verdict: 'valid', code: text.includes(newer) ? newer : code });
    t.false('repaired' in got);
    // The same within an e-mail, at any position.
    t.is(read(`Dear Zoë,\r\n\r\n${text}\r\n\r\n-- \r\nAcme, order 621267-5045403\r\n`).verdict, 'valid');
  });
}

test('control: a code with two wrong characters is not found in any of these texts', (t) => {
  const change = (c: string) => (c === '7' ? '8' : '7');
  const wrong = `${code.slice(0, 90)}${change(code[90]!)}${change(code[91]!)}${code.slice(92)}`;
  for (const [what, text] of Object.entries(FOUND)) {
    if (!text.includes(code)) continue;
    t.not(read(text.replaceAll(code, wrong).replaceAll(newer, wrong)).verdict, 'valid', what);
  }
});

const SAID: readonly (readonly [string, string, Verdict])[] = [
  ['nothing', ' \n', { verdict: 'empty' }],
  ['an order number', 'ABC261126-1234-56789', { verdict: 'no-code', seen: 'order-number' }],
  [
    'an order number in words',
    'My order is ABC261126-1234-56789!',
    { verdict: 'no-code', seen: 'order-number' },
  ],
  ['a short order number', '#12345', { verdict: 'no-code', seen: 'order-number' }],
  ['a number that begins as a code does', '2001-1234', { verdict: 'no-code', seen: 'order-number' }],
  ['an e-mail address', 'Ada <ada@acme.example>', { verdict: 'no-code', seen: 'e-mail-address' }],
  ['a link', 'https://acme.example/shop', { verdict: 'no-code', seen: 'link' }],
  ['prose', 'Where do I find my license? Bought on 2026-11-21.', { verdict: 'no-code', seen: 'text' }],
  [
    'words of another script',
    'ライセンスコードを入力してください。'.repeat(3),
    { verdict: 'no-code', seen: 'text' },
  ],
  ['the beginning', code.slice(0, 97), { verdict: 'too-short', count: 97 }],
  [
    'the beginning in a mail',
    `Your code:\n\n${code.slice(0, 150)}\n\nThank you!`,
    { verdict: 'too-short', count: 150 },
  ],
  ['the beginning in groups', wrap(5, '-').slice(0, 59), { verdict: 'too-short', count: 50 }],
  ['the end', code.slice(60), { verdict: 'too-short', count: 100 }],
  ['two characters', '20', { verdict: 'too-short', count: 2 }],
  ['two too many', `${code}77`, { verdict: 'too-long', count: 162 }],
];

for (const [what, text, verdict] of SAID) {
  test(`a text without a genuine code gets its verdict: ${what}`, (t) =>
    t.deepEqual(read(text) as Verdict, verdict));
}

test('the verdict names the wrong group if it is known', (t) => {
  const at = (place: number, put: string, text = code) =>
    text.slice(0, place) + put + text.slice(place + put.length);
  const other = (place: number) => (code[place] === '7' ? '8' : '7');
  const two = at(90, other(90), at(50, other(50)));
  t.deepEqual<unknown, unknown>(read(two), { verdict: 'mistyped' });
  t.deepEqual<unknown, unknown>(read(at(4, other(4), two)), { verdict: 'mistyped', group: 1 });
  t.deepEqual<unknown, unknown>(read(at(60, 'U', two)), {
    verdict: 'bad-character',
    character: 'U',
    position: 61,
    group: 8,
  });
  t.deepEqual<unknown, unknown>(read(`  ${at(60, 'É', two)}`), {
    verdict: 'bad-character',
    character: 'É',
    position: 63,
    group: 8,
  });
  const groups = wrap(8, ' ').split(' ');
  const slipped = groups.map((group, i) => (i === 4 ? group.slice(1) : i === 9 ? `${group}7` : group));
  t.deepEqual<unknown, unknown>(read(slipped.join(' ')), { verdict: 'mistyped', group: 5 });
  // The user is still typing.
  t.deepEqual<unknown, unknown>(read(at(5, other(5)).slice(0, 24)), {
    verdict: 'too-short',
    count: 24,
    group: 1,
  });
  t.deepEqual<unknown, unknown>(read(`${code.slice(0, 30)}u${code.slice(31, 40)}`), {
    verdict: 'too-short',
    count: 40,
    group: 4,
  });
});

test('several licenses are all listed, each with its newest code and its verdict', (t) => {
  const got = read(`one: ${code}\ntwo: ${another}\none again: ${newer}`);
  t.is(got.verdict, 'several');
  if (got.verdict !== 'several') return;
  t.deepEqual(
    got.choices.map((choice) => [choice.verdict, choice.code]),
    [
      ['valid', newer],
      ['valid', another],
    ],
  );
});

test('among codes of several products the reader reads the code of its product', (t) => {
  const stranger = armor(unarmor(code).fill(9, 2, 5));
  t.is(read(`${stranger} and ${code}`).verdict, 'valid');
});

test('a code assembled from halves of two codes is refused', (t) => {
  for (let cut = 8; cut < 160; cut += 8) {
    const halves = code.slice(0, cut) + another.slice(cut);
    if (halves === code || halves === another) continue;
    t.false('license' in read(halves), `${cut}`);
  }
});
