const LONGEST_WAIT = 30_000;

/** What is found, once it is there. */
export async function waitFor<T>(find: () => T | undefined): Promise<T> {
  for (const end = Date.now() + LONGEST_WAIT; Date.now() < end; ) {
    const found = find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('it did not come');
}
