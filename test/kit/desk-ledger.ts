/** A ledger in memory for tests of its callers: it returns the given licenses, facts and flags, and derives nothing. */
import type { Fact } from '../../src/domain/facts/fact.ts';
import type { Ledger, LicenseStory } from '../../src/domain/ledger.ts';
import type { Flag } from '../../src/domain/values/flag.ts';
import type { Entitlement } from '../../src/domain/values/license.ts';
import { SOLD_AT } from './memory-ledger.ts';
import { ENTITLEMENT, MINTER } from './minting.ts';

export interface Fake {
  readonly ledger: Ledger;
  readonly stories: LicenseStory[];
  /** The earlier facts of the order, and those that the desk added. */
  readonly facts: Fact[];
  readonly flags: Flag[];
}

/** `more` overrides methods of the fake; any other method throws. */
export function fakeLedger(more: Partial<Ledger> = {}): Fake {
  const stories: LicenseStory[] = [];
  const facts: Fact[] = [];
  const flags: Flag[] = [];
  const known: Partial<Ledger> = {
    find: async (query) =>
      stories.filter((story) => {
        if (query.by === 'license') return Buffer.compare(story.id, query.id) === 0;
        if (query.by === 'subscription') return story.subscription === query.subscription;
        return query.by === 'order' && story.order === query.order;
      }),
    showOrder: async (order) => ({
      licenses: stories.filter((story) => story.order === order),
      owed: [],
      facts,
      flags,
    }),
    addFacts: async (added) => {
      facts.push(...added);
      return true;
    },
    findTerms: async () => undefined,
    findFlags: async ({ id, key, kind, event }) =>
      flags.filter(
        (flag) =>
          (id === undefined || flag.id === id) &&
          (key === undefined || flag.key === key) &&
          (kind === undefined || flag.kind === kind) &&
          (event === undefined || flag.event === event),
      ),
    settleFlags: async (ids, at, by) => {
      for (const [index, flag] of flags.entries()) {
        if (ids.includes(flag.id)) flags[index] = { ...flag, settledAt: at, settledBy: by };
      }
      return ids.length;
    },
    ...more,
  };
  const ledger = new Proxy(known, {
    get: (target, name) => {
      const method = Reflect.get(target, name);
      // A ledger in a file is on no database.
      if (method === undefined && name !== 'database')
        throw new Error(`the fake ledger has no ${String(name)}`);
      return method;
    },
  }) as Ledger;
  return { ledger, stories, facts, flags };
}

export function storyOf(
  wanted: Partial<LicenseStory> = {},
  entitlement: Partial<Entitlement> = {},
): LicenseStory {
  const key = {
    marketplace: 'fastspring' as const,
    mode: 'live' as const,
    order: 'ACME-1',
    product: 'app',
    line: 'app',
    unit: 0,
    reissue: 0,
    ...wanted,
  };
  const { state = 'active' } = wanted;
  const minted = MINTER.mint(key, { ...ENTITLEMENT, ...entitlement }, 0);
  return {
    ...key,
    ...minted,
    state: 'active',
    answer: null,
    customer: { name: 'Ada Byron', email: 'ada@example.com' },
    subscription: null,
    terms: null,
    handed: null,
    rebills: [],
    history: [null, ...(state === 'active' ? [] : ['active' as const])].map((from) => ({
      at: SOLD_AT,
      from,
      to: from === null ? 'active' : state,
      revision: 0,
      cause: 'sold',
    })),
    ...wanted,
  };
}

export function flagOf(wanted: Partial<Flag> = {}): Flag {
  return {
    id: 1,
    marketplace: 'fastspring',
    mode: 'live',
    key: 'partial:ACME-1',
    kind: 'partial-refund',
    reason: '5.00 USD of order ACME-1 went back.',
    order: 'ACME-1',
    product: 'app',
    event: 'event-1',
    at: SOLD_AT,
    settledAt: null,
    settledBy: null,
    ...wanted,
  };
}
