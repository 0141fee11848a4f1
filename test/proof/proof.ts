/** A proof: a run that would notice a broken promise of docs/architecture.md, and its control. */

export interface Outcome {
  /** How many of the counted units were tried. */
  readonly done: number;
  /** One line for each breach of the promise. */
  readonly violations: readonly string[];
}

export interface Tools {
  /** The seed of this run; the same seed makes the same choices. */
  readonly seed: number;
  /** The next number of the seed's sequence, 0 to below 1. */
  random(): number;
  readonly quick: boolean;
  /** A temporary folder of the run's own. */
  readonly folder: string;
  /** Runs at the end, whether the run succeeded or not. */
  teardown(act: () => void | Promise<void>): void;
  /** Prints a line for a reader of the whole output. */
  note(line: string): void;
}

export interface Control {
  /** The weakness, in a few words. */
  readonly title: string;
  /** Must return violations: otherwise the proof proves nothing. */
  run(tools: Tools): Promise<Outcome>;
}

export interface Proof {
  /** The action, and the rule that must hold. */
  readonly title: string;
  /** The counted unit: `cycles`, `requests`. */
  readonly unit: string;
  /** The amounts, with --quick and in full. */
  readonly quick: number;
  readonly full: number;
  run(amount: number, tools: Tools): Promise<Outcome>;
  /** Empty only where the run itself shows both outcomes. */
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
