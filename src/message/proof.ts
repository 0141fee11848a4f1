/**
 * Proves that a reply is safe: no HTML, and every code whole, visible, alone on its line, in order, once.
 *
 * Marked, which parses the reply like a mail program, decides. It costs a hundred times as much as rendering, so a
 * quick proof comes first; it knows only the usual shapes of a reply and leaves the others to marked.
 */

import { createRequire } from 'node:module';
import type { Marked, MarkedToken, Token } from 'marked';
import { AppError } from '../errors.ts';

/** Loads a package where it is first needed, without `await`. */
const require = createRequire(import.meta.url);

export interface ReplyFault {
  /** Never contains a code. */
  readonly reason: string;
  /** For a fault in the text itself: the beginning of the faulty part. */
  readonly excerpt?: string;
}

/** Throws AppError `internal`, with the reason in its detail, for an unsafe reply. */
export function assertSafeReply(reply: string, codes: readonly string[]): void {
  if (isEvidentlySafe(reply, codes)) return;
  const fault = findReplyFault(reply, codes);
  if (fault) throw new AppError('internal', 'The reply was not safe to send.', { detail: fault.reason });
}

/** The same for a text without codes. */
export function assertSafeNotice(notice: string): void {
  const fault = findNoticeFault(notice);
  if (fault) throw new AppError('internal', 'The text was not safe to send.', { detail: fault.reason });
}

const CODE = /^[0-9A-Z]{32,}$/;
const MAY_HOLD_CODE = /[0-9A-Z]{32}/;
const FENCE = /^```[a-z]*$/;

/**
 * The quick proof: true only if findReplyFault finds nothing. Why it is sound:
 *
 * - HTML of any kind, blocks, comments and autolinks too, begins with `<`, and there is none.
 * - A code starts in column 0 and fills its line. It is letters and digits, so it marks no list, heading, table or
 *   link. Each line beside it is empty or a fence in column 0. In Markdown both end every paragraph, table, list item,
 *   quote, heading and code span before it; only an open fence holds on, and there the code is shown as it stands. The
 *   one thing that reaches over empty lines in marked is the title of a link reference definition, and `]:` is absent.
 * - Several codes in a row would flow together as a paragraph; they are accepted only between fences of which the first
 *   is the first of backticks in the reply: it opens one, or stands in one of tildes.
 * - No code stands elsewhere: the text between the codes holds no run of letters and digits as long as part of one,
 *   and the codes differ.
 */
export function isEvidentlySafe(reply: string, codes: readonly string[]): boolean {
  const length = codes[0]?.length;
  if (length === undefined || reply.includes('<') || reply.includes(']:') || reply.includes('\r'))
    return false;
  if (codes.length > 1 && new Set(codes).size !== codes.length) return false;
  let from = 0;
  let opener: number | undefined; // where the fence that opens the present run of codes starts
  for (const [index, code] of codes.entries()) {
    if (code.length !== length || !CODE.test(code)) return false;
    const start = reply.indexOf(code, from);
    if (start < 0 || MAY_HOLD_CODE.test(reply.slice(from, start))) return false;
    if (index > 0 && start === from + 1 && reply[from] === '\n') {
      if (opener === undefined || reply.indexOf('```') !== opener) return false;
    } else {
      const before = lineBefore(reply, start);
      if (before === undefined) return false;
      if (index > 0 && !endsRun(reply, from)) return false;
      opener = before.text === '' ? undefined : before.start;
    }
    from = start + length;
  }
  return endsRun(reply, from) && !MAY_HOLD_CODE.test(reply.slice(from));
}

/** The line before, if the position starts a line and that line is empty, absent or a fence. */
function lineBefore(text: string, position: number): { start: number; text: string } | undefined {
  if (position === 0) return { start: 0, text: '' };
  if (text[position - 1] !== '\n') return undefined;
  if (position === 1 || text[position - 2] === '\n') return { start: position - 1, text: '' };
  const start = text.lastIndexOf('\n', position - 2) + 1;
  const line = text.slice(start, position - 1);
  return FENCE.test(line) ? { start, text: line } : undefined;
}

/** Whether the line ends here and the next line is empty, absent or a fence. */
function endsRun(text: string, position: number): boolean {
  if (position === text.length) return true;
  if (text[position] !== '\n') return false;
  if (position + 1 === text.length || text[position + 1] === '\n') return true;
  const end = text.indexOf('\n', position + 1);
  return FENCE.test(text.slice(position + 1, end < 0 ? text.length : end));
}

let made: readonly Marked[] | undefined;

