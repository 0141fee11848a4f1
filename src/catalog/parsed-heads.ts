/**
 * Remembers the values of front matter that an earlier start parsed: a start of the same products then needs no YAML
 * parser, whose files take a twelfth of its CPU time. The key is the digest of the text and of the parsing code.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { readStartFile, writeStartFile } from './start-file.ts';

const require = createRequire(import.meta.url);

export class ParsedHeads {
  readonly #file: string;
  readonly #code: string;
  readonly #before: ReadonlyMap<string, unknown>;
  readonly #now = new Map<string, unknown>();

  /** `code` identifies the parsing code. A missing or damaged file contains nothing. */
  constructor(file: string, code: string = parsingCode()) {
    this.#file = file;
    this.#code = code;
    this.#before = new Map(entriesIn(readStartFile(file)));
  }

  /** The values of a text, still unchecked; undefined if no earlier start kept them. */
  find(yaml: string): unknown {
    const key = this.#keyOf(yaml);
    const values = this.#before.get(key);
    if (values !== undefined) this.#now.set(key, values);
    return values;
  }

  /** `values`: lists, maps and strings only. */
  keep(yaml: string, values: unknown): void {
    this.#now.set(this.#keyOf(yaml), values);
  }

  /** Saves only what was used since the start. */
  save(): void {
    if (this.#now.size === this.#before.size && [...this.#now.keys()].every((key) => this.#before.has(key)))
      return;
    writeStartFile(this.#file, Object.fromEntries(this.#now));
  }

  #keyOf(yaml: string): string {
    return createHash('sha256')
      .update(JSON.stringify([this.#code, yaml]))
      .digest('hex');
  }
}

function entriesIn(content: unknown): readonly [string, unknown][] {
  return typeof content === 'object' && content !== null ? Object.entries(content) : [];
}

/** The parser's version, and the file that calls it byte for byte. */
function parsingCode(): string {
  const version: unknown = require('yaml/package.json').version;
  // The published package holds compiled files.
  const caller = new URL(`yaml-lines${extname(import.meta.url)}`, import.meta.url);
  return JSON.stringify([version, readFileSync(caller, 'utf8')]);
}
