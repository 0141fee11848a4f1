/** Texts of product files that passed the check of an earlier start, of any test: a check takes longer than most tests. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassedTexts } from '../../src/catalog/passed-texts.ts';

const FOLDER = join(tmpdir(), `mintmark-texts-${process.getuid?.() ?? 0}`);

/** One file for each set of product files, so that tests with other products do not overwrite it. */
export function passedTexts(productsDir: string): PassedTexts {
  mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  for (const name of readdirSync(productsDir).sort()) hash.update(readFileSync(join(productsDir, name)));
  return new PassedTexts(join(FOLDER, `${hash.digest('hex')}.json`));
}
