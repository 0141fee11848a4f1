/** What pushed-days.ts prints. */
import type { OutboxCount, TryOutcome } from '../../../src/domain/ports/outbox-ledger.ts';
import type { OutboxTarget } from '../../../src/domain/ports/outbox-target.ts';
import type { AnnouncementState } from '../../../src/domain/values/announcement.ts';

/** How an endpoint answers. */
export const BEHAVIORS = [
  'good',
  'refuses',
  'broken',
  'crowded',
  'redirects',
  'busy',
  'gone',
  'late',
  'never',
  'garbage',
  'recovers',
] as const;
export type Behavior = (typeof BEHAVIORS)[number];

/** Who is told of so many further orders. */
export const CROWDED: readonly Behavior[] = ['good', 'crowded'];
export const CROWD = 25;
/** Orders that are sold while endpoints are waited for. */
export const SALES_MEANWHILE = 40;

export interface Report {
  readonly announcements: readonly {
    readonly target: string;
    readonly state: AnnouncementState;
    readonly order: string;
    /** Since the sale, in milliseconds of the pushed clock. */
    readonly tries: readonly { readonly at: number; readonly outcome: TryOutcome }[];
  }[];
  readonly targets: readonly OutboxTarget[];
  readonly counts: readonly OutboxCount[];
  /** Milliseconds. */
  readonly slowestSale: number;
}
