/** A weakened build for controls: the service with replaced parts in one of its files. */

export interface Weakness {
  /** From the project's folder. */
  readonly file: string;
  /** A text that is in the file exactly once, and its replacement. */
  readonly changes: readonly (readonly [find: string, replace: string])[];
}

/** The settings of one weakened process: load `imports` before the program, with this environment. */
export function weakened(weakness: Weakness): { imports: string[]; env: Record<string, string> } {
  return { imports: ['test/proof/kit/weaken.ts'], env: { WEAKEN: JSON.stringify(weakness) } };
}
