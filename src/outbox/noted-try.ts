/** What the ledger notes of a try: pure. */
import type { ClaimedAnnouncement, NotedTry } from '../domain/ports/outbox-ledger.ts';
import type { Tried } from './channel.ts';
import { nextTry } from './retry.ts';

/** As the metrics count it. */
export type NotedOutcome = 'sent' | 'failed' | 'given-up' | 'target failed' | 'dropped';

export function notedTry(
  { number, lease, tries }: ClaimedAnnouncement,
  tried: Tried,
  { now, chance }: { readonly now: number; readonly chance: number },
): { readonly outcome: NotedOutcome; readonly tried: NotedTry } {
  const head = { number, lease, at: now };
  switch (tried.outcome) {
    case 'sent':
      return { outcome: 'sent', tried: { ...head, ...tried, counts: true, target: 'works' } };
    case 'failed': {
      const { answer, notBefore, untried } = tried;
      const next = nextTry(tries + 1, { now, notBefore, chance });
      const target = untried === true ? 'untried' : 'failed';
      return {
        outcome: next === undefined ? 'given-up' : 'failed',
        tried: { ...head, outcome: 'failed', answer, next, counts: true, target },
      };
    }
    // Who refuses one announcement works.
    case 'refused':
      return { outcome: 'given-up', tried: { ...head, ...tried, counts: true, target: 'works' } };
    case 'target failed': {
      const target = tried.stop === true ? 'stop' : 'whole';
      const { answer } = tried;
      // Due at once, behind the others that wait for the target: each is the one tried in its turn.
      const noted = { ...head, outcome: 'target failed', answer, next: now, counts: false, target } as const;
      return { outcome: 'target failed', tried: noted };
    }
    case 'dropped': {
      const noted = { ...head, outcome: 'dropped', answer: tried.reason, counts: false } as const;
      return { outcome: 'dropped', tried: { ...noted, target: 'untried' } };
    }
  }
}
