/** Does somebody wait for a code, and has somebody to look at something? */
import type { Ledger } from '../domain/ledger.ts';
import { RUN } from '../service/command.ts';
import { counted, type Finding, fault, ok, warning } from './finding.ts';

const UNDELIVERED = 'undelivered units';
const UNMAILED = 'unmailed codes';
const FAILED = 'failed events';
const FLAGS = 'flags';

/** More are counted as so many and more. */
const MOST_FAILED = 100;

/** `now` in milliseconds since 1970-01-01. */
export async function examineDeliveries(ledger: Ledger, now: number): Promise<readonly Finding[]> {
  const { undelivered, unmailed } = await ledger.countUndelivered(now);
  return [
    undelivered === 0
      ? ok(UNDELIVERED, 'Everybody who paid was handed a code.')
      : fault(
          UNDELIVERED,
          `${counted(undelivered, 'unit')} were paid for, and nobody was handed a code for them.`,
          `See which:  ${RUN} orders list --undelivered`,
        ),
    unmailed === 0
      ? ok(UNMAILED, 'Every renewed code was handed out.')
      : warning(
          UNMAILED,
          `${counted(unmailed, 'license')} have a newer code than was handed out.`,
          `See which, and mail them:  ${RUN} orders list --unmailed`,
        ),
    await failedEvents(ledger),
    ...(await openFlags(ledger)),
  ];
}

async function failedEvents(ledger: Ledger): Promise<Finding> {
  const failed = await ledger.findEvents({ failed: true, limit: MOST_FAILED });
  const [newest] = failed;
  if (newest === undefined) return ok(FAILED, 'All events that came were applied.');
  const many =
    failed.length < MOST_FAILED ? counted(failed.length, 'event') : `${MOST_FAILED} events or more`;
  return fault(
    FAILED,
    `${many} could not be applied, the newest ${newest.type}: ${newest.fault ?? 'unknown'}`,
    `Put right what they say, then  ${RUN} events replay ID  for each of  events list --failed.`,
  );
}

async function openFlags(ledger: Ledger): Promise<readonly Finding[]> {
  const kinds = Object.entries(await ledger.countFlags()).filter(([, count]) => count > 0);
  if (kinds.length === 0) return [ok(FLAGS, 'Nothing waits for somebody to look at it.')];
  const list = kinds.map(([kind, count]) => `${count} ${kind}`).join(', ');
  return [
    warning(FLAGS, `Somebody has to look at: ${list}.`, `See why, and settle each:  ${RUN} flags list`),
  ];
}
