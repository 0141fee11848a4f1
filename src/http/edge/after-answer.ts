/** What is under way, or left to do after an answer: where a process stands still after each answer, it waits for it. */
export class AfterAnswer {
  readonly #work = new Set<Promise<unknown>>();

  expect(work: Promise<unknown>): void {
    const kept = work
      .catch(() => {})
      .finally(() => {
        this.#work.delete(kept);
      });
    this.#work.add(kept);
  }

  /** Work may bring more work. */
  async idle(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }
}
