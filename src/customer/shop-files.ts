/** The files of the seller's shop as customers see it, for backups and for the bundle of a function. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readText } from '../catalog/fault.ts';
import { readYaml } from '../catalog/yaml-lines.ts';
import { codeOf, fileFault } from '../keyring/key-files.ts';
import { shopFile } from './shop-keys.ts';
import { listTexts, TEXTS } from './texts.ts';

/** Paths in the folder of `file`: itself, its picture, `texts/…`. Those that are not there are left out. */
export async function listShopFiles(file: string): Promise<readonly string[]> {
  const folder = dirname(file);
  const own = (await listTexts(join(folder, TEXTS))).map((name) => `${TEXTS}/${name}`);
  const bytes = await readIfThere(file);
  if (bytes === undefined) return own;
  const picture = pictureOf(bytes);
  const isThere = picture !== undefined && (await readIfThere(join(folder, picture))) !== undefined;
  return [basename(file), ...(isThere ? [picture] : []), ...own];
}

/** Also of a file that has faults in other places. */
function pictureOf(bytes: Uint8Array): string | undefined {
  const text = readText(bytes);
  const read = typeof text === 'string' ? readYaml(text, 1) : [];
  if (!('content' in read)) return undefined;
  return shopFile.pick({ picture: true }).loose().safeParse(read.content).data?.picture;
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw fileFault(error, file, 'read');
  }
}
