/** The texts of pages and mails: a file for each language, shipped here, and changed or added by the seller's own. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Fault, readText } from '../catalog/fault.ts';
import { readYaml } from '../catalog/yaml-lines.ts';
import { codeOf } from '../keyring/key-files.ts';
import { LANGUAGES } from '../message/languages.ts';
import { didYouMean } from '../message/nearest.ts';

/** The folder of the seller's own files, beside shop.yaml. */
export const TEXTS = 'texts';

/** The texts of one language, by their keys. */
export class Texts {
  readonly language: string;
  readonly #table: ReadonlyMap<string, string>;

  constructor(language: string, table: ReadonlyMap<string, string>) {
    this.language = language;
    this.#table = table;
  }

  get keys(): readonly string[] {
    return [...this.#table.keys()];
  }

  /** A text as it is, with its names in braces. Throws for a key that no file has. */
  pattern(key: string): string {
    const text = this.#table.get(key);
    if (text === undefined) throw new TypeError(`there is no text ${key}`);
    return text;
  }

  say(key: string, values: Readonly<Record<string, string>> = {}): string {
    return this.pattern(key).replace(NAME, (whole, name: string) => values[name] ?? whole);
  }
}

export const NAME = /\{(\w+)\}/g;

export const DEFAULT_LANGUAGE = 'en';
const SHIPPED = [DEFAULT_LANGUAGE, 'de'] as const;
const LONGEST_TEXT = 1000;

export interface LoadedTexts {
  readonly texts: ReadonlyMap<string, Texts>;
  /** `file:line: fault`. */
  readonly faults: readonly string[];
}

/** `folder`: the seller's own files, such as `fr.yaml`; it may be missing. */
export async function loadTexts(folder: string): Promise<LoadedTexts> {
  const texts = new Map<string, Texts>();
  for (const language of SHIPPED) {
    const bytes = await readFile(new URL(`texts/${language}.yaml`, import.meta.url));
    const { table } = readTable(bytes, undefined);
    texts.set(language, new Texts(language, table));
  }
  const faults: string[] = [];
  for (const file of await listTexts(folder)) {
    const language = file.slice(0, -'.yaml'.length);
    const path = join(folder, file);
    if (language !== DEFAULT_LANGUAGE && !LANGUAGES.includes(language)) {
      faults.push(
        `${path}:1: ${language} is not the tag of a known language, such as ${LANGUAGES.join(', ')}`,
      );
      continue;
    }
    const base = texts.get(language) ?? texts.get(DEFAULT_LANGUAGE);
    const read = readTable(await readFile(path), base);
    faults.push(...read.faults.map(({ line, message }) => `${path}:${line}: ${message}`));
    const own = new Map(base?.keys.map((key) => [key, base.pattern(key)]));
    for (const [key, text] of read.table) own.set(key, text);
    texts.set(language, new Texts(language, own));
  }
  return { texts, faults };
}

interface Table {
  readonly table: ReadonlyMap<string, string>;
  readonly faults: readonly Fault[];
}

/** `base`: the texts that the file changes; its keys and names are the known ones. */
function readTable(bytes: Uint8Array, base: Texts | undefined): Table {
  const none = new Map<string, string>();
  const text = readText(bytes);
  if (typeof text !== 'string') return { table: none, faults: [text] };
  const lines = readYaml(text, 1);
  if (!('content' in lines)) return { table: none, faults: lines };
  const { content } = lines;
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    return { table: none, faults: [{ line: 1, message: 'must be lines of "key: text"' }] };
  const table = new Map<string, string>();
  const faults: Fault[] = [];
  for (const [key, value] of Object.entries(content)) {
    const message = faultOf(key, value, base);
    if (message === undefined) table.set(key, String(value));
    else faults.push({ line: lines.lineOf([key]) ?? 1, message: `${key}: ${message}` });
  }
  return { table, faults };
}

function faultOf(key: string, value: unknown, base: Texts | undefined): string | undefined {
  if (typeof value !== 'string' || value === '') return 'must be a text';
  if (value.length > LONGEST_TEXT) return `is longer than ${LONGEST_TEXT} characters`;
  if (base === undefined) return undefined;
  if (!base.keys.includes(key)) return `there is no such text${didYouMean(key, base.keys)}`;
  const known = namesIn(base.pattern(key));
  const missing = known.find((name) => !namesIn(value).includes(name));
  if (missing !== undefined) return `{${missing}} is missing in it`;
  const unknown = namesIn(value).find((name) => !known.includes(name));
  return unknown === undefined ? undefined : `{${unknown}} is nothing that it can name`;
}

function namesIn(text: string): readonly string[] {
  return [...text.matchAll(NAME)].map(([, name = '']) => name);
}

/** The names of the seller's own files. */
export async function listTexts(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** The texts for a header Accept-Language (RFC 9110, 12.5.4): the best wanted language that there is. */
export function textsFor(texts: ReadonlyMap<string, Texts>, accepted: string): Texts {
  const wanted = accepted
    .slice(0, 500)
    .split(',')
    .map((part, place) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const q = parameters
        .map((each) => /^\s*q=([\d.]+)$/.exec(each)?.[1])
        .find((each) => each !== undefined);
      return { language: tag.split('-')[0] ?? '', weight: q === undefined ? 1 : Number(q), place };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || a.place - b.place);
  const found = wanted.map(({ language }) => texts.get(language)).find((each) => each !== undefined);
  return found ?? textsIn(texts, DEFAULT_LANGUAGE);
}

/** The texts of a language, else the English ones. */
export function textsIn(texts: ReadonlyMap<string, Texts>, language: string | undefined): Texts {
  const found = texts.get(language ?? DEFAULT_LANGUAGE) ?? texts.get(DEFAULT_LANGUAGE);
  if (found === undefined) throw new TypeError('there are no English texts');
  return found;
}
