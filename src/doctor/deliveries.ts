/** Checks whether a customer waits for a code, and whether flags are open. */
import type { Ledger } from '../domain/ledger.ts';
import { counted } from '../domain/values/counted.ts';
import { RUN } from '../service/command.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

const UNDELIVERED = 'undelivered units';
const UNMAILED = 'unmailed codes';
const FAILED = 'failed events';
const FLAGS = 'flags';

/** A larger number is shown as this number "or more". */
const MOST_FAILED = 100;

/** `now` in milliseconds since 1970-01-01. */
export async function examineDeliveries(ledger: Ledger, now: number): Promise<readonly Finding[]> {
  const { undelivered, unmailed } = await ledger.countUndelivered(now);
  return [
    undelivered === 0
      ? ok(UNDELIVERED, 'A code was delivered for every paid unit.')
      : fault(
          UNDELIVERED,
          `No code was delivered for ${counted(undelivered, 'paid unit')}.`,
          `See which:  ${RUN} orders list --undelivered`,
        ),
    unmailed === 0
      ? ok(UNMAILED, 'Every renewed code was delivered.')
      : warning(
          UNMAILED,
          `The newest code of ${counted(unmailed, 'license')} was not delivered.`,
          `See which, and mail them:  ${RUN} orders list --unmailed`,
        ),
    await failedEvents(ledger),
    ...(await openFlags(ledger)),
  ];
}

async function failedEvents(ledger: Ledger): Promise<Finding> {
  const failed = await ledger.findEvents({ failed: true, limit: MOST_FAILED });
  const [newest] = failed;
  if (newest === undefined) return ok(FAILED, 'All received events were applied.');
  const many =
    failed.length < MOST_FAILED ? counted(failed.length, 'event') : `${MOST_FAILED} events or more`;
  return fault(
    FAILED,
    `${many} could not be applied, the newest ${newest.type}: ${newest.fault ?? 'unknown'}`,
    `Correct the cause, then  ${RUN} events replay ID  for each of  events list --failed.`,
  );
}

async function openFlags(ledger: Ledger): Promise<readonly Finding[]> {
  const kinds = Object.entries(await ledger.countFlags()).filter(([, count]) => count > 0);
  if (kinds.length === 0) return [ok(FLAGS, 'There are no open flags.')];
  const list = kinds.map(([kind, count]) => `${count} ${kind}`).join(', ');
  return [warning(FLAGS, `Open flags: ${list}.`, `See why, and settle each:  ${RUN} flags list`)];
}
