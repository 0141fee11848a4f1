/** Runs verifyStrict against the public vectors for Ed25519: Wycheproof's, and those of "Taming the many EdDSAs". */
import { createPublicKey, verify } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyStrict } from '../../src/license-code/signature.ts';

export interface Outcome {
  readonly name: string;
  readonly passed: number;
  readonly failed: string[];
}

interface Wycheproof {
  readonly testGroups: readonly {
    readonly publicKey: { readonly pk: string };
    readonly tests: readonly {
      readonly tcId: number;
      readonly comment: string;
      readonly msg: string;
      readonly sig: string;
      readonly result: 'valid' | 'invalid';
    }[];
  }[];
}

interface Speccheck {
  readonly message: string;
  readonly pub_key: string;
  readonly signature: string;
}

/** The only speccheck case, counted from 0, that libsodium accepts: key and R of mixed order, all else valid. */
const ACCEPTED = 3;

/** The prefix with which OpenSSL reads a raw key (RFC 8410, 4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** One outcome for each comparison; empty without the vectors in the folder `shared`. */
export async function ed25519(shared: string): Promise<Outcome[]> {
  const folder = join(shared, 'vectors', 'ed25519');
  const outcomes: Outcome[] = [];
  if (existsSync(join(folder, 'wycheproof.json'))) {
    const vectors: Wycheproof = readJson(folder, 'wycheproof.json');
    outcomes.push(wycheproof('verifyStrict gives the verdicts of Wycheproof', vectors, verifyStrict));
    outcomes.push(wycheproof('node:crypto gives the verdicts of Wycheproof', vectors, verifyByNode));
  }
  if (existsSync(join(folder, 'speccheck.json')))
    outcomes.push(speccheck(readJson(folder, 'speccheck.json')));
  return outcomes;
}

function wycheproof(name: string, vectors: Wycheproof, check: typeof verifyStrict): Outcome {
  const cases = vectors.testGroups.flatMap(({ publicKey, tests }) =>
    tests.map(({ tcId, comment, msg, sig, result }) => {
      const accepted = check(fromHex(msg), fromHex(sig), fromHex(publicKey.pk));
      return { name: `case ${tcId} ${comment}`.trim(), right: accepted === (result === 'valid') };
    }),
  );
  return outcome(name, cases);
}

function speccheck(vectors: readonly Speccheck[]): Outcome {
  const cases = vectors.map(({ message, signature, pub_key }, i) => {
    const accepted = verifyStrict(fromHex(message), fromHex(signature), fromHex(pub_key));
    return { name: `case ${i}`, right: accepted === (i === ACCEPTED) };
  });
  return outcome("verifyStrict gives libsodium's row of speccheck", cases);
}

function outcome(name: string, cases: readonly { name: string; right: boolean }[]): Outcome {
  const failed = cases.filter((each) => !each.right).map((each) => each.name);
  return { name, passed: cases.length - failed.length, failed };
}

/** libsodium and OpenSSL agree on all cases of Wycheproof; they differ only on small orders, which speccheck covers. */
function verifyByNode(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
  return verify(null, message, key, signature);
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

function readJson<T>(folder: string, name: string): T {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}
