/** Finds what a customer who lost a code asks about: an order by one of its names, and one of its people by address. */
import { namesTold } from '../../domain/facts/names.ts';
import type { Ledger, LicenseStory } from '../../domain/ledger.ts';
import type { Typed } from '../../domain/ports/self-service.ts';
import { planSuccessorOf } from '../../domain/requests/plan-successor.ts';
import { newestReissues } from '../../domain/subscriptions/units.ts';
import { normalizeAddress } from '../../domain/values/address.ts';
import { orderIdOf, orderOf, subscriptionOf } from '../../domain/values/order-subject.ts';

export interface FoundLicense {
  readonly license: LicenseStory;
  /** Whether the typed address is that of the holder or that of the buyer of a gift. */
  readonly asks: 'holder' | 'buyer';
  readonly isGift: boolean;
}

type Sources = Pick<Ledger, 'find' | 'showOrder' | 'selfService'>;

/**
 * Returns nothing if order and address do not belong together. Compares order names without `#` and case. A license whose
 * subscription changed to another product leads to that product's license, as refresh does.
 */
export async function findAsked(typed: Typed, ledger: Sources): Promise<readonly FoundLicense[]> {
  const found = newestOf(await findOrder(typed, ledger));
  const current: FoundLicense[] = [];
  for (const one of found) {
    const successor = await planSuccessorOf(one.license, ledger);
    const theirs = successor && (await ofPerson([successor], typed.email, ledger));
    current.push(theirs?.[0] ?? one);
  }
  return current;
}

/** Two marketplaces, or the two modes of one, may use the same order number. */
function newestOf(found: readonly FoundLicense[]): readonly FoundLicense[] {
  const licenses = found.map(({ license }) => license);
  const markets = Map.groupBy(licenses, ({ marketplace, mode }) => `${marketplace} ${mode}`);
  const newest = new Set([...markets.values()].flatMap((ofMarket) => newestReissues(ofMarket)));
  return found.filter(({ license }) => newest.has(license));
}

async function findOrder(typed: Typed, ledger: Sources): Promise<readonly FoundLicense[]> {
  const name = typed.order.trim().replace(/^#\s*/, '');
  if (name === '') return [];
  const spelled = [...new Set([name, name.toUpperCase(), name.toLowerCase()])];
  for (const order of spelled) {
    const found = await ofPerson(await ledger.find({ by: 'order', order }), typed.email, ledger);
    if (found.length > 0) return found;
  }
  // An alias of the order, or a spelling in mixed case: search the few orders of this address.
  const theirs = await ledger.find({ by: 'email', email: typed.email });
  const orders = new Set(theirs.map(({ order }) => order));
  for (const order of orders) {
    const isIt = isName(order, name) || (await aliasesOf(order, ledger)).some((alias) => isName(alias, name));
    if (!isIt) continue;
    const all = await ledger.find({ by: 'order', order });
    const found = await ofPerson(all, typed.email, ledger);
    if (found.length > 0) return found;
  }
  return [];
}

/** A subscription that issued licenses is an order; its customer knows the subscription's number. */
function isName(order: string, name: string): boolean {
  return (subscriptionOf(order) ?? order).toLowerCase() === name.toLowerCase();
}

async function aliasesOf(order: string, ledger: Sources): Promise<readonly string[]> {
  const { facts } = await ledger.showOrder(order);
  return facts
    .flatMap(namesTold)
    .flatMap((name) => orderIdOf(name) ?? orderOf(name) ?? subscriptionOf(name) ?? []);
}

async function ofPerson(
  licenses: readonly LicenseStory[],
  email: string,
  ledger: Sources,
): Promise<readonly FoundLicense[]> {
  const wanted = normalizeAddress(email);
  const found: FoundLicense[] = [];
  for (const license of licenses) {
    const { holder, buyer } = await ledger.selfService.peopleOf(license.id);
    const isGift = buyer !== undefined;
    if (holder !== undefined && normalizeAddress(holder) === wanted)
      found.push({ license, asks: 'holder', isGift });
    else if (buyer !== undefined && normalizeAddress(buyer) === wanted)
      found.push({ license, asks: 'buyer', isGift });
  }
  return found;
}
