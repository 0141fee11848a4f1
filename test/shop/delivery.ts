/** How calls reach the service: late, twice, under other ids, in any order, in batches. */
import fc from '../kit/fast-check.ts';
import { DAY, HOUR } from './calendar.ts';
import type { Call, Event, Request } from './call.ts';
import type { Wire } from './wire.ts';

/** Each list is used cyclically, call by call. */
export interface Plan {
  /** Hours of delay of a request: at most 7 days. */
  readonly lateRequests: readonly number[];
  /** Hours of delay of an event. */
  readonly lateEvents: readonly number[];
  /** Hours until a call is repeated; 0: never. An event has a new id if the number is odd. */
  readonly again: readonly number[];
  /** Events of about the same time come in batches of this size. */
  readonly batches: readonly number[];
  /** All events come at the end, in the order of these numbers. */
  readonly atLast: readonly number[];
  /** Events that never come. */
  readonly lost: readonly boolean[];
}

/** As the marketplace sends them. */
export const AS_SENT: Plan = {
  lateRequests: [0],
  lateEvents: [0],
  again: [0],
  batches: [1],
  atLast: [],
  lost: [],
};

const hours = (most: number) => fc.array(fc.nat(most), { minLength: 1, maxLength: 8 });

const parts = {
  lateRequests: fc.oneof(fc.constant([0]), hours(7 * 24)),
  lateEvents: fc.oneof(fc.constant([0]), hours(7 * 24), hours(60 * 24)),
  again: hours(100).map((list) => list.map((each) => (each % 3 === 0 ? each : 0))),
  batches: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
  atLast: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.nat(1000), { minLength: 1, maxLength: 12 }) },
  ),
};

/** Everything comes eventually. */
export const plan: fc.Arbitrary<Plan> = fc.record({ ...parts, lost: fc.constant([]) });

/** Some events never come. */
export const lossyPlan: fc.Arbitrary<Plan> = fc.record({
  ...parts,
  lost: fc.array(fc.boolean(), { minLength: 1, maxLength: 9 }).map((list) => [true, ...list]),
});

export type Delivery =
  | { readonly at: number; readonly request: Request }
  /** One POST. */
  | { readonly at: number; readonly events: readonly Event[] };

/** All deliveries of a story by time; none is later than `end`. */
export function schedule(
  calls: readonly Call[],
  plan: Plan,
  end: number,
  wire: Pick<Wire, 'mostEvents' | 'renamesResends'>,
): readonly Delivery[] {
  const last = (time: number) => Math.min(time, end - HOUR);
  const requests = scheduleRequests(calls.filter(isRequest), plan, last);
  const heard = calls.filter(isEvent).filter((_, place) => plan.lost[place % plan.lost.length] !== true);
  const events = heard.flatMap((event, place) => {
    const isAtLast = plan.atLast.length > 0;
    const late = isAtLast ? end - HOUR : last(event.at + turn(plan.lateEvents, place) * HOUR);
    const at = Math.max(event.at, late, answeredAt(event, requests));
    const order = isAtLast ? turn(plan.atLast, place) : 0;
    const again = turn(plan.again, place);
    const resent = { ...event, ...(wire.renamesResends && again % 2 === 1 && { id: `${event.id}-again` }) };
    const first = { at, order, event };
    return again === 0
      ? [first]
      : [first, { at: Math.max(at, last(at + again * HOUR)), order: order + again, event: resent }];
  });
  events.sort((a, b) => a.at - b.at || a.order - b.order);
  return [...requests, ...batched(events, plan, wire.mostEvents)].sort((a, b) => a.at - b.at);
}

/** When the earlier requests of the event's subscription were answered first. */
function answeredAt({ after, at }: Event, requests: readonly Delivery[]): number {
  const before = requests.flatMap((delivery) =>
    'request' in delivery && delivery.request.after === after && delivery.request.at < at ? [delivery] : [],
  );
  const first = new Map(before.toReversed().map(({ request, at: answered }) => [request, answered + 1]));
  return after === undefined ? 0 : Math.max(0, ...first.values());
}

function scheduleRequests(
  requests: readonly Request[],
  plan: Plan,
  last: (time: number) => number,
): Delivery[] {
  const before = new Map<string, number>();
  return requests.flatMap((request, place) => {
    const earliest = Math.max(request.at, (before.get(request.after) ?? 0) + 1);
    const at = Math.max(
      earliest,
      last(request.at + Math.min(turn(plan.lateRequests, place) * HOUR, 7 * DAY - HOUR)),
    );
    before.set(request.after, at);
    const again = turn(plan.again, place);
    return again === 0
      ? [{ at, request }]
      : [
          { at, request },
          { at: Math.max(at, last(at + again * HOUR)), request },
        ];
  });
}

/** Adjacent events that wait at most an hour for each other share a POST. */
function batched(
  events: readonly { at: number; event: Event }[],
  { batches }: Plan,
  most: number,
): Delivery[] {
  const posts: { at: number; events: Event[] }[] = [];
  for (const { at, event } of events) {
    const post = posts.at(-1);
    const room = Math.min(most, turn(batches, posts.length - 1));
    if (post !== undefined && at - post.at <= HOUR && post.events.length < room) {
      post.events.push(event);
      post.at = at;
    } else posts.push({ at, events: [event] });
  }
  return posts;
}

function turn(list: readonly number[], place: number): number {
  return list[Math.max(0, place) % Math.max(1, list.length)] ?? 0;
}

const isRequest = (call: Call): call is Request => call.kind === 'request';
const isEvent = (call: Call): call is Event => call.kind === 'event';

export function writeDelivery(delivery: Delivery): string {
  const time = new Date(delivery.at).toISOString().slice(0, 16);
  return 'request' in delivery
    ? `${time} request ${delivery.request.name}`
    : `${time} ${delivery.events.map(({ type, id }) => `${type} ${id}`).join(', ')}`;
}
