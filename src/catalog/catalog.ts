/** The catalog: reads and checks the product files of a folder once, at the start. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Message, Product } from '../domain/values/product.ts';
import { AppError } from '../errors.ts';
import type { FoundBefore } from './earlier-starts.ts';
import type { Fault } from './fault.ts';
import { readProductFile } from './product-file.ts';
import { type FileFault, findSharedNames, type ReadFile } from './shared-names.ts';
import {
  isProductFile,
  readTranslation,
  type TranslationName,
  translationName,
  unknownLanguage,
} from './translation-file.ts';

export interface Catalog {
  get(productId: string): Product | undefined;
  /** In the order of their ids. */
  all(): readonly Product[];
}

const PRODUCT_ID = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/**
 * Reads every `<product id>.md` of the folder with its translations, and ignores other files. Returns a faultless catalog, or throws
 * AppError `bad_configuration` with one line for each fault of each file: `file:line: fault`.
 */
export async function loadCatalog(folder: string, earlier?: FoundBefore): Promise<Catalog> {
  const files = await listProductFiles(folder);
  const translations = await findTranslations(folder, files);
  const faults: FileFault[] = [];
  const read: ReadFile[] = [];
  for (const file of files) {
    if (translations.has(file)) continue;
    const found = await readProduct(folder, file, earlier);
    if ('product' in found) read.push(found);
    else {
      const other = unknownLanguage(file, new Set(files), await readOne(folder, file));
      faults.push(...inFile(file, other === undefined ? found : [other]));
    }
  }
  faults.push(...findSharedNames(read));
  const products: Product[] = [];
  for (const { product } of read) {
    const translated = await translate(folder, product, translations, earlier);
    faults.push(...translated.faults);
    products.push({ ...product, translations: translated.texts });
  }
  const told = faults.map(({ file, line, message }) => `${join(folder, file)}:${line}: ${message}`);
  if (files.length === 0) {
    told.push(`${folder}: there is no product here: put a file such as ${join(folder, 'my-app.md')} there`);
  }
  if (told.length > 0)
    throw new AppError('bad_configuration', `The products have faults:\n${told.join('\n')}`);
  return createCatalog(products);
}

/** The ids of the products that have a file, sorted. Does not check the files. */
export async function listProductIds(folder: string): Promise<readonly string[]> {
  const files = await listProductFiles(folder);
  const translations = await findTranslations(folder, files);
  return files
    .filter((file) => !translations.has(file))
    .map(idOf)
    .filter((id) => PRODUCT_ID.test(id));
}

/** The names of the product files, sorted. */
export async function listProductFiles(folder: string): Promise<string[]> {
  return (await list(folder)).filter((name) => name.endsWith('.md') && !name.startsWith('.')).sort();
}

/** The files that translate a text, by their names. A file that sells something is none. */
async function findTranslations(
  folder: string,
  files: readonly string[],
): Promise<ReadonlyMap<string, TranslationName>> {
  const all = new Set(files);
  const found = new Map<string, TranslationName>();
  for (const file of files) {
    const name = translationName(file, all);
    if (name === undefined) continue;
    const bytes = await readOne(folder, file);
    if (bytes === undefined || !isProductFile(bytes)) found.set(file, name);
  }
  return found;
}

/** The texts of one product in further languages. */
async function translate(
  folder: string,
  product: Product,
  translations: ReadonlyMap<string, TranslationName>,
  earlier?: FoundBefore,
): Promise<{ readonly texts: Product['translations']; readonly faults: readonly FileFault[] }> {
  const texts: Record<string, Message> = {};
  const faults: FileFault[] = [];
  for (const [file, name] of translations) {
    if (name.product !== product.id) continue;
    const bytes = await readOne(folder, file);
    const read = bytes === undefined ? [UNREADABLE] : readTranslation(product, name.language, bytes, earlier);
    if ('digest' in read) texts[name.language] = read;
    else faults.push(...inFile(file, read));
  }
  return { texts, faults };
}

const UNREADABLE: Fault = { line: 1, message: 'the file cannot be read' };

function inFile(file: string, faults: readonly Fault[]): readonly FileFault[] {
  return [...faults].sort((a, b) => a.line - b.line).map((fault) => ({ file, ...fault }));
}

function idOf(file: string): string {
  return file.slice(0, -'.md'.length);
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    const message = `The products have faults:\n${folder}: the folder cannot be read: make it and put a product file there, or set PRODUCTS_DIR`;
    throw new AppError('bad_configuration', message, { cause });
  }
}

async function readProduct(
  folder: string,
  file: string,
  earlier?: FoundBefore,
): Promise<ReadFile | readonly Fault[]> {
  const id = idOf(file);
  if (!PRODUCT_ID.test(id)) {
    const message =
      "the file's name is the product's id: up to 64 of a-z, 0-9, - _ and ., beginning with a letter or digit: rename it";
    return [{ line: 1, message }];
  }
  const bytes = await readOne(folder, file);
  if (bytes === undefined) return [UNREADABLE];
  const product = readProductFile(id, bytes, earlier);
  return isFaulty(product) ? product : { file, text: bytes.toString(), product };
}

/** Undefined where it cannot be read. */
async function readOne(folder: string, file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(join(folder, file));
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return undefined;
    throw error;
  }
}

function isFaulty(read: Product | readonly Fault[]): read is readonly Fault[] {
  return Array.isArray(read);
}

function createCatalog(products: readonly Product[]): Catalog {
  const byId = new Map(products.map((product) => [product.id, product]));
  return { get: (productId) => byId.get(productId), all: () => products };
}
