/** One product file: parses front matter and text into a Product, or into faults with their lines. */
<<<<<<< HEAD
import type { Message, Product } from '../domain/product.ts';
import { checkTemplate } from '../message/check-template.ts';
import { messageDigest } from '../message/digest.ts';
import { kindsOf } from '../message/find-empty.ts';
import { checkSubject } from '../message/subject.ts';
=======
import type { Product } from '../domain/product.ts';
import { checkTemplate } from '../message/check-template.ts';
import { messageDigest } from '../message/digest.ts';
import { kindsOf } from '../message/find-empty.ts';
import { type Fault, readText } from './fault.ts';
>>>>>>> outbox
import { completeFields } from './fields.ts';
import { beginsWithFrontMatter, decodeFile, type Fault, readHead, splitFile } from './file-parts.ts';
import { type FrontMatter, readFrontMatter } from './front-matter.ts';
import { readMailKeys } from './mail-keys.ts';
import type { CheckText } from './passed-texts.ts';
import { readYaml } from './yaml-lines.ts';

<<<<<<< HEAD
=======
export type { Fault };

interface Parts {
  readonly head: string;
  readonly body: string;
  /** The line of the file on which the body starts. */
  readonly bodyLine: number;
}

>>>>>>> outbox
/** Reads the bytes of `<id>.md`; returns all faults at once. */
export function readProductFile(
  id: string,
  bytes: Uint8Array,
  checkText: CheckText = checkTemplate,
): Product | readonly Fault[] {
<<<<<<< HEAD
  const text = decodeFile(bytes);
  if (typeof text !== 'string') return [text];
  if (!beginsWithFrontMatter(text)) {
    const message = 'the front matter is missing: begin with a line of ---, then "name: …", then another ---';
    return [{ line: 1, message }];
  }
  const parts = splitFile(text);
=======
  const text = readText(bytes);
  if (typeof text !== 'string') return [text];
  const parts = split(text);
>>>>>>> outbox
  if ('message' in parts) return [parts];
  const { body, bodyLine } = parts;
  const faults: Fault[] = [];
  const head = readHead(parts.head, faults, (values) => checked(id, readFrontMatter(values)));
  const message = messageOf(id, body, head);
  if (body === '') {
    faults.push({
      line: bodyLine,
      message: 'the text of the mail is missing: write it below the second ---',
    });
  } else {
    const kinds =
      head && kindsOf({ ...head, grants: head.grants ?? head.features, mail: readMailKeys(head.mail) });
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
    mail: readMailKeys(head.mail),
    message,
    translations: {},
  };
}

/** The faults of the subject too: only the values that it stands beside tell what it can name. */
function checked(id: string, read: ReturnType<typeof readFrontMatter>): ReturnType<typeof readFrontMatter> {
  if (!('data' in read)) return read;
  const fault = checkSubject(messageOf(id, '', read.data));
  return fault === undefined
    ? read
    : { faults: [{ path: ['mail', 'subject'], message: `mail.subject: ${fault}` }] };
}

function messageOf(id: string, body: string, head: FrontMatter | undefined): Message {
  const { subject, renew_url: renewUrl } = head?.mail ?? {};
  const content = {
    productId: id,
    productName: head?.name ?? id,
    features: head?.features ?? [],
    body,
    ...(subject !== undefined && { subject }),
    ...(renewUrl !== undefined && { renewUrl }),
  };
  return { digest: messageDigest(content), ...content };
}

/** How each marketplace sells the product. */
function soldAt({ marketplaces, ...product }: FrontMatter): Product['marketplaces'] {
  return Object.fromEntries(
    Object.entries(marketplaces).flatMap(([name, read]) => (read ? [[name, read(product)]] : [])),
  );
}
<<<<<<< HEAD
=======

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
>>>>>>> outbox
