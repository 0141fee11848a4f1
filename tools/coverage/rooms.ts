/** The coverage of each room, from c8's report. */

/** Istanbul's coverage of a file: how often each branch was taken and each function called. */
export interface FileCoverage {
  readonly path: string;
  readonly b: Readonly<Record<string, readonly number[]>>;
  readonly f: Readonly<Record<string, number>>;
  readonly branchMap: Readonly<Record<string, { readonly locations: readonly Range[] }>>;
}

interface Range {
  readonly start: Place;
  readonly end: Place;
}

interface Place {
  readonly line: number;
  readonly column: number;
}

export interface RoomCoverage {
  readonly room: string;
  readonly branches: Share;
  /** V8 reports no branch in a function that is never called, so functions count too. */
  readonly functions: Share;
}

interface Share {
  readonly taken: number;
  readonly all: number;
}

export function coverageOf(room: string, files: readonly FileCoverage[]): RoomCoverage {
  const inside = files.filter(({ path }) => path.startsWith(`${room}/`));
  return {
    room,
    branches: shareOf(inside.flatMap(({ b }) => Object.values(b).flat())),
    functions: shareOf(inside.flatMap(({ f }) => Object.values(f))),
  };
}

export function percentOf({ taken, all }: Share): number {
  return all === 0 ? 0 : (100 * taken) / all;
}

/** The uncovered branches, as `file:line:column`. */
export function missedOf({ path, b, branchMap }: FileCoverage): readonly string[] {
  return Object.entries(b).flatMap(([id, counts]) =>
    (branchMap[id]?.locations ?? [])
      .filter((_, place) => counts[place] === 0)
      .map(({ start }) => `${path}:${start.line}:${start.column + 1}`),
  );
}

function shareOf(counts: readonly number[]): Share {
  return { taken: counts.filter((count) => count > 0).length, all: counts.length };
}
