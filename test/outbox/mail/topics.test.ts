/** Which mails go out for a product: no marketplace's own mail is doubled, and nobody is left without one. */
import test from 'ava';
import type { MailTopic } from '../../../src/domain/values/announcement.ts';
import { MANUAL } from '../../../src/domain/values/order.ts';
import type { Product } from '../../../src/domain/values/product.ts';
import { MARKETPLACES } from '../../../src/marketplaces/all.ts';
import { mailTopics } from '../../../src/outbox/mail/topics.ts';

const isMailed = mailTopics(MARKETPLACES);
const mailedBy = (
  marketplace: string,
  topics: Product['mail']['topics'] = {},
  reminder?: number,
): readonly MailTopic[] =>
  (
    ['sold', 'renewed', 'reissued', 'successor', 'corrected', 'reminder', 'withdrawn', 'asked'] as const
  ).filter((topic) => isMailed({ mail: { topics, reminder } }, marketplace, topic));

test('by default a mail goes out where the marketplace mails nothing itself', (t) => {
  const always = ['reissued', 'successor', 'corrected', 'asked'] as const;
  t.deepEqual(mailedBy(MANUAL), ['sold', 'renewed', ...always]);
  t.deepEqual(mailedBy('paddle-classic'), ['renewed', ...always]);
  t.deepEqual(mailedBy('fastspring'), [...always]);
});

test('the product file decides over the marketplace, for each topic alone', (t) => {
  t.true(mailedBy('fastspring', { sold: true }).includes('sold'));
  t.false(mailedBy('fastspring', { sold: true }).includes('renewed'));
  t.false(mailedBy(MANUAL, { sold: false }).includes('sold'));
  t.false(mailedBy('paddle-classic', { renewed: false }).includes('renewed'));
  t.false(mailedBy(MANUAL, { corrected: false }).includes('corrected'));
  t.true(mailedBy(MANUAL, { withdrawn: true }).includes('withdrawn'));
  t.true(mailedBy(MANUAL, {}, 14).includes('reminder'));
  t.true(mailedBy(MANUAL, { sold: false }).includes('asked'));
});
