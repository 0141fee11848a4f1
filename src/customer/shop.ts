/** The seller's shop as customers see it: `shop.yaml`, read and checked once, at the start. */
import { readFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { explainIssue } from '../catalog/explain-issue.ts';
import { type Fault, readText } from '../catalog/fault.ts';
import { readYaml } from '../catalog/yaml-lines.ts';
import { AppError } from '../errors.ts';
import { codeOf, fileFault } from '../keyring/key-files.ts';
import type { Color } from './contrast.ts';
import { shopFile } from './shop-keys.ts';
import { loadTexts, TEXTS, type Texts } from './texts.ts';

export interface Shop {
  readonly name: string;
  /** Whom customers ask: an e-mail address or a page. */
  readonly help: string;
  readonly picture: Picture | undefined;
  readonly accent: { readonly light: Color | undefined; readonly dark: Color | undefined };
  /** Which pages there are. */
  readonly lostCode: boolean;
  readonly licensePage: boolean;
  /** By language. */
  readonly texts: ReadonlyMap<string, Texts>;
}

export interface Picture {
  readonly type: string;
  readonly bytes: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
};

const LARGEST_PICTURE = 100_000;

/** Undefined where there is no file. Throws AppError `bad_configuration` with a line for each fault: `file:line: fault`. */
export async function loadShop(file: string): Promise<Shop | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw fileFault(error, file, 'read');
  }
  const read = await readShop(bytes, dirname(file));
  const { texts, faults } = await loadTexts(join(dirname(file), TEXTS));
  const told = [
    ...('faults' in read ? read.faults.map(({ line, message }) => `${file}:${line}: ${message}`) : []),
    ...faults,
  ];
  if (told.length > 0 || 'faults' in read)
    throw new AppError('bad_configuration', `The shop has faults:\n${told.join('\n')}`);
  return { ...read.shop, texts };
}

type Read = { readonly shop: Omit<Shop, 'texts'> } | { readonly faults: readonly Fault[] };

async function readShop(bytes: Uint8Array, folder: string): Promise<Read> {
  const text = readText(bytes);
  if (typeof text !== 'string') return { faults: [text] };
  const lines = readYaml(text, 1);
  if (!('content' in lines)) return { faults: lines };
  const parsed = shopFile.safeParse(lines.content);
  const faultAt = (key: string, message: string): Fault => ({ line: lines.lineOf([key]) ?? 1, message });
  if (!parsed.success)
    return {
      faults: parsed.error.issues
        .flatMap((issue) => explainIssue(issue, () => Object.keys(shopFile.shape), 'the file'))
        .map(({ path, message }) => ({ line: lines.lineOf(path) ?? 1, message }))
        .toSorted((a, b) => a.line - b.line),
    };
  const { name, help, picture, accent: light, accent_dark: dark, ...pages } = parsed.data;
  const shown = picture === undefined ? undefined : await readPicture(picture, folder);
  if (typeof shown === 'string') return { faults: [faultAt('picture', `picture: ${shown}`)] };
  return {
    shop: {
      name,
      help,
      picture: shown,
      accent: { light, dark },
      lostCode: pages.lost_code,
      licensePage: pages.license_page,
    },
  };
}

/** The picture, or what is wrong with it. */
async function readPicture(name: string, folder: string): Promise<Picture | string> {
  const type = TYPES[extname(name).toLowerCase()];
  if (type === undefined) return `must end with one of ${Object.keys(TYPES).join(', ')}`;
  try {
    const bytes = await readFile(join(folder, name));
    return bytes.length > LARGEST_PICTURE ? `has more than ${LARGEST_PICTURE} bytes` : { type, bytes };
  } catch {
    return `${join(folder, name)} cannot be read: put the picture beside this file`;
  }
}
