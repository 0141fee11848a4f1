/** What needs the seller: read from the ledger, as numbers. No personal data, no codes. */
import type { Ledger } from '../../domain/ledger.ts';
import { isBroken } from '../../domain/ports/outbox-target.ts';
import { addPeriod, dayOf } from '../../domain/values/day.ts';
import type { FlagKind } from '../../domain/values/flag.ts';

/** What needs a person. */
export interface OpenMatters {
  /** Open flags by kind. */
  readonly flags: Readonly<Partial<Record<FlagKind, number>>>;
  readonly undelivered: number;
  readonly unmailed: number;
  /** Announcements that were given up, or are held for a decision. */
  readonly givenUp: number;
  readonly held: number;
  /** Endpoints that were stopped, and what has failed for more than an hour: an endpoint, the relay. */
  readonly broken: number;
}

export interface SellerNeeds extends OpenMatters {
  /** Live orders with a license that ends within 30 days, counted up to MOST_EXPIRING. */
  readonly expiring: number;
}

export const EXPIRING_DAYS = 30;
export const MOST_EXPIRING = 100;

export async function readOpenMatters(ledger: Ledger, now: number): Promise<OpenMatters> {
  const flags = await ledger.countFlags();
  const { undelivered, unmailed } = await ledger.countUndelivered(now);
  const counts = await ledger.outbox.count();
  const inState = (wanted: string) =>
    counts.reduce((sum, { state, announcements }) => (state === wanted ? sum + announcements : sum), 0);
  const broken = (await ledger.outbox.targets()).filter((target) => isBroken(target, now)).length;
  return { flags, undelivered, unmailed, givenUp: inState('given-up'), held: inState('held'), broken };
}

export async function readNeeds(ledger: Ledger, now: number): Promise<SellerNeeds> {
  const matters = await readOpenMatters(ledger, now);
  const expiringBefore = addPeriod(dayOf(now), `P${EXPIRING_DAYS}D`);
  const query = { mode: 'live', state: 'active', expiringBefore, now, limit: MOST_EXPIRING } as const;
  const expiring = await ledger.listOrders(query);
  return { ...matters, expiring: expiring.length };
}

/** The kinds of things that need a person now. What expires needs nobody: it goes along in a digest. */
export function kindsOfNeeds({
  flags,
  undelivered,
  unmailed,
  givenUp,
  held,
  broken,
}: OpenMatters): readonly string[] {
  const counted = { undelivered, unmailed, 'given-up': givenUp, held, broken };
  return [
    ...Object.entries(flags).map(([kind, count]) => [`flag-${kind}`, count ?? 0] as const),
    ...Object.entries(counted),
  ].flatMap(([kind, count]) => (count > 0 ? [kind] : []));
}
