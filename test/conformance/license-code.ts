/** Holds the vectors of this project against those that were published first: what they hold is here, in its place. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FILE, firstOf, type Vectors } from '../../verifiers/vectors/published.ts';
import type { Outcome } from './ed25519.ts';

/** None where the published vectors are not there. */
export async function licenseCode(shared: string): Promise<Outcome[]> {
  const file = join(shared, 'vectors', 'license-code-v1.json');
  if (!existsSync(file)) return [];
  const published = casesOf(JSON.parse(readFileSync(file, 'utf8')));
  const here = casesOf(firstOf(JSON.parse(readFileSync(FILE, 'utf8'))));
  const failed = published.filter((each, i) => here[i] !== each);
  if (here.length !== published.length) failed.push(`${here.length} cases instead of ${published.length}`);
  return [{ name: 'the published cases of license codes', passed: published.length - failed.length, failed }];
}

/** Each key and case as text. */
function casesOf({ about, keyring, mint, read }: Vectors): string[] {
  return [about, ...keyring, ...mint, ...read].map((each) => JSON.stringify(each));
}
