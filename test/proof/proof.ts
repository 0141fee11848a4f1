/** What a proof is: a run that would notice if a promise of docs/architecture.md broke, and its control. */

export interface Outcome {
  /** How many of what the proof counts were tried. */
  readonly done: number;
  /** One line for each breach of the promise. */
  readonly violations: readonly string[];
}

export interface Tools {
  /** Of this run; the same seed makes the same choices. */
  readonly seed: number;
  /** The next number of the seed's sequence, 0 to below 1. */
  random(): number;
  readonly quick: boolean;
  /** A temporary folder of the run's own. */
  readonly folder: string;
  /** Acts when the run is over, however it ended. */
  teardown(act: () => void | Promise<void>): void;
  /** A line for whoever reads the whole output. */
  note(line: string): void;
}

export interface Control {
  /** What is weakened, in a few words. */
  readonly title: string;
  /** Must come back with violations: otherwise the proof proves nothing. */
  run(tools: Tools): Promise<Outcome>;
}

export interface Proof {
  /** What is done, and what must hold. */
  readonly title: string;
  /** What is counted: `cycles`, `requests`. */
  readonly unit: string;
  /** How many, with --quick and in full. */
  readonly quick: number;
  readonly full: number;
  run(amount: number, tools: Tools): Promise<Outcome>;
  /** None only where the run itself shows both outcomes. */
  readonly controls: readonly Control[];
}

/** A list in another order, by the run's own seed. */
export function shuffled<T>(list: readonly T[], { random }: Pick<Tools, 'random'>): T[] {
  return list
    .map((entry) => ({ entry, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ entry }) => entry);
}

/** A whole number from 0 to below `limit`. */
export function pick(limit: number, { random }: Pick<Tools, 'random'>): number {
  return Math.floor(random() * limit);
}
