/** Long reads in small steps, so that no sale waits for them. */
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Lets whatever waits go first. A timer and not `setImmediate`: measured, sales beside an erasure then take half of
 * the time, as they need several turns of the event loop each.
 */
export function breathe(): Promise<void> {
  return wait(1);
}

/** How long a step may take, reading and what is done with the rows, milliseconds: a sale waits for a few of them. */
const STEP_MILLISECONDS = 1;
const SMALLEST_PAGE = 16;
const LARGEST_PAGE = 2000;

/** Rows by ascending number, as many at a time as a short step takes; the event loop runs in between. */
export async function* pagesOf<Row extends { readonly number: number }>(
  readPage: (after: number, limit: number) => readonly Row[],
): AsyncGenerator<readonly Row[]> {
  let after = -1;
  let limit = SMALLEST_PAGE;
  for (;;) {
    const start = performance.now();
    const rows = readPage(after, limit);
    const last = rows.at(-1);
    // A damaged file may bring rows out of order: reading on would never end.
    if (last === undefined || last.number <= after) return;
    yield rows;
    after = last.number;
    const isLong = performance.now() - start > STEP_MILLISECONDS;
    limit = isLong ? Math.max(SMALLEST_PAGE, limit >> 1) : Math.min(LARGEST_PAGE, limit << 1);
    await breathe();
  }
}
