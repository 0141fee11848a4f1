/** The checks of a running service, and their short form, which a start prints. Loads none of the other checks. */
import type { Ledger } from '../domain/ledger.ts';
import type { Config } from '../service/config.ts';
import { examineDeliveries } from './deliveries.ts';
import type { Finding } from './finding.ts';
import { examineEvents, examineRequests } from './marketplaces.ts';
import { examineOutbox } from './outbox.ts';
import { examineReconciled } from './reconciled.ts';
import { examineSignatures } from './signatures.ts';

/** The checks whose short form a start prints: waiting customers, open flags, missing events, the outbox. */
export async function examineRunning(
  ledger: Ledger,
  config: Config,
  now: number,
): Promise<readonly Finding[]> {
  return [
    ...(await examineRequests(ledger, config, now)),
    ...(await examineEvents(ledger, config, now)),
    ...(await examineSignatures(ledger, now)),
    ...examineReconciled(config, now),
    ...(await examineDeliveries(ledger, now)),
    ...(await examineOutbox(ledger, now)),
  ];
}

/** A line for each warning and fault; empty where there is none. */
export function shortForm(findings: readonly Finding[]): readonly string[] {
  return findings
    .filter(({ level }) => level === 'fault' || level === 'warning')
    .map(({ level, so, remedy = '' }) =>
      `${level === 'fault' ? 'Fault' : 'Warning'}: ${so} ${remedy}`.trimEnd(),
    );
}
