/** What the readers of a store's events state: facts without their event's marketplace, mode and cause. */
import type { EventHead, MarketplaceEvent } from '../domain/facts/event.ts';
import type { FactBody, Subject } from '../domain/facts/fact.ts';
import { AppError } from '../errors.ts';

export interface Told {
  readonly subject: Subject;
  /** Made of the store's own ids and states, so that a replay, or another event about the same, states the same fact. */
  readonly key: string;
  readonly body: FactBody;
  /** Milliseconds since 1970-01-01, where it is another time than the event's. */
  readonly at?: number;
}

/** Throws AppError `malformed_request` where an event that concerns licenses does not say whose: it is kept as failed. */
export function demand<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new AppError('malformed_request', `The event has no ${name}.`);
  return value;
}

/** Throws AppError `malformed_request` for facts of an event without a time: a license from it would begin in 1970. */
export function factsTold(
  { marketplace, mode, at: ofEvent }: EventHead,
  told: readonly Told[],
  cause: string,
): MarketplaceEvent['facts'] {
  if (told.length > 0 && ofEvent === 0) throw new AppError('malformed_request', 'The event has no time.');
  return told.map(({ subject, key, body, at = ofEvent }) => ({
    marketplace,
    mode,
    subject,
    key,
    at,
    cause,
    body,
  }));
}
