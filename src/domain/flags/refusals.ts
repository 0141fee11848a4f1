/** Flags of charges whose license request was refused: one flag says both. */
import { type Flag, isSettledByItself } from '../values/flag.ts';
import { orderSubject } from '../values/order-subject.ts';
import type { View } from '../view.ts';
import { isActKey } from './act-keys.ts';
import type { WantedFlag } from './wanted-flag.ts';

/**
 * The wanted flags, where those of a refused request's charge say that it was refused; and the open flags of such requests, of which
 * they say all. `due`: those that are raised now.
 */
export function withRefusals(
  due: readonly WantedFlag[],
  flags: readonly Flag[],
  { names }: Pick<View, 'names'>,
): { readonly due: readonly WantedFlag[]; readonly told: readonly Flag[] } {
  const refused = flags.filter(
    ({ key, settledAt, settledBy }) =>
      isActKey(key, 'revoked-but-paid') && (settledAt === null || isSettledByItself(settledBy)),
  );
  const isAbout = ({ key, order }: WantedFlag, flag: Flag) => {
    if (flag.order === null) return false;
    if (key.startsWith('asked:')) return order === flag.order;
    const payers = names.chargedTo(orderSubject(flag.order));
    return [...payers].some((subscription) => key === `paid:${subscription}:${flag.product}`);
  };
  const told = refused.filter(
    (flag) => flag.settledAt === null && due.some((wanted) => isAbout(wanted, flag)),
  );
  const withRefusal = (wanted: WantedFlag): WantedFlag => {
    const of = refused.find((flag) => isAbout(wanted, flag));
    if (of === undefined) return wanted;
    return {
      ...wanted,
      reason: `${wanted.reason}. The license request of order ${of.order} was answered with an error`,
    };
  };
  return { due: due.map(withRefusal), told };
}
