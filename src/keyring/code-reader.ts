/** Reads a license code from a request as strictly as a program, by node:crypto: tweetnacl blocks for milliseconds. */
import type { Proof } from '../domain/requests/refresh.ts';
import { headsOf } from '../license-code/heads.ts';
import { productTag } from '../license-code/product.ts';
import { newestOfEach, refuseVersion } from '../license-code/read-form.ts';
import { type Refusal, readPaste } from '../license-code/reading.ts';
import { decodeRecord, OFFSET } from '../license-code/record.ts';
import type { GenuineCode } from '../license-code/search.ts';
import type { CodeRefusal } from '../license-code/trust.ts';
import type { Keyring } from './keyring.ts';
import { isGenuine, publicKeysOf } from './stored-code.ts';

/** Never throws, whatever the text. */
export type ReadCode = (text: string) => Proof | Refusal;

/**
 * Accepts and repairs what a reader accepts and repairs, with a reader's verdicts in a reader's order. It differs in
 * the product: a code of any product here is genuine. Neither the day nor the ledger matters.
 */
export function createCodeReader(keyring: Keyring, products: readonly string[]): ReadCode {
  const keys = publicKeysOf(keyring);
  const modes = new Map(keyring.map(({ id, mode }) => [id, mode]));
  const tagged = products.map((product) => ({ product, tag: productTag(product) }));
  const trust = {
    heads: headsOf(keyring, products),
    refuse,
    isGenuine: (bytes: Uint8Array) => productOf(bytes) !== undefined,
  };

  return (text) => {
    const read = readPaste(text, trust);
    if ('verdict' in read) return read;
    const [newest, another] = newestOfEach(read);
    // With several codes, it cannot know which one is meant.
    if (newest === undefined || another !== undefined) return { verdict: 'several', choices: [] };
    return proofOf(newest);
  };

  function refuse(bytes: Uint8Array): CodeRefusal | null {
    const unsupported = refuseVersion(bytes);
    if (unsupported !== null) return unsupported;
    if (candidatesOf(bytes).length === 0) return { verdict: 'wrong-product' };
    const keyId = bytes[OFFSET.keyId] ?? 0;
    return keys.has(keyId) ? null : { verdict: 'unknown-key', keyId };
  }

  function candidatesOf(bytes: Uint8Array) {
    return tagged.filter(({ tag }) => tag.every((byte, i) => byte === bytes[OFFSET.tag + i]));
  }

  /** Two products can share a tag; the signature covers the whole product id. */
  function productOf(bytes: Uint8Array): string | undefined {
    const { keyId, test } = decodeRecord(bytes);
    const key = keys.get(keyId);
    if (key === undefined || modes.get(keyId) !== modeOf(test)) return undefined;
    return candidatesOf(bytes).find(({ product }) => isGenuine(product, bytes, key))?.product;
  }

  function proofOf({ code, bytes }: GenuineCode): Proof | Refusal {
    const product = productOf(bytes);
    if (product === undefined) return { verdict: 'forged' };
    const { licenseId, revision, test } = decodeRecord(bytes);
    return { id: licenseId, product, mode: modeOf(test), revision, code };
  }
}

function modeOf(test: boolean): 'test' | 'live' {
  return test ? 'test' : 'live';
}
