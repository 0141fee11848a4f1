/**
 * Announces to the seller what needs somebody: at once the first thing of each kind in a month, and a digest a day
 * while something is open. The keys make both unique, whatever restarts and however many instances run.
 */
import type { Ledger } from '../../domain/ledger.ts';
import type { NewAnnouncement } from '../../domain/values/announcement.ts';
import { dayOf } from '../../domain/values/day.ts';
import { MANUAL } from '../../domain/values/order.ts';
import { type AccessTopic, SAID, type SellerTopic, TO_SELLER } from './seller-mail.ts';
import { kindsOfNeeds, readOpenMatters } from './seller-needs.ts';

/** Hours of the day in UTC: the digest is there when the day begins in Europe. */
const DIGEST_FROM_HOUR = 5;

/** Call it every few minutes. Each mail names all that is open, so of those of one moment only the first is sent. */
export async function announceNeeds(ledger: Ledger, now: number): Promise<number> {
  const kinds = kindsOfNeeds(await readOpenMatters(ledger, now));
  if (kinds.length === 0) return 0;
  const day = dayOf(now);
  let written = 0;
  const announce = async (topic: SellerTopic, key: string) => {
    const announcement = { ...toSeller(topic, key), body: written > 0 ? SAID : null };
    written += (await ledger.outbox.announce([announcement], now)).length;
  };
  for (const kind of kinds) await announce('alert', `alert:${kind}:${day.slice(0, 7)}`);
  if (new Date(now).getUTCHours() >= DIGEST_FROM_HOUR) await announce('digest', `digest:${day}`);
  return written;
}

/** Somebody new can enter the console. */
export async function announceAccess(ledger: Ledger, topic: AccessTopic, now: number): Promise<void> {
  await ledger.outbox.announce([toSeller(topic, `${topic}:${now}`)], now);
}

function toSeller(topic: SellerTopic, key: string): NewAnnouncement {
  const nothing = {
    order: '',
    product: null,
    license: null,
    sequence: 0,
    revision: 0,
    text: null,
    body: null,
  };
  return { channel: 'mail', target: TO_SELLER, topic, marketplace: MANUAL, mode: 'live', ...nothing, key };
}
