/** The files of the customers' pages in a backup: shop.yaml, the picture that it names, other texts. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readYaml } from '../catalog/yaml-lines.ts';
import type { Config } from '../service/config.ts';
import { copyOf } from './keys.ts';
import { IN_PAGES, IN_TEXTS, SHOP } from './manifest.ts';
import type { Source } from './write-archive.ts';

export function pageSources({ shopFile }: Pick<Config, 'shopFile'>): readonly Source[] {
  const folder = dirname(shopFile);
  const texts = textsIn(join(folder, 'texts'));
  const picture = existsSync(shopFile) ? pictureIn(readFileSync(shopFile, 'utf8')) : undefined;
  return [
    ...(existsSync(shopFile) ? [copyOf(SHOP, shopFile)] : []),
    // A picture that is not there is a fault of the shop, and none of its backup.
    ...(picture !== undefined && existsSync(join(folder, picture))
      ? [copyOf(`${IN_PAGES}${picture}`, join(folder, picture))]
      : []),
    ...texts.map((name) => copyOf(`${IN_TEXTS}${name}`, join(folder, 'texts', name))),
  ];
}

function textsIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => /^[\w-]+\.yaml$/.test(name)) : [];
}

/** Of the text of shop.yaml, faulty or not. */
function pictureIn(text: string): string | undefined {
  const lines = readYaml(text, 1);
  const picture = 'content' in lines && lines.content instanceof Object && 'picture' in lines.content;
  const name = picture ? (lines.content as { readonly picture: unknown }).picture : undefined;
  return typeof name === 'string' && /^(?!\.)[^/\\\p{Cc}]+$/u.test(name) ? name : undefined;
}
