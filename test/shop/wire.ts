/** How a marketplace's calls become bytes. */
import type { Event, Request } from './call.ts';
import type { Post } from './inject.ts';

export interface Wire {
  readonly marketplace: 'fastspring' | 'paddle-classic';
  ask(request: Request): Post;
  tell(events: readonly Event[]): Post;
}
