/** One product file: parses front matter and text into a Product, or into faults with their lines. */
import type { Message, Product } from '../domain/values/product.ts';
import { checkTemplate } from '../message/check-template.ts';
import { messageDigest } from '../message/digest.ts';
import { kindsOf } from '../message/find-empty.ts';
import { checkSubject } from '../message/subject.ts';
import type { FoundBefore } from './earlier-starts.ts';
import { type Fault, readText } from './fault.ts';
import { completeFields } from './fields.ts';
import { beginsWithFrontMatter, readHead, splitFile } from './file-parts.ts';
import { type FrontMatter, readFrontMatter } from './front-matter.ts';
import { readMailKeys } from './mail-keys.ts';

/** Reads the bytes of `<id>.md`; returns all faults at once. */
export function readProductFile(
  id: string,
  bytes: Uint8Array,
  { checkText = checkTemplate, heads }: FoundBefore = {},
): Product | readonly Fault[] {
  const text = readText(bytes);
  if (typeof text !== 'string') return [text];
  if (!beginsWithFrontMatter(text)) {
    const message = 'the front matter is missing: begin with a line of ---, then "name: …", then another ---';
    return [{ line: 1, message }];
  }
  const parts = splitFile(text);
  if ('message' in parts) return [parts];
  const { body, bodyLine } = parts;
  const faults: Fault[] = [];
  const head = readHead(parts.head, faults, (values) => checked(id, readFrontMatter(values)), heads);
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
  const { grants = head.features, marketplaces, fields, parameters, ...others } = head;
  const { trial_term: trialTerm, self_reissue: selfReissue, ...rest } = others;
  return {
    id,
    ...rest,
    grants,
    trialTerm,
    selfReissue,
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
