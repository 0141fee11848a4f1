/** Checks that marketplaces' APIs are read by the service's timer, and what was found there. */
import { dayOf } from '../domain/values/day.ts';
import type { Config } from '../service/config.ts';
import { readable } from '../service/readable-apis.ts';
import { keyOf, type ReconciledEntry, readReconciledNote } from '../service/reconciled-note.ts';
import { type Finding, note, ok, warning } from './finding.ts';

/** The timer runs four times a day. */
const LATE_MILLISECONDS = 2 * 86_400_000;

/** One finding for each marketplace and mode that a key reads. `now` in milliseconds since 1970-01-01. */
export function examineReconciled(
  { accounts, dataDir, reconcile }: Pick<Config, 'accounts' | 'dataDir' | 'reconcile'>,
  now: number,
): readonly Finding[] {
  const noted = readReconciledNote(dataDir);
  return readable(accounts).map(({ account: { marketplace }, mode }) => {
    const check = `API of ${marketplace}${mode === 'test' ? ' (test)' : ''}`;
    const command = `reconcile ${marketplace} --since DAY${mode === 'test' ? ' --test' : ''}`;
    if (reconcile === 'off') {
      return note(check, 'It is not read: RECONCILE is off.', `Run  ${command}  now and then.`);
    }
    const entry = noted[keyOf(marketplace, mode)];
    if (entry === undefined)
      return note(check, 'It was not read yet.', 'The service reads it soon after its start.');
    return examineEntry(entry, check, command, now);
  });
}

function examineEntry(entry: ReconciledEntry, check: string, command: string, now: number): Finding {
  const { at, lacking, open, stopped, elsewhere } = entry;
  const isLate = (moment: string) => now - Date.parse(moment) > LATE_MILLISECONDS;
  if (elsewhere !== undefined && elsewhere >= at && !isLate(elsewhere)) {
    const read = dayOf(Date.parse(elsewhere));
    return ok(check, `Another instance read it on ${read}. What it found is flagged in the ledger.`);
  }
  const day = dayOf(Date.parse(at));
  if (stopped !== undefined) {
    return warning(check, `Reading it stopped on ${day}: ${stopped}.`, `Mend that, then run  ${command}  .`);
  }
  if (open > 0) {
    return warning(
      check,
      `On ${day} it had ${open} entries that the ledger lacks.`,
      `Run  ${command} --apply  .`,
    );
  }
  if (isLate(at)) {
    return warning(
      check,
      `It was last read on ${day}.`,
      'The service reads it four times a day: is it running?',
    );
  }
  return ok(
    check,
    `It was read on ${day}: ${lacking === 0 ? 'the ledger lacked nothing' : `${lacking} lacking entries were fed in`}.`,
  );
}
