/** Finds licenses by the orders and the e-mail addresses that a text mentions. */
import type { Ledger, LicenseStory } from '../../domain/ledger.ts';
import { formatLicenseId } from '../../license-code/license-id.ts';
import { findNamed } from '../license-query.ts';

const ADDRESS = /[^\s@<>"'(),;:[\]]+@[^\s@<>"'(),;:[\]]+\.[^\s@<>"'(),;:.[\]]+/g;
const MOST_ADDRESSES = 5;

/** A word with a digit, as order numbers are; longer ones are codes, links or boundaries of a mail's parts. */
const ORDER = /(?<![\p{L}\p{N}])(?=[\p{L}-]{0,99}\p{N})[\p{L}\p{N}][\p{L}\p{N}_-]{2,99}(?![\p{L}\p{N}_])/gu;

/** Orders looked up in one text: the ledger finds each by an index. */
const MOST_ORDERS = 500;

/** Each license once: those of orders first. */
export async function findMentioned(
  text: string,
  ledger: Pick<Ledger, 'find' | 'showOrder'>,
): Promise<readonly LicenseStory[]> {
  const found: LicenseStory[] = [];
  for (const order of distinct(text.match(ORDER), MOST_ORDERS)) {
    found.push(...(await findNamed(ledger, order)));
  }
  for (const email of distinct(text.match(ADDRESS), MOST_ADDRESSES)) {
    found.push(...(await ledger.find({ by: 'email', email })));
  }
  return [...new Map(found.map((license) => [formatLicenseId(license.id), license])).values()];
}

function distinct(words: readonly string[] | null, most: number): readonly string[] {
  return [...new Set(words)].slice(0, most);
}
