/**
 * `npm run vectors`: writes license-code-v1.json, the same bytes each time. With `--check` it writes nothing and fails
 * if the file is another. What each case is, the cases say, and so their verdict: no reader is asked.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { KEYRING, published } from './build.ts';
import { clock } from './cases/clock.ts';
import { damage } from './cases/damage.ts';
import { features } from './cases/features.ts';
import { fields } from './cases/fields.ts';
import { mintCases } from './cases/mint.ts';
import { order } from './cases/order.ts';
import { several } from './cases/several.ts';
import { signatures } from './cases/signatures.ts';
import { slips } from './cases/slips.ts';
import { surroundings } from './cases/surroundings.ts';
import { texts } from './cases/texts.ts';
import { tolerances } from './cases/tolerances.ts';
import { asReadNow, FILE, type Vectors } from './published.ts';

/** The text of the file. An Error for two cases of one name, by which a reader's runner tells them. */
export function makeVectors(): string {
  const vectors: Vectors = {
    about: published.about,
    keyring: KEYRING,
    mint: [...published.mint, ...mintCases()],
    read: [
      ...asReadNow(published.read),
      ...tolerances(),
      ...texts(),
      ...fields(),
      ...signatures(),
      ...order(),
      ...surroundings(),
      ...slips(),
      ...damage(),
      ...several(),
      ...clock(),
      ...features(),
    ],
  };
  refuseTwice(vectors.mint);
  refuseTwice(vectors.read);
  return `${JSON.stringify(vectors, null, 1)}\n`;
}

/** True if this text of the file is what is made. */
export function isUpToDate(text: string): boolean {
  return text === makeVectors();
}

function refuseTwice(cases: readonly { readonly name: string }[]): void {
  const names = new Set<string>();
  for (const { name } of cases) {
    if (names.has(name)) throw new Error(`two cases are called ${name}`);
    names.add(name);
  }
}

if (import.meta.main) {
  if (!process.argv.includes('--check')) writeFileSync(FILE, makeVectors());
  else if (!isUpToDate(readFileSync(FILE, 'utf8'))) {
    process.stderr.write(
      'license-code-v1.json is not what verifiers/vectors/make.ts makes: npm run vectors\n',
    );
    process.exitCode = 1;
  }
}
