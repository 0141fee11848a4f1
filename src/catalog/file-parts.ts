/** What product files and their translations share: front matter and text. */
import type { IssueFault } from './explain-issue.ts';
import type { Fault } from './fault.ts';
import type { ParsedHeads } from './parsed-heads.ts';
import { readYaml } from './yaml-lines.ts';

export interface FileParts {
  readonly head: string;
  readonly body: string;
  /** The line of the file on which the body starts. */
  readonly bodyLine: number;
}

export function beginsWithFrontMatter(text: string): boolean {
  return isRule(text.split('\n', 1)[0] ?? '');
}

/** Only for a text that begins with front matter. */
export function splitFile(text: string): FileParts | Fault {
  const lines = text.split('\n');
  const end = lines.findIndex((line, index) => index > 0 && isRule(line));
  if (end < 0) return { line: 1, message: 'the front matter has no end: put a line of --- below it' };
  return { head: lines.slice(1, end).join('\n'), ...bodyOf(lines.slice(end + 1), end + 1) };
}

/** The text without blank lines around it; `before`: how many lines of the file precede the given lines. */
export function bodyOf(lines: readonly string[], before: number): Omit<FileParts, 'head'> {
  const start = lines.findIndex((line) => line.trim() !== '');
  if (start < 0) return { body: '', bodyLine: Math.max(before, 1) };
  return { body: `${lines.slice(start).join('\n').trimEnd()}\n`, bodyLine: before + start + 1 };
}

/** The values of the front matter, or undefined and the faults. It begins on the file's second line. */
export function readHead<T>(
  yaml: string,
  faults: Fault[],
  read: (values: unknown) => { readonly data: T } | { readonly faults: readonly IssueFault[] },
  known?: ParsedHeads,
): T | undefined {
  const before = known?.find(yaml);
  if (before !== undefined) {
    const values = read(before);
    if ('data' in values) return values.data;
  }
  const lines = readYaml(yaml, 2);
  if (!('content' in lines)) {
    faults.push(...lines);
    return undefined;
  }
  const values = read(lines.content);
  if ('data' in values) {
    known?.keep(yaml, lines.content);
    return values.data;
  }
  for (const { path, message } of values.faults) faults.push({ line: lines.lineOf(path) ?? 1, message });
  return undefined;
}

function isRule(line: string): boolean {
  return line.trimEnd() === '---';
}
