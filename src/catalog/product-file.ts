/** One product file: parses front matter and text into a Product, or into faults with their lines. */
import type { Product } from '../domain/product.ts';
import { checkTemplate } from '../message/check-template.ts';
import { messageDigest } from '../message/digest.ts';
import { kindsOf } from '../message/find-empty.ts';
import { type Fault, readText } from './fault.ts';
import { completeFields } from './fields.ts';
import { type FrontMatter, readFrontMatter } from './front-matter.ts';
import type { CheckText } from './passed-texts.ts';
import { readYaml } from './yaml-lines.ts';

export type { Fault };

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
  const text = readText(bytes);
  if (typeof text !== 'string') return [text];
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
  const lines = readYaml(yaml, 2);
  if (!('content' in lines)) {
    faults.push(...lines);
    return undefined;
  }
  const read = readFrontMatter(lines.content);
  if ('data' in read) return read.data;
  for (const { path, message } of read.faults) faults.push({ line: lines.lineOf(path) ?? 1, message });
  return undefined;
}
