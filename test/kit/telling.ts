/** Short words for the facts of the domain's tests, and what a world comes to. */
import type { LedgerLicense } from '../../src/domain/changes.ts';
import type { CoveredLine, Fact, FactBody, Subject } from '../../src/domain/facts/fact.ts';
import { at, MARKET, PLAIN_MINTER, type World } from './world.ts';

/** A fact of a day, at noon. */
export function told(
  day: string,
  subject: Subject,
  body: FactBody,
  key = `${body.kind}:${subject}:${day}`,
): Fact {
  return { ...MARKET, subject, key, at: at(day), cause: `${body.kind} ${day}`, body };
}

type Body<K extends FactBody['kind']> = Extract<FactBody, { kind: K }>;
type More<K extends FactBody['kind']> = Partial<Omit<Body<K>, 'kind'>>;

export function sold(product: string | null, more: More<'sold'> = {}): Body<'sold'> {
  return { kind: 'sold', product, line: product ?? 'unknown', quantity: 1, ...more };
}

export function paid(until: string | null, more: More<'paid'> = {}): Body<'paid'> {
  return { kind: 'paid', until, sequence: null, ...more };
}

export function dated(until: string, more: More<'dated'> = {}): Body<'dated'> {
  return { kind: 'dated', until, sequence: null, ...more };
}

export function covers(product: string, quantity = 1): readonly CoveredLine[] {
  return [{ line: product, product, quantity }];
}

export function repaid(amount: number | null, more: More<'repaid'> = {}): Body<'repaid'> {
  return { kind: 'repaid', amount, currency: 'EUR', ...more };
}

export const charged = (total: number): Body<'charged'> => ({ kind: 'charged', total, currency: 'EUR' });
export const tie = (of: Subject): Body<'alias'> => ({ kind: 'alias', of });

/** What each license entitles to, sorted, so that two worlds can be compared. One that is revoked gets no further code. */
export function outcomes(world: World, isMeant: (license: LedgerLicense) => boolean = () => true) {
  return world.records
    .filter(isMeant)
    .map(({ product, state, code }) => {
      if (state === 'revoked') return `${product} revoked`;
      const { lastValid, updatesUntil, seats, features } = PLAIN_MINTER.entitlementOf(code);
      const days = `to ${lastValid ?? 'no end'}, updates to ${updatesUntil ?? 'no end'}`;
      return `${product} ${state} ${days}, ${seats} seats, features ${features}`;
    })
    .sort();
}
