/** One product file: parses front matter and text into a Product, or into faults with their lines. */
import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml';
import type { Product } from '../domain/product.ts';
import { checkTemplate } from '../message/check-template.ts';
import { messageDigest } from '../message/digest.ts';
import { kindsOf } from '../message/find-empty.ts';
import { completeFields } from './fields.ts';
import { type FrontMatter, readFrontMatter } from './front-matter.ts';
import type { CheckText } from './passed-texts.ts';

export interface Fault {
  /** In the file, from 1. */
  readonly line: number;
  readonly message: string;
}

interface Parts {
  readonly head: string;
  readonly body: string;
  /** The line of the file on which the body starts. */
  readonly bodyLine: number;
}

/** Reads the bytes of `<id>.md`; returns all faults at once. */
export function readProductFile(
  id: string,
  bytes: Uint8Array,
  checkText: CheckText = checkTemplate,
): Product | readonly Fault[] {
  const text = new TextDecoder().decode(bytes).replace(/\r\n?/g, '\n');
  const strange = findStrangeCharacter(text);
  if (strange) return [strange];
  const parts = split(text);
  if ('message' in parts) return [parts];
  const { body, bodyLine } = parts;
  const faults: Fault[] = [];
  const head = readHead(parts.head, faults);
  const content = { productId: id, productName: head?.name ?? id, features: head?.features ?? [], body };
  const message = { digest: messageDigest(content), ...content };
  if (body === '') {
    faults.push({
      line: bodyLine,
      message: 'the text of the mail is missing: write it below the second ---',
    });
  } else {
    const kinds = head && kindsOf({ ...head, grants: head.grants ?? head.features });
    for (const { line, reason } of checkText(message, kinds))
      faults.push({ line: bodyLine + line - 1, message: reason });
  }
  if (!head || faults.length > 0) return faults;
  const { grants = head.features, marketplaces, trial_term: trialTerm, fields, parameters, ...rest } = head;
  return {
    id,
    ...rest,
    grants,
    trialTerm,
    marketplaces: soldAt(head),
    fields: completeFields(fields, parameters),
    message,
  };
}

/** How each marketplace sells the product. */
function soldAt({ marketplaces, ...product }: FrontMatter): Product['marketplaces'] {
  return Object.fromEntries(
    Object.entries(marketplaces).flatMap(([name, read]) => (read ? [[name, read(product)]] : [])),
  );
}

function findStrangeCharacter(text: string): Fault | undefined {
  const position = text.search(/\ufffd|(?![\n\t])\p{Cc}/u);
  if (position < 0) return undefined;
  const message =
    text[position] === '\ufffd'
      ? 'is not UTF-8 here: save the file as UTF-8'
      : 'has a control character here: remove it';
  return { line: lineAt(text, position), message };
}

function split(text: string): Parts | Fault {
  const lines = text.split('\n');
  const isRule = (line: string) => line.trimEnd() === '---';
  if (!isRule(lines[0] ?? '')) {
    return {
      line: 1,
      message: 'the front matter is missing: begin with a line of ---, then "name: …", then another ---',
    };
  }
  const end = lines.findIndex((line, index) => index > 0 && isRule(line));
  if (end < 0) return { line: 1, message: 'the front matter has no end: put a line of --- below it' };
  const rest = lines.slice(end + 1);
  const start = rest.findIndex((line) => line.trim() !== '');
  if (start < 0) return { head: lines.slice(1, end).join('\n'), body: '', bodyLine: end + 1 };
  const body = `${rest.slice(start).join('\n').trimEnd()}\n`;
  return { head: lines.slice(1, end).join('\n'), body, bodyLine: end + start + 2 };
}

/** The values of the front matter, or undefined and the faults. The front matter begins on the file's second line. */
function readHead(yaml: string, faults: Fault[]): FrontMatter | undefined {
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
  const read = readFrontMatter(document.contents === null ? {} : document.toJS({ maxAliasCount: 100 }));
  if ('data' in read) return read.data;
  for (const { path, message } of read.faults) {
    const offset = offsetOf(document, path);
    faults.push({ line: offset === undefined ? 1 : lineOfOffset(offset), message });
  }
  return undefined;
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

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}
