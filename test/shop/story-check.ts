/** Plays one story in several orders of delivery, and returns the differences in words. */
import { type Call, type Request, writeCall } from './call.ts';
import { differences, isLive, isOf } from './check.ts';
import { AS_SENT, type Delivery, type Plan, schedule, writeDelivery } from './delivery.ts';
import { type Played, play, type Standing } from './play.ts';
import type { ShopHouse } from './service.ts';
import type { Truth } from './truth.ts';
import { weakDifferences } from './weak-check.ts';
import type { Wire } from './wire.ts';

/** A story that a shop played. */
export interface Told {
  readonly wire: Wire;
  readonly calls: readonly Call[];
  readonly truth: Truth;
  /** All names of orders that were ever used. */
  readonly orders: readonly string[];
  readonly end: number;
  /** The story in words. */
  readonly lines: readonly string[];
}

/** Throws an Error with story, deliveries and differences. */
export async function checkStory(house: ShopHouse, told: Told, plans: readonly Plan[]): Promise<void> {
  let asSent: Played | undefined;
  for (const plan of [AS_SENT, ...plans]) {
    const deliveries = schedule(told.calls, plan, told.end, told.wire);
    const played = await playTold(house, told, deliveries);
    const isLossy = plan.lost.length > 0;
    const wrong = isLossy
      ? weakDifferences(told.truth, played, deliveries)
      : [
          ...differences(told.truth, played, asSent === undefined),
          ...(asSent === undefined ? [] : otherEnds(asSent, played, told.truth)),
        ];
    asSent ??= played;
    if (wrong.length > 0) throw new Error(writeFailure(told, deliveries, wrong));
  }
}

/** Plays a story as it is delivered. */
export function playTold(house: ShopHouse, told: Told, deliveries: readonly Delivery[]): Promise<Played> {
  const requests = told.calls.filter((call): call is Request => call.kind === 'request');
  const emails = [...new Set(told.truth.people.map(({ email }) => email))];
  return play(house, { ...told, deliveries, requests, emails });
}

function writeFailure(
  { lines, calls }: Told,
  deliveries: readonly Delivery[],
  wrong: readonly string[],
): string {
  return [
    ['The story', lines] as const,
    ['What the marketplace sends', calls.map(writeCall)] as const,
    ['How it is delivered', deliveries.map(writeDelivery)] as const,
    ['What is wrong', wrong] as const,
  ]
    .map(([title, list]) => `${title}:\n${list.map((line) => `  ${line}`).join('\n')}`)
    .join('\n');
}

/** Whatever the order of delivery, the final licenses are the same. */
function otherEnds(a: Played, b: Played, truth: Truth): string[] {
  const [one, other] = [endOf(a, truth), endOf(b, truth)];
  return [
    ...one.filter((line) => !other.includes(line)).map((line) => `only as sent: ${line}`),
    ...other.filter((line) => !one.includes(line)).map((line) => `only as delivered: ${line}`),
  ];
}

function endOf({ licenses, answers }: Played, truth: Truth): string[] {
  const live = licenses.filter(isLive).map((license) => writeEnd(license, truth));
  const mailed = answers
    .filter(({ status, request }) => status === 200 && request.must !== 'never')
    // A request after a refund is refused, and a request before it was not.
    .filter(({ request }) =>
      truth.paid.some((paid) => paid.untouched.includes(request.item) && paid.isNamedByPath !== true),
    )
    .map(({ request, licenses: ids }) => `${request.name} was mailed ${[...ids].sort().join(' ')}`);
  return [...new Set([...live, ...mailed])];
}

function writeEnd(license: Standing, truth: Truth): string {
  const { id, order, product, unit, state, seats, features, lastValid, updates } = license;
  const isByArrival = truth.paid.some((paid) => paid.isByArrival && isOf(license, paid, truth));
  const days = isByArrival ? '' : `, to ${lastValid ?? 'ever'}, updates to ${updates ?? 'ever'}`;
  const isNamedByPath = truth.paid.some((paid) => paid.isNamedByPath && isOf(license, paid, truth));
  return `${isNamedByPath ? '' : `${id} ${order} ${unit}`} ${product}: ${state}${days}, ${seats} seats, features ${features}`;
}
