/** `mail:` of a product file: which mails Mintmark sends for the product, and their subject. */
import { z } from 'zod';
import { MAIL_TOPICS } from '../domain/values/announcement.ts';
import type { ProductMail, SwitchedTopic } from '../domain/values/product.ts';
import { choice, line, shown } from './values.ts';

const LONGEST_SUBJECT = 200;
const LONGEST_REMINDER = 365;

export const SWITCHED_TOPICS: readonly SwitchedTopic[] = MAIL_TOPICS.filter(
  (topic) => topic !== 'reminder' && topic !== 'asked',
);

const onOff = choice(['on', 'off']).transform((text) => text === 'on');

const days = z
  .string()
  .refine(
    (text) =>
      text === 'off' || (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= LONGEST_REMINDER),
    {
      error: ({ input }) =>
        `${shown(input)} is not a number of days from 1 to ${LONGEST_REMINDER}: write how long before the last valid day, or off`,
    },
  )
  .transform((text) => (text === 'off' ? undefined : Number(text)));

const webAddress = line(500).refine((text) => isWebAddress(text), {
  error: ({ input }) =>
    `${shown(input)} is not an address: write https:// and the page where a customer renews`,
});

/** A subject is one line of Liquid text; message/subject.ts checks what it prints. */
export const subjectLine = line(LONGEST_SUBJECT);

const topics = Object.fromEntries(SWITCHED_TOPICS.map((topic) => [topic, onOff.exactOptional()]));

export const mailKeys = z.strictObject({
  ...topics,
  reminder: days.exactOptional(),
  subject: subjectLine.exactOptional(),
  renew_url: webAddress.exactOptional(),
});

export type MailKeys = z.output<typeof mailKeys>;

export function readMailKeys(written: MailKeys): ProductMail {
  const switched: Readonly<Record<string, unknown>> = written;
  const given = SWITCHED_TOPICS.flatMap((topic) => {
    const value = switched[topic];
    return typeof value === 'boolean' ? [[topic, value] as const] : [];
  });
  return { topics: Object.fromEntries(given), reminder: written.reminder };
}

function isWebAddress(text: string): boolean {
  // A text prints it as a link, unescaped: nothing in it may end the link.
  return /^https:\/\/[A-Za-z0-9.-]+(?::\d+)?(?:\/[\w.~%+=&?/@:,;-]*)?$/.test(text) && URL.canParse(text);
}
