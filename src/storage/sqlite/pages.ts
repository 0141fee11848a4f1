/** Long reads in small steps, so that no sale waits for them. */

/** Lets whatever waits in the event loop go first. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Rows by ascending number, a page at a time; the event loop runs in between. */
export async function* pagesOf<Row extends { readonly number: number }>(
  readPage: (after: number) => readonly Row[],
): AsyncGenerator<readonly Row[]> {
  let after = -1;
  for (;;) {
    const rows = readPage(after);
    const last = rows.at(-1);
    // A damaged file may bring rows out of order: reading on would never end.
    if (last === undefined || last.number <= after) return;
    yield rows;
    after = last.number;
    await breathe();
  }
}
