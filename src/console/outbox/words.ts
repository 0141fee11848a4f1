/** Announcements, their tries and their targets in words. */
import type { KeptAnnouncement, TryOutcome } from '../../domain/ports/outbox-ledger.ts';
import type { OutboxTarget } from '../../domain/ports/outbox-target.ts';
import type { AnnouncementState, ChannelName } from '../../domain/values/announcement.ts';
import { dayOf } from '../../domain/values/day.ts';
import { clock, longDay } from '../text.ts';

export const CHANNEL_NAMES: Readonly<Record<ChannelName, string>> = {
  mail: 'Mail',
  webhook: 'Webhook',
  inquiry: 'Answer to an inquiry',
  complete: 'Fetch from the marketplace',
};

/** The word of a state, and the look of the tag. A relay takes a mail; whether it arrives, only its reader knows. */
export const STATE_LOOKS: Readonly<
  Record<AnnouncementState, { readonly word: string; readonly look: string }>
> = {
  waiting: { word: 'Waiting', look: 'suspended' },
  held: { word: 'Held', look: 'suspended' },
  sent: { word: 'Sent', look: 'active' },
  'given-up': { word: 'Given up', look: 'revoked' },
  dropped: { word: 'Dropped', look: 'ended' },
};

const TOPICS: Readonly<Record<string, string>> = {
  sold: 'the codes of a sale',
  renewed: 'a newer code after a renewal',
  reissued: 'the new code after a reissue',
  successor: 'the code that replaces another',
  corrected: 'the codes, to the corrected address',
  reminder: 'a license that ends soon',
  withdrawn: 'a license that was withdrawn',
  asked: 'the codes, because somebody asked',
  'asked-in-vain': 'a license without a code to hand out, because somebody asked',
  'asked-buyer': 'the page of a gift, because its buyer asked',
  'address-confirm': 'a new address, to be confirmed',
  'address-changed': 'a changed address, to the former one',
  digest: 'what needs you today',
  alert: 'something new that needs you',
  'access-person': 'a new person in the console',
  'access-passkey': 'a new passkey of the console',
  test: 'a test',
};

export function topicText({ channel, topic }: Pick<KeptAnnouncement, 'channel' | 'topic'>): string {
  return (channel === 'mail' ? TOPICS[topic] : undefined) ?? topic;
}

/** `customer`, `the seller`, or the name of an endpoint. */
export function recipientText({ channel, target }: Pick<KeptAnnouncement, 'channel' | 'target'>): string {
  if (channel !== 'mail') return target;
  return target === 'seller' ? 'you' : 'the customer';
}

const OUTCOMES: Readonly<Record<TryOutcome, string>> = {
  sent: 'Taken by the other side',
  failed: 'Failed',
  refused: 'Refused for good',
  'target failed': 'The target did not work',
  dropped: 'Not sent: there was nothing to say any more',
};

export function outcomeText(outcome: TryOutcome): string {
  return OUTCOMES[outcome];
}

export function targetText({ channel, target }: Pick<OutboxTarget, 'channel' | 'target'>): string {
  const name = CHANNEL_NAMES[channel];
  if (target === '') return `All of ${name.toLowerCase()}`;
  return channel === 'mail' ? `Mail to ${target === 'seller' ? 'you' : 'customers'}` : `${name} ${target}`;
}

/** What keeps a target from getting announcements. */
export function haltText({ pausedAt, stoppedAt, restsUntil, failures }: OutboxTarget): string {
  if (pausedAt !== null) return `is paused since ${momentOf(pausedAt)}.`;
  if (stoppedAt !== null)
    return `was stopped at ${momentOf(stoppedAt)}: it gets nothing more until you let it go on.`;
  return `refused ${failures} times in a row. It rests, and is tried again ${restsUntil === null ? 'soon' : `at ${momentOf(restsUntil)}`}.`;
}

export function momentOf(at: number): string {
  return `${clock(at)} UTC on ${longDay(dayOf(at))}`;
}
