/** The table of proofs, as Markdown: readable in a terminal, and for docs/proofs.md. */

export interface ProofResult {
  readonly title: string;
  readonly done: string;
  readonly violations: number;
  readonly controls: readonly { readonly title: string; readonly found: number }[];
  readonly seconds: number;
  readonly holds: boolean;
}

export function table(results: readonly ProofResult[]): string {
  const cells = results.map(({ title, done, violations, controls, seconds, holds }) => [
    title,
    done,
    String(violations),
    controls.map((control) => `${control.title}: ${control.found > 0 ? 'found' : 'NOT FOUND'}`).join('; '),
    `${Math.round(seconds)} s`,
    holds ? 'holds' : 'BROKEN',
  ]);
  return [['what', 'how many', 'violations', 'control', 'time', ''], Array(6).fill('---'), ...cells]
    .map((line) => `| ${line.join(' | ')} |`)
    .join('\n')
    .concat('\n');
}
