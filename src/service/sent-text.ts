/** The texts that an order was answered with, written again from what the ledger holds: the same bytes. */
import type { LedgerAnswer } from '../domain/changes.ts';
import type { HeldLicense, LicenseStory } from '../domain/ledger.ts';
import type { Marketplace, Mode } from '../domain/values/order.ts';
import type { Product } from '../domain/values/product.ts';
import { AppError } from '../errors.ts';
import { MARKETPLACES } from '../marketplaces/all.ts';
import type { MarketplaceDefinition } from '../marketplaces/marketplace.ts';
import { type ReplySources, writeMessage } from '../message/reply.ts';

export type Answered<T extends HeldLicense> = T & { readonly answer: LedgerAnswer };

export interface SentText {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  /** The number under which the licenses were asked for: a renewal's own, or the order's. */
  readonly order: string;
  readonly product: string;
  readonly line: string;
  /** Units whose codes are in the text. */
  readonly units: readonly number[];
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
  /** `codes`: the marketplace put the codes into a mail of its own. */
  readonly form: 'text' | 'codes';
  readonly text: string;
  /** Nobody was sent it then: it is kept for a repeat of the request. */
  readonly isAhead: boolean;
}

/** A reissue fixes the answer to a repeat of the order's request before anybody asks. */
export function isAhead({ reissue, answer, history }: LicenseStory): boolean {
  return reissue > 0 && answer !== null && answer.at === history[0]?.at;
}

/** The licenses that an answer handed out; undefined where there are none. */
function answeredOf<T extends HeldLicense>(
  licenses: readonly T[],
): readonly [Answered<T>, ...Answered<T>[]] | undefined {
  const [first, ...others] = licenses.filter((license) => license.answer !== null) as Answered<T>[];
  return first && [first, ...others];
}

/** The oldest first, those of renewals too. `findProduct`: whether the marketplace was answered with the codes alone. */
export async function textsSent(
  licenses: readonly LicenseStory[],
  parts: ReplySources & { readonly findProduct: (id: string) => Product | undefined },
): Promise<readonly SentText[]> {
  const texts: SentText[] = [];
  for (const answered of answersOf(licenses.flatMap((license) => [license, ...renewedOf(license)]))) {
    const [{ marketplace, product, line, answer, customer, ...order }] = answered;
    const sold = parts.findProduct(product)?.marketplaces[marketplace];
    const form = (sold?.reply ?? usualReply(marketplace)) === 'codes' ? 'codes' : 'text';
    const text =
      form === 'codes'
        ? `${answered.map((license) => license.answer.code).join('\n')}\n`
        : await writeMessage(answered, order, customer, parts);
    const units = answered.map(({ unit }) => unit);
    texts.push({
      marketplace,
      mode: order.mode,
      order: order.order,
      product,
      line,
      units,
      at: answer.at,
      form,
      text,
      isAhead: isAhead(answered[0]),
    });
  }
  return texts.sort((a, b) => a.at - b.at);
}

/** The license as each request of a further charge was answered. */
function renewedOf(license: LicenseStory): readonly LicenseStory[] {
  return license.rebills.map((answer) => ({ ...license, order: answer.request, answer }));
}

function usualReply(marketplace: Marketplace): MarketplaceDefinition['reply'] {
  return MARKETPLACES.find(({ name }) => name === marketplace)?.reply ?? 'markdown';
}

type Answer = readonly [Answered<LicenseStory>, ...Answered<LicenseStory>[]];

/** The licenses of each answer: with separate requests, each unit has an answer of its own. */
function answersOf(licenses: readonly LicenseStory[]): readonly Answer[] {
  const answers = new Map<string, LicenseStory[]>();
  for (const license of licenses) {
    const { marketplace, mode, order, product, line, unit, answer } = license;
    if (answer === null) continue;
    const key = JSON.stringify([
      marketplace,
      mode,
      order,
      product,
      line,
      answer.byUnit ? unit : null,
      answer.message,
      answer.at,
    ]);
    const known = answers.get(key);
    if (known === undefined) answers.set(key, [license]);
    else known.push(license);
  }
  return [...answers.values()].map((group) => {
    const answered = answeredOf(group);
    if (answered === undefined) throw new AppError('internal', 'An answer has no license.');
    return answered;
  });
}
