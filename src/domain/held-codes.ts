/** Codes that the marketplace holds: they were delivered, and show what a restored ledger may have lost. */
import type { LedgerLicense, Market } from './changes.ts';
import type { Draft } from './draft.ts';
import type { Fact, FactBody, Subject } from './fact.ts';
import { licenseSubject } from './license-subject.ts';
import { orderSubject, subscriptionOf } from './order-subject.ts';
import type { Rules } from './rules.ts';

export interface HeldCode {
  readonly license: LedgerLicense;
  readonly revision: number;
}

/** The codes that are genuine codes of loaded licenses. */
export function heldCodes(
  { licenses, found }: Draft,
  codes: readonly string[],
  { minter }: Pick<Rules, 'minter'>,
): readonly HeldCode[] {
  return codes.flatMap((code) =>
    licenses.flatMap((license) => {
      const known = minter.recognize(code, { ...found.market, ...license });
      return known === undefined ? [] : [{ license, revision: known.revision }];
    }),
  );
}

/** Marks the codes as handed out. */
export function noteHeld(draft: Draft, held: readonly HeldCode[]): void {
  for (const { license, revision } of held) {
    const { handed } = draft.license(license.number);
    if ((handed ?? -1) < revision) draft.touch(license, { handed: revision });
  }
}

/** Facts about revisions above the ledger's, and about licenses of the same sale under another name. */
export function learnedFacts(
  market: Market,
  held: readonly HeldCode[],
  facts: readonly Fact[],
  now: number,
): readonly Fact[] {
  const sale = facts.find(({ body }) => body.kind === 'sold')?.subject;
  const cause = 'a license code that the marketplace holds';
  const learned = (subject: Subject, key: string, body: FactBody): Fact => ({
    ...market,
    subject,
    key,
    at: now,
    cause,
    body,
  });
  return held.flatMap(({ license: { id, order, revision: known }, revision }): Fact[] => {
    const isOther = sale !== undefined && sale !== orderSubject(order) && subscriptionOf(order) === undefined;
    return [
      ...(revision > known
        ? [learned(licenseSubject(id), `learned:${revision}`, { kind: 'learned', revision })]
        : []),
      ...(isOther ? [learned(sale, `same:${order}`, { kind: 'alias', of: orderSubject(order) })] : []),
    ];
  });
}
