/** Encodes a marketplace's calls as bytes. */
import type { Event, Request } from './call.ts';
import type { Post } from './inject.ts';

export interface Wire {
  readonly marketplace: 'fastspring' | 'paddle-classic';
  /** A manual resend has a new id (FastSpring). */
  readonly renamesResends: boolean;
  /** Events of one POST. */
  readonly mostEvents: number;
  ask(request: Request): Post;
  /** `mailed`: the answers to requests so far, by name. */
  tell(events: readonly Event[], mailed: ReadonlyMap<string, string>): Post;
}
