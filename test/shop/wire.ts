/** How a marketplace's calls become bytes. */
import type { Event, Request } from './call.ts';
import type { Post } from './inject.ts';

export interface Wire {
  readonly marketplace: 'fastspring' | 'paddle-classic';
  /** A resend by hand has a new id (FastSpring). */
  readonly renamesResends: boolean;
  /** Of one POST. */
  readonly mostEvents: number;
  ask(request: Request): Post;
  /** `mailed`: what requests were answered with by then, by name. */
  tell(events: readonly Event[], mailed: ReadonlyMap<string, string>): Post;
}
