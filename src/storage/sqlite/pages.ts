/** Long reads in short steps, so that no sale waits for them. */
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Lets the event loop run. A sale needs several turns of the event loop: with this timer, sales during an erasure take
 * half as long as with `setImmediate`.
 */
export function yieldToEventLoop(): Promise<void> {
  return wait(1);
}

/** The longest step, milliseconds: it reads a page and handles its rows. A sale waits for a few steps. */
const STEP_MILLISECONDS = 1;
const SMALLEST_PAGE = 16;
const LARGEST_PAGE = 2000;

/** The next `limit` rows with a number above `after`. */
export interface Page {
  readonly after: number;
  readonly limit: number;
}

/** Reads rows by ascending number in pages that take a short step each; the event loop runs between pages. */
export async function* pagesOf<Row extends { readonly number: number }>(
  readPage: (page: Page) => readonly Row[],
  afterNumber = -1,
): AsyncGenerator<readonly Row[]> {
  let after = afterNumber;
  let limit = SMALLEST_PAGE;
  for (;;) {
    const start = performance.now();
    const rows = readPage({ after, limit });
    const last = rows.at(-1);
    // In a damaged file rows may be out of order: reading on might never end.
    if (last === undefined || last.number <= after) return;
    yield rows;
    after = last.number;
    const isLong = performance.now() - start > STEP_MILLISECONDS;
    limit = isLong ? Math.max(SMALLEST_PAGE, limit >> 1) : Math.min(LARGEST_PAGE, limit << 1);
    await yieldToEventLoop();
  }
}
