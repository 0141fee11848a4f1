/** Flags about returned charges of changes that take nothing: they paid no period of their own, and the subscription states its units itself. */
import type { Subject } from '../facts/fact.ts';
import type { Evaluated } from '../life/evaluate.ts';
import { productsAskedWith } from '../subscriptions/asked-products.ts';
import { orderOf, subscriptionSubject } from '../values/order-subject.ts';
import type { SubscriptionView, View } from '../view.ts';
import { newestOf } from './newest-units.ts';
import type { WantedFlag } from './wanted-flag.ts';

export function changeReturnFlags(view: View, evaluated: readonly Evaluated[]): WantedFlag[] {
  return [...view.subscriptions.values()].flatMap((subscription) => {
    const followers = newestOf(evaluated).filter(
      (one) => one.subscription?.id === subscription.id && isSure(one),
    );
    return [
      ...returnedChanges(subscription, followers, view),
      ...keptSeats(subscription, followers, view),
      ...keptByDate(subscription, followers, view),
    ];
  });
}

/** A code that carries the seats of all units stays while a payment for added units is paid, though its period's money went back. */
function keptSeats(
  { id, facts }: SubscriptionView,
  followers: readonly Evaluated[],
  { money, names }: View,
): WantedFlag[] {
  const changes = new Set<string>(
    facts.flatMap(({ body }) =>
      body.kind === 'paid' && body.part === 'proration' && body.charge !== undefined
        ? names.of(body.charge)
        : [],
    ),
  );
  const isBack = (charge: string) => money.get(charge as Subject)?.fullAt !== undefined;
  return followers.flatMap(({ license, terms, life, outcome }): WantedFlag[] => {
    if (terms.quantity !== 'seats' || terms.refund === 'keep' || outcome.state === 'revoked') return [];
    const left = life.periods.all.findLast(({ charge }) => !isBack(charge));
    const own = life.periods.all.findLast(({ charge }) => !changes.has(charge));
    if (left === undefined || own === undefined || !changes.has(left.charge)) return [];
    if (!isBack(own.charge) || own.again.length > 0) return [];
    const { order, product } = license;
    const charge = orderOf(own.charge) ?? own.charge;
    const reason = `The charge ${charge} of subscription ${id} was returned, and a charge for units added to its period was not: the code of ${product} keeps its seats to the end of the period`;
    return [{ key: `seats-kept:${id}:${charge}`, kind: 'partial-refund', reason, order, product }];
  });
}

/**
 * A product that was asked for with charges that all went back, and stays by a date alone beside another product. Nothing is taken: a
 * later charge that is told by its id alone may pay for it.
 */
function keptByDate(
  { id, facts }: SubscriptionView,
  followers: readonly Evaluated[],
  { money, names }: View,
): WantedFlag[] {
  const isBack = (charge: string) => money.get(charge as Subject)?.fullAt !== undefined;
  const asked = productsAskedWith(
    facts,
    names,
    ({ charge }) => charge !== undefined && isBack(names.of(charge)),
  );
  const active = followers.filter(({ outcome }) => outcome.state === 'active');
  return [...asked].flatMap((product): WantedFlag[] => {
    const one = active.find(({ license }) => license.product === product);
    const other = active.find(({ license }) => license.product !== product);
    if (one === undefined || other === undefined || one.terms.refund === 'keep') return [];
    const isUnpaid = one.life.periods.all.every(
      ({ charge, free, again }) =>
        (isBack(charge) || (charge === '' && free)) && again.every((paid) => isBack(paid.charge)),
    );
    if (!isUnpaid) return [];
    const reason = `All charges with which ${product} of subscription ${id} was requested were returned. Its license stays to a date that was stated without a payment, beside the license of ${other.license.product}: see which of the two is paid for`;
    const { order } = one.license;
    return [{ key: `kept-by-date:${id}:${product}`, kind: 'surplus', reason, order, product }];
  });
}

function returnedChanges(
  { id, facts, ownLines, coverage }: SubscriptionView,
  followers: readonly Evaluated[],
  { money, names, changesPaid }: View,
): WantedFlag[] {
  const [first] = followers;
  if (first === undefined) return [];
  return facts.flatMap(({ body, cause, key }): WantedFlag[] => {
    if (body.kind !== 'paid' || body.part !== 'proration') return [];
    // A charge that names its lines undoes them (coverage.ts), and a later one may state its units again.
    const isStated = coverage.unpaid.has(key);
    if (body.covers !== undefined && !isStated) return [];
    if (body.charge === undefined) return [];
    const charge = names.of(body.charge);
    const of = money.get(charge);
    if (of?.fullAt === undefined) return [];
    if (!of.lost && followers.every(({ terms }) => terms.refund === 'keep')) return [];
    const isPeriod = followers.some(({ life }) =>
      life.periods.all.some((period) => period.charge === charge),
    );
    const change = changesPaid.get(key);
    if (isPeriod && change === undefined && !isStated) return [];
    const isUnpaid = followers.some(
      ({ coverage: unit, life, outcome }) =>
        unit?.covered !== false && outcome.state === 'revoked' && life.periods.current?.charge === charge,
    );
    // What a plain payment was for is only told by what is beside it, so a person looks at it.
    const what =
      isStated || (isUnpaid && change?.adds === 'units')
        ? 'the units that it paid for count as unpaid until a further period is paid, though the subscription states them'
        : 'its licenses are as the subscription states them';
    const reason = `The charge of a change of subscription ${id} was returned: ${what}`;
    const order = ownLines[0]?.order ?? subscriptionSubject(id);
    const { product } = first.license;
    return [{ key: `change-returned:${charge}`, kind: 'partial-refund', reason, order, product, cause }];
  });
}

/** One that the subscription was for in between alone, and that nobody got, may never have been issued. */
function isSure({ coverage, license }: Evaluated): boolean {
  return coverage?.covered !== false || license.handed !== null;
}
