/** What product files and their translations share: front matter and text, and the lines of faults in both. */
import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml';
import type { FrontMatterFault } from './front-matter.ts';

export interface Fault {
  /** In the file, from 1. */
  readonly line: number;
  readonly message: string;
}

export interface FileParts {
  readonly head: string;
  readonly body: string;
  /** The line of the file on which the body starts. */
  readonly bodyLine: number;
}

/** The text of a file, with line ends of \n alone, or the fault of its bytes. */
export function decodeFile(bytes: Uint8Array): string | Fault {
  const text = new TextDecoder().decode(bytes).replace(/\r\n?/g, '\n');
  const position = text.search(/\ufffd|(?![\n\t])\p{Cc}/u);
  if (position < 0) return text;
  const message =
    text[position] === '\ufffd'
      ? 'is not UTF-8 here: save the file as UTF-8'
      : 'has a control character here: remove it';
  return { line: text.slice(0, position).split('\n').length, message };
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
  read: (values: unknown) => { readonly data: T } | { readonly faults: readonly FrontMatterFault[] },
): T | undefined {
  const counter = new LineCounter();
  const document = parseDocument(yaml, {
    schema: 'failsafe',
    lineCounter: counter,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const lineOfOffset = (offset: number) => counter.linePos(offset).line + 1;
  for (const { pos, code, message } of [...document.errors, ...document.warnings]) {
    faults.push({ line: lineOfOffset(pos[0]), message: explainYaml(code, message) });
  }
  if (faults.length > 0) return undefined;
  const values = read(document.contents === null ? {} : document.toJS({ maxAliasCount: 100 }));
  if ('data' in values) return values.data;
  for (const { path, message } of values.faults) {
    const offset = offsetOf(document, path);
    faults.push({ line: offset === undefined ? 1 : lineOfOffset(offset), message });
  }
  return undefined;
}

function isRule(line: string): boolean {
  return line.trimEnd() === '---';
}

function explainYaml(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return 'this key is there twice: keep one of them';
  if (code === 'TAB_AS_INDENT') return 'a tab stands where YAML wants spaces: indent with spaces';
  return `this is not YAML: ${message.split('\n')[0]}`;
}

/** The line of the key at a path; a member of a list has its own line; otherwise the nearest enclosing key's line. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const around: unknown =
      length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    const pair = isMap(around) ? around.items.find(({ key }) => String(key) === last) : undefined;
    const node: unknown = pair ? pair.key : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return undefined;
}
