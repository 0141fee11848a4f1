/** The mails of a product as a customer sees them, with made-up codes: for `preview` and for the console. */
import { MAIL_TOPICS, type MailTopic } from '../domain/values/announcement.ts';
import { addPeriod, dayOf } from '../domain/values/day.ts';
import type { Message, Product } from '../domain/values/product.ts';
import { writeText } from './reply.ts';
import { SAMPLE_LATEST, SAMPLE_PAGE, sampleCodes } from './samples.ts';
import { writeSubject } from './subject.ts';
import { compileMessage, type MessageValues } from './template.ts';

/** The occasions for which the product has words. */
export function topicsOf({ mail }: Product): readonly MailTopic[] {
  return MAIL_TOPICS.filter((topic) => topic !== 'withdrawn' || mail.topics.withdrawn === true);
}

/** The mail of a sample sale, proved as each mail is. */
export function sampleMail(
  product: Product,
  message: Message,
  reason: MailTopic,
  { units, isTest }: { readonly units: number; readonly isTest: boolean },
  now: number,
) {
  const sample = sampleValues(product, units, isTest, now);
  const values = { ...sample, codes: reason === 'withdrawn' ? [] : sample.codes, reason };
  const subject = writeSubject(message, values);
  const language = message.language ?? 'en';
  const heading = `${reason}${message.language === undefined ? '' : ` (${message.language})`}: ${subject}`;
  return { subject, text: writeText(compileMessage(message), values), language, heading };
}

/** A sample sale of today. */
function sampleValues(product: Product, units: number, test: boolean, now: number): MessageValues {
  const today = dayOf(now);
  const { term, grace, updates, features, grants, trial, seats } = product;
  const isOne = product.quantity === 'seats';
  return {
    codes: sampleCodes(isOne ? 1 : units),
    license: {
      lastValid: term === 'perpetual' ? null : addPeriod(addPeriod(today, term), grace),
      updatesUntil: updates === 'unlimited' ? null : addPeriod(today, updates),
      seats: isOne ? seats * units : seats,
      features: features.reduce((bits, name, bit) => (grants.includes(name) ? bits | (1 << bit) : bits), 0),
      trial,
      page: SAMPLE_PAGE,
      latest: SAMPLE_LATEST,
    },
    order: { id: '621267-5045403', quantity: units, test },
    customer: { name: 'Zoë O’Brien', email: 'zoe@example.com' },
  };
}