/** With GitHub's extensions and without: it is not known which a marketplace uses. */
function readers(): readonly Marked[] {
  if (made === undefined) {
    const { Marked } = require('marked') as typeof import('marked');
    made = [new Marked({ gfm: true }), new Marked({ gfm: false })];
  }
  return made;
}

/** The full check: the first fault of a reply, or undefined. */
export function findReplyFault(reply: string, codes: readonly string[]): ReplyFault | undefined {
  if (codes.length === 0) return { reason: 'there is no code to send' };
  const known = new Set(codes);
  if (known.size !== codes.length) return { reason: 'two units have the same code' };
  const lines = reply.split(/\r\n|[\r\n]/);
  const fault = findLineFault(lines, codes, known);
  if (fault) return fault;
  for (const reader of readers()) {
    const seen = visibleLines(reader.lexer(reply));
    if (!Array.isArray(seen)) return seen;
    const alone = seen.filter((line) => known.has(line));
    if (alone.length !== codes.length || alone.some((code, index) => code !== codes[index])) {
      return {
        reason:
          'a code is not shown alone on its line: put an empty line before and after it, or codes between two lines of ```',
      };
    }
  }
  return undefined;
}

/** The full check of a text without codes: no HTML, nothing that a reader takes for a code, and some words. */
export function findNoticeFault(notice: string): ReplyFault | undefined {
  if (notice.trim() === '') return { reason: 'the text is empty' };
  if (MAY_HOLD_CODE.test(notice)) return { reason: 'there is something that looks like a code' };
  for (const reader of readers()) {
    const seen = visibleLines(reader.lexer(notice));
    if (!Array.isArray(seen)) return seen;
  }
  return undefined;
}

/** Each code alone on its line, in order, once, in the text as it is sent. */
function findLineFault(
  lines: readonly string[],
  codes: readonly string[],
  known: ReadonlySet<string>,
): ReplyFault | undefined {
  const found = lines.map((line) => line.trim()).filter((line) => known.has(line));
  const rest = lines.filter((line) => !known.has(line.trim())).join('\n');
  const astray = codes.some((code) => rest.includes(code));
  const missing = codes.some((code) => !found.includes(code));
  if (missing && astray)
    return { reason: 'a code shares its line with something else: give it a line of its own' };
  if (missing)
    return {
      reason:
        'a code is missing: print every one, such as by {% for code in codes %} with {{ code }} on a line of its own',
    };
  if (astray || found.length > codes.length) return { reason: 'a code stands there twice: print each once' };
  if (found.some((code, index) => code !== codes[index])) {
    return { reason: 'the codes are not in the order of the units: print them as they come' };
  }
  return undefined;
}

/** The visible lines, or a fault for HTML. */
function visibleLines(tokens: readonly Token[]): string[] | ReplyFault {
  const lines: string[] = [];
  for (const token of tokens as readonly MarkedToken[]) {
    const more = linesOfBlock(token);
    if (!Array.isArray(more)) return more;
    lines.push(...more);
  }
  return lines;
}

function linesOfBlock(token: MarkedToken): string[] | ReplyFault {
  switch (token.type) {
    case 'html':
      return htmlFault(token.raw);
    case 'code':
      return token.text.split('\n');
    case 'blockquote':
      return visibleLines(token.tokens);
    case 'list':
      return visibleLines(token.items.flatMap((item) => item.tokens));
    case 'table': {
      // A cell shares its line with its neighbours.
      const cells = [...token.header, ...token.rows.flat()].map((cell) => visibleText(cell.tokens));
      return cells.find((cell) => typeof cell !== 'string') ?? [];
    }
    case 'heading': {
      const text = visibleText(token.tokens);
      return typeof text === 'string' ? [] : text;
    }
    case 'paragraph':
    case 'text': {
      const text = visibleText(token.tokens ?? [token]);
      return typeof text === 'string' ? text.split('\n') : text;
    }
    default:
      return [];
  }
}

/** Inline content; a line end that is rendered as a space is a space here. */
function visibleText(tokens: readonly Token[]): string | ReplyFault {
  let text = '';
  for (const token of tokens as readonly MarkedToken[]) {
    if (token.type === 'html') return htmlFault(token.raw);
    if (token.type === 'br') text += '\n';
    else if ('tokens' in token && token.tokens) {
      const inner = visibleText(token.tokens);
      if (typeof inner !== 'string') return inner;
      // The alternative text of an image is not visible on the page.
      if (token.type !== 'image') text += inner;
    } else if ('text' in token && token.type !== 'image') text += token.text.replaceAll('\n', ' ');
  }
  return text;
}

function htmlFault(raw: string): ReplyFault {
  const excerpt = raw.trim().split('\n')[0] ?? '';
  return { reason: 'there is HTML in the text: write it in Markdown, and a plain < as &lt;', excerpt };
}
