/** What runs in the page that measures: the comparison of `npm run bench:read`, in the engine of the browser. */
import nacl from 'tweetnacl';
import { compareReads, type ReadComparison } from '../../../bench/compare-reads.ts';
import { unarmor } from '../../../src/license-code/armor.ts';
import { signedBytes } from '../../../src/license-code/product.ts';
import { createReader } from '../../../src/license-code/reader.ts';
import type { ReaderOptions } from '../../../src/license-code/reader-options.ts';
import { OFFSET } from '../../../src/license-code/record.ts';

/** What is given to the page: JSON, so numbers for bytes. */
export interface SpeedTask {
  readonly options: ReaderOptions & { readonly today: string };
  readonly codes: readonly string[];
  readonly publicKey: readonly number[];
  readonly rounds: number;
  /** Reads each code so many times: 1, or 2 for a reader that is too slow. */
  readonly times: number;
}

export type Measure = (task: SpeedTask) => ReadComparison;

const measure: Measure = ({ options, codes, publicKey, rounds, times }) => {
  const key = Uint8Array.from(publicKey);
  const signed = codes.map((code) => {
    const bytes = unarmor(code);
    return {
      message: signedBytes(options.product, bytes),
      signature: bytes.slice(OFFSET.signature, OFFSET.check),
    };
  });
  const bareCheck = (index: number) => {
    const { message, signature } = signed[index]!;
    return nacl.sign.detached.verify(message, signature, key);
  };
  const reader = createReader(options);
  const read = (text: string) => {
    for (let i = 1; i < times; i++) reader.read(text);
    return reader.read(text);
  };
  return compareReads({ read }, codes, bareCheck, rounds);
};

Object.assign(globalThis, { measure });
