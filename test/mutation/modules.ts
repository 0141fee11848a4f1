/**
 * Reloads the files under test in one process: each load has a number, which every import gets, so that no state of a
 * module (a table, a cache) outlives its mutant.
 */
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Registered, takeRegistered } from './ava.ts';

const AVA = new URL('./ava.ts', import.meta.url).href;
const TWEETNACL = new URL('./tweetnacl.ts', import.meta.url).href;
const LOAD = /\?load=(\d+)$/;

export class Modules {
  readonly #root: string;
  readonly #sources = new Map<string, string>();
  /** The importers of each file. */
  readonly #importers = new Map<string, Set<string>>();
  #load = 0;

  /** `root` is the folder of the instrumented copy. One instance per process: the hooks stay. */
  constructor(root: string) {
    this.#root = `${pathToFileURL(root).href}/`;
    registerHooks({
      resolve: (specifier, context, next) => {
        const load = LOAD.exec(context.parentURL ?? '')?.[0];
        if (load === undefined) return next(specifier, context);
        const standIn = this.#standInFor(specifier, context.parentURL ?? '');
        if (standIn !== undefined) return { url: standIn, shortCircuit: true };
        const resolved = next(specifier, context);
        if (!this.#isOurs(resolved.url)) return resolved;
        this.#note(resolved.url, context.parentURL ?? '');
        return { ...resolved, url: resolved.url + load };
      },
      load: (url, context, next) => {
        if (!LOAD.test(url) || !this.#isOurs(url)) return next(url, context);
        return { format: 'module', source: this.#sourceOf(url.replace(LOAD, '')), shortCircuit: true };
      },
    });
  }

  /** Reloads everything from now on. */
  renew(): void {
    this.#load++;
  }

  /** The tests of a file (from the root), loaded anew with all of its imports. */
  async testsOf(file: string): Promise<readonly Registered[]> {
    takeRegistered();
    await import(`${this.#root}${file}?load=${this.#load}`);
    return takeRegistered();
  }

  /** True if a file (from the root) was ever loaded for a test file, also indirectly. */
  isLoadedFor(file: string, testFile: string): boolean {
    const seen = new Set([file]);
    for (const each of seen) for (const importer of this.#importers.get(each) ?? []) seen.add(importer);
    return seen.has(testFile);
  }

  /** A test of tweetnacl's own behavior gets tweetnacl. */
  #standInFor(specifier: string, parentUrl: string): string | undefined {
    if (specifier === 'ava') return AVA;
    return specifier === 'tweetnacl' && parentUrl.startsWith(`${this.#root}src/`) ? TWEETNACL : undefined;
  }

  #isOurs(url: string): boolean {
    return url.startsWith(this.#root) && !url.includes('/node_modules/');
  }

  #note(url: string, parentUrl: string): void {
    const importers = this.#importers.get(this.#nameOf(url)) ?? new Set();
    this.#importers.set(this.#nameOf(url), importers.add(this.#nameOf(parentUrl.replace(LOAD, ''))));
  }

  #nameOf(url: string): string {
    return relative(fileURLToPath(this.#root), fileURLToPath(url));
  }

  #sourceOf(url: string): string {
    const known = this.#sources.get(url);
    if (known !== undefined) return known;
    const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'));
    this.#sources.set(url, source);
    return source;
  }
}
