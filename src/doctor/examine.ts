/** Runs all checks for faults that make the next sale fail or go unnoticed. */

import type { Ledger } from '../domain/ledger.ts';
import type { Config } from '../service/config.ts';
import { openLedger, openParts } from '../service/open.ts';
import { servedModes } from '../service/served-modes.ts';
import { examineDownloads } from './downloads.ts';
import { type Finding, fault, ok, said, warning } from './finding.ts';
import { examineKeys } from './keys.ts';
import {
  examineClock,
  examineConnections,
  examineDisk,
  examineLedger,
  examineMark,
  noLedger,
} from './ledger.ts';
import { examineSettings } from './marketplaces.ts';
import { examineProducts, examineSold } from './products.ts';
import { examineRelay } from './relay.ts';
import { examineRunning } from './running.ts';
import { examineSeen } from './seen.ts';
import { examineSender, type ResolveTxt } from './sender.ts';
import { examineStanding } from './standing.ts';

const SETTINGS = 'settings';

/** Runs every check that is possible, also beside a running service; `now` in milliseconds since 1970-01-01. */
export async function examine(
  readConfig: () => Config,
  now: number,
  resolveTxt?: ResolveTxt,
): Promise<readonly Finding[]> {
  let config: Config;
  try {
    config = readConfig();
  } catch (error) {
    return [
      fault(
        SETTINGS,
        said(error),
        'Correct each: the service does not start before, and no other check was made.',
      ),
    ];
  }
  const { catalog, findings: products } = await examineProducts(config);
  const opened = await tryOpen(config);
  const findings = [
    ...warningsOf(config),
    ...products,
    ...examineKeys(config),
    ...examineSettings(config),
    ...examineStanding(config, now),
    // The disk and the age of a database are its server's matter.
    ...(config.ledgerDatabase === undefined ? examineDisk(config) : []),
  ];
  if ('fault' in opened) return [...findings, opened.fault];
  if (config.ledgerDatabase === undefined) findings.push(await examineMark(config));
  findings.push(await examineStart(config), await examineRelay(config));
  findings.push(...(await examineSender(config, resolveTxt)));
  findings.push(...(await examineDownloads(config, catalog)));
  const { ledger } = opened;
  try {
    findings.push(await examineLedger(ledger), await examineClock(ledger, now));
    findings.push(...(await examineConnections(ledger)));
    findings.push(...(await examineSeen(ledger, config, now)));
    if (catalog !== undefined) findings.push(...(await examineSold(ledger, catalog)));
    findings.push(...(await examineRunning(ledger, config, now)));
    return findings;
  } catch (error) {
    return [...findings, fault('ledger', `It cannot be read: ${said(error)}`, 'Run  ledger check.')];
  } finally {
    await ledger.close();
  }
}

/** The checks of a start: id secret, keyring and mark must belong to this ledger. */
async function examineStart(config: Config): Promise<Finding> {
  try {
    const { ledger } = await openParts(config, { modesNeeded: servedModes(config) });
    await ledger.close();
    return ok('start', 'It would succeed: keys, products and ledger belong together.');
  } catch (error) {
    return fault('start', `It would fail: ${said(error)}`, 'Follow this message, then run the doctor again.');
  }
}

export function warningsOf({ warnings }: Config): readonly Finding[] {
  if (warnings.length === 0) return [ok(SETTINGS, 'There are no faults.')];
  return warnings.map((text) => warning(SETTINGS, text, 'Correct it, or remove the setting.'));
}

async function tryOpen(config: Config): Promise<{ readonly ledger: Ledger } | { readonly fault: Finding }> {
  try {
    return { ledger: await openLedger(config) };
  } catch (error) {
    return { fault: noLedger(error) };
  }
}
