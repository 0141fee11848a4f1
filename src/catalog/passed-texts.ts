/**
 * Remembers the texts that passed the check of an earlier start, since a check takes 0.1 s of CPU. The key is the
 * digest of all that the check depends on: the text, the kinds of licenses and the checking code.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import type { Message } from '../domain/values/product.ts';
import { checkTemplate } from '../message/check-template.ts';
import type { LicenseKinds } from '../message/find-empty.ts';
import type { LiquidFault } from '../message/liquid.ts';
import { readStartFile, writeStartFile } from './start-file.ts';

const require = createRequire(import.meta.url);

export type CheckText = typeof checkTemplate;

/** Besides the folder `message/`, all project files that the check runs. */
export const CHECKED_BY = [
  'domain/values/announcement',
  'domain/values/day',
  'domain/values/remembering',
  'errors',
  'license-code/armor',
  'license-code/check-digits',
  'license-code/escapes',
  'license-code/find',
  'license-code/fold',
  'license-code/letters',
  'license-code/number-at',
];

export class PassedTexts {
  readonly #file: string;
  readonly #code: string;
  readonly #check: CheckText;
  readonly #before: ReadonlySet<string>;
  readonly #now = new Set<string>();

  /** `code` identifies the checking code. A missing or damaged file contains no texts. */
  constructor(file: string, code: string = checkingCode(), check: CheckText = checkTemplate) {
    this.#file = file;
    this.#check = check;
    this.#code = code;
    this.#before = new Set(readKeys(file));
  }

  /** The faults that `checkTemplate` finds or found: only a faultless text is remembered. */
  readonly check = (message: Message, kinds?: LicenseKinds): LiquidFault[] => {
    const key = digestOf(JSON.stringify([this.#code, message, kinds ?? null]));
    const faults = this.#before.has(key) ? [] : this.#check(message, kinds);
    if (faults.length === 0) this.#now.add(key);
    return faults;
  };

  /** Saves only the texts that passed since the start. */
  save(): void {
    if (this.#now.size === this.#before.size && [...this.#now].every((key) => this.#before.has(key))) return;
    writeStartFile(this.#file, [...this.#now]);
  }
}

function readKeys(file: string): readonly string[] {
  const keys = readStartFile(file);
  return Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [];
}

/** Node.js with its Unicode data, the two libraries, and the project's own files byte for byte. */
function checkingCode(): string {
  const source = new URL('../', import.meta.url);
  const own = readdirSync(new URL('message/', source)).map((name) => `message/${name}`);
  /** The published package holds compiled files. */
  const compiled = extname(import.meta.url);
  const files = [...own, ...CHECKED_BY.map((name) => `${name}${compiled}`)]
    .sort()
    .map((name) => [name, readFileSync(new URL(name, source), 'utf8')]);
  const libraries = ['marked', 'liquidjs'].map((name) => require(`${name}/package.json`).version as unknown);
  return digestOf(JSON.stringify([process.versions, libraries, files]));
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
