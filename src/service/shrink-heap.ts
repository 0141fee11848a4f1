/**
 * Returns the memory that only the start needed to the system: 17 MB, 12 of them V8's young generation.
 * V8 itself shrinks it after a major collection, which an idle service does not have for hours.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** After the requests that waited for the start and its checks: the collection blocks the event loop once, for about 50 ms. */
const AFTER_MILLISECONDS = 250;

export function shrinkHeapSoon(): void {
  setTimeout(shrinkHeap, AFTER_MILLISECONDS).unref();
}

/** Only `last-resort` also shrinks the young generation; under load it grows again. */
function shrinkHeap(): void {
  setFlagsFromString('--expose-gc');
  const collect: NonNullable<typeof globalThis.gc> = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
