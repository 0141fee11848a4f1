/** What the ledger shows about licenses and flags; every code is read as a customer's program reads it. */
import type { LicenseStory } from '../../src/domain/ledger.ts';
import { readKeyring } from '../../src/keyring/keyring.ts';
import type { License } from '../../src/license-code/license.ts';
import { formatLicenseId } from '../../src/license-code/license-id.ts';
import { createReader } from '../../src/license-code/reader.ts';
import { openLedger } from '../../src/service/open.ts';
import type { Home } from '../kit/service.ts';

type Where = Pick<Home, 'config' | 'clock'>;

export interface Flag {
  readonly id: number;
  readonly kind: string;
  readonly reason: string;
  readonly order: string | null;
  readonly product: string | null;
  /** The event's id. */
  readonly event: string | null;
  readonly marketplace: string;
  readonly mode: string;
  readonly at: number;
  readonly settledAt: number | null;
}

interface FlagQuery {
  readonly settled?: boolean;
  readonly limit: number;
}

/** A license as the ledger holds it, and its newest code. */
export interface Seen extends Omit<License, 'id' | 'product' | 'revision'> {
  readonly id: string;
  readonly order: string;
  readonly product: string;
  readonly unit: number;
  readonly state: string;
  readonly mode: string;
  readonly revision: number;
  readonly subscription: string | null;
  readonly code: string;
  readonly verdict: string;
  readonly customer: string;
  readonly causes: readonly string[];
}

/** The genuine license in a code, or an error with the reason. */
export function readCode(where: Where, product: string, code: string): { license: License; verdict: string } {
  const today = new Date(where.clock.now).toISOString().slice(0, 10);
  const keyring = readKeyring(where.config.keysDir);
  const read = createReader({ product, keyring, today, allowTest: true }).read(code);
  if (!('license' in read)) throw new Error(`a code of ${product} reads ${read.verdict}`);
  return read;
}

/** By an order, or by an e-mail address. */
export async function licensesOf(where: Where, name: string): Promise<readonly Seen[]> {
  const ledger = await openLedger(where.config);
  try {
    const query = name.includes('@')
      ? ({ by: 'email', email: name } as const)
      : ({ by: 'order', order: name } as const);
    return (await ledger.find(query)).map((story) => see(where, story));
  } finally {
    await ledger.close();
  }
}

function see(where: Where, story: LicenseStory): Seen {
  const { license, verdict } = readCode(where, story.product, story.code);
  const { order, product, unit, state, mode, revision, subscription, code, customer, history } = story;
  if (license.revision !== revision) throw new Error(`the code of ${order} is not of revision ${revision}`);
  return {
    ...license,
    id: formatLicenseId(story.id),
    order,
    product,
    unit,
    state,
    mode,
    revision,
    subscription,
    code,
    verdict,
    customer: [customer.name, customer.email].filter(Boolean).join(', '),
    causes: history.map(({ cause }) => cause),
  };
}

/** The open flags, or all flags. */
export async function flagsIn(where: Where, query: FlagQuery): Promise<readonly Flag[]> {
  const ledger = await openLedger(where.config);
  try {
    const flagging = ledger as unknown as { findFlags?(query: FlagQuery): Promise<readonly Flag[]> };
    if (flagging.findFlags === undefined) throw new Error('the ledger has no findFlags');
    return await flagging.findFlags(query);
  } finally {
    await ledger.close();
  }
}

/** `studio: active to 2027-12-04, 5 seats, updates to 2027-11-20`. */
export function told({ product, state, mode, lastValid, updatesUntil, seats, trial }: Seen): string {
  const rest = [
    lastValid === null ? `${state} for good` : `${state} to ${lastValid}`,
    ...(seats === 1 ? [] : [`${seats} seats`]),
    ...(updatesUntil === null ? [] : [`updates to ${updatesUntil}`]),
    ...(trial ? ['trial'] : []),
    ...(mode === 'test' ? ['test'] : []),
  ];
  return `${product}: ${rest.join(', ')}`;
}
