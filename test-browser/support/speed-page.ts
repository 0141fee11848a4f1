/** What runs in the page that measures: whole readings, and the bare signature check that is the most of each. */
import nacl from 'tweetnacl';
import { signedBytes } from '../../src/license-code/product.ts';
import { createReader } from '../../src/license-code/reader.ts';
import type { ReaderOptions } from '../../src/license-code/reader-options.ts';

/** What is given to the page; JSON, so numbers for bytes. */
export interface SpeedTask {
  readonly options: ReaderOptions & { readonly today: string };
  readonly codes: readonly string[];
  /** The 100 bytes of each code. */
  readonly records: readonly (readonly number[])[];
  readonly publicKey: readonly number[];
  readonly rounds: number;
}

export interface SpeedResult {
  /** Milliseconds, one for each code of each round, in the same order in both. */
  readonly read: readonly number[];
  readonly check: readonly number[];
}

function measure({ options, codes, records, publicKey, rounds }: SpeedTask): SpeedResult {
  const reader = createReader(options);
  const key = Uint8Array.from(publicKey);
  const signed = records.map((record) => {
    const bytes = Uint8Array.from(record);
    return { message: signedBytes(options.product, bytes), signature: bytes.slice(34, 98) };
  });
  const time = (act: () => boolean) => {
    const start = performance.now();
    if (!act()) throw new Error('a code is not valid');
    return performance.now() - start;
  };
  const read: number[] = [];
  const check: number[] = [];
  // The first round compiles both, and does not count.
  for (let round = -1; round < rounds; round++) {
    signed.forEach(({ message, signature }, i) => {
      const reading = () => time(() => reader.read(codes[i]).verdict === 'valid');
      const checking = () => time(() => nacl.sign.detached.verify(message, signature, key));
      // Side by side, each first as often as second, so that what else the machine does meets both alike.
      const [first, second] = i % 2 === 0 ? [reading(), checking()] : [checking(), reading()];
      if (round < 0) return;
      read.push(i % 2 === 0 ? first : second);
      check.push(i % 2 === 0 ? second : first);
    });
  }
  return { read, check };
}

Object.assign(globalThis, { measure });
