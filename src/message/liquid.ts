/**
 * The Liquid that a product's text can use: no files, no clock, no randomness, no way around the escaping, and a
 * limit on cost. Tags and filters that are not listed here do not exist.
 */
import { createRequire } from 'node:module';
import type { Liquid } from 'liquidjs';
import { Autolink, openingLink } from './autolink.ts';
import { escapeMarkdown } from './escape.ts';
import { formatDay } from './format-day.ts';
import { type Language, languageOf } from './languages.ts';
import { didYouMean } from './nearest.ts';

const require = createRequire(import.meta.url);

// Required, since an import of CommonJS keeps its text twice: 0.4 MB.
const { Liquid: Engine, LiquidError } = require('liquidjs') as typeof import('liquidjs');

export const LARGEST_BODY = 65_536;

/** `include`, `render`, `layout` and `block` read files; `cycle` and `tablerow` write past the escaping. */
const TAGS = new Set('assign break capture case comment continue echo for if liquid unless #'.split(' '));

/** Left out: `raw` would undo the escaping, `sample` is random, HTML filters have no place in Markdown. */
const FILTERS = new Set(
  (
    'abs at_least at_most ceil divided_by floor minus modulo plus round times ' +
    'append capitalize downcase lstrip prepend remove remove_first remove_last replace replace_first replace_last ' +
    'rstrip slice split strip strip_newlines squish truncate truncatewords upcase url_encode ' +
    'array_to_sentence_string compact concat first join last map reverse size sort sort_natural uniq where ' +
    'date default json link'
  ).split(' '),
);

export const liquid = createLiquid(print);

/** The marker that `createRevealingLiquid` prints instead of an empty output: a private-use character. */
export const NOTHING = '\ue002';

/** The same Liquid, but it marks each output of nil, of an empty list, and of `join` of an empty list. */
export function createRevealingLiquid(): Liquid {
  const engine = createLiquid((value) => (isNothing(value) ? NOTHING : print(value)));
  for (const name of ['join', 'array_to_sentence_string']) {
    const filter = engine.filters[name];
    if (typeof filter !== 'function') continue;
    engine.registerFilter(name, function (value: unknown, ...rest: readonly unknown[]): unknown {
      return isNothing(value) ? value : filter.call(this, value, ...rest);
    });
  }
  return engine;
}

/** A link that the text itself makes is the only value that is printed as Markdown. */
function print(value: unknown): string {
  return value instanceof Autolink ? value.markdown : escapeMarkdown(asText(value));
}

function createLiquid(outputEscape: (value: unknown) => string): Liquid {
  const engine = new Engine({
    outputEscape,
    strictFilters: true,
    strictVariables: true,
    ownPropertyOnly: true,
    templates: {},
    timezoneOffset: 0,
    locale: 'en-US',
    parseLimit: LARGEST_BODY,
    // Characters and array elements that are made while rendering: several times what 1000 codes need.
    memoryLimit: 4_000_000,
    // Milliseconds. A text takes microseconds; the limit stops nested loops, and is far above pauses of a busy machine.
    renderLimit: 2_000,
  });
  for (const name of Object.keys(engine.tags)) if (!TAGS.has(name)) delete engine.tags[name];
  for (const name of Object.keys(engine.filters)) if (!FILTERS.has(name)) delete engine.filters[name];
  engine.registerFilter('date', function (value: unknown, format?: unknown) {
    if (value === null || value === undefined) return value;
    const pattern = format === undefined ? undefined : asText(format);
    return formatDay(asText(value), pattern, languageIn(this.context.globals));
  });
  engine.registerFilter('link', (code: unknown, address: unknown) =>
    openingLink(asText(code), asText(address)),
  );
  return engine;
}

/** What `render` says beside the values of a text: its language, out of reach for the text itself. */
export function around(language: string | undefined): {
  readonly globals: { readonly [LANGUAGE]: Language };
} {
  return { globals: { [LANGUAGE]: languageOf(language) } };
}

const LANGUAGE = Symbol('language');

function languageIn(globals: object): Language {
  return (globals as { readonly [LANGUAGE]?: Language })[LANGUAGE] ?? languageOf(undefined);
}

/** The same Liquid for one line of plain text, such as a subject: values are not Markdown there. */
export function createPlainLiquid(): Liquid {
  return createLiquid((value) => oneLine(asText(value)));
}

/** Without control characters, line ends and what turns the direction of a text; white space is one space each. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

/** The output of a tag: a list prints its members without a separator, nil prints nothing. */
function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(asText).join('');
  if (value instanceof Autolink) return value.address;
  return typeof value === 'object' ? '' : String(value);
}

export interface LiquidFault {
  /** In the body, from 1. */
  readonly line: number;
  readonly reason: string;
}

/** An error of Liquid in the words of a product's author. Never contains a rendered value. */
export function explainLiquidError(error: unknown): LiquidFault {
  if (!LiquidError.is(error))
    return { line: 1, reason: error instanceof Error ? error.message : 'is faulty' };
  const line = error.token.getPosition()[0] ?? 1;
  // Liquid ends its messages with the position, which is reported separately here.
  const reason = error.message.replace(/, line:\d+, col:\d+$/, '');
  const filter = /^undefined filter: (.+)$/.exec(reason)?.[1];
  if (filter !== undefined) {
    return { line, reason: `there is no filter "${filter}"${didYouMean(filter, [...FILTERS])}` };
  }
  const tag = /^tag "(.+)" not found$/.exec(reason)?.[1];
  if (tag !== undefined) return { line, reason: `there is no tag "${tag}"${didYouMean(tag, [...TAGS])}` };
  return { line, reason };
}
