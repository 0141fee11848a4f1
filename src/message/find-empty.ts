/**
 * Finds sentences with a missing value, such as "It is valid until ." for a perpetual license, by rendering the text
 * for each kind of license that the product can have.
 */
import { MAIL_TOPICS, type MailTopic } from '../domain/values/announcement.ts';
import type { Day } from '../domain/values/day.ts';
import type { Message, Product } from '../domain/values/product.ts';
import { around, createRevealingLiquid, type LiquidFault, NOTHING } from './liquid.ts';
import { SAMPLE_LATEST, SAMPLE_PAGE, UNITS } from './samples.ts';
import { type MessageValues, scopeOf } from './template.ts';

type License = MessageValues['license'];

/** The values that licenses of a product can have: each list has at least one value. */
export interface LicenseKinds {
  readonly lastValid: readonly (Day | null)[];
  readonly updatesUntil: readonly (Day | null)[];
  /** Feature bits. */
  readonly features: readonly number[];
  /** A mail says that a license was withdrawn: the text has to have words for it, without a code. */
  readonly withdrawn?: true;
}

const DAY: Day = '2027-11-24';

/** A subscription with fallback turns a dated license into a perpetual license with the versions of that day. */
export function kindsOf({
  term,
  updates,
  ended,
  grants,
  mail,
}: Pick<Product, 'term' | 'updates' | 'ended' | 'grants'> & Partial<Pick<Product, 'mail'>>): LicenseKinds {
  const fallsBack = ended === 'fallback';
  return {
    lastValid: term === 'perpetual' ? [null] : fallsBack ? [DAY, null] : [DAY],
    updatesUntil: updates !== 'unlimited' ? [DAY] : fallsBack ? [null, DAY] : [null],
    features: [grants.length === 0 ? 0 : 1],
    ...(mail?.topics.withdrawn === true && { withdrawn: true }),
  };
}

/** A value that a license can lack: its name, a sample, the wording for its absence, and its condition in a text. */
const LACKS = [
  ['lastValid', DAY, 'that is valid for good', 'license.last_valid_day'],
  ['updatesUntil', DAY, 'that has all updates', 'license.updates_until'],
  ['features', 1, 'without features', 'license.features.size > 0'],
  ['page', SAMPLE_PAGE, 'without a page (PUBLIC_URL, mail or shop.yaml is off)', 'license.page'],
  ['latest', SAMPLE_LATEST, 'without downloads (PUBLIC_URL or DOWNLOADS is off)', 'download.latest'],
] as const;

/** One fault for each place in the body. `used` are the values that the text names, such as `license.trial`. */
export function findEmptySentences(
  message: Message,
  kinds: LicenseKinds,
  used: ReadonlySet<string>,
): LiquidFault[] {
  const engine = createRevealingLiquid();
  const template = engine.parse(message.body);
  // A product without features gets one feature here, to see the text with a feature.
  const named = message.features.length > 0 ? message : { ...message, features: ['feature'] };
  const render = (values: MessageValues) => {
    try {
      return String(engine.renderSync(template, scopeOf(named, values), around(message.language)));
    } catch {
      // The check of whole replies reports the cause.
      return '';
    }
  };
  const faults = new Map<number, LiquidFault>();
  for (const values of ordersOf(kinds, used, message.body)) {
    for (const sentence of emptySentences(render(values))) {
      const line = lineOf(sentence, message.body);
      if (faults.has(line)) continue;
      const cause = LACKS.find(
        ([name, otherwise]) =>
          !emptySentences(render({ ...values, license: { ...values.license, [name]: otherwise } })).includes(
            sentence,
          ),
      );
      faults.set(line, { line, reason: explain(sentence, cause) });
    }
  }
  return [...faults.values()];
}

/** Lines of the reply with an empty output and other words. */
function emptySentences(reply: string): string[] {
  return reply.split('\n').filter((line) => line.includes(NOTHING) && /[\p{L}\p{N}]/u.test(line));
}

function explain(sentence: string, cause: (typeof LACKS)[number] | undefined): string {
  const shown = JSON.stringify(sentence.replaceAll(NOTHING, '').trim());
  if (cause === undefined) return `the text reads ${shown}: a value in it is empty`;
  const [, , which, condition] = cause;
  return `for a license ${which} the text reads ${shown}: put these words between {% if ${condition} %} and {% endif %}`;
}

/** Each combination of values that the text can distinguish. The customer is known: a text may ignore an unknown name. */
function* ordersOf(kinds: LicenseKinds, used: ReadonlySet<string>, body: string): Generator<MessageValues> {
  const tests = used.has('order.test') ? [false, true] : [false];
  for (const license of licensesOf(kinds, used))
    for (const [quantity, codes] of UNITS)
      for (const test of tests)
        for (const reason of reasonsOf(used, body, kinds))
          yield {
            codes: reason === 'withdrawn' ? [] : codes,
            license,
            order: { id: '621267-5045403', quantity, test },
            customer: { name: 'Zoë O’Brien', email: 'zoe@example.com' },
            reason,
          };
}

/** The occasions that a text can distinguish: those that it names, and one for all others. */
export function reasonsOf(
  used: ReadonlySet<string>,
  body: string,
  { withdrawn }: Pick<LicenseKinds, 'withdrawn'> = {},
): readonly [MailTopic, ...MailTopic[]] {
  if (!used.has('mail.reason')) return ['sold'];
  const topics = MAIL_TOPICS.filter((topic) => topic !== 'withdrawn' || withdrawn === true);
  // It may compare parts of the name.
  if (/\bcontains\b|mail\.reason\s*\|/.test(body))
    return ['sold', ...topics.filter((topic) => topic !== 'sold')];
  const named = topics.filter((topic) => topic !== 'sold' && body.includes(topic));
  const other = topics.find((topic) => topic !== 'sold' && !named.includes(topic));
  return ['sold', ...named, ...(other === undefined ? [] : [other])];
}

function* licensesOf(kinds: LicenseKinds, used: ReadonlySet<string>): Generator<License> {
  const seatNumbers = used.has('license.seats') ? [1, 0, 25] : [1];
  const pages = used.has('license.page') ? [SAMPLE_PAGE, undefined] : [undefined];
  const newest = used.has('download.latest') ? [SAMPLE_LATEST, undefined] : [undefined];
  const trials = used.has('license.trial') ? [false, true] : [false];
  for (const lastValid of kinds.lastValid)
    for (const updatesUntil of kinds.updatesUntil)
      for (const features of kinds.features)
        for (const seats of seatNumbers)
          for (const trial of trials)
            for (const page of pages)
              for (const latest of newest)
                yield { lastValid, updatesUntil, seats, features, trial, page, latest };
}

/** The line of the body that contains the longest end of the text before the empty output. */
function lineOf(sentence: string, body: string): number {
  const before = sentence.slice(0, sentence.indexOf(NOTHING)).trimStart();
  const lines = body.split('\n');
  for (let from = 0; from < before.length; from++) {
    const words = before.slice(from);
    const line = lines.findIndex((text) => text.includes(words));
    if (words.trim() !== '' && line >= 0) return line + 1;
  }
  const prints = lines.findIndex((text) => /\{\{|\becho\b/.test(text));
  return Math.max(prints, 0) + 1;
}
