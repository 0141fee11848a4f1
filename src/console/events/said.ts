/** What an event says, in words, and the orders that it is about: read from its payload as a replay would. */
import type { KeptEvent } from '../../domain/facts/event.ts';
import { orderOf, subscriptionOf } from '../../domain/values/order-subject.ts';
import { factText } from '../../message/fact-text.ts';
import type { Visit } from '../visit.ts';

export interface Said {
  readonly words: readonly string[];
  readonly orders: readonly string[];
}

const NOTHING: Said = { words: [], orders: [] };

export async function saidBy({ parts }: Pick<Visit, 'parts'>, event: KeptEvent): Promise<Said> {
  const { payload } = event;
  if (payload === null) return NOTHING;
  try {
    const { facts } = await parts.readEvent({ ...event, payload });
    const told = facts.filter(({ body }) => body.kind !== 'alias');
    const orders = facts.flatMap(({ subject }) => {
      const order = orderOf(subject) ?? (subscriptionOf(subject) === undefined ? undefined : subject);
      return order ?? [];
    });
    return { words: [...new Set(told.map(({ body }) => factText(body)))], orders: [...new Set(orders)] };
  } catch {
    // Why it cannot be read stands on the page.
    return NOTHING;
  }
}
