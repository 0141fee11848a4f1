/** Reads a license code that anybody may send, as strictly as a program does, by node:crypto: tweetnacl would take milliseconds of the event loop. */
import type { Proof } from '../domain/refresh.ts';
import { findCodes } from '../license-code/find-codes.ts';
import { productTag } from '../license-code/product.ts';
import { type CodeForm, readForm } from '../license-code/read-form.ts';
import { decodeRecord, OFFSET } from '../license-code/record.ts';
import type { LicensedVerdict, Verdict } from '../license-code/verdict.ts';
import type { Keyring } from './keyring.ts';
import { isGenuine, publicKeysOf } from './stored-code.ts';

/** What a reader says of what is no genuine code. */
export type Refusal = Exclude<Verdict, LicensedVerdict>;

/** Never throws, whatever the text. */
export type ReadCode = (text: string) => Proof | Refusal;

/**
 * Takes what a reader takes, and a whole e-mail with one code in it. The verdicts are those of a reader, in its order,
 * but for the product: a code of any product here is genuine. Neither the day nor the ledger is asked.
 */
export function createCodeReader(keyring: Keyring, products: readonly string[]): ReadCode {
  const keys = publicKeysOf(keyring);
  const modes = new Map(keyring.map(({ id, mode }) => [id, mode]));
  const tagged = products.map((product) => ({ product, tag: productTag(product) }));

  return (text) => {
    const form = readForm(text);
    if (!('verdict' in form)) return judge(form);
    const [code, another] = findCodes(text);
    // Which of several is meant is not ours to guess.
    if (code === undefined || another !== undefined) return form;
    const found = readForm(code);
    return 'verdict' in found ? found : judge(found);
  };

  function judge({ code, bytes }: CodeForm): Proof | Refusal {
    const candidates = tagged.filter(({ tag }) => tag.every((byte, i) => byte === bytes[OFFSET.tag + i]));
    if (candidates.length === 0) return { verdict: 'wrong-product' };
    const { keyId, test, licenseId, revision } = decodeRecord(bytes);
    const key = keys.get(keyId);
    if (key === undefined) return { verdict: 'unknown-key', keyId };
    const mode = test ? 'test' : 'live';
    // Two products may share a tag; the signature holds the whole id.
    const its = candidates.find(({ product }) => mode === modes.get(keyId) && isGenuine(product, bytes, key));
    if (its === undefined) return { verdict: 'forged' };
    return { id: licenseId, product: its.product, mode, revision, code };
  }
}
