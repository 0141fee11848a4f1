/** The addresses of customers' pages, and what a token in such an address leads to. */
import type { Ledger } from '../domain/ledger.ts';
import { type AddressChange, CONFIRM_WITHIN, UNDO_WITHIN } from '../domain/ports/self-service.ts';
import {
  dayNumberAt,
  type Link,
  type LinkPurpose,
  type LinkTokens,
  NO_SUBJECT,
  numberIn,
  numberSubject,
} from '../keyring/link-token.ts';

/** Links in mails are good for this many days after their day. */
export const LINK_DAYS = 30;

const DAY_MILLISECONDS = 86_400_000;

export interface LinkSources {
  readonly tokens: LinkTokens;
  readonly ledger: { readonly selfService: Pick<Ledger['selfService'], 'generation' | 'findChange'> };
}

/**
 * A license page: `buyer` for all units of the order, `holder` for this unit. The same moment gives the same address, unless
 * it is to have the present generation of links.
 */
export async function pageAddress(
  base: string,
  {
    license,
    purpose,
    at,
    isNew = false,
  }: { license: Uint8Array; purpose: 'buyer' | 'holder'; at: number; isNew?: boolean },
  { tokens, ledger }: LinkSources,
): Promise<string> {
  const generation = await ledger.selfService.generation(license, isNew ? undefined : at);
  const lastDay = dayNumberAt(at) + LINK_DAYS;
  return `${base}/license/${tokens.write({ purpose, license, generation, lastDay, subject: NO_SUBJECT })}`;
}

/** Where a change of address is confirmed or undone. The change itself says how long that can be done. */
export function changeAddress(
  base: string,
  purpose: 'confirm' | 'undo',
  { number, license, askedAt, doneAt }: AddressChange,
  { tokens }: Pick<LinkSources, 'tokens'>,
): string {
  const until = purpose === 'confirm' ? askedAt + CONFIRM_WITHIN : (doneAt ?? askedAt) + UNDO_WITHIN;
  const link = {
    purpose,
    license,
    generation: 0,
    lastDay: dayNumberAt(until),
    subject: numberSubject(number),
  };
  return `${base}/license/${tokens.write(link)}`;
}

export type Followed =
  | {
      readonly outcome: 'page';
      readonly purpose: 'buyer' | 'holder';
      readonly link: Link;
      readonly lastDay: number;
    }
  | { readonly outcome: 'change'; readonly purpose: 'confirm' | 'undo'; readonly change: AddressChange }
  /** Genuine, and too old or withdrawn. */
  | { readonly outcome: 'old' }
  /** No token of a page. */
  | { readonly outcome: 'none' };

/** Follows a token at a moment. Changes nothing. */
export async function follow(token: string, now: number, { tokens, ledger }: LinkSources): Promise<Followed> {
  const link = tokens.read(token);
  if (link === undefined || link.purpose === 'file') return { outcome: 'none' };
  if (link.lastDay < dayNumberAt(now)) return { outcome: 'old' };
  const { purpose, license, generation } = link;
  if (isAboutChange(purpose)) {
    const change = await ledger.selfService.findChange(numberIn(link.subject));
    const isIts = change !== undefined && Buffer.from(change.license).equals(license);
    return isIts ? { outcome: 'change', purpose, change } : { outcome: 'old' };
  }
  if (generation !== (await ledger.selfService.generation(license))) return { outcome: 'old' };
  return { outcome: 'page', purpose, link, lastDay: link.lastDay * DAY_MILLISECONDS };
}

function isAboutChange(purpose: LinkPurpose): purpose is 'confirm' | 'undo' {
  return purpose === 'confirm' || purpose === 'undo';
}
