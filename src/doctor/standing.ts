/** Checks what was done beside the ledger: its last check, the last backup of the shop, and what the seller saw. */
import { counted } from '../domain/values/counted.ts';
import { readBackupNote } from '../keyring/backup-note.ts';
import { RUN } from '../service/command.ts';
import type { Config } from '../service/config.ts';
import { readNoted } from '../service/noted.ts';
import { type Finding, fault, note, ok, warning } from './finding.ts';

const CHECK = 'check of the ledger';
const BACKUP = 'backup of the shop';

const DAY = 86_400_000;
/** Both are a matter of a daily timer (docs/operations.md). */
const OLD_DAYS = 7;

/** `now` in milliseconds since 1970-01-01. */
export function examineStanding({ keysDir }: Pick<Config, 'keysDir'>, now: number): readonly Finding[] {
  return [checked(keysDir, now), backedUp(keysDir, now)];
}

function checked(keysDir: string, now: number): Finding {
  const { check } = readNoted(keysDir);
  if (check === undefined)
    return note(CHECK, 'It was never checked.', `Let a timer check it daily:  ${RUN} ledger check`);
  const when = daysAgo(check.at, now);
  if (check.faults > 0) {
    const so = `The check of ${when} found ${counted(check.faults, 'fault')}.`;
    return fault(CHECK, so, `See which:  ${RUN} ledger check`);
  }
  const so = `The check of ${when} found ${counted(check.licenses, 'license')} and no fault.`;
  return isOld(check.at, now) ? warning(CHECK, so, `Check it again:  ${RUN} ledger check`) : ok(CHECK, so);
}

function backedUp(keysDir: string, now: number): Finding {
  const { shopAt } = readBackupNote(keysDir);
  const remedy = `Let a timer back it up daily:  ${RUN} backup FOLDER --keep 14`;
  if (shopAt === undefined) return note(BACKUP, 'It was never backed up.', remedy);
  const so = `The newest is of ${daysAgo(shopAt, now)}.`;
  return isOld(shopAt, now) ? warning(BACKUP, so, remedy) : ok(BACKUP, so);
}

function isOld(at: string, now: number): boolean {
  return now - Date.parse(at) > OLD_DAYS * DAY;
}

function daysAgo(at: string, now: number): string {
  const days = Math.floor((now - Date.parse(at)) / DAY);
  const ago = days < 1 ? 'today' : days === 1 ? 'yesterday' : `${days} days ago`;
  return `${at.slice(0, 10)} (${ago})`;
}
