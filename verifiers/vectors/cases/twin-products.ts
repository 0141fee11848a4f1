/** Two product ids with one tag: three bytes of a hash are no secret, so only the signature tells such products apart. */
import { createHash } from 'node:crypto';

/** The first two of `twin-0`, `twin-1` … whose SHA-512 begins with the same 3 bytes; some thousands are looked at. */
export function twinProducts(): readonly [string, string] {
  const seen = new Map<string, string>();
  for (let number = 0; ; number++) {
    const product = `twin-${number}`;
    const tag = createHash('sha512').update(product).digest('hex').slice(0, 6);
    const earlier = seen.get(tag);
    if (earlier !== undefined) return [earlier, product];
    seen.set(tag, product);
  }
}
