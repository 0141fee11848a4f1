/**
 * Gives back to the system what only the start needed: 17 MB, of which 12 are V8's young generation, grown by loading.
 * V8 itself shrinks it after a major collection, and a service at rest has none for hours.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Behind the requests that waited for the start: the collection holds the event loop for some 50 ms, once. */
const AFTER_MILLISECONDS = 500;

export function shrinkHeapSoon(): void {
  setTimeout(shrinkHeap, AFTER_MILLISECONDS).unref();
}

/** `last-resort` is the only kind that also makes the young generation smaller; under load it grows again. */
function shrinkHeap(): void {
  setFlagsFromString('--expose-gc');
  const collect: NonNullable<typeof globalThis.gc> = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
