/** `<id>.<language>.md`: the text of a product in another language, with a subject in its front matter if it has one. */
import { z } from 'zod';
import type { Message, Product } from '../domain/values/product.ts';
import { checkTemplate } from '../message/check-template.ts';
import { messageDigest } from '../message/digest.ts';
import { kindsOf } from '../message/find-empty.ts';
import { LANGUAGES } from '../message/languages.ts';
import { didYouMean } from '../message/nearest.ts';
import { checkSubject } from '../message/subject.ts';
import type { FoundBefore } from './earlier-starts.ts';
import type { IssueFault } from './explain-issue.ts';
import { type Fault, readText } from './fault.ts';
import { beginsWithFrontMatter, bodyOf, readHead, splitFile } from './file-parts.ts';
import { subjectLine } from './mail-keys.ts';
import { shown } from './values.ts';

export interface TranslationName {
  readonly product: string;
  readonly language: string;
}

/** A file named after another product file and a known language. */
export function translationName(file: string, files: ReadonlySet<string>): TranslationName | undefined {
  const [, product = '', language = ''] = /^(.+)\.([a-z]{2})\.md$/.exec(file) ?? [];
  return LANGUAGES.includes(language) && files.has(`${product}.md`) ? { product, language } : undefined;
}

/** A text that is named after another product file and what is no language that a text can have; undefined: it is none. */
export function unknownLanguage(
  file: string,
  files: ReadonlySet<string>,
  bytes: Uint8Array | undefined,
): Fault | undefined {
  const [, product = '', tag = ''] = /^(.+)\.([a-z]{2}(?:[-_][a-z]{2,4})?)\.md$/i.exec(file) ?? [];
  if (!files.has(`${product}.md`) || bytes === undefined || isProductFile(bytes)) return undefined;
  const known = LANGUAGES.join(', ');
  return {
    line: 1,
    message: `${shown(tag)} is no language that a text can have: name the file after one of ${known}. A product of its own has a term`,
  };
}

/** A file with a term in its front matter sells something: it is a product whose id ends like a language. */
export function isProductFile(bytes: Uint8Array): boolean {
  const text = readText(bytes);
  if (typeof text !== 'string' || !beginsWithFrontMatter(text)) return false;
  const parts = splitFile(text);
  return 'head' in parts && /^["']?term["']?\s*:/m.test(parts.head);
}

/** The text of a product in a language; returns all faults at once. */
export function readTranslation(
  product: Product,
  language: string,
  bytes: Uint8Array,
  { checkText = checkTemplate, heads }: FoundBefore = {},
): Message | readonly Fault[] {
  const text = readText(bytes);
  if (typeof text !== 'string') return [text];
  const parts = beginsWithFrontMatter(text) ? splitFile(text) : { head: '', ...bodyOf(text.split('\n'), 0) };
  if ('message' in parts) return [parts];
  const faults: Fault[] = [];
  const of = (subject: string | undefined): Message => {
    const { productId, productName, features, renewUrl } = product.message;
    const content = {
      ...{ productId, productName, features, body: parts.body, language },
      ...(subject !== undefined && { subject }),
      ...(renewUrl !== undefined && { renewUrl }),
    };
    return { digest: messageDigest(content), ...content };
  };
  const head = readHead(
    parts.head,
    faults,
    (values) => readKeys(values, (subject) => checkSubject(of(subject))),
    heads,
  );
  const message = of(head?.subject);
  if (parts.body === '') faults.push({ line: parts.bodyLine, message: 'the text of the mail is missing' });
  else
    for (const { line, reason } of checkText(message, kindsOf(product)))
      faults.push({ line: parts.bodyLine + line - 1, message: reason });
  return faults.length > 0 ? faults : message;
}

const keys = z.strictObject({ subject: subjectLine.exactOptional() });

function readKeys(
  values: unknown,
  check: (subject: string | undefined) => string | undefined,
): { readonly data: z.output<typeof keys> } | { readonly faults: readonly IssueFault[] } {
  const parsed = keys.safeParse(values);
  if (!parsed.success) return { faults: parsed.error.issues.flatMap(explain) };
  const fault = check(parsed.data.subject);
  return fault === undefined
    ? { data: parsed.data }
    : { faults: [{ path: ['subject'], message: `subject: ${fault}` }] };
}

function explain(issue: z.core.$ZodIssue): readonly IssueFault[] {
  if (issue.code !== 'unrecognized_keys')
    return [{ path: issue.path, message: `${issue.path.join('.')}: ${issue.message}` }];
  return issue.keys.map((key) => ({
    path: [key],
    message: `${key}: a translation has a subject and a text; all else is the product file's${didYouMean(key, ['subject'])}`,
  }));
}
