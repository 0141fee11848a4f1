/** Parses YAML without types: every value is text, and knows its line. */
import { createRequire } from 'node:module';
import type { Document } from 'yaml';
import type { Fault } from './fault.ts';

const require = createRequire(import.meta.url);

export interface YamlLines {
  /** An empty object for an empty text. */
  readonly content: unknown;
  /** The line of the key or list member at a path, or of the nearest enclosing key; undefined: of the whole. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

/** `firstLine`: the line of the file on which the YAML begins, from 1. */
export function readYaml(yaml: string, firstLine: number): YamlLines | readonly Fault[] {
  const { LineCounter, parseDocument } = loadYaml();
  const counter = new LineCounter();
  const document = parseDocument(yaml, {
    schema: 'failsafe',
    lineCounter: counter,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const lineOfOffset = (offset: number) => counter.linePos(offset).line + firstLine - 1;
  const faults = [...document.errors, ...document.warnings].map(({ pos, code, message }) => ({
    line: lineOfOffset(pos[0]),
    message: explainYaml(code, message),
  }));
  if (faults.length > 0) return faults;
  return {
    content: document.contents === null ? {} : document.toJS({ maxAliasCount: 100 }),
    lineOf: (path) => {
      const offset = offsetOf(document, path);
      return offset === undefined ? undefined : lineOfOffset(offset);
    },
  };
}

function explainYaml(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return 'this key is there twice: keep one of them';
  if (code === 'TAB_AS_INDENT') return 'a tab stands where YAML wants spaces: indent with spaces';
  return `this is not YAML: ${message.split('\n')[0]}`;
}

/** The offset of the key at a path; a member of a list has its own; otherwise the nearest enclosing key's. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  const { isMap, isNode } = loadYaml();
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

/** Loads the parser, of 72 files, where it is first needed: most starts know the front matter (parsed-heads.ts). */
function loadYaml() {
  return require('yaml') as typeof import('yaml');
}
