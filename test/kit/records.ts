/** License records for tests of what reads them. */
import type { LedgerAnswer, LedgerLicense } from '../../src/domain/changes.ts';
import type { Entitlement } from '../../src/domain/values/license.ts';
import { at, MARKET, PLAIN_MINTER } from './world.ts';

export const ENTITLEMENT: Entitlement = {
  trial: false,
  issued: '2027-01-01',
  lastValid: '2028-01-15',
  updatesUntil: null,
  seats: 1,
  features: 3,
};

export const ANSWER: LedgerAnswer = {
  quantity: 1,
  revision: 0,
  code: '',
  message: '',
  at: at('2027-01-01'),
  deliveredAt: null,
  byUnit: false,
};

/** A license of the order A, line and product pro, that nobody asked for. */
export function recordOf(wanted: Partial<LedgerLicense> = {}): LedgerLicense {
  const { order = 'A', line = 'pro', product = 'pro', unit = 0, reissue = 0 } = wanted;
  const { id, code } = PLAIN_MINTER.mint({ ...MARKET, order, line, product, unit, reissue }, ENTITLEMENT, 0);
  return {
    number: 1,
    id,
    order,
    line,
    product,
    unit,
    reissue,
    state: 'active',
    revision: 0,
    customer: null,
    holder: undefined,
    subscription: null,
    terms: null,
    at: at('2027-01-01'),
    cause: 'a test',
    charged: null,
    firstCode: code,
    code,
    reach: ENTITLEMENT.lastValid,
    answer: null,
    handed: null,
    due: null,
    ...wanted,
  };
}

export const unitsOf = (count: number, wanted: Partial<LedgerLicense> = {}) =>
  Array.from({ length: count }, (_, unit) => recordOf({ ...wanted, unit }));
