/** Two product ids with one tag. Three-byte tags collide, so only the signature distinguishes such products. */
import { createHash } from 'node:crypto';

/** The first two of `twin-0`, `twin-1` … whose SHA-512 begins with the same 3 bytes, among some thousands. */
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
