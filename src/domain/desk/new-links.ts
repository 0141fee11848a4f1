/** Withdraws all links to the pages of an order's licenses: whoever needs one asks for a new one. */
import type { LicenseStory } from '../ledger.ts';
import { orderSubject } from '../values/order-subject.ts';
import { type Desk, decisionTime, type Grounds, isInMarket, operatorFact } from './operator.ts';

export type LinksWithdrawn =
  | { readonly outcome: 'withdrawn'; readonly license: LicenseStory; readonly licenses: number }
  | { readonly outcome: 'unknown' };

/** `now` in milliseconds since 1970-01-01. */
export async function withdrawLinks(
  { ledger }: Pick<Desk, 'ledger'>,
  id: Uint8Array,
  grounds: Grounds,
  now: number,
): Promise<LinksWithdrawn> {
  const [license] = await ledger.find({ by: 'license', id });
  if (license === undefined) return { outcome: 'unknown' };
  const { order } = license;
  const its = (await ledger.find({ by: 'order', order })).filter((other) => isInMarket(other, license));
  const at = await decisionTime(ledger, license, now);
  const body = { kind: 'noted', note: 'all links to the license pages were withdrawn' } as const;
  await ledger.addFacts([
    operatorFact(license, orderSubject(order), body, { act: 'new links', at, grounds }),
  ]);
  await ledger.selfService.newLinks(
    its.map((each) => each.id),
    now,
  );
  return { outcome: 'withdrawn', license, licenses: its.length };
}
