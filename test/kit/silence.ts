/** Finds fields of events without which a license ends otherwise than it should, and nobody is told. */

/** A ledger in memory that is told a store's events. */
interface Ledger<Event> {
  tell(...events: readonly Event[]): unknown;
  wait(day: string): unknown;
  readonly licenses: readonly string[];
  readonly flags: readonly string[];
}

export interface Story<Event> {
  readonly events: readonly Event[];
  /** The day on which it is looked at. */
  readonly until: string;
}

type Path = readonly string[];

/**
 * The fields that are silent where they are missing or null: `type path`, once for all entries of a list. An event of
 * several stories is changed in the first one.
 */
export function silentFields<Event extends { readonly payload: string }>(
  stories: readonly Story<Event>[],
  newLedger: () => Ledger<Event>,
  typeOf: (payload: unknown) => string,
): readonly string[] {
  const silent = new Set<string>();
  const changedBefore = new Set<Event>();
  for (const { events, until } of stories) {
    const wanted = play(newLedger(), events, until);
    for (const [place, event] of events.entries()) {
      if (changedBefore.size === changedBefore.add(event).size) continue;
      const parsed = JSON.parse(event.payload);
      for (const path of pathsIn(parsed)) {
        for (const changed of [without(parsed, path), without(parsed, path, null)]) {
          const told = events.with(place, { ...event, payload: JSON.stringify(changed) });
          const got = play(newLedger(), told, until);
          const isTold =
            got.refused > wanted.refused || got.flags.some((flag) => !wanted.flags.includes(flag));
          if (got.licenses === wanted.licenses || isTold) continue;
          silent.add(`${typeOf(parsed)} ${path.join('.').replaceAll(/\.\d+/g, '[]')}`);
        }
      }
    }
  }
  return [...silent].sort();
}

/** `refused`: events that are kept as failed. */
function play<Event>(ledger: Ledger<Event>, events: readonly Event[], until: string) {
  let refused = 0;
  for (const event of events) {
    try {
      ledger.tell(event);
    } catch (error) {
      if ((error as { code?: string }).code !== 'malformed_request') throw error;
      refused += 1;
    }
  }
  ledger.wait(until);
  return { licenses: ledger.licenses.join('\n'), flags: ledger.flags, refused };
}

function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  const own = path.length === 0 ? [] : [path];
  if (typeof value !== 'object' || value === null) return own;
  return [...own, ...Object.entries(value).flatMap(([name, inner]) => pathsIn(inner, [...path, name]))];
}

/** A copy without the field or, where given, with another value. */
function without(value: unknown, [name, ...rest]: Path, instead?: null): unknown {
  if (name === undefined) return instead;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  const inner = without((copy as Record<string, unknown>)[name], rest, instead);
  if (inner !== undefined) Object.assign(copy, { [name]: inner });
  else if (Array.isArray(copy)) copy.splice(Number(name), 1);
  else delete (copy as Record<string, unknown>)[name];
  return copy;
}
