/** Compares this project's vectors with those that were published first: each published case must be here. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FILE, firstOf, type Vectors } from '../../verifiers/vectors/published.ts';
import type { Outcome } from './ed25519.ts';

/** Empty without the published vectors. */
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
