/** Finds licenses with their whole history, for the operator, on PostgreSQL. */
import type { LedgerQuery, LicenseStory } from '../../domain/ledger.ts';
import { licensesById, licensesOfCustomer, licensesOfOrder, licensesOfSubscription } from './loads.ts';
import type { Load } from './needs.ts';
import type { People } from './people.ts';
import type { ReadLane } from './session/read-lane.ts';

/** The most licenses that a search by a part of a name or an address finds. */
const MOST_FOUND = 100;

/** The oldest first: the number of a pen says nothing about time. */
export async function findStories(
  query: LedgerQuery,
  reads: ReadLane,
  people: People,
): Promise<readonly LicenseStory[]> {
  const stories = await find(query, reads, people);
  return [...stories].sort((a, b) => (a.history[0]?.at ?? 0) - (b.history[0]?.at ?? 0));
}

async function find(query: LedgerQuery, reads: ReadLane, people: People): Promise<readonly LicenseStory[]> {
  const now = (loads: readonly Load[], known: Exclude<LedgerQuery, { by: 'email' | 'person' }>) =>
    reads.read({ loads }, ({ stories }) => stories.findNow(known));
  switch (query.by) {
    case 'license':
      return now(licensesById({ id: Buffer.from(query.id).toString('hex') }, true), query);
    case 'order':
      return now(licensesOfOrder({ order: query.order }, true), query);
    case 'subscription':
      return now(licensesOfSubscription({ subscription: query.subscription }, true), query);
    case 'email':
      return ofPeople(reads, await people.byAddress(query.email), Number.POSITIVE_INFINITY);
    case 'person':
      return ofPeople(reads, await people.mentioning(query.part, MOST_FOUND), MOST_FOUND);
  }
}

function ofPeople(
  reads: ReadLane,
  customers: readonly number[],
  most: number,
): Promise<readonly LicenseStory[]> {
  const loads = customers.flatMap((customer) => licensesOfCustomer({ customer }, true));
  return reads.read({ loads }, ({ stories, people }) =>
    stories.byNumbers(people.licensesOf(customers).slice(0, most)),
  );
}
