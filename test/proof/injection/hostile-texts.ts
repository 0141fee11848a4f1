/**
 * What a buyer could write into a field, to become more than text in a mail, an answer, a log or a terminal. A list, and
 * longer than other files for that.
 */
import { armor, unarmor } from '../../../src/license-code/armor.ts';
import { crc16 } from '../../../src/license-code/crc16.ts';
import { sampleCodes } from '../../../src/message/samples.ts';

export interface HostileText {
  readonly text: string;
  /** A genuine-looking license code, in some writing: a reader would take it for one. */
  readonly isCode?: true;
}

const URL = 'http://evil.example/x';

const HTML = [
  '<b>bold</b>',
  '<script>alert(1)</script>',
  '<script src=//evil.example></script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '<!-- comment',
  '--><b>',
  '<!--><b>',
  '<?php x ?>',
  '<![CDATA[<b>x</b>]]>',
  '<!DOCTYPE html>',
  '<style>*{display:none}</style>',
  '</code></pre><b>',
  '</p><h1>x',
  '<details><summary>',
  '<div\nclass=x>',
  '<b',
  'b>',
  '<',
  '>',
  '< b >',
  '<\u200bb>',
  '<b\u0000>',
  '＜b＞',
  '\u003cb\u003e',
  '<custom-tag>',
  '<x:y>',
  '<pre>',
  '<textarea>',
];

const LINKS = [
  `[free](${URL})`,
  `[free][1]`,
  `[1]: ${URL}`,
  `[1]: ${URL} "t"`,
  `x]: ${URL}`,
  `]: ${URL}`,
  '](',
  `](${URL})`,
  `](${URL} "`,
  `]\\(${URL})`,
  `\\](${URL})`,
  `[[x](${URL})](${URL})`,
  `![x](${URL})`,
  `![x][1]`,
  `!`,
  `![`,
  `!\\[x](${URL})`,
  `<${URL}>`,
  '<mailto:x@evil.example>',
  '<x@evil.example>',
  URL,
  `https://evil.example`,
  'ftp://evil.example/x',
  'HTTP://EVIL.EXAMPLE/X',
  'www.evil.example',
  'WWW.evil.example',
  'wwww.evil.example',
  'x@evil.example',
  'mailto:x@evil.example',
  'xmpp:x@evil.example/y',
  'javascript:alert(1)',
  'data:text/html,<b>',
  '//evil.example',
  '[x](<javascript:alert(1)>)',
  '[x]( <a\tb> )',
  '[ ](x)',
  '[](x)',
  '[x]',
  '[x][]',
  '[^1]',
  '[^1]: note',
  '- [ ] task',
  '- [x] task',
  '[x] task',
  `(${URL})`,
  `.evil.example`,
  `http:`,
  `://evil.example`,
];

const BLOCKS = [
  '# heading',
  '###### heading',
  '####### none',
  '#',
  'x #',
  'x ##',
  '\n# heading',
  'x\n===',
  'x\n---',
  '===',
  '=',
  '---',
  '- - -',
  '***',
  '* * *',
  '___',
  '_ _ _',
  '-',
  '- x',
  '+ x',
  '* x',
  '+',
  '*',
  '1. x',
  '1) x',
  '0. x',
  '123456789. x',
  '1234567890. x',
  '1.',
  '> quote',
  '>quote',
  '>>> quote',
  '    code',
  '\tcode',
  '\n\n    code',
  ':',
  ': definition',
  '$$',
  '$x$',
  '---\ntitle: x\n---',
  '+++',
  '~',
  '~~',
  '~~x~~',
  '~~~~~',
];

const TABLES = [
  '| a | b |',
  '|',
  'a | b\n--|--\nc | d',
  '|--|--|',
  '--|--',
  ':--|--:',
  ':-:',
  '|-',
  '\\|',
  '\\\\|',
];

