/** A weakened build for controls: the service as it is, but for pieces of text in one of its files. */

export interface Weakness {
  /** From the project's folder. */
  readonly file: string;
  /** Text that stands in the file exactly once, and what stands there instead. */
  readonly changes: readonly (readonly [find: string, replace: string])[];
}

/** What weakens one process: load it before the program, with this environment. */
export function weakened(weakness: Weakness): { imports: string[]; env: Record<string, string> } {
  return { imports: ['test/proof/kit/weaken.ts'], env: { WEAKEN: JSON.stringify(weakness) } };
}
