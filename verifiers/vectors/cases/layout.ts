/** A code in a text, with the position of each of its characters. */

export interface Layout {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** The text before character `i` of the code, from 1 on. */
  readonly between: (i: number) => string;
}

const none = () => '';
const every = (size: number, separator: string) => (i: number) => (i % size === 0 ? separator : '');

export const LAYOUTS: readonly Layout[] = [
  { name: 'alone', before: '', after: '', between: none },
  { name: 'in groups of eight by dashes', before: '', after: '', between: every(8, '-') },
  { name: 'in groups of five by spaces', before: '', after: '', between: every(5, ' ') },
  {
    name: 'wrapped and quoted in a mail',
    before: 'Dear Zoë 😀,\r\n\r\n> ',
    after: '\r\n\r\nThank you!',
    between: every(64, '\r\n> '),
  },
  { name: 'in a link', before: 'acme://activate?code=', after: '&x=1', between: none },
  { name: 'with entities', before: '<p>', after: '</p>', between: every(20, '&shy;') },
  { name: 'in quotes of books', before: '1. «', after: '».', between: none },
  { name: 'with zero-width spaces', before: '\ufeff', after: '', between: every(10, '\u200b') },
];

/** The text, and the position of each character of the code in code points, from 1, plus the end position. */
export function lay(characters: readonly string[], { before, after, between }: Layout) {
  let text = before;
  const positions: number[] = [];
  for (const [i, character] of characters.entries()) {
    if (i > 0) text += between(i);
    positions.push([...text].length + 1);
    text += character;
  }
  positions.push([...text].length + 1);
  return { text: text + after, positions };
}
