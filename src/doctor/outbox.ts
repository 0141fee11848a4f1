/** Checks whether announcements were given up, are held, or wait for a target that does not work. */
import type { Ledger } from '../domain/ledger.ts';
import type { OutboxCount } from '../domain/ports/outbox-ledger.ts';
import { isHalted, type OutboxTarget } from '../domain/ports/outbox-target.ts';
import { counted } from '../domain/values/counted.ts';
import { RUN } from '../service/command.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

const OUTBOX = 'outbox';

/** Nothing waits for so long unless its target fails, or no process sends. */
const LATE_MILLISECONDS = 3_600_000;

/** `now` in milliseconds since 1970-01-01. */
export async function examineOutbox(
  { outbox }: Pick<Ledger, 'outbox'>,
  now: number,
): Promise<readonly Finding[]> {
  const [counts, targets] = [await outbox.count(), await outbox.targets()];
  const findings = [
    ...counts.flatMap((count) => findingOf(count, now)),
    ...targets.filter(isHalted).map(findingOfTarget),
  ];
  return findings.length > 0 ? findings : [ok(OUTBOX, 'No announcement was given up, is held or is late.')];
}

function findingOf({ channel, state, announcements, oldest }: OutboxCount, now: number): readonly Finding[] {
  const what = counted(announcements, `${channel} announcement`);
  const list = `${RUN} outbox list --state ${state}`;
  switch (state) {
    case 'given-up':
      return [fault(OUTBOX, `Given up: ${what}.`, `See why:  ${list}  and send each again, or drop it.`)];
    case 'held':
      return [
        warning(
          OUTBOX,
          `Held, since they were overdue by more than a day at a start: ${what}.`,
          `They may have been sent before a backup was restored:  ${list}  and send or drop each.`,
        ),
      ];
    case 'waiting':
      if (now - oldest < LATE_MILLISECONDS) return [];
      return [
        warning(
          OUTBOX,
          `${what} ${announcements === 1 ? 'waits' : 'wait'}, the oldest for more than an hour.`,
          `See what failed:  ${list}  and that a process sends (OUTBOX).`,
        ),
      ];
  }
}

function findingOfTarget({ channel, target, pausedAt, stoppedAt, reason }: OutboxTarget): Finding {
  const name = target === '' ? channel : `${channel} to ${target}`;
  const state = pausedAt !== null ? 'is paused' : stoppedAt !== null ? 'was stopped' : 'rests after failures';
  const command = `${RUN} outbox resume ${channel}${target === '' ? '' : ` ${target}`}`;
  return warning(
    OUTBOX,
    `${name} ${state}${reason === null ? '' : `: ${reason}`}.`,
    `What it is to get waits. When it works again:  ${command}`,
  );
}
