/** A reply as mail programs render it, compared with the rendering of the product's text alone. */
import { Marked } from 'marked';
import { findCodes } from '../../../src/license-code/find-codes.ts';
import { escapeMarkdown } from '../../../src/message/escape.ts';

const READERS = {
  gfm: new Marked({ gfm: true }),
  'gfm with breaks': new Marked({ gfm: true, breaks: true }),
  pedantic: new Marked({ pedantic: true, gfm: false }),
};

/** A code in its own block; without fences, the plain rules render a paragraph with a code span. */
const CODE_BLOCK = /<(pre|p)><code>\s*([0-9A-Z]{160})\s*<\/code><\/\1>/g;

export interface Buyer {
  readonly name: string;
  readonly email: string;
  readonly order: string;
}

/** The same text for a harmless buyer. */
export interface Model {
  readonly reply: string;
  readonly buyer: Buyer;
}

/** Everything in a reply that comes from the buyer and should not. */
export function findHarm(reply: string, buyer: Partial<Buyer>, model: Model): string[] {
  const found: string[] = [];
  for (const [name, reader] of Object.entries(READERS)) {
    const [html, expected] = [reply, model.reply].map((text) => reader.parse(text, { async: false })) as [
      string,
      string,
    ];
    const [is, should] = [elementsIn(html), elementsIn(expected)];
    const place = is.findIndex((element, at) => element !== should[at]);
    if (place >= 0) found.push(`${name}: ${is[place]} instead of ${should[place] ?? 'nothing'}`);
    else if (is.length !== should.length) found.push(`${name}: no ${should[is.length]}`);
    const codes = [...html.matchAll(CODE_BLOCK)].map(([, , code]) => code);
    if (codes.length !== 1) found.push(`${name}: ${codes.length} codes stand in blocks of their own`);
    if (JSON.stringify(findCodes(reply)) !== JSON.stringify(codes)) found.push('findCodes finds other codes');
    if (name === 'gfm' && found.length === 0) found.push(...textFaults(html, expected, buyer, model.buyer));
  }
  return found;
}

/** Whether the model's reply, with this buyer's values, would hold more codes for a reader than the code that was sold. */
export function looksLikeMoreCodes(buyer: Partial<Buyer>, { reply, buyer: model }: Model): boolean {
  let named = reply;
  for (const field of ['name', 'email', 'order'] as const)
    if (model[field] !== '')
      named = named.replaceAll(escapeMarkdown(model[field]), () =>
        escapeMarkdown(buyer[field] ?? model[field]),
      );
  return findCodes(named).length > findCodes(reply).length;
}

/** Tags in order; the alternative text of an image is text. */
function elementsIn(html: string): string[] {
  return (html.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/ alt="[^"]*"/, ''));
}

/** Each value must be visible as written, except for characters that have no place on a line. */
function textFaults(html: string, expected: string, buyer: Partial<Buyer>, model: Buyer): string[] {
  const seen = visible(html);
  let wanted = visible(expected);
  for (const field of ['name', 'email', 'order'] as const)
    if (model[field] !== '')
      wanted = wanted.replaceAll(model[field], () => inOneLine(buyer[field] ?? model[field]));
  return squeezed(seen) === squeezed(wanted) ? [] : [`reads ${JSON.stringify(squeezed(seen))}`];
}

/** Without codes and code spans: in a code span, escaped text shows its escapes. */
function visible(html: string): string {
  return html
    .replace(CODE_BLOCK, '')
    .replace(/<code>[^<]*<\/code>/g, '')
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}

/** The visible part of a value: no line ends, control characters or direction marks; U+FFFD for what no database stores. */
export function inOneLine(value: string): string {
  return value
    .toWellFormed()
    .replaceAll('\0', '\uFFFD')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
    .trim();
}

function squeezed(text: string): string {
  return text.replace(/[ \n]+/g, ' ').trim();
}
