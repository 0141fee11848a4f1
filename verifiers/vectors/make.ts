/**
 * `npm run vectors`: writes license-code-v1.json deterministically. With `--check` it writes nothing and fails if the
 * file differs. The cases state their expected verdicts; no reader computes them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { KEYRING, published } from './build.ts';
import { clock } from './cases/clock.ts';
import { damage } from './cases/damage.ts';
import { features } from './cases/features.ts';
import { fields } from './cases/fields.ts';
import { joined } from './cases/joined.ts';
import { mintCases } from './cases/mint.ts';
import { order } from './cases/order.ts';
import { rewritten } from './cases/rewritten.ts';
import { several } from './cases/several.ts';
import { severalSlips } from './cases/several-slips.ts';
import { signatures } from './cases/signatures.ts';
import { slips } from './cases/slips.ts';
import { surroundings } from './cases/surroundings.ts';
import { texts } from './cases/texts.ts';
import { tolerances } from './cases/tolerances.ts';
import { asReadNow, FILE, type Vectors } from './published.ts';

/** Returns the text of the file. Throws an Error for two cases with one name, because runners report cases by name. */
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
      ...severalSlips(),
      ...rewritten(),
      ...joined(),
    ],
  };
  refuseTwice(vectors.mint);
  refuseTwice(vectors.read);
  return `${JSON.stringify(vectors, null, 1)}\n`;
}

/** True if this text equals the generated text. */
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