const EMPHASIS = [
  '*x*',
  '**x**',
  '***x***',
  '_x_',
  '__x__',
  '*',
  '**',
  '_',
  '__',
  'a_b_c',
  'a*b*c',
  '*x',
  'x*',
  '_x',
  'x_',
  '\\*x\\*',
  '\\\\*x*',
  '==x==',
  '^x^',
  '++x++',
  ':smile:',
  '@mention',
  '#123',
];

const BACKSLASHES = [1, 2, 3, 199, 200].map((count) => '\\'.repeat(count));

/** Both kinds of fences, every length that a mail could have. */
const FENCES = ['`', '~'].flatMap((mark) => {
  const lengths = Array.from({ length: 12 }, (_, length) => mark.repeat(length + 1));
  return [
    ...lengths,
    mark.repeat(100),
    `\n${mark.repeat(3)}\n`,
    `${mark.repeat(3)}js`,
    `${mark.repeat(4)}\nx\n${mark.repeat(4)}`,
  ];
});
const SPANS = ['`x`', '`` x ` y ``', '`<b>`', '`\\`', '\\`x\\`', '`x', 'x`', '`|`', "`'`"];

const ENTITIES = [
  '&lt;b&gt;',
  '&#60;b&#62;',
  '&#x3c;b&#x3E;',
  '&LT;b&GT;',
  '&amp;lt;b&amp;gt;',
  '&amp;#60;',
  '&NewLine;# x',
  '&#10;# x',
  '&Tab;x',
  '&nbsp;',
  '&#0;',
  '&#xFFFFFFFF;',
  '&lbrack;x&rbrack;&lpar;x&rpar;',
  '&#91;x&#93;&#40;x&#41;',
  '&#96;&#96;&#96;',
  '&grave;',
  '&vert;',
  '&copy',
  '&copy;',
  '&',
  '&&',
  '&;',
  '&#;',
  '&#x;',
  '\\&lt;',
  '&\\#60;',
  '&quot; onload=&quot;x',
  '&lt',
];

const BREAKS = ['\r\n', '\r', '\n', '\n\n', '\u000b', '\u000c', '\u0085', '\u2028', '\u2029', '\u001e'];
const HEADERS = BREAKS.flatMap((end) => [
  `Ada${end}Bcc: x@evil.example`,
  `Ada${end}Set-Cookie: x=1${end}${end}<b>`,
  `Ada${end}{"level":60,"msg":"forged"}`,
]);
const MORE_HEADERS = [
  'Ada%0d%0aBcc: x@evil.example',
  'Ada\\r\\nBcc: x',
  '=?utf-8?q?=0d=0aBcc:_x?=',
  'HTTP/1.1 200 OK',
  '--boundary--',
  'Content-Type: text/html',
  '\u010d\u010aBcc: x',
  '嘊嘍Bcc: x',
  '.\r\n.',
];

const LIQUID = [
  '{{ code }}',
  '{{ codes }}',
  '{{ codes | join }}',
  '{{ customer.email }}',
  '{{ license.features }}',
  '{% raw %}',
  '{% endraw %}',
  '{% endfor %}',
  '{% endif %}',
  '{% for c in codes %}{{ c }}{% endfor %}',
  '{% include "/etc/passwd" %}',
  '{% render "x" %}',
  '{% assign codes = "" %}',
  '{% comment %}',
  '{%- if true -%}x{%- endif -%}',
  '{{',
  '}}',
  '{%',
  '%}',
  '{{{ code }}}',
  '{{ "x" | append: "y" }}',
  "{{ 'x' }}",
  '{{ code | raw }}',
  '{# x #}',
  '<%= code %>',
  '\x24{code}',
  '#{code}',
  '\ue0000\ue001',
  '\ue0003\ue001',
  '\ue000',
  '\ue0001\ue001\ue0002\ue001',
  '$&',
  '$1',
  "$'",
  '$`',
  '%s%n',
  '__proto__',
  'constructor',
];

