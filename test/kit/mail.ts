/** The alterations of a text by mail programs, from its sender to a person who copies a code out of it. */
import { type MarkedOptions, parse } from 'marked';

/** Lines of at most `width` characters; a longer word is cut. */
export function wrap(text: string, width: number, lineEnd = '\n'): string {
  return text
    .split('\n')
    .flatMap((line) => wrapLine(line, width))
    .join(lineEnd);
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (longer.length <= width) {
      current = longer;
      continue;
    }
    if (current !== '') lines.push(current);
    current = word;
    for (; current.length > width; current = current.slice(width)) lines.push(current.slice(0, width));
  }
  return [...lines, current];
}

export function quote(text: string, mark: string): string {
  return text
    .split('\n')
    .map((line) => mark + line)
    .join('\n');
}

/** RFC 3676, 4.1 and 4.2, with DelSp=yes: a continued line ends with a space; a leading space is doubled. */
export function flow(text: string, width = 78): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const parts = line.match(new RegExp(`.{1,${width - 2}}`, 'g')) ?? [''];
      return parts.map((part, i) => stuff(i < parts.length - 1 ? `${part} ` : part));
    })
    .join('\r\n');
}

function stuff(line: string): string {
  return /^(?: |>|From )/.test(line) ? ` ${line}` : line;
}

/** RFC 2045, 6.7: bytes outside printable ASCII, and `=`, as `=XX`; lines of at most 76 characters. */
export function quotedPrintable(text: string): string {
  const lines = text.split('\n').map((line) => {
    const units = [...Buffer.from(line, 'utf8')].map((byte) =>
      byte >= 0x20 && byte < 0x7f && byte !== 0x3d
        ? String.fromCharCode(byte)
        : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    );
    const out = [''];
    for (const unit of units) {
      if ((out.at(-1) + unit).length > 75) out.push('');
      out[out.length - 1] += unit;
    }
    return out.join('=\r\n');
  });
  return lines.join('\r\n');
}

/** The visible text of Markdown in a mail program: tags removed, entities decoded. */
export function shown(markdown: string, options: MarkedOptions): string {
  return textOf(parse(markdown, { ...options, async: false }));
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  nbsp: '\u00a0',
  shy: '\u00ad',
};

export function textOf(html: string): string {
  return html
    .replace(/<br\s*\/?>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal));
    });
}
