/** One story, played in several orders of delivery: what is wrong with any of them, for a person to read. */
import { type Call, type Request, writeCall } from './call.ts';
import { differences, isLive } from './check.ts';
import { AS_SENT, type Plan, schedule, writeDelivery } from './delivery.ts';
import { type Played, play } from './play.ts';
import type { ShopHouse } from './service.ts';
import type { Truth } from './truth.ts';
import type { Wire } from './wire.ts';

/** What a shop made of a story. */
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

/** Throws an Error that tells story, deliveries and what is wrong. */
export async function checkStory(house: ShopHouse, told: Told, plans: readonly Plan[]): Promise<void> {
  const { wire, calls, orders, end, truth } = told;
  const requests = calls.filter((call): call is Request => call.kind === 'request');
  let first: Played | undefined;
  for (const plan of [AS_SENT, ...plans]) {
    const deliveries = schedule(calls, plan, end, wire.mostEvents);
    const played = await play(house, { wire, deliveries, requests, orders, end });
    const wrong = [...differences(truth, played), ...(first === undefined ? [] : otherEnds(first, played))];
    first ??= played;
    if (wrong.length > 0) {
      const parts = [
        ['The story', told.lines],
        ['What the marketplace sends', calls.map(writeCall)],
        ['How it is delivered', deliveries.map(writeDelivery)],
        ['What is wrong', wrong],
      ] as const;
      throw new Error(
        parts.map(([title, lines]) => `${title}:\n${lines.map((line) => `  ${line}`).join('\n')}`).join('\n'),
      );
    }
  }
}

/** Whatever the order of delivery, the same licenses stand alike. */
function otherEnds(a: Played, b: Played): string[] {
  const [one, other] = [endOf(a), endOf(b)];
  return [
    ...one.filter((line) => !other.includes(line)).map((line) => `only as sent: ${line}`),
    ...other.filter((line) => !one.includes(line)).map((line) => `only as delivered: ${line}`),
  ];
}

function endOf({ licenses, answers }: Played): string[] {
  const live = licenses
    .filter(isLive)
    .map(
      ({ id, order, product, unit, state, seats, features }) =>
        `${id} ${order} ${product} ${unit}: ${state}, ${seats} seats, features ${features}`,
    );
  const mailed = answers
    .filter(({ status }) => status === 200)
    .map(({ request, licenses }) => `${request.name} was mailed ${licenses.join(' ')}`);
  return [...new Set([...live, ...mailed])];
}
