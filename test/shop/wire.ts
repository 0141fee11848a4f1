/** Encodes a marketplace's calls as bytes. */
import type { Event, Request } from './call.ts';
import type { Post } from './inject.ts';
import type { ShopName } from './truth.ts';

export interface Wire {
  readonly marketplace: ShopName;
  /** A manual resend has a new id (FastSpring). */
  readonly renamesResends: boolean;
  /** Events of one POST. */
  readonly mostEvents: number;
  ask(request: Request): Post;
  /** `mailed`: the answers to requests so far, by name. `now`: when it is sent, milliseconds since 1970-01-01. */
  tell(events: readonly Event[], mailed: ReadonlyMap<string, string>, now: number): Post;
}