const DIRECTIONS = ['\u202e', '\u202d', '\u2066', '\u2067', '\u2068', '\u2069', '\u200e', '\u200f', '\u061c'];
const UNSEEN = ['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u034f', '\u3164', '\u{e0041}'];
const SHAPES = [
  ...DIRECTIONS.map((mark) => `Ada${mark}nib`),
  ...UNSEEN.map((mark) => `A${mark}da`),
  ...UNSEEN.map((mark) => `[${mark}x](${URL})`),
  ...UNSEEN.map((mark) => `<${mark}b>`),
  ...UNSEEN,
  'עדה ביירון',
  'آدا بايرون',
  'آدا [x](y) **z**',
  '\u202e)elpmaxe.live//:ptth(]eerf[',
  'Z\u0335\u0321\u0322\u0323\u0324\u0325al\u0336go',
  'ﷺ'.repeat(20),
  '👩‍👩‍👧‍👦',
  '\ud800',
  '\udc00x',
  '\u{10ffff}',
  'Ａｄａ',
  '\u0301'.repeat(60),
];

/** What a terminal obeys: colors, the title, the clipboard, a screen that is cleared, a line that is written again. */
const TERMINAL = [
  '\u001b[31mred',
  '\u001b[2J\u001b[H',
  '\u001b]0;title\u0007',
  '\u001b]52;c;ZXZpbA==\u0007',
  '\u001b]8;;http://evil.example\u001b\\x\u001b]8;;\u001b\\',
  '\u001bPq\u001b\\',
  '\u001b[6n',
  '\u009b31mred',
  '\u009d0;title\u009c',
  '\u0090q\u009c',
  'x\u0008\u0008y',
  '\u0007',
  'x\rlicense     revoked',
  '\u007f',
  '\u000e\u000f',
  '\u0005',
  'x\u0001\u0002\u0003',
];

const ORDINARY = [
  'Ada Byron',
  'Zoë O’Brien',
  "O'Neill",
  'Smith & Sons',
  'A. B. Cee (Ltd.)',
  'x'.repeat(200),
  '李小龍',
  '0',
  'null',
];

/** Letters that only look like a code, and codes of which the check digits fit, in the writings that readers take. */
function codes(looksReal: string): HostileText[] {
  const grouped = looksReal.match(/.{8}/g)?.join(' ') ?? '';
  const writings = [
    looksReal,
    looksReal.toLowerCase(),
    looksReal.replaceAll('1', 'l').replaceAll('0', 'o'),
    looksReal.match(/.{40}/g)?.join('-') ?? '',
    `${looksReal} Byron`,
    `Ada ${looksReal}`,
    `*${looksReal}*`,
    looksReal.replace(/[0-9A-Z]/g, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xfee0)),
    `${looksReal.slice(0, 80)}=\n${looksReal.slice(80)}`,
    grouped,
  ];
  return [
    ...writings.map((text) => ({ text, isCode: true }) as const),
    ...['A', '2', '0', 'Z', 'l'].map((letter) => ({ text: letter.repeat(160) })),
    { text: `2${'7'.repeat(158)}` },
    { text: `2${'7'.repeat(160)}` },
    { text: looksReal.slice(1) },
    { text: `${looksReal}0` },
  ];
}

/** All of them, the same ones each time. */
export function hostileTexts(): readonly HostileText[] {
  const plain = [
    ...[ORDINARY, HTML, LINKS, BLOCKS, TABLES, EMPHASIS, BACKSLASHES, FENCES, SPANS, ENTITIES],
    ...[HEADERS, MORE_HEADERS, LIQUID, SHAPES, TERMINAL],
  ].flat();
  return [...plain.map((text) => ({ text })), ...codes(looksReal())];
}

/** A code to everybody who has no keys: all but its signature is right. */
function looksReal(): string {
  const bytes = unarmor(sampleCodes(1)[0] ?? '');
  const body = bytes.length - 2;
  new DataView(bytes.buffer).setUint16(body, crc16(bytes, body));
  return armor(bytes);
}
