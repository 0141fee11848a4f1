/** What the ledger holds of an order, and changes of it, for tests of what reads them. */
import type { Changes, Found, LedgerLicense, LicenseChange, NewLicense } from '../../src/domain/changes.ts';
import { ENTITLEMENT, recordOf } from './records.ts';
import { at, MARKET, PLAIN_MINTER } from './world.ts';

export const foundOf = (licenses: readonly LedgerLicense[], more: Partial<Found> = {}): Found => ({
  ...{ market: MARKET, facts: [], licenses, owed: [], rebills: [], flags: [] },
  ...more,
});

export const changesOf = (more: Partial<Changes> = {}): Changes => ({
  ...{ facts: [], licenses: [], changes: [], touches: [], answers: [] },
  ...{ owed: [], raised: [], cleared: [], outgoing: [] },
  ...more,
});

/** A code of the order A, line and product pro. */
export function codeOf(more: Partial<typeof ENTITLEMENT> = {}, revision = 1): string {
  const identity = { ...MARKET, order: 'A', line: 'pro', product: 'pro', unit: 0, reissue: 0 };
  return PLAIN_MINTER.mint(identity, { ...ENTITLEMENT, ...more }, revision).code;
}

/** A change of license 1 that makes no code. */
export function changeOf(more: Partial<LicenseChange> = {}): LicenseChange {
  const { id, product, reach } = recordOf();
  const states = { before: 'active', state: 'active' } as const;
  const code = { revision: 0, code: undefined, lastValid: reach, reach };
  return { number: 1, id, product, ...states, ...code, at: at('2027-02-01'), cause: 'a test', ...more };
}

/** A license of the order A, line and product pro, that is issued. */
export function newLicenseOf({
  unit = 0,
  ...more
}: Partial<NewLicense> & { readonly unit?: number } = {}): NewLicense {
  const { order = 'A', reissue = 0 } = more;
  const identity = { ...MARKET, order, line: 'pro', product: 'pro', unit, reissue };
  return {
    order,
    line: 'pro',
    product: 'pro',
    reissue,
    minted: PLAIN_MINTER.mint(identity, ENTITLEMENT, 0),
    state: 'active',
    customer: null,
    subscription: null,
    terms: 'terms',
    lastValid: ENTITLEMENT.lastValid,
    at: at('2027-02-01'),
    cause: 'a test',
    charged: null,
    answer: null,
    due: null,
    ...more,
  };
}
