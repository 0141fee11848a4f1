/** A weakened build for controls: the service with replaced parts in some of its files. */

export interface Weakness {
  /** From the project's folder. */
  readonly file: string;
  /** A text that is in the file exactly once, and its replacement. */
  readonly changes: readonly (readonly [find: string, replace: string])[];
}

/** Applies the changes to the text of the file. Throws unless the text holds each piece exactly once. */
export function weakenText(source: string, { file, changes }: Weakness): string {
  let text = source;
  for (const [find, replace] of changes) {
    const pieces = text.split(find);
    // A control that changes nothing would prove nothing.
    if (pieces.length !== 2) throw new Error(`${file} holds ${pieces.length - 1} times: ${find}`);
    text = pieces.join(replace);
  }
  return text;
}

/** The settings of one weakened process: load `imports` before the program, with this environment. One weakness a file. */
export function weakened(...weaknesses: readonly Weakness[]): {
  imports: string[];
  env: Record<string, string>;
} {
  return { imports: ['test/proof/kit/weaken.ts'], env: { WEAKEN: JSON.stringify(weaknesses) } };
}
