/** Finds comparisons of signatures or hashes in a source file that do not use node:crypto. */

export interface Compare {
  readonly line: number;
  readonly text: string;
}

/** Names of values that are signatures or hashes. */
const TELLING = /sign|hash|hmac|\bmac\b|digest|secret|given|expected|wanted|candidate|token/i;

/** A literal, a constant, a length or a type: it reveals no secret. */
const WRITTEN_OUT =
  /^(?:undefined|null|true|false|-?[\d_.]+n?|''|[A-Z][A-Z\d_]*|typeof\b.*|.*\.(?:length|size))$/s;

const BY_OPERATOR = /[=!]==?(?![=>])/g;
const BY_METHOD =
  /\.(?:includes|localeCompare|startsWith|endsWith|indexOf|equals|compare|test|match|search)\(/g;

/** Comparisons without a literal where one side is, by its name, a signature, hash or secret. */
export function looseCompares(source: string): Compare[] {
  const text = withoutWords(source);
  const found: Compare[] = [];
  const tell = (at: number, sides: readonly string[]) => {
    if (sides.some((side) => WRITTEN_OUT.test(side)) || !sides.some((side) => TELLING.test(side))) return;
    found.push({ line: text.slice(0, at).split('\n').length, text: sides.join(' against ') });
  };
  for (const { index, 0: operator } of text.matchAll(BY_OPERATOR))
    tell(index, [before(text, index), after(text, index + operator.length)]);
  for (const { index, 0: call } of text.matchAll(BY_METHOD))
    tell(index, [before(text, index), after(text, index + call.length)]);
  return found;
}

/** Removes comments and texts; lines keep their numbers. */
function withoutWords(source: string): string {
  const WORDS = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g;
  return source.replace(WORDS, (words) => (/^['"]/.test(words) ? "''" : words.replace(/[^\n]/g, ' ')));
}

/** The operand that ends here, from the beginning of its expression. */
function before(text: string, end: number): string {
  let depth = 0;
  let at = end;
  for (; at > 0; at--) {
    const sign = text.charAt(at - 1);
    if (/[)\]]/.test(sign)) depth += 1;
    else if (/[([]/.test(sign) && depth > 0) depth -= 1;
    else if (depth === 0 && (/[([{};,|&?:=<>]/.test(sign) || /\breturn$/.test(text.slice(0, at)))) break;
  }
  return text.slice(at, end).trim();
}

function after(text: string, start: number): string {
  let depth = 0;
  let at = start;
  for (; at < text.length; at++) {
    const sign = text.charAt(at);
    if (/[([]/.test(sign)) depth += 1;
    else if (/[)\]]/.test(sign) && depth > 0) depth -= 1;
    else if (depth === 0 && /[)\]{};,|&?:=]/.test(sign)) break;
  }
  return text.slice(start, at).trim();
}
