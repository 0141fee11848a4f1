/** Two instances on one database whose clocks differ by 20 minutes, and a clock of the database that a test pushes. */
import type { ClaimedAnnouncement, NotedTry } from '../../src/domain/ports/outbox-ledger.ts';
import type { ClockSource } from '../../src/storage/postgres/session/shared-clock.ts';
import { announcing } from '../kit/announcing.ts';
import { keepTexts } from '../kit/ledger-data.ts';
import type { Owner } from '../kit/service.ts';
import { openOn, schemaWithClock } from './server.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const LEASE = 2 * MINUTE;

/** `clock`: `given` has the clock of each instance in place of the database's, for controls. */
export async function instances(owner: Owner, clock: ClockSource = 'database') {
  const { url, push } = await schemaWithClock();
  const open = async (off: number) => {
    const skew = { off };
    const now = () => Date.now() + skew.off;
    const ledger = await openOn(owner, url, { now, announce: announcing() }, { clock });
    const claim = () =>
      ledger.outbox.claim({ channels: ['webhook'], now: now(), lease: now() + LEASE, most: 8 });
    const note = (tried: Omit<NotedTry, 'at' | 'number' | 'lease'>, of: ClaimedAnnouncement | undefined) =>
      ledger.outbox.note({ ...tried, number: of?.number ?? 0, lease: of?.lease ?? 0, at: now() });
    const fail = (of: ClaimedAnnouncement | undefined, wait: number) =>
      note({ outcome: 'failed', answer: '503', next: now() + wait, counts: true, target: 'failed' }, of);
    const send = (of: ClaimedAnnouncement | undefined) =>
      note({ outcome: 'sent', answer: '204', counts: true, target: 'works' }, of);
    return { ledger, now, skew, claim, fail, send };
  };
  const [ahead, behind] = [await open(10 * MINUTE), await open(-10 * MINUTE)] as const;
  await keepTexts(ahead.ledger);
  return { url, push, ahead, behind, both: [ahead, behind] };
}

export type Instances = Awaited<ReturnType<typeof instances>>;
export type Instance = Instances['ahead'];
