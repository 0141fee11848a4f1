/** Sales at FastSpring: the simulator's stories, and orders whose units are returned one by one. */
import { signRequest } from '../../../src/marketplaces/fastspring/simulator.ts';
import { type Step, stepsOf } from '../../../src/marketplaces/fastspring/stories.ts';
import { STORIES, type Story } from '../../../src/marketplaces/fastspring/story-names.ts';
import { pick, type Tools } from '../proof.ts';
import { type Call, type FastSpringEvent, SALES_DAY, type Sale, type Signing } from './sale.ts';

export function story(number: number, signing: Signing, tools: Tools): Sale {
  const name = STORIES[pick(STORIES.length, tools)] ?? 'refund';
  return tellStory(name, number, signing, tools, 1 + pick(3, tools));
}

/** Units are returned one by one: a return that counts twice takes one too many. */
export function partialReturns(number: number, signing: Signing, tools: Tools): Sale {
  const quantity = 3 + pick(2, tools);
  const sale = tellStory('refund', number, signing, tools, quantity);
  const last = sale.calls.at(-1);
  if (last?.kind !== 'event') throw new TypeError('the story of a refund does not end with it');
  const { event } = last;
  const product = Object.keys(sale.units)[0];
  const returns = Array.from({ length: 1 + pick(2, tools) }, (_, place): Call => {
    const items = [{ product, quantity: 1, refundType: 'Full Refund', subtotal: 20 }];
    const data = { ...event.data, return: `${sale.order}-return-${place}`, totalReturn: 20, items };
    const created = event.created + place * 1000;
    return { kind: 'event', round: 0, event: { ...event, id: `${event.id}-${place}`, created, data } };
  });
  return { ...sale, calls: [...sale.calls.slice(0, -1), ...returns] };
}

function tellStory(
  name: Story,
  number: number,
  { fastSpring }: Signing,
  tools: Tools,
  quantity: number,
): Sale {
  const subscribed = name === 'subscription' || name === 'overdue';
  const product = subscribed ? 'plan' : tools.random() < 0.7 ? 'app' : 'team';
  const others = name === 'bundle' ? ['plan'] : [];
  const names = [product, ...others] as const;
  const order = `SIM${number}`;
  const now = SALES_DAY + 11 * 3_600_000;
  const steps = stepsOf(name, {
    paths: names,
    products: names,
    quantity,
    period: 30,
    run: String(number),
    now,
  });
  const units = name === 'subscription' ? quantity + 1 : quantity;
  return {
    order,
    units: Object.fromEntries(names.map((id) => [id, id === 'team' ? 1 : units])),
    apart: undefined,
    calls: steps.flatMap((step, place) => callsOf(step, roundOf(name, steps, place), fastSpring)),
  };
}

/**
 * FastSpring completes an order after its license requests were answered, and requests a rebill's licenses while the
 * subscription lives. If a subscription changed before any request, the request would be refused for its quantity
 * (domain/requests/fulfill.ts).
 */
function roundOf(name: Story, steps: readonly Step[], place: number): number {
  const rebill = steps.findLastIndex((step) => 'request' in step);
  if (name !== 'subscription' || place < rebill) return 0;
  return place === rebill ? 1 : 2;
}

function callsOf(step: Step, round: number, secret: string): Call[] {
  if ('events' in step) {
    return step.events.map((event) => ({ kind: 'event', round, event: event as FastSpringEvent }));
  }
  const { request, product } = step;
  const path = `/fulfillment/fastspring/${product}`;
  return [
    {
      kind: 'request',
      round,
      path,
      form: signRequest(request, secret),
      method: 'POST',
      name: request['reference'] ?? '',
    },
  ];
}
