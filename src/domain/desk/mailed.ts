/** Notes that the seller mailed the codes of an order by hand, so that they no longer count as unmailed. */
import { licenseSubject } from '../facts/license-subject.ts';
import type { OrderName } from '../values/order.ts';
import { type Desk, decisionTime, type Grounds, isInMarket, operatorFact } from './operator.ts';

export type Mailed =
  | { readonly outcome: 'mailed'; readonly licenses: number }
  /** All newest codes were handed out before. */
  | { readonly outcome: 'unchanged' }
  /** The ledger has no license of this order. */
  | { readonly outcome: 'unknown' };

/** Notes the newest code of each license of the order; `now` in milliseconds since 1970-01-01. */
export async function noteMailed(
  { ledger }: Pick<Desk, 'ledger'>,
  name: OrderName,
  grounds: Grounds,
  now: number,
): Promise<Mailed> {
  const shown = await ledger.showOrder(name.order);
  const licenses = shown.licenses.filter((each) => isInMarket(each, name));
  if (licenses.length === 0) return { outcome: 'unknown' };
  const due = licenses.filter(
    ({ handed, revision, state }) => state !== 'revoked' && (handed ?? -1) < revision,
  );
  if (due.length === 0) return { outcome: 'unchanged' };
  const facts = due.map(async (license) => {
    const at = await decisionTime(ledger, license, now);
    const { id, revision } = license;
    return operatorFact(
      license,
      licenseSubject(id),
      { kind: 'handed', revision },
      { act: 'mailed', at, grounds },
    );
  });
  await ledger.addFacts(await Promise.all(facts));
  return { outcome: 'mailed', licenses: due.length };
}
