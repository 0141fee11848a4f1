/** Notices a page that came before: an API that turns in a circle, or leaves the page's number out, would seem to be read to its end. */
import { recordOf } from './loose.ts';

export class SeenPages {
  readonly #seen = new Set<string>();

  /** Whether a page with these entries came before. An empty one is no repeat. */
  isRepeat(entries: readonly unknown[]): boolean {
    if (entries.length === 0) return false;
    const size = this.#seen.size;
    return this.#seen.add(JSON.stringify(entries.map(nameOf))).size === size;
  }
}

/** Entries may change between calls; their names stay. */
function nameOf(entry: unknown): unknown {
  const { id, event_id, order, order_id, subscription } = recordOf(entry);
  return id ?? event_id ?? order ?? order_id ?? subscription ?? entry;
}
