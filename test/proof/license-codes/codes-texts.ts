/** Made-up texts: what a stranger may paste, from a code that is almost one to a megabyte of accents. */
import { ALPHABET, CODE_BYTES, CODE_LENGTH, unarmor } from '../../../src/license-code/armor.ts';
import { OFFSET } from '../../../src/license-code/record.ts';
import { pick, type Tools } from '../proof.ts';
import { type Edit, withCheckDigits } from './codes-edits.ts';

type Chance = Pick<Tools, 'random'>;
type Make = (code: string, tools: Chance) => string;

const TOLERATED = ' \t\n\r\v\f\u0085\u00a0\u2003\u2028\u200b\u200d\u2060\ufeff\u00ad-\u2010\u2014\u2212>*_`';
const FOREIGN = '.,:;!?|#+/\\"\'()[]{}<=~&%$@^U\u0000\u0301éßİ\u0391\u0410\ufdfa\uff9e😀';
const MARKS = '\u0300\u0301\u0316\u0327\u0338\u0345\u05b0\u0e38\u3099\uff9e\u1dfa';

/** By kind, and how many of a thousand are of it. Each holds no code that was minted: a mail holds an edited one. */
const KINDS: Readonly<Record<string, { readonly share: number; readonly make: Make }>> = {
  '160 letters of the alphabet': { share: 300, make: (_, tools) => letters(CODE_LENGTH, tools) },
  'letters of the alphabet, up to 500': { share: 150, make: (_, tools) => letters(pick(500, tools), tools) },
  'a record and a signature made up, check digits that fit': { share: 2, make: forge },
  'an edited code among what is dropped': {
    share: 100,
    make: (code, tools) => scatter(edit(code, tools), tools),
  },
  'an edited code twice, or beside another': { share: 50, make: twice },
  'an edited code with foreign characters': {
    share: 98,
    make: (code, tools) => sprinkle(edit(code, tools), FOREIGN, tools),
  },
  'an e-mail with an edited code': { share: 100, make: mail },
  'a page of HTML with an edited code': { share: 50, make: page },
  'any UTF-16 units, surrogates alone too': {
    share: 75,
    make: (_, tools) => repeat(pick(400, tools), () => String.fromCharCode(pick(0x10000, tools))),
  },
  'any code points': {
    share: 74,
    make: (_, tools) => repeat(pick(400, tools), () => String.fromCodePoint(pick(0x110000, tools))),
  },
  'long runs of marks': { share: 1, make: marks },
};

const DRAWN: readonly string[] = Object.entries(KINDS).flatMap(([kind, { share }]) =>
  Array(share).fill(kind),
);

/** So many texts, the kinds mixed; `code` is what some of them are edited from. */
export function* madeUpTexts(amount: number, code: string, tools: Chance): Generator<Edit> {
  for (let i = 0; i < amount; i++) {
    const kind = DRAWN[pick(DRAWN.length, tools)] ?? '';
    yield { what: `text ${i}, ${kind}`, text: KINDS[kind]?.make(code, tools) ?? '' };
  }
}

function letters(amount: number, tools: Chance): string {
  return repeat(amount, () => oneOf(ALPHABET, tools));
}

/** One to five letters changed for certain: each place once, and another letter there. */
function edit(code: string, tools: Chance): string {
  const changed = [...code];
  for (let i = pick(5, tools); i >= 0; i--) {
    const at = pick(CODE_LENGTH, tools);
    const value = ALPHABET.indexOf(code.charAt(at)) + 1 + pick(ALPHABET.length - 1, tools);
    changed[at] = ALPHABET.charAt(value % ALPHABET.length);
  }
  return changed.join('');
}

/** Version, flags, key id and product tag of the code; all else from chance. */
function forge(code: string, tools: Chance): string {
  const bytes = unarmor(code);
  for (let at = OFFSET.licenseId; at < CODE_BYTES; at++) bytes[at] = pick(256, tools);
  // Below L, or a forged signature would be refused before it is looked at.
  bytes[OFFSET.check - 1] = pick(0x10, tools);
  return withCheckDigits(bytes);
}

function scatter(text: string, tools: Chance): string {
  return sprinkle(tools.random() < 0.5 ? text : text.toLowerCase(), TOLERATED, tools);
}

function twice(code: string, tools: Chance): string {
  const one = edit(code, tools);
  const other = tools.random() < 0.5 ? one : edit(code, tools);
  return one + oneOf(`${TOLERATED}`, tools).repeat(pick(3, tools)) + other;
}

function mail(code: string, tools: Chance): string {
  const lines = edit(code, tools).match(new RegExp(`.{1,${20 + pick(150, tools)}}`, 'g')) ?? [];
  const mark = oneOf(['', '> ', '>>> ', '| ', '\t'], tools);
  const text = ['Hello Zoë,', '', 'your code:', '', ...lines, '', '-- ', 'Acme Software'].join(`\r\n${mark}`);
  return sprinkle(text, TOLERATED + FOREIGN, tools);
}

function page(code: string, tools: Chance): string {
  const tag = oneOf(
    ['p', 'td', 'code', 'b style="margin:0"', '!--', 'a href="https://acme.example/?c='],
    tools,
  );
  return `<html><body>${letters(pick(20, tools), tools)}&nbsp;<${tag}>${edit(code, tools)}</${tag}>&#${pick(70000, tools)};`;
}

function marks(_: string, tools: Chance): string {
  const run = repeat(11, () => oneOf(MARKS, tools));
  return letters(pick(200, tools), tools) + run.repeat(pick(2000, tools)) + letters(pick(200, tools), tools);
}

/** Up to ten characters put in somewhere. */
function sprinkle(text: string, characters: string, tools: Chance): string {
  let sprinkled = text;
  for (let i = pick(10, tools); i >= 0; i--) {
    const at = pick(sprinkled.length + 1, tools);
    sprinkled = sprinkled.slice(0, at) + oneOf(characters, tools) + sprinkled.slice(at);
  }
  return sprinkled;
}

function repeat(amount: number, make: () => string): string {
  return Array.from({ length: amount }, make).join('');
}

function oneOf(choices: string | readonly string[], tools: Chance): string {
  const list = typeof choices === 'string' ? [...choices] : choices;
  return list[pick(list.length, tools)] ?? '';
}
