/** Codes that the marketplace holds: they were delivered, and show what a restored ledger may have lost. */
import type { LedgerLicense, Market } from './changes.ts';
import type { Draft } from './draft.ts';
import { codeKey } from './facts/code-aliases.ts';
import type { Fact, FactBody } from './facts/fact.ts';
import { licenseSubject } from './facts/license-subject.ts';
import { foreignCode } from './flags/flags-of-codes.ts';
import type { Rules } from './rules.ts';
import { orderOf, orderSubject, subscriptionOf } from './values/order-subject.ts';

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

/** Facts about revisions above the ledger's, and about a sale whose event has the code of another order (code-aliases.ts). */
export function learnedFacts(
  market: Market,
  held: readonly HeldCode[],
  facts: readonly Fact[],
  now: number,
): readonly Fact[] {
  const sales = facts.filter(({ body }) => body.kind === 'sold');
  const [sale] = sales;
  const cause = 'a license code that the marketplace holds';
  return held.flatMap(({ license: { id, order, product, revision: known }, revision }): Fact[] => {
    const learned: Fact = {
      ...market,
      subject: licenseSubject(id),
      key: `learned:${revision}`,
      at: now,
      cause,
      body: { kind: 'learned', revision },
    };
    const of = orderSubject(order);
    const isOther = sale !== undefined && sale.subject !== of && subscriptionOf(order) === undefined;
    const isSold = sales.some(({ body }) => body.kind === 'sold' && body.product === product);
    return [
      ...(revision > known ? [learned] : []),
      ...(isOther && isSold
        ? [{ ...learned, subject: sale.subject, key: codeKey(order), body: { kind: 'alias' as const, of } }]
        : []),
      ...(isOther && !isSold ? [{ ...sale, key: `code:${order}`, body: foreignNote(sale, order) }] : []),
    ];
  });
}

function foreignNote({ subject }: Fact, other: string): FactBody {
  const note = foreignCode(orderOf(subject) ?? subject, other);
  return { kind: 'noted', note, flag: true, why: 'differs' };
}
