/** All that would make the next sale fail, or go unseen. */

import type { Ledger } from '../domain/ledger.ts';
import type { Config } from '../service/config.ts';
import { openLedger, openParts } from '../service/open.ts';
import { servedModes } from '../service/served-modes.ts';
import { examineDeliveries } from './deliveries.ts';
import { type Finding, fault, ok, said, warning } from './finding.ts';
import { examineKeys } from './keys.ts';
import { examineClock, examineDisk, examineLedger, examineMark, noLedger } from './ledger.ts';
import { examineEvents, examineSettings } from './marketplaces.ts';
import { examineProducts, examineSold } from './products.ts';

const SETTINGS = 'settings';

/** Examines everything that can be, beside a running service too; `now` in milliseconds since 1970-01-01. */
export async function examine(readConfig: () => Config, now: number): Promise<readonly Finding[]> {
  let config: Config;
  try {
    config = readConfig();
  } catch (error) {
    return [
      fault(SETTINGS, said(error), 'Mend each: nothing starts before, and nothing else was looked at.'),
    ];
  }
  const { catalog, findings: products } = await examineProducts(config);
  const opened = tryOpen(config);
  const findings = [
    ...warningsOf(config),
    ...products,
    ...examineKeys(config),
    ...examineSettings(config),
    ...examineDisk(config),
  ];
  if ('fault' in opened) return [...findings, opened.fault];
  findings.push(await examineMark(config), await examineStart(config));
  const { ledger } = opened;
  try {
    findings.push(await examineLedger(ledger), await examineClock(ledger, now));
    if (catalog !== undefined) findings.push(...(await examineSold(ledger, catalog)));
    findings.push(...(await examineRunning(ledger, config, now)));
    return findings;
  } catch (error) {
    return [...findings, fault('ledger', `It cannot be read: ${said(error)}`, 'Run  ledger check.')];
  } finally {
    await ledger.close();
  }
}

/** What only a start looks at: whether id secret, keyring and mark are those of this ledger. */
async function examineStart(config: Config): Promise<Finding> {
  try {
    const { ledger } = await openParts(config, { modesNeeded: servedModes(config) });
    await ledger.close();
    return ok('start', 'It would not be refused: keys, products and ledger belong together.');
  } catch (error) {
    return fault('start', `It would be refused: ${said(error)}`, 'Do what this says, then look again.');
  }
}

/** What a start prints the short form of, besides what it checks anyway: whoever waits, and whether events come. */
export async function examineRunning(
  ledger: Ledger,
  config: Config,
  now: number,
): Promise<readonly Finding[]> {
  return [...(await examineEvents(ledger, config, now)), ...(await examineDeliveries(ledger, now))];
}

/** A line for each warning and fault; none where all is well. */
export function shortForm(findings: readonly Finding[]): readonly string[] {
  return findings
    .filter(({ level }) => level === 'fault' || level === 'warning')
    .map(({ level, so, remedy = '' }) =>
      `${level === 'fault' ? 'Fault' : 'Warning'}: ${so} ${remedy}`.trimEnd(),
    );
}

function warningsOf({ warnings }: Config): readonly Finding[] {
  if (warnings.length === 0) return [ok(SETTINGS, 'They have no fault.')];
  return warnings.map((text) => warning(SETTINGS, text, 'Mend it, or take the setting out.'));
}

function tryOpen(config: Config): { readonly ledger: Ledger } | { readonly fault: Finding } {
  try {
    return { ledger: openLedger(config) };
  } catch (error) {
    return { fault: noLedger(config, error) };
  }
}
